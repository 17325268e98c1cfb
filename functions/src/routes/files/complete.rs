//! `POST /v1/files/{file_id}/complete`: checks what was uploaded and publishes it.
//!
//! What is not what was announced is thrown away and its room given back. Any number of calls may
//! run at once and die anywhere: the copy is the same each time, and one commit publishes.

use app::answer::Found;
use app::cx::Cx;
use app::extract::{Json, Nothing, Path};
use app::pages::draw_task;
use app::problem::{Kind, Problem};
use app::route::{Needs, Route, endpoint};
use app::staff::Filed;
use domain::activity::{Detail, Object};
use domain::document::{Document, File, FileState};
use domain::id::FileId;
use files::Quarantined;
use policy::trust::Action;
use serde_json::json;
use store::StoreError;
use store::activities::Home;

use crate::routes::files::newest;
use crate::views::documents::FileView;

/// Looks at a file and its document at the most; each look after the first means that somebody
/// else saved one of them.
const LOOKS_MAX: u32 = 8;

pub const ROUTE: Route = Route::post("files.complete", "/v1/files/{file_id}/complete")
    .says(
        "Checks what was uploaded and publishes it; what is not what was announced is thrown away.",
    )
    .needs(Needs::table_write().files_write())
    .problems(&[Kind::Forbidden, Kind::UploadDiffers, Kind::Busy])
    .served_by(|| endpoint(complete_file));

/// What one look came to.
enum Look {
    Published(Found<FileView>),
    Refused(Problem),
    /// Somebody else saved meanwhile.
    Again,
}

async fn complete_file(
    cx: Cx,
    Path(file_id): Path<FileId>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Found<FileView>, Problem> {
    for _ in 0..LOOKS_MAX {
        let filed = cx.file(file_id, Action::DocumentUpload).await?.into_inner();
        if filed.file.state == FileState::Published {
            return Ok(Found::at(FileView::from(&filed.file), filed.file.version));
        }
        match look(&cx, &filed).await {
            Ok(Look::Published(answer)) => return Ok(answer),
            Ok(Look::Refused(problem)) => return Err(problem),
            Ok(Look::Again) => {}
            Err(problem) if problem.replay.is_some() => return Err(problem),
            // The bytes may be missing because another call has just put them in their place.
            Err(problem) => match cx.file(file_id, Action::DocumentUpload).await {
                Ok(now) if now.file.version != filed.file.version => {}
                Ok(_) | Err(_) => return Err(problem),
            },
        }
    }
    Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
}

async fn look(cx: &Cx, filed: &Filed) -> Result<Look, Problem> {
    let missing = |detail: &str| Err(Problem::new(Kind::UploadDiffers, detail));
    if filed.file.is_leftover(cx.now) {
        return missing("The upload began over a day ago and was given up. Announce it again.");
    }
    match cx.house.files.quarantined(cx.who.tenant.id, &filed.file).await? {
        None => missing("Nothing was uploaded yet. Send the bytes first, then complete."),
        Some(found) => match difference(&filed.file, &found) {
            None => publish(cx, filed).await,
            Some(differs) => throw_away(cx, filed, differs).await,
        },
    }
}

/// What about the upload is not as announced.
#[derive(Clone, Copy)]
struct Difference {
    pointer: &'static str,
    detail: &'static str,
}

fn difference(file: &File, found: &Quarantined) -> Option<Difference> {
    if found.size_bytes != file.size_bytes {
        let detail = "the uploaded bytes are not as many as announced";
        return Some(Difference { pointer: "/size_bytes", detail });
    }
    if !found.is(file) {
        let detail = "the uploaded bytes have another SHA-256 than announced";
        return Some(Difference { pointer: "/sha256", detail });
    }
    if !file.media_type.fits(&found.head, &found.tail) {
        let detail = "the uploaded bytes are not of the announced type, whatever the name says";
        return Some(Difference { pointer: "/media_type", detail });
    }
    None
}

async fn publish(cx: &Cx, filed: &Filed) -> Result<Look, Problem> {
    let (tenant, store, bucket) = (cx.who.tenant.id, cx.store(), &cx.house.files);
    bucket.keep(tenant, &filed.file).await?;
    let before = &filed.document;
    let file = File {
        version: filed.file.version + 1,
        state: FileState::Published,
        published_at: Some(cx.now),
        ..filed.file.clone()
    };
    let published = newest(before.published.iter().cloned().chain([file.published(cx.now)]));
    let document = Document { version: before.version + 1, published, ..before.clone() };

    let mut change = cx.change(&store);
    change.save_file(&file)?;
    change.save_document(&document)?;
    let states = json!({ "state": [filed.file.state, file.state] });
    let mut line = cx.line(file.id, file.version, Detail::Plain(states));
    line.about = Some(Object::Document(document.id));
    change.audit(Home::Document(document.id), &line)?;
    let id = |of: &Document| of.published.as_ref().map(|published| published.id);
    let detail = json!({ "file_id": file.id, "published": [id(before), id(&document)] });
    let line = cx.line(document.id, document.version, Detail::Plain(detail));
    change.audit(Home::Document(document.id), &line)?;
    if let Some(task) = draw_task(&cx.house, &file, cx.now) {
        change.start_task(&task)?;
    }

    let answer = Found::at(FileView::from(&file), file.version);
    match cx.try_commit(change, &answer).await? {
        Ok(()) => {
            // Copied and published: what is left behind in quarantine opens to nobody.
            let _ = bucket.drop_quarantined(tenant, &file).await;
            Ok(Look::Published(answer))
        }
        Err(StoreError::Lost(_)) => {
            let now = store.document_of_file(file.id).await?;
            if now.is_some_and(|(_, file)| file.state == FileState::Deleted) {
                // Our copy may have come after the one that the deletion dropped.
                let _ = bucket.drop_kept(tenant, &file).await;
            }
            Ok(Look::Again)
        }
        Err(error) => Err(error.into()),
    }
}

async fn throw_away(cx: &Cx, filed: &Filed, differs: Difference) -> Result<Look, Problem> {
    let Difference { pointer, detail } = differs;
    let file =
        File { version: filed.file.version + 1, state: FileState::Deleted, ..filed.file.clone() };
    let mut change = cx.change(&cx.store());
    change.save_file(&file)?;
    change.release_bytes(file.size_bytes)?;
    let states = json!({ "state": [filed.file.state, file.state], "differs": pointer });
    let mut line = cx.line(file.id, file.version, Detail::Plain(states));
    line.about = Some(Object::Document(file.document_id));
    change.audit(Home::Document(file.document_id), &line)?;

    let problem = Problem::mistake(Kind::UploadDiffers, pointer, detail);
    match cx.try_commit(change, &cx.refused(&problem)).await? {
        Ok(()) => {
            let _ = cx.house.files.drop_quarantined(cx.who.tenant.id, &file).await;
            Ok(Look::Refused(problem))
        }
        Err(StoreError::Lost(_)) => Ok(Look::Again),
        Err(error) => Err(error.into()),
    }
}
