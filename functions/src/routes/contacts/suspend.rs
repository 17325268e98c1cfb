//! `POST /v1/contacts/{contact_id}/suspend`: ends a contact's access at once.

use app::answer::Found;
use app::cx::Cx;
use app::extract::Path;
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::activity::Detail;
use domain::contact::ReviewStatus;
use domain::id::ContactId;
use policy::trust::Action;
use serde_json::json;
use store::activities::Home;

use crate::views::contacts::ContactView;

pub const ROUTE: Route = Route::post("contacts.suspend", "/v1/contacts/{contact_id}/suspend")
    .says("Ends a contact's access at once, until it is brought back.")
    .problems(&[Kind::Forbidden, Kind::Stale])
    .previewed()
    .served_by(|| endpoint(suspend_contact));

async fn suspend_contact(
    cx: Cx,
    Path(contact_id): Path<ContactId>,
) -> Result<Found<ContactView>, Problem> {
    let before = cx.contact(contact_id, Action::ContactSetStatus).await?.into_inner();
    if before.status == ReviewStatus::Cancelled {
        // Suspended already: the second click changes nothing.
        return Ok(Found::at(ContactView::from(&before), before.version));
    }
    let mut after = before.clone().suspended();
    after.version += 1;
    let mut change = cx.change(&cx.store());
    change.save_contact(&after)?;
    let detail = Detail::Plain(json!({ "status": [before.status, after.status] }));
    change.audit(Home::Contact(after.id), &cx.line(after.id, after.version, detail))?;
    cx.commit(change, Found::at(ContactView::from(&after), after.version)).await
}
