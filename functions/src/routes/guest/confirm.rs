//! `POST /v1/guest/{link_id}/confirm`: lets in the browser that opens the link of last resort, which
//! is mailed once short codes have stopped.

use app::answer::{Found, WithCookies};
use app::bearer::Bearer;
use app::cx::Cx;
use app::extract::{Json, Path};
use app::guest::Details;
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use app::token::guest::LastResortToken;
use domain::id::LinkId;
use schemars::JsonSchema;
use serde::Deserialize;

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
    let house = cx.house.clone();
    let answer = |guest: &_| Found::new(GuestView::new(&house, guest));
    cx.confirm_on_link(link_id, &token, input.details.as_ref(), answer).await
}
