//! `POST /v1/contacts/{contact_id}/magic-link`: mails a contact a link that signs them in.

use app::answer::Accepted;
use app::cx::Cx;
use app::extract::Path;
use app::invite::{Occasion, invite, require_gate};
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::activity::Detail;
use domain::id::ContactId;
use policy::trust::Action;
use store::activities::Home;

pub const ROUTE: Route = Route::post("contacts.magic_link", "/v1/contacts/{contact_id}/magic-link")
    .says("Mails a contact a link that signs one browser in to their portal.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Stale])
    .previewed()
    .served_by(|| endpoint(send_magic_link));

async fn send_magic_link(cx: Cx, Path(contact_id): Path<ContactId>) -> Result<Accepted, Problem> {
    let mut contact = cx.contact(contact_id, Action::ContactInvite).await?.into_inner();
    if contact.email.is_none() {
        let detail = "The contact has no e-mail address. Add one first.";
        return Err(Problem::new(Kind::WrongState, detail));
    }
    let account = cx.account_of(&contact).await?;
    require_gate(&contact, account.as_ref(), cx.now)?;
    contact.version += 1;
    let mut change = cx.change(&cx.store());
    change.save_contact(&contact)?;
    invite(&cx.house, &mut change, &contact, Occasion::Sent, cx.now)?;
    let line = cx.line(contact.id, contact.version, Detail::None);
    change.audit(Home::Contact(contact.id), &line)?;
    cx.commit(change, Accepted).await
}
