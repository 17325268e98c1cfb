//! `POST /v1/documents/{document_id}/close-access`: closes a document to one contact, or one thing
//! of it. The guest links that were made for them end for good.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::linking::closing::Extent;
use app::serving::route::{Route, endpoint};
use domain::id::DocumentId;
use policy::trust::Action;

use crate::routes::contacts::named_contact;
use crate::routes::documents::Whose;
use crate::views::documents::AccessView;

pub const ROUTE: Route =
    Route::post("documents.close_access", "/v1/documents/{document_id}/close-access")
        .says("Closes a document to one contact: their share and the guest links made for them end for good. With a file or an entry of the thread it hides only that.")
        .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Busy])
        .previewed()
        .served_by(|| endpoint(close_access));

async fn close_access(
    cx: Cx<Staff>,
    Path(document_id): Path<DocumentId>,
    Json(input): Json<Whose>,
) -> Result<Found<AccessView>, Problem> {
    let document = cx.document(document_id, Action::DocumentShare).await?;
    let contact = named_contact(&cx, input.contact_id).await?;
    let extent = input.extent()?;
    let mut change = cx.change(&cx.store());
    cx.close(&mut change, &contact, &document, extent).await?;
    let (contact_id, open) = (contact.id, extent != Extent::Document);
    let answer = Found::new(AccessView { document_id, contact_id, open, link: None });
    cx.commit(change, answer).await
}
