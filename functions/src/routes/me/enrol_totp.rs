//! `POST /v1/me/totp`: gives a new seed to an authenticator app.

use app::callers::staff::SignedIn;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Nothing};
use app::exchange::problem::{Kind, Problem};
use app::exchange::repeat::SeedView;
use app::serving::route::{Route, endpoint};

pub const ROUTE: Route = Route::post("me.enrol_totp", "/v1/me/totp")
    .says("Gives a new seed to an authenticator app, shown once. It is asked for only once its first code was confirmed.")
    .problems(&[Kind::ProofRequired, Kind::Busy])
    .served_by(|| endpoint(enrol_totp));

async fn enrol_totp(
    cx: Cx<SignedIn>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Found<SeedView>, Problem> {
    cx.enrol_totp().await
}
