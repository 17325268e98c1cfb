//! `POST /v1/guest/{link_id}/verify-with-account`: lets in a browser in which somebody is signed in
//! whose address the link is for. No code is mailed: their account proved the address.

use app::callers::bearer::Bearer;
use app::exchange::answer::{Found, WithCookies};
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::guest::Details;
use app::serving::route::{Route, endpoint};
use domain::id::LinkId;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::guest::let_in;
use crate::views::guest::GuestView;

pub const ROUTE: Route =
    Route::post("guest.verify_with_account", "/v1/guest/{link_id}/verify-with-account")
        .says("Lets in a browser in which somebody is signed in whose address the link is for; no code is needed.")
        .problems(&[Kind::NotFound, Kind::SignIn, Kind::Forbidden, Kind::LinkInactive, Kind::TooMany, Kind::Busy])
        .served_by(|| endpoint(verify_with_account));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What stands behind the `#` of the link. Without it only an address that the link knows
    /// already is let in.
    secret: Option<String>,
    /// Who they are. Needed where the company does not know the address yet.
    details: Option<Details>,
}

async fn verify_with_account(
    mut cx: Cx<Bearer>,
    Path(link_id): Path<LinkId>,
    Json(input): Json<Input>,
) -> Result<WithCookies<Found<GuestView>>, Problem> {
    let token = input.secret.map(|secret| cx.link_token(link_id, &secret)).transpose()?;
    let answer = let_in(cx.house.clone());
    // Boxed, as signing in and being let in make a large future together.
    Box::pin(cx.prove_by_account(link_id, token, input.details.as_ref(), answer)).await
}
