//! `GET /v1/portal/files/{file_id}/pages/{number}`: an address that shows one page for a minute, to
//! whoever may not download the file under a mark that names them.

use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Path, Query};
use app::exchange::problem::{Kind, Problem};
use app::exchange::repeat::AddressView;
use app::library::pages::{PageNumber, PageQuery, Wanted};
use app::library::viewing::Viewer;
use app::portal::Portal;
use app::serving::route::{Needs, Route, endpoint};
use domain::id::FileId;

pub const ROUTE: Route = Route::get("portal.page", "/v1/portal/files/{file_id}/pages/{number}")
    .says(
        "Gives an address that shows one page of a file for a minute. The view is recorded first.",
    )
    .needs(Needs::table_write().files_read())
    .problems(&[Kind::NdaRequired, Kind::PageNotReady, Kind::Busy])
    .served_by(|| endpoint(read_page_of_shared_file));

async fn read_page_of_shared_file(
    cx: Cx<Portal>,
    Path((file_id, number)): Path<(FileId, PageNumber)>,
    Query(query): Query<PageQuery>,
) -> Result<Found<AddressView>, Problem> {
    let (filed, form) = cx.file_to_view(file_id).await?;
    let viewer = Viewer::Device(cx.who.contact.id, cx.who.device.id);
    let wanted = Wanted { number, width: query.width() };
    cx.page_address(&cx.store(), viewer, &filed, wanted, form).await
}
