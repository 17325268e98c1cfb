//! The library: what a company may open to others.

pub mod access;
pub mod close_access;
pub mod create;
pub mod delete;
pub mod list;
pub mod read;
pub mod reopen_access;
pub mod update;

use app::closing::Extent;
use app::cx::{Allowed, Cx};
use app::problem::{Kind, Problem};
use domain::activity::Object;
use domain::contact::Contact;
use domain::id::{ContactId, EventId, FileId};
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use store::lists::List;

/// The part of the library that the caller sees and may share from.
pub(crate) fn library_of(cx: &Cx) -> List {
    app::library::part_of(&cx.who.member)
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
    /// The contact, whom the caller may edit.
    async fn contact(&self, cx: &Cx) -> Result<Allowed<Contact>, Problem> {
        let id = self.contact_id;
        cx.contact(id, Action::ContactEdit).await.map_err(|problem| match problem.kind {
            Kind::NotFound => Problem::bad_input("/contact_id", format!("there is no `{id}`")),
            _ => problem,
        })
    }

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
