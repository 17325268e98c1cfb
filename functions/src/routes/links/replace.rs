//! `POST /v1/links/{link_id}/replace`: gives a link that leaked another address; the old one opens
//! nothing from then on. Browsers that proved themselves stay.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Nothing, Path};
use app::exchange::problem::{Kind, Problem};
use app::linking::require_not_gone;
use app::serving::route::{Route, endpoint};
use domain::id::LinkId;
use policy::trust::Action;
use serde_json::json;

use crate::routes::links::exchange;
use crate::views::links::LinkView;

pub const ROUTE: Route = Route::post("links.replace", "/v1/links/{link_id}/replace")
    .says("Gives a guest link that leaked another address; the old one opens nothing from then on.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Stale])
    .previewed()
    .served_by(|| endpoint(replace_link));

async fn replace_link(
    cx: Cx<Staff>,
    Path(link_id): Path<LinkId>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Found<LinkView>, Problem> {
    let seen = cx.link(link_id, Action::LinkEdit).await?.into_inner();
    require_not_gone(&seen, cx.now)?;
    let after = seen.link.clone().replaced();
    let detail = json!({ "generation": [seen.link.generation, after.generation] });
    let mut change = cx.change(&cx.store());
    let answer = exchange(&cx, &mut change, seen, after, detail)?;
    cx.commit(change, answer).await
}
