//! `POST /v1/guest/{link_id}/confirm`: lets in the browser that opens the link of last resort,
//! which is mailed once short codes have stopped.

use app::callers::bearer::Bearer;
use app::exchange::answer::{Found, WithCookies};
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::guest::Details;
use app::house::token::guest::LastResortToken;
use app::serving::route::{Route, endpoint};
use domain::id::LinkId;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::guest::let_in;
use crate::views::guest::GuestView;

pub const ROUTE: Route = Route::post("guest.confirm", "/v1/guest/{link_id}/confirm")
    .says("Lets in the browser that opens the link which is mailed once short codes have stopped.")
    .problems(&[Kind::NotFound, Kind::LinkInactive, Kind::LinkOver, Kind::TooMany, Kind::Busy])
    .served_by(|| endpoint(confirm_address));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What stands behind the `#` of the mailed address.
    token: String,
    /// Who they are. Needed where the company does not know the address yet.
    details: Option<Details>,
}

async fn confirm_address(
    mut cx: Cx<Bearer>,
    Path(link_id): Path<LinkId>,
    Json(input): Json<Input>,
) -> Result<WithCookies<Found<GuestView>>, Problem> {
    let token = LastResortToken::verify(&cx.house.keys, link_id, &input.token);
    let token = token.ok_or_else(Problem::not_found)?;
    let answer = let_in(cx.house.clone());
    cx.confirm_on_link(link_id, &token, input.details.as_ref(), answer).await
}
