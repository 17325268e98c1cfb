//! `POST /v1/links/{link_id}/deactivate`: stops all viewing through a link. Nobody loses access by
//! that: copying the link opens it again, at the same address and to the same browsers.

use app::answer::Found;
use app::cx::Cx;
use app::extract::{Json, Nothing, Path};
use app::linking::require_not_gone;
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::activity::Detail;
use domain::id::LinkId;
use domain::link::State;
use policy::trust::Action;
use serde_json::json;

use crate::views::links::LinkView;

pub const ROUTE: Route = Route::post("links.deactivate", "/v1/links/{link_id}/deactivate")
    .says("Stops all viewing through a guest link at once, until it is copied again; nobody loses access by that.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Stale])
    .previewed()
    .served_by(|| endpoint(deactivate_link));

async fn deactivate_link(
    cx: Cx,
    Path(link_id): Path<LinkId>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Found<LinkView>, Problem> {
    let mut seen = cx.link(link_id, Action::LinkEdit).await?.into_inner();
    require_not_gone(&seen, cx.now)?;
    let before = seen.link.clone();
    if before.state == State::Inactive {
        // Deactivated already: the second click changes nothing.
        return Ok(Found::at(LinkView::new(&seen, cx.now), before.version));
    }
    seen.link = before.clone().deactivated();
    let mut change = cx.change(&cx.store());
    let detail = json!({ "state": [before.state, seen.link.state] });
    cx.save_link(&mut change, &seen.link, Detail::Plain(detail))?;
    cx.commit(change, Found::at(LinkView::new(&seen, cx.now), seen.link.version)).await
}
