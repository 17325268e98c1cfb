//! `GET /v1/openapi.json`: what the routes say of themselves.

use app::callers::anyone::Anyone;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::problem::Problem;
use app::serving::route::{Needs, Route, endpoint};
use serde_json::Value;

pub const ROUTE: Route = Route::get("openapi.read", "/v1/openapi.json")
    .says("Describes the API as OpenAPI 3.1.")
    .needs(Needs::nothing())
    .served_by(|| endpoint(read_openapi));

async fn read_openapi(_: Cx<Anyone>) -> Result<Found<Value>, Problem> {
    Ok(Found::new(crate::routes::openapi()))
}
