//! `GET /v1/documents/{document_id}/signatures`: who is asked to sign a document, and who did.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::id::DocumentId;
use policy::trust::Action;

use crate::routes::documents::signatures_view;
use crate::views::signatures::SignaturesView;

pub const ROUTE: Route =
    Route::get("documents.signatures", "/v1/documents/{document_id}/signatures")
        .says("Reads who is asked to sign a document, and who signed exactly what.")
        .problems(&[Kind::Forbidden])
        .served_by(|| endpoint(read_signatures));

async fn read_signatures(
    cx: Cx<Staff>,
    Path(document_id): Path<DocumentId>,
) -> Result<Found<SignaturesView>, Problem> {
    let document = cx.document(document_id, Action::DocumentAccess).await?;
    let asked = cx.signatures_of(&document).await?;
    signatures_view(&cx, document.id, asked).await
}
