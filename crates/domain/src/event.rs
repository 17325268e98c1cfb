//! The thread of a document: what was shared, said, asked and signed about it, with whom.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::activity::Actor;
use crate::id::{ContactId, DocumentId, EventId, FileId, LinkId};
use crate::signature::{Act, Deed};
use crate::text::Note;

/// Contacts whom one entry may name; more take part through a link.
pub const CONTACTS_MAX: usize = 50;
/// Files that one entry may carry.
pub const FILES_MAX: usize = 20;

/// What an event is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "EventKind")]
pub enum Kind {
    /// The document was opened to somebody.
    Share,
    /// Somebody wrote.
    Message,
    /// Somebody is asked to sign or approve it.
    SignatureRequest,
    /// Somebody is asked for files.
    FileRequest,
    /// Somebody sent a file that was asked for.
    Files,
    /// Somebody signed it.
    Signed,
    /// Somebody approved it.
    Approved,
    /// Somebody said that they will not, and why.
    Declined,
    /// Everybody has signed, and the certificate that says so was added.
    Certificate,
}

impl From<&Deed> for Kind {
    fn from(deed: &Deed) -> Self {
        match deed {
            Deed::Signed => Self::Signed,
            Deed::Approved => Self::Approved,
            Deed::Declined(_) => Self::Declined,
        }
    }
}

impl From<Act> for Kind {
    fn from(act: Act) -> Self {
        Self::from(&act.done())
    }
}

/// One entry of a document's thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Which entry.
    pub id: EventId,
    /// Audited changes so far, at least 1.
    pub version: u64,
    /// In whose thread.
    pub document_id: DocumentId,
    /// What it is.
    pub kind: Kind,
    /// Who caused it.
    pub author: Actor,
    /// The contacts who take part. If it names nobody, everybody on `link_id` does.
    pub contact_ids: Vec<ContactId>,
    /// The guest link it is about.
    pub link_id: Option<LinkId>,
    /// What was said.
    #[serde(default)]
    pub text: Option<Note>,
    /// Files of the document that it carries.
    #[serde(default)]
    pub file_ids: Vec<FileId>,
    /// When.
    pub created_at: Timestamp,
}

impl Event {
    /// Whether whoever speaks for `contact` on the guest link `link` takes part; `contact` is
    /// nobody, if they only bear it. Members see the whole thread.
    #[must_use]
    pub fn is_seen_by(&self, contact: Option<ContactId>, link: LinkId) -> bool {
        if self.contact_ids.is_empty() {
            self.link_id == Some(link)
        } else {
            contact.is_some_and(|contact| self.contact_ids.contains(&contact))
        }
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::id::Id;

    fn id<I: Id>(number: u128) -> I {
        I::from_ulid(Ulid::from_parts(1, number))
    }

    fn event(contacts: &[u128], link: Option<u128>) -> Event {
        Event {
            id: id(1),
            version: 1,
            document_id: id(2),
            kind: Kind::Message,
            author: Actor::Member(id(3)),
            contact_ids: contacts.iter().map(|contact| id(*contact)).collect(),
            link_id: link.map(id),
            text: None,
            file_ids: Vec::new(),
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn an_entry_that_names_somebody_is_theirs_on_whatever_link_they_come() {
        let named = event(&[10, 11], Some(20));
        assert!(named.is_seen_by(Some(id(10)), id(20)) && named.is_seen_by(Some(id(11)), id(21)));
        assert!(!named.is_seen_by(Some(id(12)), id(20)), "the same link lets others in too");
        assert!(!named.is_seen_by(None, id(20)), "who only bears the link is nobody yet");
    }

    #[test]
    fn an_entry_that_names_nobody_is_everybodys_on_its_link() {
        let open = event(&[], Some(20));
        assert!(open.is_seen_by(Some(id(10)), id(20)) && open.is_seen_by(None, id(20)));
        assert!(!open.is_seen_by(Some(id(10)), id(21)) && !open.is_seen_by(None, id(21)));
        assert!(!event(&[], None).is_seen_by(Some(id(10)), id(20)));
    }

    #[test]
    fn what_a_signer_did_is_told_as_what_it_was() {
        let declined = Deed::Declined("No.".parse().unwrap());
        assert_eq!(Kind::from(&declined), Kind::Declined);
        assert_eq!([Act::Sign, Act::Approve].map(Kind::from), [Kind::Signed, Kind::Approved]);
    }
}
