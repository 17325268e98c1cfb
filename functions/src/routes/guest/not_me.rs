//! `POST /v1/guest/{link_id}/not-me`: the owner of a mailbox takes a browser off the link that is
//! not theirs. A fresh code to that mailbox is asked for, because scanners press buttons too.

use app::callers::bearer::Bearer;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::guest::Disowned;
use app::serving::route::{Route, endpoint};
use domain::challenge::code::Code;
use domain::id::LinkId;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::guest::DisownedView;

pub const ROUTE: Route = Route::post("guest.not_me", "/v1/guest/{link_id}/not-me")
    .says("Takes a browser off the link that a notice was about, on the word of whoever types the code that was mailed to the same address.")
    .problems(&[Kind::NotFound, Kind::LinkOver, Kind::CodeWrong, Kind::TooMany, Kind::Busy])
    .served_by(|| endpoint(disown_browser));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What stands behind the `#` of the notice's address.
    token: String,
    /// The six digits that `POST /v1/guest/{link_id}/code` mailed for the same `token`.
    code: Code,
}

async fn disown_browser(
    mut cx: Cx<Bearer>,
    Path(link_id): Path<LinkId>,
    Json(input): Json<Input>,
) -> Result<Found<DisownedView>, Problem> {
    let token = cx.notice(link_id, &input.token)?;
    let answer = |disowned: &Disowned| Found::new(DisownedView::from(disowned));
    Box::pin(cx.disown(link_id, &token, input.code, answer)).await
}
