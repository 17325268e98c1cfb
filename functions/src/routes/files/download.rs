//! `POST /v1/files/{file_id}/download`: an address that opens one published file for a minute.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Nothing, Path};
use app::exchange::problem::{Kind, Problem};
use app::exchange::repeat::AddressView;
use app::library::viewing::Viewer;
use app::serving::route::{Needs, Route, endpoint};
use domain::document::FileState;
use domain::id::FileId;
use policy::trust::Action;

pub const ROUTE: Route = Route::post("files.download", "/v1/files/{file_id}/download")
    .says(
        "Gives an address that opens one published file for a minute. The view is recorded first.",
    )
    .needs(Needs::table_write().files_read())
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Busy])
    .served_by(|| endpoint(download_file));

async fn download_file(
    cx: Cx<Staff>,
    Path(file_id): Path<FileId>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Found<AddressView>, Problem> {
    let filed = cx.file(file_id, Action::DocumentDownload).await?;
    if filed.file.state != FileState::Published {
        let detail = "The file is not published. Complete its upload first.";
        return Err(Problem::new(Kind::WrongState, detail));
    }
    cx.hand_out(&cx.store(), Viewer::Session(cx.who.session.id), &filed).await
}
