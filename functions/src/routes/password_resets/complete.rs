//! `POST /v1/password-resets/complete`: sets another password by a mailed link, and ends every
//! session. It signs nobody in: a sign-in follows, with all that it asks for.

use app::callers::bearer::Bearer;
use app::exchange::answer::Done;
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::house::token::ResetToken;
use app::seating::resetting::reset_over;
use app::serving::route::{Route, endpoint};
use domain::password::Password;
use schemars::JsonSchema;
use serde::Deserialize;

pub const ROUTE: Route = Route::post("password_resets.complete", "/v1/password-resets/complete")
    .says("Sets another password by a mailed link, and ends every session; it signs nobody in.")
    .problems(&[Kind::LinkOver, Kind::TooMany, Kind::Unavailable, Kind::Busy])
    .served_by(|| endpoint(complete_password_reset));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What stands behind the `#` of the link.
    token: String,
    /// The new password.
    password: Password,
}

async fn complete_password_reset(
    mut cx: Cx<Bearer>,
    Json(input): Json<Input>,
) -> Result<Done, Problem> {
    let token = ResetToken::verify(&cx.house.keys, &input.token).ok_or_else(reset_over)?;
    cx.reset_password(&token, input.password.as_str()).await
}
