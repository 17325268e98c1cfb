//! `POST /v1/files/{file_id}/complete`: checks what was uploaded and publishes it.

use app::callers::staff::{Filed, Staff};
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Nothing, Path};
use app::exchange::problem::{Kind, Problem};
use app::library::uploading::Look;
use app::serving::route::{Needs, Route, endpoint};
use domain::document::{FileKind, FileState};
use domain::id::FileId;
use policy::trust::Action;
use store::StoreError;

use crate::routes::files::save_newest;
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

async fn complete_file(
    cx: Cx<Staff>,
    Path(file_id): Path<FileId>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Found<FileView>, Problem> {
    for _ in 0..LOOKS_MAX {
        let filed = cx.file(file_id, Action::DocumentUpload).await?.into_inner();
        if filed.file.state == FileState::Published {
            return Ok(Found::at(FileView::from(&filed.file), filed.file.version));
        }
        // What a guest sends is theirs to complete.
        if filed.file.kind != FileKind::Version {
            return Err(Problem::not_found());
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

async fn look(cx: &Cx<Staff>, filed: &Filed) -> Result<Look<Found<FileView>>, Problem> {
    let (tenant, store) = (&cx.who.tenant, cx.store());
    if let Some(differs) = cx.difference(tenant, &filed.file).await? {
        return cx.throw_away(&store, &filed.file, differs).await;
    }
    let mut change = cx.change(&store);
    let file = cx.publish(&mut change, tenant, &filed.file).await?;
    let published = filed.document.published.iter().cloned().chain([file.published(cx.now)]);
    save_newest(cx, &mut change, &filed.document, file.id, published)?;
    let answer = Found::at(FileView::from(&file), file.version);
    let ended = cx.try_commit(change, answer).await?;
    cx.published((&store, &file), ended).await
}
