//! `POST /v1/guest/{link_id}/verify`: lets in the browser that asked for a code and now types it.

use app::callers::bearer::Bearer;
use app::exchange::answer::{Found, WithCookies};
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::guest::Details;
use app::serving::route::{Route, endpoint};
use domain::challenge::code::Code;
use domain::id::LinkId;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::guest::let_in;
use crate::views::guest::GuestView;

pub const ROUTE: Route = Route::post("guest.verify", "/v1/guest/{link_id}/verify")
    .says("Lets in the browser that asked for a code and now types it; the answer sets the device's cookie.")
    .problems(&[Kind::NotFound, Kind::LinkInactive, Kind::CodeWrong, Kind::TooMany, Kind::Busy])
    .served_by(|| endpoint(verify_code));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The six digits; gaps between them are forgiven.
    code: Code,
    /// Who they are. Needed where the company does not know the address yet; where it does, nothing
    /// that it knows is overwritten.
    details: Option<Details>,
}

async fn verify_code(
    mut cx: Cx<Bearer>,
    Path(link_id): Path<LinkId>,
    Json(input): Json<Input>,
) -> Result<WithCookies<Found<GuestView>>, Problem> {
    let answer = let_in(cx.house.clone());
    cx.type_code_on_link(link_id, input.code, input.details.as_ref(), answer).await
}
