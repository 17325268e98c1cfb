//! `POST /v1/guest/{link_id}/nda/accept`: accepts the agreement in force, for good and on record.

use app::exchange::answer::Done;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::guest::Guest;
use app::serving::route::{Route, endpoint};
use domain::id::LinkId;
use schemars::JsonSchema;
use serde::Deserialize;

pub const ROUTE: Route = Route::post("guest.accept_nda", "/v1/guest/{link_id}/nda/accept")
    .says("Accepts the agreement in force, for good and on record; the address must be proved.")
    .problems(&[Kind::CodeRequired, Kind::LinkInactive, Kind::Forbidden, Kind::Stale, Kind::Busy])
    .served_by(|| endpoint(accept_nda));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The version that was read.
    version: u32,
}

async fn accept_nda(
    cx: Cx<Guest>,
    Path(_): Path<LinkId>,
    Json(input): Json<Input>,
) -> Result<Done, Problem> {
    cx.accept_nda(input.version).await
}
