//! `POST /v1/guest/{link_id}/files/{file_id}/download`: an address that opens the original file for
//! a minute, for guests who may take it away. That they did is recorded first.

use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Nothing, Path};
use app::exchange::problem::{Kind, Problem};
use app::exchange::repeat::AddressView;
use app::guest::Guest;
use app::serving::route::{Needs, Route, endpoint};
use domain::id::{FileId, LinkId};

pub const ROUTE: Route =
    Route::post("guest.download", "/v1/guest/{link_id}/files/{file_id}/download")
        .says("Gives an address that opens the original file for a minute, to guests who may take it away. That they did is recorded first.")
        .needs(Needs::table_write().files_read())
        .problems(&[Kind::CodeRequired, Kind::LinkInactive, Kind::NdaRequired, Kind::Forbidden, Kind::Busy])
        .served_by(|| endpoint(download_file));

async fn download_file(
    cx: Cx<Guest>,
    Path((_, file_id)): Path<(LinkId, FileId)>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Found<AddressView>, Problem> {
    cx.hand_out_file(file_id).await
}
