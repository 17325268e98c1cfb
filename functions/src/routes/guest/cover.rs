//! `POST /v1/guest/{link_id}/cover`: what the cover of a link shows. Nothing changes by it.

use app::callers::bearer::Bearer;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::id::LinkId;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::guest::CoverView;

pub const ROUTE: Route = Route::post("guest.cover", "/v1/guest/{link_id}/cover")
    .says("Tells what the cover of a guest link shows: who sends what, what it allows, until when. Nothing changes by it.")
    .problems(&[Kind::NotFound, Kind::LinkInactive, Kind::TooMany])
    .served_by(|| endpoint(show_cover));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What stands behind the `#` of the link.
    secret: String,
}

async fn show_cover(
    mut cx: Cx<Bearer>,
    Path(link_id): Path<LinkId>,
    Json(input): Json<Input>,
) -> Result<Found<CoverView>, Problem> {
    let token = cx.link_token(link_id, &input.secret)?;
    let cover = cx.cover(link_id, &token).await?;
    Ok(Found::new(CoverView::new(&cx.house, &cover)))
}
