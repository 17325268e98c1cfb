//! `POST /v1/contacts/{contact_id}/magic-link`: mails a contact a link that signs them in.

use app::callers::staff::Staff;
use app::exchange::answer::Accepted;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use app::sharing::invite::{Occasion, invite, require_gate};
use domain::activity::Detail;
use domain::id::ContactId;
use policy::trust::Action;

use crate::routes::contacts::save;

pub const ROUTE: Route = Route::post("contacts.magic_link", "/v1/contacts/{contact_id}/magic-link")
    .says("Mails a contact a link that signs one browser in to their portal.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Stale])
    .previewed()
    .served_by(|| endpoint(send_magic_link));

async fn send_magic_link(
    cx: Cx<Staff>,
    Path(contact_id): Path<ContactId>,
) -> Result<Accepted, Problem> {
    let mut contact = cx.contact(contact_id, Action::ContactInvite).await?.into_inner();
    if contact.email.is_none() {
        let detail = "The contact has no e-mail address. Add one first.";
        return Err(Problem::new(Kind::WrongState, detail));
    }
    let account = cx.account_of(&contact).await?;
    require_gate(&contact, account.as_ref(), cx.now)?;
    contact.version += 1;
    let mut change = cx.change(&cx.store());
    save(&cx, &mut change, &contact, Detail::None)?;
    invite(&cx.house, &mut change, &contact, Occasion::Sent, cx.now)?;
    cx.commit(change, Accepted).await
}
