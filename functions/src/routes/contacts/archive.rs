//! `POST /v1/contacts/{contact_id}/archive`: hides a contact from lists; access stays as it is.

use app::answer::Found;
use app::cx::Cx;
use app::extract::Path;
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::id::ContactId;
use policy::trust::Action;

use crate::routes::contacts::move_shelf;
use crate::views::contacts::ContactView;

pub const ROUTE: Route = Route::post("contacts.archive", "/v1/contacts/{contact_id}/archive")
    .says("Hides a contact from lists; access stays as it is.")
    .problems(&[Kind::Forbidden, Kind::Stale])
    .served_by(|| endpoint(archive_contact));

async fn archive_contact(
    cx: Cx,
    Path(contact_id): Path<ContactId>,
) -> Result<Found<ContactView>, Problem> {
    let before = cx.contact(contact_id, Action::ContactArchive).await?.into_inner();
    if before.archived_at.is_some() {
        // Archived already: the second click changes nothing.
        return Ok(Found::at(ContactView::from(&before), before.version));
    }
    let after = before.clone().archived(cx.now);
    move_shelf(&cx, &before, after).await
}
