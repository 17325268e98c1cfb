//! `PUT /v1/contacts/{contact_id}/picture`: shows a contact's face.
//!
//! The last picture sent is the one that stays, so that no version is asked for.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Image, Path};
use app::exchange::problem::{Kind, Problem};
use app::library::pictures::PORTRAIT;
use app::serving::route::{Needs, Route, endpoint};
use domain::contact::Contact;
use domain::id::ContactId;
use domain::picture::Holder;
use policy::trust::Action;

use crate::routes::contacts::{answer, save_picture};
use crate::views::contacts::ContactView;

pub const ROUTE: Route = Route::put("contacts.set_picture", "/v1/contacts/{contact_id}/picture")
    .says("Shows a contact's face; the picture is drawn anew, and the last one sent stays.")
    .needs(Needs::table_write().files_write())
    .problems(&[Kind::Forbidden, Kind::Stale])
    .takes_picture()
    .served_by(|| endpoint(set_picture));

async fn set_picture(
    cx: Cx<Staff>,
    Path(contact_id): Path<ContactId>,
    sent: Image,
) -> Result<Found<ContactView>, Problem> {
    let before = cx.contact(contact_id, Action::ContactEdit).await?.into_inner();
    let stored = cx.store_picture(Holder::Contact(contact_id), sent, PORTRAIT).await?;
    let picture = Some(stored.picture.clone());
    let after = Contact { version: before.version + 1, picture, ..before.clone() };
    let change = save_picture(&cx, &before, &after, Some(&stored))?;
    cx.commit(change, answer(&after)).await
}
