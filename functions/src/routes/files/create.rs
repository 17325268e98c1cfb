//! `POST /v1/documents/{document_id}/files`: announces a file, reserves room for it, and tells how
//! to send its bytes straight to the bucket.

use app::answer::Created;
use app::cx::Cx;
use app::extract::{Json, Path};
use app::library::require_no_child;
use app::problem::{Kind, Problem};
use app::repeat::{Kept, Reissue};
use app::route::{Needs, Route, endpoint};
use domain::activity::{Detail, Object};
use domain::document::{File, FileKind, FileState, Sha256};
use domain::id::DocumentId;
use domain::media::{FILE_BYTES_MAX, MediaType};
use domain::pages::Pages;
use domain::text::Title;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use store::activities::Home;
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
    cx: Cx,
    Path(document_id): Path<DocumentId>,
    Json(input): Json<Input>,
) -> Result<Created<NewFileView>, Problem> {
    let document = cx.document(document_id, Action::DocumentUpload).await?;
    require_no_child(&document)?;
    if !(1..=FILE_BYTES_MAX).contains(&input.size_bytes) {
        let detail = format!("expected 1 to {FILE_BYTES_MAX} bytes (500 MiB)");
        return Err(Problem::bad_input("/size_bytes", detail));
    }
    let store = cx.store();
    if FILES_MAX <= store.files(document.id).await?.len() {
        let detail = format!(
            "The document holds {FILES_MAX} files, deleted ones included, and takes no more. Put \
             this one into another document."
        );
        return Err(Problem::new(Kind::WrongState, detail));
    }
    let file = File {
        id: cx.new_id(),
        version: 1,
        document_id: document.id,
        name: input.name,
        media_type: input.media_type,
        size_bytes: input.size_bytes,
        sha256: input.sha256,
        state: FileState::Uploading,
        uploader_id: cx.who.member.id,
        created_at: cx.now,
        published_at: None,
        kind: FileKind::Version,
        pages: Pages::of(input.media_type, input.size_bytes),
        stored_as: None,
        is_shared: false,
    };

    let tenant = &cx.who.tenant;
    let mut change = cx.change(&store);
    change.reserve_bytes(file.size_bytes, tenant.quota_bytes)?;
    change.create_file(&file)?;
    let detail = json!({
        "name": file.name,
        "media_type": file.media_type,
        "size_bytes": file.size_bytes,
        "sha256": file.sha256,
    });
    let mut line = cx.line(file.id, file.version, Detail::Plain(detail));
    line.about = Some(Object::Document(document.id));
    change.audit(Home::Document(document.id), &line)?;

    // Whoever holds the signed request may upload, so it is not kept but signed anew for a repeat.
    let (view, location) = (FileView::from(&file), format!("/v1/files/{}", file.id));
    let answer = Created::new(json!({ "file": view }), location.clone());
    let reissue = Reissue::Upload { tenant: tenant.id, file: Box::new(file.clone()) };
    cx.commit(change, Kept { answer, reissue }).await?;
    let upload = cx.house.files.upload(tenant.id, &file).await?.into();
    Ok(Created::new(NewFileView { file: view, upload }, location))
}
