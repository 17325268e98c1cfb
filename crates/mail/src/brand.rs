//! Whose mail it is: the tenant's name, colour, address and clock.

use jiff::tz::TimeZone;

use crate::clean::{EMAIL_MAX, Line};
use crate::colour::{Colour, Palette};

/// The most characters of a tenant's name in a mail.
const NAME_MAX: usize = 80;

/// A tenant as its mails show it.
#[derive(Clone, Debug)]
pub struct Brand {
    /// The tenant's name.
    pub name: String,
    /// The colour of buttons and links.
    pub accent: Accent,
    /// Where the reader may ask; without it the mail offers no address.
    pub contact_email: Option<String>,
    /// The clock that times are told by.
    pub zone: TimeZone,
}

/// A tenant's colour. Mails darken or lighten it where words could not be read otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accent(Colour);

impl Accent {
    /// The colour of a tenant that has chosen none: `#0b5d66`.
    const HOUSE: Self = Self(Colour::new(0x0b, 0x5d, 0x66));

    /// Reads `#rrggbb`; anything else is the house's own, for a mail must leave either way.
    #[must_use]
    pub fn from_hex(text: &str) -> Self {
        Colour::from_hex(text).map_or(Self::HOUSE, Self)
    }
}

/// A brand made ready for templates.
pub(crate) struct Dress {
    pub(crate) name: Line,
    pub(crate) contact: Option<Contact>,
    pub(crate) palette: Palette,
    pub(crate) zone: TimeZone,
}

/// Where the reader may ask.
pub(crate) struct Contact {
    pub(crate) address: Line,
    pub(crate) href: String,
}

impl Dress {
    pub(crate) fn new(brand: &Brand) -> Self {
        let name = Line::some(&brand.name, NAME_MAX);
        let address = brand.contact_email.as_deref().and_then(|email| Line::some(email, EMAIL_MAX));
        Self {
            // Sentences need a subject even if the tenant has not named itself.
            name: name.unwrap_or_else(|| Line::new("The sender", NAME_MAX)),
            contact: address.map(|address| Contact { href: mailto(address.as_str()), address }),
            palette: Palette::new(brand.accent.0),
            zone: brand.zone.clone(),
        }
    }
}

/// A `mailto:` address that carries nothing but the address (RFC 6068, section 2).
fn mailto(address: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~@+".contains(&byte);
    address.bytes().fold("mailto:".to_owned(), |href, byte| {
        if plain(byte) {
            href + &char::from(byte).to_string()
        } else {
            format!("{href}%{byte:02X}")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accent_that_is_none_falls_back() {
        assert_eq!(Accent::from_hex("red;background:url(//x)"), Accent::HOUSE);
        assert_eq!(Accent::from_hex("#AB12cd"), Accent(Colour::new(0xab, 0x12, 0xcd)));
    }

    #[test]
    fn an_address_smuggles_no_header_into_mailto() {
        assert_eq!(mailto("a+b@c.example"), "mailto:a+b@c.example");
        assert_eq!(mailto("a@b?cc=x&y"), "mailto:a@b%3Fcc%3Dx%26y");
    }
}
