//! Ids: a prefix that names the kind, then a ULID, as in `con_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9`.
//!
//! Every kind is its own type, so a contact's id cannot stand where a document's is wanted, and a
//! wrong prefix does not parse. Ids sort by creation.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use ulid::Ulid;

use crate::as_text::{debug_as_display, serde_as_text};

/// Why a text is no id of the wanted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected `{prefix}` and 26 letters and digits")]
pub struct IdError {
    /// What the id must begin with.
    pub prefix: &'static str,
}

/// What all ids share.
pub trait Id: Copy + fmt::Display + FromStr<Err = IdError> {
    /// What every id of this kind begins with, underscore included.
    const PREFIX: &'static str;

    /// Makes the id that carries `ulid`.
    fn from_ulid(ulid: Ulid) -> Self;

    /// The id without its prefix: 26 letters and digits.
    fn ulid(self) -> Ulid;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Ulid);

        impl Id for $name {
            const PREFIX: &'static str = $prefix;

            fn from_ulid(ulid: Ulid) -> Self {
                Self(ulid)
            }

            fn ulid(self) -> Ulid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse($prefix, text).map(Self)
            }
        }

        debug_as_display!($name);
        serde_as_text!($name);

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "pattern": concat!("^", $prefix, "[0-7][0-9A-HJKMNP-TV-Z]{25}$"),
                    "examples": [concat!($prefix, "01J9ZC0ZJ8Q4W3T9V5N6M7K8P9")],
                })
            }
        }
    )* };
}

ids! {
    /// A company that runs a trust center and owns its data.
    TenantId "ten_";
    /// One person, one way to sign in.
    IdentityId "idn_";
    /// An identity's seat in a tenant.
    MemberId "mem_";
    /// An outside company that contacts belong to.
    AccountId "acc_";
    /// An outside person.
    ContactId "con_";
    /// A titled thing with one or more files.
    DocumentId "doc_";
    /// One stored object of a document.
    FileId "fil_";
    /// What lets one contact read one document.
    GrantId "grt_";
    /// A URL that opens one document for one audience.
    LinkId "lnk_";
    /// One entry of a document's thread.
    EventId "evt_";
    /// A contact's question for documents.
    RequestId "req_";
    /// A browser that proved itself.
    DeviceId "dev_";
    /// One outstanding six-digit code.
    ChallengeId "chl_";
    /// One mailed magic link.
    InvitationId "inv_";
    /// A signed-in browser of a member.
    SessionId "ses_";
    /// One line of the audit trail.
    ActivityId "act_";
    /// One published text of a non-disclosure agreement.
    NdaVersionId "nda_";
    /// One mail on its way.
    MailId "mai_";
}

fn parse(prefix: &'static str, text: &str) -> Result<Ulid, IdError> {
    let wrong = IdError { prefix };
    let digits = text.strip_prefix(prefix).ok_or(wrong)?;
    let ulid = Ulid::from_string(digits).map_err(|_| wrong)?;
    // The decoder forgives lower case and look-alikes; two spellings of one id would be two keys.
    if ulid.to_string() == digits { Ok(ulid) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_wrong_prefix_does_not_parse() {
        let id = ContactId::from_ulid(Ulid::from_parts(1, 2)).to_string();
        assert!(id.parse::<ContactId>().is_ok());
        assert!(id.parse::<DocumentId>().is_err());
    }

    #[test]
    fn only_one_spelling_parses() {
        let id = ContactId::from_ulid(Ulid::from_parts(1_700_000_000_000, 77)).to_string();
        assert!(id.to_lowercase().parse::<ContactId>().is_err());
        assert!(format!("{id}0").parse::<ContactId>().is_err());
        assert!("con_81J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse::<ContactId>().is_err());
    }

    proptest! {
        #[test]
        fn what_prints_parses_back(time in 0_u64..1 << 48, chance: u128) {
            let id = FileId::from_ulid(Ulid::from_parts(time, chance));
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }

        #[test]
        fn garbage_never_panics(text in ".{0,40}") {
            let _ = text.parse::<TenantId>();
        }
    }
}
