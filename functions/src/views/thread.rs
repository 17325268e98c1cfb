//! The thread of a document, as staff see it and as a guest does.

use std::collections::BTreeMap;

use app::guest::Guest;
use app::linking::thread::Cast;
use domain::activity::{Actor, Object};
use domain::contact::Contact;
use domain::document::File;
use domain::event::{Event, Kind};
use domain::id::{ContactId, EventId, FileId, LinkId};
use domain::media::MediaType;
use domain::text::{Note, Title};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::views::activity::ActorView;

/// An entry of a document's thread.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Event")]
pub struct EventView {
    /// Which entry.
    pub id: EventId,
    /// What it is.
    pub kind: Kind,
    /// Who caused it.
    pub author: ActorView,
    /// The contacts who take part. If nobody is named, everybody on the guest link does.
    pub contacts: Vec<ParticipantView>,
    /// The guest link it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_id: Option<LinkId>,
    /// What was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Note>,
    /// Files of the document that it carries and that are still there.
    pub files: Vec<CarriedFileView>,
    /// When.
    pub created_at: Timestamp,
}

/// A contact who takes part in an entry.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "EventContact")]
pub struct ParticipantView {
    /// Who.
    pub id: ContactId,
    /// First and last name.
    pub name: String,
}

/// A file that an entry carries.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "EventFile")]
pub struct CarriedFileView {
    /// Which file.
    pub id: FileId,
    /// What it is called.
    pub name: Title,
    /// What it is.
    pub media_type: MediaType,
}

/// An entry of a document's thread as a guest sees it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "GuestEvent")]
pub struct GuestEventView {
    /// Which entry.
    pub id: EventId,
    /// What it is.
    pub kind: Kind,
    /// Whether it is the guest's own; else it is the company's.
    pub is_own: bool,
    /// How whoever caused it is called; the company itself, if nobody of it did.
    pub author: String,
    /// What was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Note>,
    /// Files of the document that it carries and that the guest may see.
    pub files: Vec<CarriedFileView>,
    /// When.
    pub created_at: Timestamp,
}

impl EventView {
    /// An entry among `cast`.
    #[must_use]
    pub fn new(event: Event, cast: &Cast) -> Self {
        let name = name_of(event.author, cast);
        let contacts = event.contact_ids.iter().filter_map(|id| cast.contacts.get(id));
        Self {
            id: event.id,
            kind: event.kind,
            author: ActorView { name, ..ActorView::from(event.author) },
            contacts: contacts
                .map(|contact| ParticipantView { id: contact.id, name: contact.full_name() })
                .collect(),
            link_id: event.link_id,
            files: carried(&event, &cast.files, |_| false),
            text: event.text,
            created_at: event.created_at,
        }
    }
}

impl GuestEventView {
    /// An entry among `cast`, as `guest` sees it.
    #[must_use]
    pub fn new(event: Event, cast: &Cast, guest: &Guest) -> Self {
        let own = guest.sees_as().map(|contact| contact.id);
        let grant = guest.seen.grant.as_ref();
        let is_hidden = |id: FileId| grant.is_some_and(|grant| grant.hides(Object::File(id)));
        let name = name_of(event.author, cast);
        Self {
            id: event.id,
            kind: event.kind,
            is_own: own.is_some_and(|id| event.author == Actor::Contact(id)),
            author: name.unwrap_or_else(|| guest.seen.tenant.name.to_string()),
            files: carried(&event, &cast.files, is_hidden),
            text: event.text,
            created_at: event.created_at,
        }
    }
}

fn name_of(author: Actor, cast: &Cast) -> Option<String> {
    match author {
        Actor::Member(id) => cast.members.get(&id).map(|member| member.name.to_string()),
        Actor::Contact(id) => cast.contacts.get(&id).map(Contact::full_name),
        Actor::Anyone | Actor::System | Actor::Operator => None,
    }
}

/// The files of an entry that are there and not hidden.
fn carried(
    event: &Event,
    files: &BTreeMap<FileId, File>,
    is_hidden: impl Fn(FileId) -> bool,
) -> Vec<CarriedFileView> {
    let seen = event.file_ids.iter().filter(|id| !is_hidden(**id));
    let view = |file: &File| CarriedFileView {
        id: file.id,
        name: file.name.clone(),
        media_type: file.media_type,
    };
    seen.filter_map(|id| files.get(id)).map(view).collect()
}
