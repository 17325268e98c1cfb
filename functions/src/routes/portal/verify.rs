//! `POST /v1/portal/verify`: signs in the browser that asked for a code and now types it.

use app::callers::bearer::Bearer;
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::portal::entry::Entered;
use app::serving::route::{Route, endpoint};
use domain::challenge::code::Code;
use schemars::JsonSchema;
use serde::Deserialize;

pub const ROUTE: Route = Route::post("portal.verify", "/v1/portal/verify")
    .says("Signs in the browser that asked for a code and now types it; the answer sets the portal's cookie.")
    .problems(&[Kind::CodeWrong, Kind::TooMany])
    .served_by(|| endpoint(verify_code));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The six digits; gaps between them are forgiven.
    code: Code,
}

async fn verify_code(mut cx: Cx<Bearer>, Json(input): Json<Input>) -> Result<Entered, Problem> {
    cx.type_code(input.code).await
}
