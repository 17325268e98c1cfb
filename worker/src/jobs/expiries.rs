//! What time ends apart from access, which is [`crate::jobs::endings`]: requests that nobody
//! touches, and what is kept of people who were deleted.

use app::house::audit::by_rule;
use app::library::pictures::drop_task;
use domain::activity::Detail;
use domain::id::ContactId;
use domain::picture::Holder;
use jiff::Timestamp;
use serde_json::json;
use store::activities::Home;
use store::contacts::Folder;
use store::{Store, StoreError};

use crate::{Deed, LOOKS_MAX, Worker};

impl Worker {
    /// Ends the request at the end of its patience, if nobody touched it since.
    pub(crate) async fn expire_request(
        &self,
        store: &Store,
        contact: ContactId,
        request: domain::id::RequestId,
        now: Timestamp,
    ) -> Result<Deed, StoreError> {
        for _ in 0..LOOKS_MAX {
            let Some(before) = store.request(contact, request).await? else {
                return Ok(Deed::Nothing);
            };
            let status = before.status;
            let Some(after) = before.expired(now) else { return Ok(Deed::Nothing) };
            let mut change = self.change(store);
            change.save_request(&after)?;
            let mut line = by_rule(&self.house, "requests.expire", request, after.version, now);
            line.detail = Detail::Plain(json!({ "status": [status, after.status] }));
            change.audit(Home::Contact(contact), &line)?;
            match change.commit().await {
                Err(StoreError::Lost(_)) => {}
                done => return done.map(|()| Deed::Done),
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX })
    }

    /// Erases the personal values of a contact that was deleted long enough ago: first what its
    /// requests say, then the contact itself, by which the rest is found again after a crash.
    pub(crate) async fn erase_contact(
        &self,
        store: &Store,
        id: ContactId,
        now: Timestamp,
    ) -> Result<Deed, StoreError> {
        for _ in 0..LOOKS_MAX {
            let Some(folder) = store.folder(id).await? else { return Ok(Deed::Nothing) };
            if !folder.contact.is_to_erase(now) {
                return Ok(Deed::Nothing);
            }
            match self.erase(store, folder, now).await {
                Err(StoreError::Lost(_)) => {}
                done => return done.map(|()| Deed::Done),
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX })
    }

    async fn erase(&self, store: &Store, folder: Folder, now: Timestamp) -> Result<(), StoreError> {
        let home = Home::Contact(folder.contact.id);
        for request in folder.requests.into_iter().filter_map(domain::request::Request::erased) {
            let mut change = self.change(store);
            change.save_request(&request)?;
            let line = by_rule(&self.house, "requests.erase", request.id, request.version, now);
            change.audit(home, &line)?;
            change.commit().await?;
        }
        let picture = folder.contact.picture.clone();
        let erased = folder.contact.erased();
        let mut change = self.change(store);
        change.save_contact(&erased)?;
        if let Some(picture) = picture {
            let holder = Holder::Contact(erased.id);
            change.start_task(&drop_task(&self.house, holder, picture.id, now))?;
        }
        let line = by_rule(&self.house, "contacts.erase", erased.id, erased.version, now);
        change.audit(home, &line)?;
        change.commit().await
    }
}
