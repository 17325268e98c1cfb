//! `GET /v1/documents/{document_id}`: a document with its files.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::Problem;
use app::serving::route::{Route, endpoint};
use domain::id::DocumentId;
use policy::trust::Action;

use crate::views::documents::DocumentView;

pub const ROUTE: Route = Route::get("documents.read", "/v1/documents/{document_id}")
    .says("Reads a document with its files.")
    .served_by(|| endpoint(read_document));

async fn read_document(
    cx: Cx<Staff>,
    Path(document_id): Path<DocumentId>,
) -> Result<Found<DocumentView>, Problem> {
    let document = cx.document(document_id, Action::DocumentRead).await?;
    let files = cx.files_of(&document).await?;
    Ok(Found::at(DocumentView::new(&document, &files), document.version))
}
