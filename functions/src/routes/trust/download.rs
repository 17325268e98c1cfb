//! `POST /v1/trust/{slug}/files/{file_id}/download`: an address that opens a public document.

use app::callers::anyone::Anyone;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Nothing, Path};
use app::exchange::problem::{Kind, Problem};
use app::exchange::repeat::AddressView;
use app::library::viewing::Viewer;
use app::serving::route::{Needs, Route, endpoint};
use domain::id::FileId;
use domain::tenant::Slug;

pub const ROUTE: Route = Route::post("trust.download", "/v1/trust/{slug}/files/{file_id}/download")
    .says("Gives an address that opens a public document for a minute. The view is recorded first.")
    .needs(Needs::table_write().files_read())
    .problems(&[Kind::TooMany, Kind::Busy])
    .served_by(|| endpoint(download_public_file));

async fn download_public_file(
    cx: Cx<Anyone>,
    Path((slug, file_id)): Path<(Slug, FileId)>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Found<AddressView>, Problem> {
    let tenant = cx.trust_center(&slug).await?;
    let store = cx.store_of(tenant.id);
    let filed = cx.public_file(&store, file_id).await?;
    cx.hand_out(&store, Viewer::Anyone, &filed).await
}
