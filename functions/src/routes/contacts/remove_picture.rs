//! `DELETE /v1/contacts/{contact_id}/picture`: takes a contact's picture away.

use app::callers::staff::Staff;
use app::exchange::answer::Done;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::contact::Contact;
use domain::id::ContactId;
use policy::trust::Action;

use crate::routes::contacts::save_picture;

pub const ROUTE: Route =
    Route::delete("contacts.remove_picture", "/v1/contacts/{contact_id}/picture")
        .says("Takes a contact's picture away.")
        .problems(&[Kind::Forbidden, Kind::Stale])
        .served_by(|| endpoint(remove_picture));

async fn remove_picture(cx: Cx<Staff>, Path(contact_id): Path<ContactId>) -> Result<Done, Problem> {
    let before = cx.contact(contact_id, Action::ContactEdit).await?.into_inner();
    if before.picture.is_none() {
        // There is none: the second click changes nothing.
        return Ok(Done);
    }
    let after = Contact { version: before.version + 1, picture: None, ..before.clone() };
    let change = save_picture(&cx, &before, &after, None)?;
    cx.commit(change, Done).await
}
