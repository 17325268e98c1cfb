//! The audit trail: one line for everything that happened.
//!
//! Lines of one object are numbered without a gap. A line that follows from a change carries the
//! version that the change made; a view carries the number of the device's view.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::as_text::{inline_schema, serde_as_text};
use crate::id::{
    AccountId, ActivityId, ContactId, DeviceId, DocumentId, EventId, FileId, GrantId, Id, IdError,
    IdentityId, LinkId, MailId, MemberId, NdaVersionId, RequestId, SessionId, TenantId,
};

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A member of the tenant.
    Member(MemberId),
    /// A contact in a proved browser.
    Contact(ContactId),
    /// Somebody who proved nothing.
    Anyone,
    /// The rules themselves: an expiry, a coverage, a sweep.
    System,
    /// Whoever runs the installation.
    Operator,
}

macro_rules! objects {
    ($($name:ident $id:ident;)*) => {
        /// What something happened to.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Object {
            $(
                #[doc = concat!("By its [`", stringify!($id), "`].")]
                $name($id),
            )*
        }

        impl fmt::Display for Object {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $(Self::$name(id) => id.fmt(f),)* }
            }
        }

        impl FromStr for Object {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                $(if text.starts_with($id::PREFIX) { return text.parse().map(Self::$name); })*
                Err(IdError { prefix: "con_, doc_, req_ or another prefix" })
            }
        }

        $(impl From<$id> for Object {
            fn from(id: $id) -> Self {
                Self::$name(id)
            }
        })*
    };
}

objects! {
    Tenant TenantId;
    Identity IdentityId;
    Member MemberId;
    Account AccountId;
    Contact ContactId;
    Document DocumentId;
    File FileId;
    Grant GrantId;
    Link LinkId;
    Event EventId;
    Request RequestId;
    Device DeviceId;
    Session SessionId;
    Nda NdaVersionId;
    Activity ActivityId;
    Mail MailId;
}

serde_as_text!(Object);
inline_schema!(Object, "ObjectId", {
    "type": "string",
    "pattern": "^[a-z]{3}_[0-7][0-9A-HJKMNP-TV-Z]{25}$",
});

/// One line of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Which line.
    pub id: ActivityId,
    /// Who did it.
    pub actor: Actor,
    /// What was done: a route's name such as `contacts.create`, or a rule's.
    pub verb: String,
    /// What it was done to.
    pub object: Object,
    /// The line's number among the object's lines, from 1, without a gap.
    pub seq: u64,
    /// What the line is also about: the document of a grant or a view.
    pub about: Option<Object>,
    /// What changed.
    pub detail: Detail,
    /// When.
    pub at: Timestamp,
    /// From where.
    pub origin: Origin,
}

/// What changed, readable or sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// Nothing worth keeping beyond the verb.
    None,
    /// Holds nothing about a person.
    Plain(serde_json::Value),
    /// Personal values, encrypted under the subject's own key so that destroying the key erases
    /// them and leaves the line.
    Sealed {
        /// Root key that the subject's key was derived from.
        root: u8,
        /// Nonce and ciphertext in base64url.
        cipher: String,
    },
}

/// From where something was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Origin {
    /// The network address, an IPv4 /32 or IPv6 /64; absent for the worker.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub network: Option<String>,
    /// The browser, where one was proved.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub device_id: Option<DeviceId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_known_by_the_prefix_of_its_id() {
        const ULID: &str = "01J9ZC0ZJ8Q4W3T9V5N6M7K8P9";
        for prefix in [
            "ten_", "idn_", "mem_", "acc_", "con_", "doc_", "fil_", "grt_", "lnk_", "evt_", "req_",
            "dev_", "ses_", "nda_", "act_", "mai_",
        ] {
            let text = format!("{prefix}{ULID}");
            assert_eq!(text.parse::<Object>().map(|object| object.to_string()), Ok(text));
        }
        let contact: ContactId = format!("con_{ULID}").parse().unwrap();
        assert_eq!(format!("con_{ULID}").parse(), Ok(Object::from(contact)));
        assert!(format!("inv_{ULID}").parse::<Object>().is_err(), "a secret's id is no object");
        assert!("con_1".parse::<Object>().is_err());
    }
}
