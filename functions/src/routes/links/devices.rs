//! `GET /v1/links/{link_id}/devices`: the browsers known on a link.

use app::callers::staff::Staff;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::extract::{Path, Query};
use app::exchange::problem::Problem;
use app::serving::route::{Route, endpoint};
use domain::id::LinkId;
use policy::trust::Action;

use crate::views::links::LinkDeviceView;
use crate::views::paging::{self, Slice};

pub const ROUTE: Route = Route::get("links.devices", "/v1/links/{link_id}/devices")
    .says("Lists the browsers known on a guest link, and to which of them it opens now.")
    .served_by(|| endpoint(list_devices));

async fn list_devices(
    cx: Cx<Staff>,
    Path(link_id): Path<LinkId>,
    Query(slice): Query<Slice>,
) -> Result<Page<LinkDeviceView>, Problem> {
    let seen = cx.link(link_id, Action::LinkRead).await?;
    let (limit, after) = slice.parsed::<String>()?;
    let browsers = cx.browsers_on(&seen, after.as_deref(), limit + 1).await?;
    Ok(paging::page(
        browsers,
        limit,
        |browser| browser.sha.clone(),
        |browser| LinkDeviceView::new(browser.guest, browser.open),
    ))
}
