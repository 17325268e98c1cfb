//! `POST /v1/links/{link_id}/copy`: the link's address, to be handed on; it opens from then on.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Nothing, Path};
use app::exchange::problem::{Kind, Problem};
use app::exchange::reissue::Reissue;
use app::exchange::repeat::Kept;
use app::house::addresses::copied_link;
use app::linking::require_to_open;
use app::serving::route::{Route, endpoint};
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
    cx: Cx<Staff>,
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
    Ok(Found::new(LinkAddressView { url: copied_link(&cx.house, tenant, &after) }))
}
