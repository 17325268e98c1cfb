//! The address of one page under a mark: what it shows and to whom, signed, so that whoever serves
//! it asks nobody.

use domain::id::TenantId;
use domain::pages::Width;
use files::READ_SECONDS;
use files::pages::PageOf;
use jiff::{SignedDuration, Timestamp};

use super::{Reader, Writer};
use crate::house::keyring::{Keyring, Purpose};

/// One page for one pair of eyes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageToken {
    /// Whose document.
    pub tenant: TenantId,
    /// Which page.
    pub page: PageOf,
    /// When it was shown, to the second by the wall clock.
    pub shown_at: Timestamp,
    /// Who it was shown to, as it stands in the mark.
    pub who: String,
}

impl PageToken {
    /// When the address stops working; as soon as one of the bucket's would.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.shown_at + SignedDuration::from_secs(i64::try_from(READ_SECONDS).unwrap_or_default())
    }

    /// The token as it stands in an address.
    #[must_use]
    pub fn sign(&self, keys: &Keyring) -> String {
        let PageOf { file, number, width } = self.page;
        let payload = Writer::default()
            .id(self.tenant)
            .id(file)
            .bytes(&number.to_be_bytes())
            .bytes(&width.pixels().to_be_bytes())
            .bytes(&self.shown_at.as_second().to_be_bytes())
            .bytes(self.who.as_bytes());
        keys.sign(Purpose::Page, &payload.0)
    }

    /// Reads a token that we signed.
    #[must_use]
    pub fn verify(keys: &Keyring, text: &str) -> Option<Self> {
        let payload = keys.verify(Purpose::Page, text)?;
        let mut reader = Reader(&payload);
        let (tenant, file) = (reader.id()?, reader.id()?);
        let number = u32::from_be_bytes(reader.chunk()?);
        let width = Width::of_pixels(u32::from_be_bytes(reader.chunk()?))?;
        let shown_at = Timestamp::from_second(i64::from_be_bytes(reader.chunk()?)).ok()?;
        let who = String::from_utf8(reader.0.to_vec()).ok()?;
        Some(Self { tenant, page: PageOf { file, number, width }, shown_at, who })
    }
}

#[cfg(test)]
mod tests {
    use domain::id::{FileId, Id};
    use ulid::Ulid;

    use super::*;

    #[test]
    fn a_token_says_what_it_was_made_of_and_nothing_else_is_one() {
        let keys = Keyring::parse(&Keyring::generate([7; 32])).unwrap();
        let file = FileId::from_ulid(Ulid::from_parts(1, 2));
        let token = PageToken {
            tenant: TenantId::from_ulid(Ulid::from_parts(3, 4)),
            page: PageOf { file, number: 200, width: Width::Narrow },
            shown_at: Timestamp::from_second(1_790_000_000).unwrap(),
            who: "maya@initech.example".to_owned(),
        };
        let text = token.sign(&keys);
        assert_eq!(PageToken::verify(&keys, &text), Some(token.clone()));
        assert!(text.len() < 256, "{}", text.len());
        assert_eq!(token.expires_at().as_second(), 1_790_000_060);
        let other = Keyring::parse(&Keyring::generate([8; 32])).unwrap();
        assert_eq!(PageToken::verify(&other, &text), None);
        assert_eq!(PageToken::verify(&keys, &keys.sign(Purpose::Page, b"short")), None);
    }
}
