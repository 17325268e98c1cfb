//! `DELETE /v1/documents/{document_id}`: nobody opens the document from the next request on.
//!
//! Ending its grants and withdrawing it from requests follows off the stream. The item, its files
//! and its trail stay as evidence.

use app::callers::staff::Staff;
use app::exchange::answer::Done;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::library::require_no_child;
use app::serving::route::{Route, endpoint};
use domain::activity::Detail;
use domain::document::Document;
use domain::id::DocumentId;
use policy::trust::Action;
use store::StoreError;

use crate::routes::documents::save;

/// Looks at a document at the most; each look after the first means that somebody else saved.
const LOOKS_MAX: u32 = 8;

pub const ROUTE: Route = Route::delete("documents.delete", "/v1/documents/{document_id}")
    .says("Deletes a document: nobody opens it from the next request on.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(delete_document));

async fn delete_document(
    cx: Cx<Staff>,
    Path(document_id): Path<DocumentId>,
) -> Result<Done, Problem> {
    for _ in 0..LOOKS_MAX {
        let before = cx.document(document_id, Action::DocumentDelete).await?.into_inner();
        require_no_child(&before)?;
        let after = Document { version: before.version + 1, deleted_at: Some(cx.now), ..before };
        let mut change = cx.change(&cx.store());
        save(&cx, &mut change, &after, Detail::None)?;
        if cx.try_commit(change, Done).await?.is_ok() {
            return Ok(Done);
        }
    }
    Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
}
