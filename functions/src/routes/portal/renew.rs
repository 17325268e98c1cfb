//! `POST /v1/portal/renew`: mails a new magic link to the contact of one that has run out. The
//! answer is alike whatever is still open to them.

use app::callers::bearer::Bearer;
use app::exchange::answer::Accepted;
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::portal::link_token;

pub const ROUTE: Route = Route::post("portal.renew", "/v1/portal/renew")
    .says("Mails a new magic link to the contact of one that has run out. The answer is alike whatever is still open.")
    .problems(&[Kind::NotFound, Kind::TooMany])
    .served_by(|| endpoint(renew_link));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What stands behind the `#` of the link.
    token: String,
}

async fn renew_link(mut cx: Cx<Bearer>, Json(input): Json<Input>) -> Result<Accepted, Problem> {
    let token = link_token(&cx.house.keys, &input.token)?;
    cx.renew_link(&token).await
}
