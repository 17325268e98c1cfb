//! `POST /v1/guest/{link_id}/approve`: a guest who proved their address approves exactly the bytes
//! that they name. A second press changes nothing.

use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::guest::Guest;
use app::serving::route::{Route, endpoint};
use domain::id::LinkId;
use domain::signature::Act;

use crate::routes::guest::{Signed, signing};
use crate::views::signatures::SigningView;

pub const ROUTE: Route = Route::post("guest.approve", "/v1/guest/{link_id}/approve")
    .says("Approves exactly the bytes that the guest names by their SHA-256; a code must have proved the address.")
    .problems(&[Kind::CodeRequired, Kind::LinkInactive, Kind::NdaRequired, Kind::Forbidden, Kind::WrongState, Kind::TooMany, Kind::Busy])
    .served_by(|| endpoint(approve_document));

async fn approve_document(
    cx: Cx<Guest>,
    Path(_): Path<LinkId>,
    Json(input): Json<Signed>,
) -> Result<Found<SigningView>, Problem> {
    // Boxed, as judging again what moved meanwhile makes a large future.
    Box::pin(cx.sign(Act::Approve, &input.sha256, signing)).await
}
