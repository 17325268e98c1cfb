//! `GET /v1/health`: whether the service answers. Reads nothing.

use app::callers::anyone::Anyone;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::problem::Problem;
use app::serving::route::{Needs, Route, endpoint};
use schemars::JsonSchema;
use serde::Serialize;

pub const ROUTE: Route = Route::get("health.read", "/v1/health")
    .says("Tells that the service answers, and its version. Reads nothing and asks nobody who they are.")
    .needs(Needs::nothing())
    .served_by(|| endpoint(read_health));

/// That the service answers.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
struct Health {
    /// Always `ok`; a service that is not does not answer.
    status: &'static str,
    /// Which release answers.
    version: &'static str,
}

async fn read_health(_: Cx<Anyone>) -> Result<Found<Health>, Problem> {
    Ok(Found::new(Health { status: "ok", version: env!("CARGO_PKG_VERSION") }))
}
