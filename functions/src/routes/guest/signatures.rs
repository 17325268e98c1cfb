//! `GET /v1/guest/{link_id}/signatures`: what a guest is asked to sign, and how far it is.

use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::guest::Guest;
use app::serving::route::{Route, endpoint};
use domain::id::LinkId;

use crate::routes::guest::signing;
use crate::views::signatures::SigningView;

pub const ROUTE: Route = Route::get("guest.signatures", "/v1/guest/{link_id}/signatures")
    .says("Reads what a guest is asked to sign, and how far it is.")
    .problems(&[Kind::CodeRequired, Kind::LinkInactive, Kind::NdaRequired])
    .served_by(|| endpoint(read_signing));

async fn read_signing(cx: Cx<Guest>, Path(_): Path<LinkId>) -> Result<Found<SigningView>, Problem> {
    cx.signing().await.map(|found| signing(&found))
}
