//! `POST /v1/guest/{link_id}/ask-again`: tells whoever sent a link that does not open that somebody
//! asks for it. The answer is alike in any case.

use app::callers::bearer::Bearer;
use app::exchange::answer::Accepted;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::id::LinkId;
use schemars::JsonSchema;
use serde::Deserialize;

pub const ROUTE: Route = Route::post("guest.ask_again", "/v1/guest/{link_id}/ask-again")
    .says("Tells whoever sent a link that does not open that somebody asks for it, once a day at the most.")
    .problems(&[Kind::NotFound, Kind::TooMany])
    .served_by(|| endpoint(ask_again));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What stands behind the `#` of the link.
    secret: String,
}

async fn ask_again(
    mut cx: Cx<Bearer>,
    Path(link_id): Path<LinkId>,
    Json(input): Json<Input>,
) -> Result<Accepted, Problem> {
    let token = cx.link_token(link_id, &input.secret)?;
    cx.ask_again(link_id, &token).await
}
