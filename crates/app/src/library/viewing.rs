//! Handing out a file or a page of it. That somebody got it is recorded first, and only then is an
//! address signed.

use domain::activity::{Detail, Object};
use domain::id::{ActivityId, ContactId, DeviceId, SessionId};
use serde_json::{Value, json};
use store::activities::Home;
use store::{Store, StoreError};

use crate::callers::staff::Filed;
use crate::exchange::answer::{Answer, Found};
use crate::exchange::cx::{Allowed, Cx, Principal};
use crate::exchange::problem::Problem;
use crate::exchange::reissue::Reissue;
use crate::exchange::repeat::{AddressView, Kept};

/// Looks at a viewer's count at the most; each look after the first means that the same browser or
/// session was counted meanwhile.
const LOOKS_MAX: u32 = 16;

/// In whose name a view is counted: never in that of the document, so that views do not queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// A member, by session.
    Session(SessionId),
    /// A contact, by browser.
    Device(ContactId, DeviceId),
    /// Somebody who proved nothing: each view stands for itself.
    Anyone,
}

impl<P: Principal> Cx<P> {
    /// Records that `viewer` gets a file, then signs the address that opens it. A repeat gets the
    /// same address, which lives no longer for that.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::Busy`] if the same viewer kept being counted for
    /// [`LOOKS_MAX`] looks, or the table's.
    pub async fn hand_out(
        &self,
        store: &Store,
        viewer: Viewer,
        filed: &Allowed<Filed>,
    ) -> Result<Found<AddressView>, Problem> {
        let signed_at = files::wall_clock();
        let (tenant, file) = (store.tenant_id(), &filed.file);
        let reissue = Reissue::Download { tenant, file: Box::new(file.clone()), signed_at };
        let kept = Kept { answer: Found::new(json!({})), reissue };
        let detail = json!({ "file_id": file.id, "name": file.name });
        self.record_view(store, viewer, filed, &detail, &kept).await?;
        let address = self.house.files.download(tenant, file, signed_at).await?;
        Ok(Found::new(AddressView::from(address)))
    }

    /// Records that `viewer` gets what `detail` says of a file; `kept` is kept for a repeat.
    pub(crate) async fn record_view<A: Answer>(
        &self,
        store: &Store,
        viewer: Viewer,
        filed: &Allowed<Filed>,
        detail: &Value,
        kept: &A,
    ) -> Result<(), Problem> {
        for _ in 0..LOOKS_MAX {
            let (object, home) = match viewer {
                Viewer::Session(id) => (Object::Session(id), Home::Document(filed.document.id)),
                Viewer::Device(contact, id) => (Object::Device(id), Home::Contact(contact)),
                Viewer::Anyone => {
                    let alone: ActivityId = self.new_id();
                    (Object::Activity(alone), Home::Document(filed.document.id))
                }
            };
            let mut change = self.change(store);
            let seq = match viewer {
                Viewer::Session(_) | Viewer::Device(..) => {
                    let seq = store.views(object).await? + 1;
                    change.count_view(object, seq)?;
                    seq
                }
                Viewer::Anyone => 1,
            };
            let mut line = self.line(object, seq, Detail::Plain(detail.clone()));
            line.about = Some(Object::Document(filed.document.id));
            change.audit(home, &line)?;
            if self.try_commit(change, kept).await?.is_ok() {
                return Ok(());
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }
}
