//! `POST /v1/portal/files/{file_id}/download`: an address that opens one file for a minute. The
//! view is recorded before the address is signed.

use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::exchange::repeat::AddressView;
use app::library::viewing::Viewer;
use app::portal::Portal;
use app::serving::route::{Needs, Route, endpoint};
use domain::id::FileId;

pub const ROUTE: Route = Route::post("portal.download", "/v1/portal/files/{file_id}/download")
    .says("Gives an address that opens one file for a minute. The view is recorded first.")
    .needs(Needs::table_write().files_read())
    .problems(&[Kind::NdaRequired, Kind::Forbidden, Kind::Busy])
    .served_by(|| endpoint(download_shared_file));

async fn download_shared_file(
    cx: Cx<Portal>,
    Path(file_id): Path<FileId>,
) -> Result<Found<AddressView>, Problem> {
    let filed = cx.file_to_download(file_id).await?;
    let viewer = Viewer::Device(cx.who.contact.id, cx.who.device.id);
    cx.hand_out(&cx.store(), viewer, &filed).await
}
