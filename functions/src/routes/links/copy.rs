//! `POST /v1/links/{link_id}/copy`: the link's address, to be handed on; it opens from then on.

use app::answer::Found;
use app::cx::Cx;
use app::extract::{Json, Nothing, Path};
use app::linking::{copied_url, require_to_open};
use app::problem::{Kind, Problem};
use app::repeat::{Kept, Reissue};
use app::route::{Route, endpoint};
use domain::activity::Detail;
use domain::id::LinkId;
use policy::trust::Action;
use serde_json::json;

use crate::views::links::LinkAddressView;

pub const ROUTE: Route = Route::post("links.copy", "/v1/links/{link_id}/copy")
    .says("Gives the address of a guest link and activates it: always the same address, and each time noted in the trail.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::PlanLacks, Kind::Stale])
    .previewed()
    .served_by(|| endpoint(copy_link));

async fn copy_link(
    cx: Cx,
    Path(link_id): Path<LinkId>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Found<LinkAddressView>, Problem> {
    let seen = cx.link(link_id, Action::LinkCopy).await?.into_inner();
    require_to_open(&seen, cx.now)?;
    let before = seen.link;
    let after = before.clone().activated(seen.contact.as_ref());
    let detail = json!({ "state": [before.state, after.state] });
    let mut change = cx.change(&cx.store());
    cx.save_link(&mut change, &after, Detail::Plain(detail))?;
    // The address is a secret: what is kept for a repeat makes it again.
    let tenant = seen.tenant.id;
    let reissue = Reissue::Link { tenant, link: Box::new(after.clone()) };
    cx.commit(change, Kept { answer: Found::new(json!({})), reissue }).await?;
    Ok(Found::new(LinkAddressView { url: copied_url(&cx.house, tenant, &after) }))
}
