//! E-mail addresses and domains, in the one form that is compared and stored.

use std::str::FromStr;

use crate::as_text::{debug_as_display, display_as_str, inline_schema, serde_as_text};

/// Longest address SMTP carries (RFC 5321, 4.5.3.1.3, less the angle brackets).
const EMAIL_BYTES_MAX: usize = 254;
/// Longest local part (RFC 5321, 4.5.3.1.1).
const LOCAL_BYTES_MAX: usize = 64;

/// Mailbox providers that anybody may join: never an account's domain.
const PUBLIC_MAILBOXES: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "bluewin.ch",
    "comcast.net",
    "fastmail.com",
    "free.fr",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.fr",
    "icloud.com",
    "laposte.net",
    "libero.it",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "outlook.fr",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.ch",
    "protonmail.com",
    "qq.com",
    "rediffmail.com",
    "rocketmail.com",
    "t-online.de",
    "tuta.com",
    "tutanota.com",
    "verizon.net",
    "wanadoo.fr",
    "web.de",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yahoo.fr",
    "yandex.com",
    "yandex.ru",
    "ymail.com",
    "zoho.com",
];

/// Why a text is no address or domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// The text has not the shape `name@domain`.
    #[error("expected an e-mail address such as `name@example.com`")]
    Shape,
    /// A local part beyond ASCII reaches few mailboxes and none of ours.
    #[error("letters before the `@` must be ASCII")]
    LocalPart,
    /// The text is no domain name with at least two labels.
    #[error("expected a domain such as `example.com`")]
    Domain,
}

/// An address after trimming, lower-casing and IDNA; plus-tags are kept and distinct.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email {
    address: String,
    at: usize,
}

/// A domain name in lower-case ASCII (`xn--` where it needs it).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Domain(String);

impl Email {
    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// What stands after the `@`.
    #[must_use]
    pub fn domain(&self) -> Domain {
        Domain(self.address.get(self.at + 1..).unwrap_or_default().to_owned())
    }
}

impl Domain {
    /// The domain.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether anybody may have a mailbox here, so that it says nothing about a company.
    #[must_use]
    pub fn is_public_mailbox(&self) -> bool {
        PUBLIC_MAILBOXES.binary_search(&self.as_str()).is_ok()
    }
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if EMAIL_BYTES_MAX < text.len() {
            return Err(EmailError::Shape);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(EmailError::Shape)?;
        if !local.is_ascii() {
            return Err(EmailError::LocalPart);
        }
        let dots_apart = local.split('.').all(|atom| !atom.is_empty());
        let is_atom = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&c);
        if LOCAL_BYTES_MAX < local.len() || !dots_apart || !local.bytes().all(is_atom) {
            return Err(EmailError::Shape);
        }
        let Domain(domain) = domain.parse().map_err(|_| EmailError::Shape)?;
        let address = format!("{}@{domain}", local.to_ascii_lowercase());
        if EMAIL_BYTES_MAX < address.len() {
            return Err(EmailError::Shape);
        }
        Ok(Self { address, at: local.len() })
    }
}

impl FromStr for Domain {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        // Leaves labels of letters, digits and inner hyphens, none of them empty.
        let ascii = idna::domain_to_ascii_strict(text.trim()).map_err(|_| EmailError::Domain)?;
        let top = ascii.rsplit_once('.').map(|(_, top)| top);
        let top_is_word = top.is_some_and(|top| top.parse::<u64>().is_err());
        if top_is_word { Ok(Self(ascii)) } else { Err(EmailError::Domain) }
    }
}

display_as_str!(Email);
debug_as_display!(Email);
serde_as_text!(Email);
inline_schema!(Email, "Email", {
    "type": "string",
    "format": "email",
    "maxLength": EMAIL_BYTES_MAX,
    "examples": ["maya@initech.example"],
});

