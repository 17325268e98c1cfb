//! `GET /v1/contacts/{contact_id}/documents`: every document a member could share with a contact,
//! and which of them are shared.

use app::callers::staff::Staff;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::extract::{Path, Query};
use app::exchange::problem::Problem;
use app::serving::route::{Route, endpoint};
use domain::id::{ContactId, DocumentId, Id};
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use store::contacts::Folder;
use store::lists::DocumentRow;

use crate::routes::documents::library_of;
use crate::views::contacts::{ContactDocumentView, ShareView};
use crate::views::paging::{self, ByCreation};

pub const ROUTE: Route = Route::get("contacts.documents", "/v1/contacts/{contact_id}/documents")
    .says(
        "Lists every document the member could share with a contact, and which of them are shared.",
    )
    .served_by(|| endpoint(list_contact_documents));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Items of a page, 1 to 100; 50 unless given.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

async fn list_contact_documents(
    cx: Cx<Staff>,
    Path(contact_id): Path<ContactId>,
    Query(input): Query<Input>,
) -> Result<Page<ContactDocumentView>, Problem> {
    let folder = cx.folder(contact_id, Action::ContactRead).await?;
    let limit = paging::limit(input.limit)?;
    let run = ByCreation::default().run(limit, input.cursor.as_deref())?;
    let rows: Vec<DocumentRow> = cx.store().list_by_creation(library_of(&cx), None, &run).await?;
    let key = |row: &DocumentRow| row.id.ulid().to_string();
    Ok(paging::page(rows, limit, key, |row| ContactDocumentView {
        shared: share(&cx, &folder, row.id),
        restorable: restorable(&cx, &folder, row.id),
        asked: was_asked(&folder, row.id),
        document_id: row.id,
        title: row.title,
        category: row.category,
        access_level: row.access_level,
    }))
}

fn share(cx: &Cx<Staff>, folder: &Folder, document: DocumentId) -> Option<ShareView> {
    let grant = folder.grants.iter().find(|grant| grant.document_id == document)?;
    grant.live(&folder.contact, cx.now).map(|live| ShareView::from(*live.get()))
}

/// The share that an extension would restore.
fn restorable(cx: &Cx<Staff>, folder: &Folder, document: DocumentId) -> Option<ShareView> {
    let grant = folder.grants.iter().find(|grant| grant.document_id == document)?;
    let is_over = grant.live(&folder.contact, cx.now).is_none();
    let extended = grant.clone().extended(&folder.contact, None, None, cx.now);
    (is_over && extended.is_ok()).then(|| ShareView::from(grant))
}

fn was_asked(folder: &Folder, document: DocumentId) -> bool {
    folder
        .requests
        .iter()
        .any(|request| request.items.iter().any(|item| item.document_id == document))
}
