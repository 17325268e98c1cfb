//! `POST /v1/links/{link_id}/replace`: gives a link that leaked another address; the old one opens
//! nothing from then on. Browsers that proved themselves stay.

use app::answer::Found;
use app::cx::Cx;
use app::extract::{Json, Nothing, Path};
use app::linking::require_not_gone;
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::activity::Detail;
use domain::id::LinkId;
use policy::trust::Action;
use serde_json::json;

use crate::views::links::LinkView;

pub const ROUTE: Route = Route::post("links.replace", "/v1/links/{link_id}/replace")
    .says("Gives a guest link that leaked another address; the old one opens nothing from then on.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Stale])
    .previewed()
    .served_by(|| endpoint(replace_link));

async fn replace_link(
    cx: Cx,
    Path(link_id): Path<LinkId>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Found<LinkView>, Problem> {
    let mut seen = cx.link(link_id, Action::LinkEdit).await?.into_inner();
    require_not_gone(&seen, cx.now)?;
    let before = seen.link.generation;
    seen.link = seen.link.replaced();
    let mut change = cx.change(&cx.store());
    let detail = json!({ "generation": [before, seen.link.generation] });
    cx.save_link(&mut change, &seen.link, Detail::Plain(detail))?;
    cx.commit(change, Found::at(LinkView::new(&seen, cx.now), seen.link.version)).await
}
