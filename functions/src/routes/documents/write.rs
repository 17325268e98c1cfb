//! `POST /v1/documents/{document_id}/events`: writes to contacts, or to whoever is on a guest link,
//! in the thread of a document. The contacts it names are mailed.

use app::callers::staff::Staff;
use app::exchange::answer::Created;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::linking::thread::Wanted;
use app::serving::route::{Route, endpoint};
use domain::id::{ContactId, DocumentId, FileId, LinkId};
use domain::text::Note;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::thread::EventView;

pub const ROUTE: Route = Route::post("documents.write", "/v1/documents/{document_id}/events")
    .says("Writes to contacts, or to whoever is on a guest link, in the thread of a document; the contacts are mailed.")
    .problems(&[Kind::Forbidden])
    .previewed()
    .served_by(|| endpoint(write_to_guests));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "text": "The annex follows on Monday.",
    "contact_ids": ["con_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9"],
}))]
struct Input {
    /// What it is.
    #[serde(default)]
    kind: Written,
    /// The words; for a request for files what is wanted.
    text: Note,
    /// The guest link whose guests are written to, in place of contacts.
    link_id: Option<LinkId>,
    /// The contacts who are written to, at most 50. The document is open to each of them.
    #[serde(default)]
    contact_ids: Vec<ContactId>,
    /// Published files of the document that go with it, at most 20.
    #[serde(default)]
    file_ids: Vec<FileId>,
}

/// What staff write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Written {
    /// A message.
    #[default]
    Message,
    /// A request for files, which guests answer by sending some.
    FileRequest,
}

async fn write_to_guests(
    cx: Cx<Staff>,
    Path(document_id): Path<DocumentId>,
    Json(input): Json<Input>,
) -> Result<Created<EventView>, Problem> {
    let document = cx.document(document_id, Action::DocumentShare).await?;
    let Input { kind, text, link_id, contact_ids, file_ids } = input;
    let asks_for_files = kind == Written::FileRequest;
    let wanted = Wanted { asks_for_files, text, link_id, contact_ids, file_ids };
    let store = cx.store();
    let mut change = cx.change(&store);
    let event = cx.write_in_thread(&mut change, &document, wanted).await?;
    let cast = cx.cast_of(&store, document.id, std::slice::from_ref(&event)).await?;
    let location = format!("/v1/documents/{}/events", document.id);
    cx.commit(change, Created::new(EventView::new(event, &cast), location)).await
}
