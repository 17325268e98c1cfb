//! `GET /v1/guest/{link_id}/signatures`: what a guest is asked to sign, and how far it is.

use app::answer::Found;
use app::cx::Cx;
use app::extract::Path;
use app::guest::Guest;
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::id::LinkId;

use crate::views::signatures::SigningView;

pub const ROUTE: Route = Route::get("guest.signatures", "/v1/guest/{link_id}/signatures")
    .says("Reads what a guest is asked to sign, and how far it is.")
    .problems(&[Kind::CodeRequired, Kind::LinkInactive, Kind::NdaRequired])
    .served_by(|| endpoint(read_signing));

async fn read_signing(cx: Cx<Guest>, Path(_): Path<LinkId>) -> Result<Found<SigningView>, Problem> {
    let signing = cx.signing().await?;
    Ok(Found::new(SigningView::new(&signing)))
}
