//! `POST /v1/contacts/{contact_id}/unarchive`: brings an archived contact back into lists.

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

pub const ROUTE: Route = Route::post("contacts.unarchive", "/v1/contacts/{contact_id}/unarchive")
    .says("Brings an archived contact back into lists.")
    .problems(&[Kind::Forbidden, Kind::Stale])
    .served_by(|| endpoint(unarchive_contact));

async fn unarchive_contact(
    cx: Cx<Staff>,
    Path(contact_id): Path<ContactId>,
) -> Result<Found<ContactView>, Problem> {
    let before = cx.contact(contact_id, Action::ContactArchive).await?.into_inner();
    if before.archived_at.is_none() {
        // In sight already: the second click changes nothing.
        return Ok(answer(&before));
    }
    let after = before.clone().unarchived();
    move_shelf(&cx, &before, after).await
}
