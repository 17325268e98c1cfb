//! `DELETE /v1/files/{file_id}`: takes a file out of its document and gives its room back. Readers
//! get the newest file that is left. What somebody signed stays, as evidence.

use app::callers::staff::{Filed, Staff};
use app::exchange::answer::Done;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::library::require_no_child;
use app::serving::route::{Needs, Route, endpoint};
use domain::activity::{Detail, Object};
use domain::document::{File, FileKind, FileState};
use domain::id::FileId;
use policy::trust::Action;
use serde_json::json;
use store::StoreError;
use store::activities::Home;
use store::change::Change;

use crate::routes::files::save_newest;

/// Looks at a file and its document at the most; each look after the first means that somebody
/// else saved one of them.
const LOOKS_MAX: u32 = 8;

pub const ROUTE: Route = Route::delete("files.delete", "/v1/files/{file_id}")
    .says("Takes a file out of its document; readers get the newest file that is left.")
    .needs(Needs::table_write().files_write())
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(delete_file));

async fn delete_file(cx: Cx<Staff>, Path(file_id): Path<FileId>) -> Result<Done, Problem> {
    for _ in 0..LOOKS_MAX {
        let filed = cx.file(file_id, Action::DocumentEdit).await?.into_inner();
        // What a guest sent is no part of what was made for them.
        if filed.file.kind != FileKind::Sent {
            require_no_child(&filed.document)?;
        }
        let mut change = cx.change(&cx.store());
        cx.require_no_evidence(&mut change, &filed).await?;
        take_out(&cx, &mut change, &filed).await?;
        if cx.try_commit(change, Done).await?.is_ok() {
            // From here on nothing leads to the bytes.
            let (tenant, bucket) = (cx.who.tenant.id, &cx.house.files);
            let _ = bucket.drop_kept(tenant, &filed.file).await;
            let _ = bucket.drop_quarantined(tenant, &filed.file).await;
            return Ok(Done);
        }
    }
    Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
}

async fn take_out(
    cx: &Cx<Staff>,
    change: &mut Change,
    Filed { document, file: before }: &Filed,
) -> Result<(), Problem> {
    let file = File { version: before.version + 1, state: FileState::Deleted, ..before.clone() };
    change.save_file(&file)?;
    change.release_bytes(file.size_bytes)?;
    let states = json!({ "state": [before.state, file.state] });
    let mut line = cx.line(file.id, file.version, Detail::Plain(states));
    line.about = Some(Object::Document(file.document_id));
    change.audit(Home::Document(document.id), &line)?;
    if before.state != FileState::Published {
        return Ok(());
    }
    // Saved even if readers get the same file as before: of two files deleted at once, neither may
    // come to be what is left of the other's document.
    let files = cx.files_of(document).await?;
    let left = files.iter().filter(|left| left.id != file.id && left.is_published_version());
    let left = left.filter_map(|left| left.published_at.map(|at| left.published(at)));
    Ok(save_newest(cx, change, document, file.id, left)?)
}
