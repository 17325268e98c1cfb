//! `GET /v1/contacts/{contact_id}`: one contact.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::Problem;
use app::serving::route::{Needs, Route, endpoint};
use domain::id::ContactId;
use policy::trust::Action;

use crate::routes::contacts::with_warnings;
use crate::views::contacts::{ContactView, MailStoppedView};

pub const ROUTE: Route = Route::get("contacts.read", "/v1/contacts/{contact_id}")
    .says("Reads one contact.")
    .needs(Needs::table_read().files_read())
    .served_by(|| endpoint(read_contact));

async fn read_contact(
    cx: Cx<Staff>,
    Path(contact_id): Path<ContactId>,
) -> Result<Found<ContactView>, Problem> {
    let contact = cx.contact(contact_id, Action::ContactRead).await?;
    let account = cx.account_of(&contact).await?;
    let picture = cx.house.show(cx.who.tenant.id, contact.picture.as_ref()).await?;
    let stopped = match &contact.email {
        Some(email) => cx.store().suppression(email).await?,
        None => None,
    };
    let view = ContactView {
        mail_stopped: stopped.map(MailStoppedView::from),
        picture,
        ..with_warnings(&contact, account.as_ref())
    };
    Ok(Found::at(view, contact.version))
}
