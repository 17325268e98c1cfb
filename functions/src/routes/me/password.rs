//! `POST /v1/me/password`: sets another password and ends one's other sessions.

use app::callers::staff::SignedIn;
use app::exchange::answer::Done;
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::password::Password;
use schemars::JsonSchema;
use serde::Deserialize;

pub const ROUTE: Route = Route::post("me.password", "/v1/me/password")
    .says("Sets another password, and ends one's other sessions.")
    .problems(&[Kind::TooMany, Kind::Unavailable, Kind::Busy])
    .served_by(|| endpoint(change_password));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The password they sign in with now.
    current_password: Password,
    /// The new one.
    password: Password,
}

async fn change_password(cx: Cx<SignedIn>, Json(input): Json<Input>) -> Result<Done, Problem> {
    cx.change_password(input.current_password.as_str(), input.password.as_str()).await
}
