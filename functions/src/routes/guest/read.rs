//! `GET /v1/guest/{link_id}`: what a browser that was let in sees of the document. That it did is
//! recorded first.

use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::guest::Guest;
use app::serving::route::{Needs, Route, endpoint};
use domain::id::LinkId;

use crate::views::guest::GuestView;

pub const ROUTE: Route = Route::get("guest.read", "/v1/guest/{link_id}")
    .says(
        "Reads what a browser that was let in sees of the document. That it did is recorded first.",
    )
    .needs(Needs::table_write())
    .problems(&[Kind::CodeRequired, Kind::LinkInactive, Kind::NdaRequired, Kind::Busy])
    .served_by(|| endpoint(read_document));

async fn read_document(cx: Cx<Guest>, Path(_): Path<LinkId>) -> Result<Found<GuestView>, Problem> {
    cx.record_opening().await?;
    Ok(Found::new(GuestView::new(&cx.house, &cx.who)))
}
