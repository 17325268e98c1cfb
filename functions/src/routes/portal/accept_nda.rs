//! `POST /v1/portal/nda/accept`: accepts the agreement in force, for good and on record.

use app::exchange::answer::Done;
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::portal::Portal;
use app::serving::route::{Route, endpoint};
use schemars::JsonSchema;
use serde::Deserialize;

pub const ROUTE: Route = Route::post("portal.accept_nda", "/v1/portal/nda/accept")
    .says("Accepts the agreement in force, for good and on record.")
    .problems(&[Kind::CodeRequired, Kind::Stale, Kind::Busy])
    .served_by(|| endpoint(accept_nda));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The version that was read.
    version: u32,
}

async fn accept_nda(cx: Cx<Portal>, Json(input): Json<Input>) -> Result<Done, Problem> {
    cx.accept_nda(input.version).await
}
