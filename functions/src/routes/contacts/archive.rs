//! `POST /v1/contacts/{contact_id}/archive`: hides a contact from lists; access stays as it is.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::id::ContactId;
use policy::trust::Action;

use crate::routes::contacts::{answer, move_shelf};
use crate::views::contacts::ContactView;

pub const ROUTE: Route = Route::post("contacts.archive", "/v1/contacts/{contact_id}/archive")
    .says("Hides a contact from lists; access stays as it is.")
    .problems(&[Kind::Forbidden, Kind::Stale])
    .served_by(|| endpoint(archive_contact));

async fn archive_contact(
    cx: Cx<Staff>,
    Path(contact_id): Path<ContactId>,
) -> Result<Found<ContactView>, Problem> {
    let before = cx.contact(contact_id, Action::ContactArchive).await?.into_inner();
    if before.archived_at.is_some() {
        // Archived already: the second click changes nothing.
        return Ok(answer(&before));
    }
    let after = before.clone().archived(cx.now);
    move_shelf(&cx, &before, after).await
}
