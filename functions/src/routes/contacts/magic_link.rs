//! `POST /v1/contacts/{contact_id}/magic-link`: mails a contact a link that signs them in.

use app::answer::Accepted;
use app::cx::Cx;
use app::extract::Path;
use app::invite::{Occasion, invite};
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::access::{Gate, Shut, gate};
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
    if let Gate::Shut(shut) = gate(&contact, account.as_ref(), cx.now) {
        return Err(Problem::new(Kind::WrongState, why_shut(shut)));
    }
    contact.version += 1;
    let mut change = cx.change(&cx.store());
    change.save_contact(&contact)?;
    invite(&cx.house, &mut change, &contact, Occasion::Sent, cx.now)?;
    let line = cx.line(contact.id, contact.version, Detail::None);
    change.audit(Home::Contact(contact.id), &line)?;
    cx.commit(change, Accepted).await
}

fn why_shut(shut: Shut) -> String {
    match shut {
        Shut::ContactDeleted => "The contact was deleted.".to_owned(),
        Shut::Contact(status) => {
            format!("The contact is `{status}`; only an approved one gets a link.")
        }
        Shut::Account(status) => {
            format!("The contact's account is `{status}`; approve it first.")
        }
        Shut::AccountOver => "The access of the contact's account has ended.".to_owned(),
        Shut::AccountMissing => "The contact's account was deleted.".to_owned(),
    }
}
