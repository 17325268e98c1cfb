//! `POST /v1/trust/{slug}/requests/withdraw`: takes a request back by the link that was mailed.

use app::callers::anyone::Anyone;
use app::exchange::answer::Accepted;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::request::Request;
use domain::tenant::Slug;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

pub const ROUTE: Route = Route::post("trust.withdraw", "/v1/trust/{slug}/requests/withdraw")
    .says("Takes a request back by the link that was mailed.")
    .problems(&[Kind::LinkOver, Kind::TooMany, Kind::Busy])
    .served_by(|| endpoint(withdraw_request));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What stands behind the `#` of the mailed link.
    token: String,
}

async fn withdraw_request(
    cx: Cx<Anyone>,
    Path(slug): Path<Slug>,
    Json(input): Json<Input>,
) -> Result<Accepted, Problem> {
    let withdraw = |request: Request| request.withdraw(cx.now);
    cx.answer_by_mail(&slug, &input.token, withdraw, &json!({})).await
}
