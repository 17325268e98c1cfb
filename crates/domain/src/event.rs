//! The thread of a document: what was shared, said and asked about it, with whom.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::activity::Actor;
use crate::id::{ContactId, DocumentId, EventId, LinkId};

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "EventKind")]
pub enum Kind {
    /// The document was opened to somebody.
    Share,
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
    /// The contacts who take part, besides everybody on `link_id`.
    pub contact_ids: Vec<ContactId>,
    /// The guest link whose guests take part.
    pub link_id: Option<LinkId>,
    /// When.
    pub created_at: Timestamp,
}
