//! `POST /v1/guest/{link_id}/decline`: a guest says that they will not sign, or do not want the
//! document, and why. Whoever is asked to sign may still change their mind.

use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::guest::Guest;
use app::serving::route::{Route, endpoint};
use domain::document::Sha256;
use domain::id::LinkId;
use domain::text::Reason;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::guest::signing;
use crate::views::signatures::SigningView;

pub const ROUTE: Route = Route::post("guest.decline", "/v1/guest/{link_id}/decline")
    .says("Says that the guest will not sign, or does not want the document, and why.")
    .problems(&[
        Kind::CodeRequired,
        Kind::LinkInactive,
        Kind::NdaRequired,
        Kind::Forbidden,
        Kind::WrongState,
        Kind::TooMany,
        Kind::Busy,
    ])
    .served_by(|| endpoint(decline_document));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Why.
    reason: Reason,
    /// SHA-256 of what they looked at, in hexadecimal; the newest version unless given.
    sha256: Option<Sha256>,
}

async fn decline_document(
    cx: Cx<Guest>,
    Path(_): Path<LinkId>,
    Json(input): Json<Input>,
) -> Result<Found<SigningView>, Problem> {
    Box::pin(cx.decline(input.reason, input.sha256.as_ref(), signing)).await
}
