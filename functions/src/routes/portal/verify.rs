//! `POST /v1/portal/verify`: signs in the browser that asked for a code and now types it.

use app::bearer::Bearer;
use app::cx::Cx;
use app::entry::Entered;
use app::extract::Json;
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
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
