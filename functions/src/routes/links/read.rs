//! `GET /v1/links/{link_id}`: one guest link.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::Problem;
use app::serving::route::{Route, endpoint};
use domain::id::LinkId;
use policy::trust::Action;

use crate::routes::links::answer;
use crate::views::links::LinkView;

pub const ROUTE: Route = Route::get("links.read", "/v1/links/{link_id}")
    .says("Reads one guest link and where it stands.")
    .served_by(|| endpoint(read_link));

async fn read_link(cx: Cx<Staff>, Path(link_id): Path<LinkId>) -> Result<Found<LinkView>, Problem> {
    let seen = cx.link(link_id, Action::LinkRead).await?;
    Ok(answer(&cx, &seen))
}
