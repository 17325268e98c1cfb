//! `GET /v1/documents/{document_id}/access`: whom a document was shared with, and to whom it opens.

use app::callers::staff::Staff;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::extract::{Path, Query};
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::id::{ContactId, DocumentId};
use policy::trust::Action;

use crate::views::documents::ReaderView;
use crate::views::paging::{self, Slice};

pub const ROUTE: Route = Route::get("documents.access", "/v1/documents/{document_id}/access")
    .says("Lists whom a document was shared with, and to whom it opens now.")
    .problems(&[Kind::Forbidden])
    .served_by(|| endpoint(list_document_readers));

async fn list_document_readers(
    cx: Cx<Staff>,
    Path(document_id): Path<DocumentId>,
    Query(slice): Query<Slice>,
) -> Result<Page<ReaderView>, Problem> {
    let document = cx.document(document_id, Action::DocumentAccess).await?;
    let (limit, after) = slice.parsed::<ContactId>()?;
    let (readers, last) = cx.readers_of(&document, after, limit).await?;
    let next = last.map(|contact| paging::cursor(&contact.to_string()));
    Ok(Page { items: readers.into_iter().map(ReaderView::from).collect(), next })
}
