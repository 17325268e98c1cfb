//! `GET /v1/guest/{link_id}/files/{file_id}/pages/{number}`: an address that shows one page for a
//! minute, to whoever may not take the file away under a mark that names them.

use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Path, Query};
use app::exchange::problem::{Kind, Problem};
use app::exchange::repeat::AddressView;
use app::guest::Guest;
use app::library::pages::{PageNumber, PageQuery, Wanted};
use app::serving::route::{Needs, Route, endpoint};
use domain::id::{FileId, LinkId};

pub const ROUTE: Route =
    Route::get("guest.page", "/v1/guest/{link_id}/files/{file_id}/pages/{number}")
        .says("Gives an address that shows one page of a file for a minute, marked for whoever may not take it away. The view is recorded first.")
        .needs(Needs::table_write().files_read())
        .problems(&[Kind::CodeRequired, Kind::LinkInactive, Kind::NdaRequired, Kind::PageNotReady, Kind::Busy])
        .served_by(|| endpoint(read_page));

async fn read_page(
    cx: Cx<Guest>,
    Path((_, file_id, number)): Path<(LinkId, FileId, PageNumber)>,
    Query(query): Query<PageQuery>,
) -> Result<Found<AddressView>, Problem> {
    cx.page_of_file(file_id, Wanted { number, width: query.width() }).await
}
