//! `POST /v1/guest/{link_id}/files`: a guest announces a file that staff asked for, and hears how
//! to send its bytes straight to the bucket.

use app::exchange::answer::Created;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::guest::{Guest, SENT_BYTES_MAX};
use app::library::uploading::Announcement;
use app::serving::route::{Needs, Route, endpoint};
use domain::document::Sha256;
use domain::id::{EventId, LinkId};
use domain::media::MediaType;
use domain::text::Title;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::guest::{GuestFileView, NewGuestFileView};

pub const ROUTE: Route = Route::post("guest.send_file", "/v1/guest/{link_id}/files")
    .says("Announces a file that was asked for, and tells how to send its bytes straight to the bucket.")
    .needs(Needs::table_write().files_write())
    .problems(&[
        Kind::CodeRequired,
        Kind::LinkInactive,
        Kind::NdaRequired,
        Kind::Forbidden,
        Kind::WrongState,
        Kind::QuotaFull,
        Kind::TooMany,
    ])
    .served_by(|| endpoint(send_file));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The entry of the thread that asks for files.
    event_id: EventId,
    /// What it is called.
    name: Title,
    /// What it is.
    media_type: MediaType,
    /// How long it is.
    #[schemars(range(min = 1, max = SENT_BYTES_MAX))]
    size_bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    sha256: Sha256,
}

async fn send_file(
    cx: Cx<Guest>,
    Path(link_id): Path<LinkId>,
    Json(input): Json<Input>,
) -> Result<Created<NewGuestFileView>, Problem> {
    let Input { event_id, name, media_type, size_bytes, sha256 } = input;
    let announced = Announcement { name, media_type, size_bytes, sha256 };
    let location = format!("/v1/guest/{link_id}/events");
    let (file, upload) = cx
        .announce_sent(event_id, announced, |file| (GuestFileView::from(file), location.clone()))
        .await?;
    let view = NewGuestFileView { file: GuestFileView::from(&file), upload: upload.into() };
    Ok(Created::new(view, location))
}
