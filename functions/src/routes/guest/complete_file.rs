//! `POST /v1/guest/{link_id}/files/{file_id}/complete`: checks what a guest sent and hands it to
//! the company, which is told.

use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Nothing, Path};
use app::exchange::problem::{Kind, Problem};
use app::guest::Guest;
use app::serving::route::{Needs, Route, endpoint};
use domain::id::{FileId, LinkId};

use crate::views::guest::GuestFileView;

pub const ROUTE: Route = Route::post(
    "guest.complete_file",
    "/v1/guest/{link_id}/files/{file_id}/complete",
)
.says("Checks what a guest sent and hands it to the company; what is not what was announced is thrown away.")
.needs(Needs::table_write().files_write())
.problems(&[
    Kind::CodeRequired,
    Kind::LinkInactive,
    Kind::NdaRequired,
    Kind::Forbidden,
    Kind::UploadDiffers,
    Kind::Busy,
])
.served_by(|| endpoint(complete_file));

async fn complete_file(
    cx: Cx<Guest>,
    Path((_, file_id)): Path<(LinkId, FileId)>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Found<GuestFileView>, Problem> {
    cx.complete_sent(file_id, |file| Found::new(GuestFileView::from(file))).await
}
