//! `DELETE /v1/contacts/{contact_id}`: ends a contact's access and frees the address.
//!
//! Personal values are erased 30 days later; evidence is kept for the company's retention.

use app::callers::staff::Staff;
use app::exchange::answer::Done;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::activity::Detail;
use domain::id::ContactId;
use policy::trust::Action;

use crate::routes::contacts::{current_row, save};

pub const ROUTE: Route = Route::delete("contacts.delete", "/v1/contacts/{contact_id}")
    .says("Ends a contact's access at once and frees the address; personal values are erased 30 days later.")
    .problems(&[Kind::Forbidden, Kind::Stale])
    .previewed()
    .served_by(|| endpoint(delete_contact));

async fn delete_contact(cx: Cx<Staff>, Path(contact_id): Path<ContactId>) -> Result<Done, Problem> {
    let before = cx.contact(contact_id, Action::ContactDelete).await?.into_inner();
    let mut after = before.clone().deleted(cx.now);
    after.version += 1;
    let store = cx.store();
    let mut change = cx.change(&store);
    save(&cx, &mut change, &after, Detail::None)?;
    if let Some(email) = &before.email {
        change.leave_address(email)?;
    }
    let row = current_row(&store, &after, None).await?;
    change.move_contact(&before, &after, &row)?;
    cx.commit(change, Done).await
}