display_as_str!(Domain);
debug_as_display!(Domain);
serde_as_text!(Domain);
inline_schema!(Domain, "Domain", {
    "type": "string",
    "format": "hostname",
    "maxLength": EMAIL_BYTES_MAX,
    "examples": ["initech.example"],
});

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn email(text: &str) -> Result<String, EmailError> {
        text.parse::<Email>().map(|email| email.to_string())
    }

    #[test]
    fn case_space_and_alphabet_make_no_second_address() {
        assert_eq!(email(" Maya@Bücher.Example "), Ok("maya@xn--bcher-kva.example".to_owned()));
        assert_eq!(email("MAYA@XN--BCHER-KVA.example"), email("maya@bücher.example"));
    }

    #[test]
    fn plus_tags_stay_distinct() {
        assert_ne!(email("maya+a@initech.example"), email("maya@initech.example"));
    }

    #[test]
    fn what_could_forge_a_header_is_no_address() {
        for text in [
            "a@b.example\r\nBcc: c@d.example",
            "a b@c.example",
            "a@b",
            "@b.example",
            "a@",
            "a..b@c.example",
            "\"a b\"@c.example",
            "<a@b.example>",
            "a@127.0.0.1",
            "a,b@c.example",
        ] {
            assert!(email(text).is_err(), "{text:?}");
        }
        assert_eq!(email("mäya@initech.example"), Err(EmailError::LocalPart));
    }

    #[test]
    fn public_mailboxes_are_sorted_so_that_searching_finds_them() {
        assert!(PUBLIC_MAILBOXES.is_sorted());
        assert!("gmail.com".parse::<Domain>().is_ok_and(|domain| domain.is_public_mailbox()));
        assert!(
            "initech.example".parse::<Domain>().is_ok_and(|domain| !domain.is_public_mailbox())
        );
    }

    #[test]
    fn an_address_is_as_long_as_mail_servers_carry() {
        let local = "a".repeat(LOCAL_BYTES_MAX);
        let domain = |last: usize| {
            let label = "b".repeat(61);
            format!("{label}.{label}.{}.example", "c".repeat(last))
        };
        let longest = format!("{local}@{}", domain(57));
        assert_eq!(longest.len(), EMAIL_BYTES_MAX);
        assert!(email(&longest).is_ok());
        assert_eq!(email(&format!("{local}@{}", domain(58))), Err(EmailError::Shape));
        assert_eq!(email(&format!("a{local}@b.example")), Err(EmailError::Shape));
        let spelled = format!("{local}@{}example", "ü.".repeat(24));
        assert!(spelled.len() < EMAIL_BYTES_MAX);
        assert_eq!(email(&spelled), Err(EmailError::Shape), "it is longer in ASCII");
    }

    #[test]
    fn no_sign_but_an_inner_hyphen_stands_in_a_name() {
        for sign in (0..128_u8).map(char::from).filter(|sign| !sign.is_ascii_alphanumeric()) {
            let parsed = |text: String| text.parse::<Domain>().is_ok();
            let may = ['-', '.'].contains(&sign);
            assert_eq!(parsed(format!("a{sign}b.example")), may, "{sign:?}");
            assert!(!parsed(format!("a.{sign}b.example")), "{sign:?} first");
            assert!(!parsed(format!("a{sign}.example")), "{sign:?} last");
        }
    }

    #[test]
    fn the_domain_of_an_address_is_what_follows_the_sign() {
        let address: Email = "Maya@Bücher.example".parse().unwrap();
        assert_eq!(address.domain().as_str(), "xn--bcher-kva.example");
    }

    proptest! {
        #[test]
        fn a_domain_consists_of_two_names_or_more(
            text in "([a-zA-Z0-9-]{0,4}[.。]){0,3}[a-z0-9ßü-]{0,4}|[xn.-]{0,9}[a-z-]{0,5}|\\PC{0,12}",
        ) {
            if let Ok(domain) = text.parse::<Domain>() {
                let labels: Vec<&str> = domain.as_str().split('.').collect();
                prop_assert!(2 <= labels.len());
                for label in labels {
                    let is_ours = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
                    prop_assert!(!label.is_empty() && label.bytes().all(is_ours), "{}", label);
                    prop_assert!(!label.starts_with('-') && !label.ends_with('-'), "{}", label);
                }
            }
        }

        #[test]
        fn normalising_twice_changes_nothing(text in "[a-zA-Z.+]{1,9}@[a-zA-Zäß]{1,9}\\.[a-z]{2,5}") {
            if let Ok(once) = text.parse::<Email>() {
                prop_assert_eq!(once.as_str().parse::<Email>(), Ok(once.clone()));
            }
        }

        #[test]
        fn no_address_holds_a_control_character(text in ".{0,60}") {
            if let Ok(email) = text.parse::<Email>() {
                prop_assert!(email.as_str().bytes().all(|c| c.is_ascii_graphic()));
            }
        }
    }
}
