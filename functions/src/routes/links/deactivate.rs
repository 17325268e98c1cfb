//! `POST /v1/links/{link_id}/deactivate`: stops all viewing through a link. Nobody loses access by
//! that: copying the link opens it again, at the same address and to the same browsers.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Nothing, Path};
use app::exchange::problem::{Kind, Problem};
use app::linking::require_not_gone;
use app::serving::route::{Route, endpoint};
use domain::id::LinkId;
use domain::link::State;
use policy::trust::Action;
use serde_json::json;

use crate::routes::links::{answer, exchange};
use crate::views::links::LinkView;

pub const ROUTE: Route = Route::post("links.deactivate", "/v1/links/{link_id}/deactivate")
    .says("Stops all viewing through a guest link at once, until it is copied again; nobody loses access by that.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Stale])
    .previewed()
    .served_by(|| endpoint(deactivate_link));

async fn deactivate_link(
    cx: Cx<Staff>,
    Path(link_id): Path<LinkId>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Found<LinkView>, Problem> {
    let seen = cx.link(link_id, Action::LinkEdit).await?.into_inner();
    require_not_gone(&seen, cx.now)?;
    if seen.link.state == State::Inactive {
        // Deactivated already: the second click changes nothing.
        return Ok(answer(&cx, &seen));
    }
    let after = seen.link.clone().deactivated();
    let detail = json!({ "state": [seen.link.state, after.state] });
    let mut change = cx.change(&cx.store());
    let answer = exchange(&cx, &mut change, seen, after, detail)?;
    cx.commit(change, answer).await
}
