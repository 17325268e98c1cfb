//! `POST /v1/me/totp/confirm`: turns the second factor on.

use app::callers::staff::SignedIn;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::exchange::repeat::RecoveryCodesView;
use app::serving::route::{Route, endpoint};
use domain::challenge::code::Code;
use schemars::JsonSchema;
use serde::Deserialize;

pub const ROUTE: Route = Route::post("me.confirm_totp", "/v1/me/totp/confirm")
    .says("Turns the second factor on by the first code that the app shows, ends one's other sessions, and gives recovery codes, shown once.")
    .problems(&[Kind::ProofRequired, Kind::WrongState, Kind::CodeWrong, Kind::TooMany, Kind::Busy])
    .served_by(|| endpoint(confirm_totp));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What the app shows.
    code: Code,
}

async fn confirm_totp(
    cx: Cx<SignedIn>,
    Json(input): Json<Input>,
) -> Result<Found<RecoveryCodesView>, Problem> {
    cx.confirm_totp(input.code).await
}
