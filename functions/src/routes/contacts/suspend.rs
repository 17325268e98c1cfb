//! `POST /v1/contacts/{contact_id}/suspend`: ends a contact's access at once.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::activity::Detail;
use domain::contact::ReviewStatus;
use domain::id::ContactId;
use policy::trust::Action;
use serde_json::json;

use crate::routes::contacts::{answer, save};
use crate::views::contacts::ContactView;

pub const ROUTE: Route = Route::post("contacts.suspend", "/v1/contacts/{contact_id}/suspend")
    .says("Ends a contact's access at once, until it is brought back.")
    .problems(&[Kind::Forbidden, Kind::Stale])
    .previewed()
    .served_by(|| endpoint(suspend_contact));

async fn suspend_contact(
    cx: Cx<Staff>,
    Path(contact_id): Path<ContactId>,
) -> Result<Found<ContactView>, Problem> {
    let before = cx.contact(contact_id, Action::ContactSetStatus).await?.into_inner();
    if before.status == ReviewStatus::Cancelled {
        // Suspended already: the second click changes nothing.
        return Ok(answer(&before));
    }
    let mut after = before.clone().suspended();
    after.version += 1;
    let mut change = cx.change(&cx.store());
    let detail = json!({ "status": [before.status, after.status] });
    save(&cx, &mut change, &after, Detail::Plain(detail))?;
    cx.commit(change, answer(&after)).await
}
