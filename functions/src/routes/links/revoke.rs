//! `DELETE /v1/links/{link_id}/devices/{device_id}`: takes a browser off a link; it needs a code
//! from its next request on.

use app::callers::staff::Staff;
use app::exchange::answer::Done;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::id::{DeviceId, LinkId};
use policy::trust::Action;

pub const ROUTE: Route = Route::delete("links.revoke", "/v1/links/{link_id}/devices/{device_id}")
    .says("Takes a browser off a guest link; it needs a code from its next request on.")
    .problems(&[Kind::Forbidden, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(revoke_device));

async fn revoke_device(
    cx: Cx<Staff>,
    Path((link_id, device_id)): Path<(LinkId, DeviceId)>,
) -> Result<Done, Problem> {
    let seen = cx.link(link_id, Action::LinkEdit).await?;
    cx.take_off(&seen, device_id).await
}
