//! `GET /v1/files/{file_id}/pages/{number}`: an address that shows one page for a minute.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Path, Query};
use app::exchange::problem::{Kind, Problem};
use app::exchange::repeat::AddressView;
use app::library::pages::{Form, PageNumber, PageQuery, Wanted};
use app::library::viewing::Viewer;
use app::serving::route::{Needs, Route, endpoint};
use domain::id::FileId;
use policy::trust::Action;

pub const ROUTE: Route = Route::get("files.page", "/v1/files/{file_id}/pages/{number}")
    .says(
        "Gives an address that shows one page of a file for a minute. The view is recorded first.",
    )
    .needs(Needs::table_write().files_read())
    .problems(&[Kind::Forbidden, Kind::PageNotReady, Kind::Busy])
    .served_by(|| endpoint(read_page_of_file));

async fn read_page_of_file(
    cx: Cx<Staff>,
    Path((file_id, number)): Path<(FileId, PageNumber)>,
    Query(query): Query<PageQuery>,
) -> Result<Found<AddressView>, Problem> {
    // All staff who see a file may download it, so there is nobody here to mark pages for.
    let filed = cx.file(file_id, Action::DocumentDownload).await?;
    let viewer = Viewer::Session(cx.who.session.id);
    let wanted = Wanted { number, width: query.width() };
    cx.page_address(&cx.store(), viewer, &filed, wanted, Form::Clean).await
}
