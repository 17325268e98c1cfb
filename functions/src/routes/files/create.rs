//! `POST /v1/documents/{document_id}/files`: announces a file, reserves room for it, and tells how
//! to send its bytes straight to the bucket.

use app::callers::staff::Staff;
use app::exchange::answer::Created;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::library::require_no_child;
use app::library::uploading::Announcement;
use app::serving::route::{Needs, Route, endpoint};
use domain::document::{FileKind, Sha256};
use domain::id::DocumentId;
use domain::media::{FILE_BYTES_MAX, MediaType};
use domain::text::Title;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use store::documents::FILES_MAX;

use crate::views::documents::{FileView, NewFileView};

pub const ROUTE: Route = Route::post("files.create", "/v1/documents/{document_id}/files")
    .says("Announces a file, reserves room for it, and tells how to send its bytes straight to the bucket.")
    .needs(Needs::table_write().files_write())
    .problems(&[Kind::Forbidden, Kind::QuotaFull, Kind::WrongState])
    .served_by(|| endpoint(create_file));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What it is called.
    name: Title,
    /// What it is.
    media_type: MediaType,
    /// How long it is.
    #[schemars(range(min = 1, max = FILE_BYTES_MAX))]
    size_bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    sha256: Sha256,
}

async fn create_file(
    cx: Cx<Staff>,
    Path(document_id): Path<DocumentId>,
    Json(input): Json<Input>,
) -> Result<Created<NewFileView>, Problem> {
    let document = cx.document(document_id, Action::DocumentUpload).await?;
    require_no_child(&document)?;
    let Input { name, media_type, size_bytes, sha256 } = input;
    let announced = Announcement { name, media_type, size_bytes, sha256 };
    let whose = (document.id, cx.who.member.id);
    let file = announced.file(cx.new_id(), whose, FILE_BYTES_MAX, cx.now)?;
    let store = cx.store();
    let files = store.files(document.id).await?;
    let own = files.iter().filter(|file| file.kind != FileKind::Sent);
    if FILES_MAX <= own.count() {
        let detail = format!(
            "The document holds {FILES_MAX} files, deleted ones included, and takes no more. Put \
             this one into another document."
        );
        return Err(Problem::new(Kind::WrongState, detail));
    }
    let (view, location) = (FileView::from(&file), format!("/v1/files/{}", file.id));
    let upload = cx.announce((&store, &cx.who.tenant), &file, (&view, &location)).await?.into();
    Ok(Created::new(NewFileView { file: view, upload }, location))
}
