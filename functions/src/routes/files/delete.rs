//! `DELETE /v1/files/{file_id}`: takes a file out of its document and gives its room back. Readers
//! get the newest file that is left. What somebody signed stays, as evidence.

use app::answer::Done;
use app::cx::Cx;
use app::extract::Path;
use app::library::require_no_child;
use app::problem::{Kind, Problem};
use app::route::{Needs, Route, endpoint};
use app::staff::Filed;
use domain::activity::{Detail, Object};
use domain::document::{Document, File, FileKind, FileState};
use domain::id::FileId;
use policy::trust::Action;
use serde_json::json;
use store::StoreError;
use store::activities::Home;

use crate::routes::files::newest;

/// Looks at a file and its document at the most; each look after the first means that somebody
/// else saved one of them.
const LOOKS_MAX: u32 = 8;

pub const ROUTE: Route = Route::delete("files.delete", "/v1/files/{file_id}")
    .says("Takes a file out of its document; readers get the newest file that is left.")
    .needs(Needs::table_write().files_write())
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(delete_file));

async fn delete_file(cx: Cx, Path(file_id): Path<FileId>) -> Result<Done, Problem> {
    for _ in 0..LOOKS_MAX {
        let filed = cx.file(file_id, Action::DocumentEdit).await?.into_inner();
        // What a guest sent is no part of what was made for them.
        if filed.file.kind != FileKind::Sent {
            require_no_child(&filed.document)?;
        }
        let file = File {
            version: filed.file.version + 1,
            state: FileState::Deleted,
            ..filed.file.clone()
        };
        let mut change = cx.change(&cx.store());
        cx.require_no_evidence(&mut change, &filed).await?;
        change.save_file(&file)?;
        change.release_bytes(file.size_bytes)?;
        let states = json!({ "state": [filed.file.state, file.state] });
        let mut line = cx.line(file.id, file.version, Detail::Plain(states));
        line.about = Some(Object::Document(file.document_id));
        change.audit(Home::Document(file.document_id), &line)?;

        // Saved even if readers get the same file as before: of two files deleted at once, neither
        // may come to be what is left of the other's document.
        if filed.file.state == FileState::Published {
            let document = without(&cx, &filed).await?;
            change.save_document(&document)?;
            let id = |of: &Document| of.published.as_ref().map(|published| published.id);
            let detail =
                json!({ "file_id": file.id, "published": [id(&filed.document), id(&document)] });
            let line = cx.line(document.id, document.version, Detail::Plain(detail));
            change.audit(Home::Document(document.id), &line)?;
        }
        match cx.try_commit(change, &Done).await? {
            Ok(()) => {
                // From here on nothing leads to the bytes.
                let (tenant, bucket) = (cx.who.tenant.id, &cx.house.files);
                let _ = bucket.drop_kept(tenant, &file).await;
                let _ = bucket.drop_quarantined(tenant, &file).await;
                return Ok(Done);
            }
            Err(StoreError::Lost(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
}

/// The document once the file is gone from it.
async fn without(cx: &Cx, Filed { document, file }: &Filed) -> Result<Document, Problem> {
    let files = cx.files_of(document).await?;
    let left = files.iter().filter(|left| left.id != file.id && left.is_published_version());
    let published = newest(left.filter_map(|left| left.published_at.map(|at| left.published(at))));
    Ok(Document { version: document.version + 1, published, ..document.clone() })
}
