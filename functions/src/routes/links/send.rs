//! `POST /v1/links/{link_id}/send`: mails a link to its contact; it opens from then on.

use app::callers::staff::Staff;
use app::exchange::answer::Accepted;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Nothing, Path};
use app::exchange::problem::{Kind, Problem};
use app::linking::{SENDING_LIFE, require_to_open};
use app::serving::route::{Route, endpoint};
use domain::activity::Detail;
use domain::id::LinkId;
use domain::link::Link;
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use policy::trust::Action;
use serde_json::json;

pub const ROUTE: Route = Route::post("links.send", "/v1/links/{link_id}/send")
    .says("Mails a guest link to its contact and activates it.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Stale])
    .previewed()
    .served_by(|| endpoint(send_link));

async fn send_link(
    cx: Cx<Staff>,
    Path(link_id): Path<LinkId>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Accepted, Problem> {
    let seen = cx.link(link_id, Action::LinkEdit).await?.into_inner();
    require_to_open(&seen, cx.now)?;
    let own = seen.contact.as_ref().filter(|_| !seen.link.audience.is_public());
    let Some(contact) = own.filter(|contact| contact.email.is_some()) else {
        let detail = "The link has nobody with an address to be mailed to. Copy it instead.";
        return Err(Problem::new(Kind::WrongState, detail));
    };
    let before = seen.link.clone();
    let sendings = before.sendings + 1;
    let after = Link { sendings, ..before.clone().activated(Some(contact)) };
    let mut change = cx.change(&cx.store());
    let detail = json!({ "state": [before.state, after.state], "sendings": sendings });
    cx.save_link(&mut change, &after, Detail::Plain(detail))?;
    let purpose = Purpose::GuestLink {
        contact_id: contact.id,
        document_id: after.document_id,
        link_id: after.id,
        sending: sendings,
    };
    change.owe(&Mail::new(purpose, cx.now, cx.now + SENDING_LIFE))?;
    cx.commit(change, Accepted).await
}
