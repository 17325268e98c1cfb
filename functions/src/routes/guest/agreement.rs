//! `GET /v1/guest/{link_id}/nda`: the agreement that comes before the document, for whoever the
//! link opens to.

use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::guest::Guest;
use app::serving::route::{Route, endpoint};
use domain::id::LinkId;

use crate::views::guest::GuestNdaView;

pub const ROUTE: Route = Route::get("guest.agreement", "/v1/guest/{link_id}/nda")
    .says("Reads the agreement in force, and whether whom this browser speaks for has accepted it.")
    .problems(&[Kind::CodeRequired, Kind::LinkInactive])
    .served_by(|| endpoint(read_agreement));

async fn read_agreement(
    cx: Cx<Guest>,
    Path(_): Path<LinkId>,
) -> Result<Found<GuestNdaView>, Problem> {
    let nda = cx.agreement().await?;
    Ok(Found::new(GuestNdaView::new(nda, &cx.who)))
}
