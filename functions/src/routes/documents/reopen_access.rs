//! `POST /v1/documents/{document_id}/reopen-access`: opens again what was closed to one contact.
//! Where a guest link of theirs was closed with it, another one is made.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::id::DocumentId;
use policy::trust::Action;

use crate::routes::contacts::named_contact;
use crate::routes::documents::Whose;
use crate::views::documents::AccessView;
use crate::views::links::LinkView;

pub const ROUTE: Route =
    Route::post("documents.reopen_access", "/v1/documents/{document_id}/reopen-access")
        .says("Opens again what was closed to one contact; where a guest link of theirs was closed with it, another one like it is made.")
        .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Busy])
        .previewed()
        .served_by(|| endpoint(reopen_access));

async fn reopen_access(
    cx: Cx<Staff>,
    Path(document_id): Path<DocumentId>,
    Json(input): Json<Whose>,
) -> Result<Found<AccessView>, Problem> {
    let document = cx.document(document_id, Action::DocumentShare).await?;
    let contact = named_contact(&cx, input.contact_id).await?.into_inner();
    let (contact_id, extent) = (contact.id, input.extent()?);
    let account = cx.account_of(&contact).await?;
    let mut change = cx.change(&cx.store());
    let made = cx.reopen(&mut change, (contact, account), &document, extent).await?;
    let link = made.map(|made| LinkView::new(&made, cx.now));
    cx.commit(change, Found::new(AccessView { document_id, contact_id, open: true, link })).await
}
