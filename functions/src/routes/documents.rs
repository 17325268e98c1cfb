//! The library: what a company may open to others.

pub mod access;
pub mod ask_signatures;
pub mod close_access;
pub mod create;
pub mod delete;
pub mod events;
pub mod list;
pub mod read;
pub mod reopen_access;
pub mod signatures;
pub mod update;
pub mod write;

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::problem::Problem;
use app::linking::closing::Extent;
use app::linking::signatures::Asked;
use app::linking::thread::Cast;
use domain::activity::{Detail, Object};
use domain::document::Document;
use domain::id::{ContactId, DocumentId, EventId, FileId};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use store::StoreError;
use store::activities::Home;
use store::change::Change;
use store::lists::List;

use crate::views::signatures::SignaturesView;

/// The part of the library that the caller sees and may share from.
pub(super) fn library_of(cx: &Cx<Staff>) -> List {
    app::library::part_of(&cx.who.member)
}

/// Adds to `change` that `document` is saved, with `detail` in its trail.
pub(super) fn save(
    cx: &Cx<Staff>,
    change: &mut Change,
    document: &Document,
    detail: Detail,
) -> Result<(), StoreError> {
    change.save_document(document)?;
    let line = cx.line(document.id, document.version, detail);
    change.audit(Home::Document(document.id), &line)
}

/// What the trail tells of a document.
fn told(document: &Document) -> Value {
    json!({
        "title": document.title,
        "category": document.category,
        "access_level": document.access_level,
    })
}

/// The signatures of a document, with the names of who is asked.
async fn signatures_view(
    cx: &Cx<Staff>,
    document_id: DocumentId,
    asked: Asked,
) -> Result<Found<SignaturesView>, Problem> {
    let signers = asked.block.iter().flat_map(|block| &block.signers);
    let ids: Vec<ContactId> = signers.map(|signer| signer.contact_id).collect();
    let contacts = cx.store().contacts_of(&ids).await?;
    let contacts = contacts.into_iter().map(|contact| (contact.id, contact)).collect();
    let view = SignaturesView::new(document_id, asked, &Cast { contacts, ..Cast::default() });
    let version = view.version;
    Ok(Found::at(view, version))
}

/// To whom something is closed or opened again: the document, or one thing of it.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AccessOf")]
#[expect(clippy::struct_field_names, reason = "they are the names of the body's fields")]
pub(super) struct Whose {
    /// To whom.
    contact_id: ContactId,
    /// Only this entry of the thread.
    event_id: Option<EventId>,
    /// Only this file.
    file_id: Option<FileId>,
}

impl Whose {
    fn extent(&self) -> Result<Extent, Problem> {
        match (self.event_id, self.file_id) {
            (None, None) => Ok(Extent::Document),
            (Some(event), None) => Ok(Extent::Thing(Object::Event(event))),
            (None, Some(file)) => Ok(Extent::Thing(Object::File(file))),
            (Some(_), Some(_)) => {
                Err(Problem::bad_input("/file_id", "name a file or an entry of the thread"))
            }
        }
    }
}
