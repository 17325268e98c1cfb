//! `GET /v1/documents/{document_id}/access`: whom a document was shared with, and to whom it opens.

use app::answer::Page;
use app::cx::Cx;
use app::extract::{Path, Query};
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::id::{ContactId, DocumentId};
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::documents::ReaderView;
use crate::views::paging;

pub const ROUTE: Route = Route::get("documents.access", "/v1/documents/{document_id}/access")
    .says("Lists whom a document was shared with, and to whom it opens now.")
    .problems(&[Kind::Forbidden])
    .served_by(|| endpoint(list_document_readers));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Items of a page at the most, 1 to 100; 50 unless given.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

async fn list_document_readers(
    cx: Cx,
    Path(document_id): Path<DocumentId>,
    Query(input): Query<Input>,
) -> Result<Page<ReaderView>, Problem> {
    let document = cx.document(document_id, Action::DocumentAccess).await?;
    let limit = paging::limit(input.limit)?;
    let after: Option<ContactId> = paging::place(input.cursor.as_deref())?
        .map(|place| place.parse())
        .transpose()
        .map_err(|_| Problem::bad_input("cursor", "expected the `next` of a page before"))?;
    let (readers, last) = cx.readers_of(&document, after, limit).await?;
    let next = last.map(|contact| paging::cursor(&contact.to_string()));
    Ok(Page { items: readers.into_iter().map(ReaderView::from).collect(), next })
}
