//! `GET /v1/links/{link_id}`: one guest link.

use app::answer::Found;
use app::cx::Cx;
use app::extract::Path;
use app::problem::Problem;
use app::route::{Route, endpoint};
use domain::id::LinkId;
use policy::trust::Action;

use crate::views::links::LinkView;

pub const ROUTE: Route = Route::get("links.read", "/v1/links/{link_id}")
    .says("Reads one guest link and where it stands.")
    .served_by(|| endpoint(read_link));

async fn read_link(cx: Cx, Path(link_id): Path<LinkId>) -> Result<Found<LinkView>, Problem> {
    let seen = cx.link(link_id, Action::LinkRead).await?;
    Ok(Found::at(LinkView::new(&seen, cx.now), seen.link.version))
}
