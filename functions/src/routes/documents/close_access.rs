//! `POST /v1/documents/{document_id}/close-access`: closes a document to one contact, or one thing of
//! it. The guest links that were made for them end for good.

use app::answer::Found;
use app::closing::Extent;
use app::cx::Cx;
use app::extract::{Json, Path};
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::id::DocumentId;
use policy::trust::Action;

use crate::routes::documents::Whose;
use crate::views::documents::AccessView;

pub const ROUTE: Route =
    Route::post("documents.close_access", "/v1/documents/{document_id}/close-access")
        .says("Closes a document to one contact: their share and the guest links made for them end for good. With a file or an entry of the thread it hides only that.")
        .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Busy])
        .previewed()
        .served_by(|| endpoint(close_access));

async fn close_access(
    cx: Cx,
    Path(document_id): Path<DocumentId>,
    Json(input): Json<Whose>,
) -> Result<Found<AccessView>, Problem> {
    let document = cx.document(document_id, Action::DocumentShare).await?;
    let contact = input.contact(&cx).await?;
    let extent = input.extent()?;
    let mut change = cx.change(&cx.store());
    cx.close(&mut change, &contact, &document, extent).await?;
    let (contact_id, open) = (contact.id, extent != Extent::Document);
    let answer = Found::new(AccessView { document_id, contact_id, open, link: None });
    cx.commit(change, answer).await
}
