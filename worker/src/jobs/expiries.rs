//! What time ends. Readers judge time themselves, so that nothing here opens or shuts anything:
//! it records what is over, tells who should know, and erases what is no longer to be kept.

use app::arrival::NOTICE_LIFE;
use app::audit::by_rule;
use domain::access::{Gate, gate};
use domain::activity::{Detail, Object};
use domain::grant::{Grant, State};
use domain::id::ContactId;
use domain::outbox::{Mail, Purpose};
use jiff::Timestamp;
use serde_json::json;
use store::activities::Home;
use store::change::Change;
use store::contacts::Folder;
use store::keys::Key;
use store::{Store, StoreError};

use crate::{Deed, LOOKS_MAX, Worker};

impl Worker {
    /// Records that the grant at `key` has expired, and owes its reader the notice. Without the
    /// notice: two items in one transaction, and their places in two indexes.
    pub(crate) async fn expire_grant(
        &self,
        store: &Store,
        key: &Key,
        now: Timestamp,
    ) -> Result<Deed, StoreError> {
        for _ in 0..LOOKS_MAX {
            let grant = store.grant_in(key).await?.filter(|grant| grant.is_due(now));
            let Some(grant) = grant else { return Ok(Deed::Nothing) };
            let ended = grant.ended(State::Expired);
            let mut change = self.change(store);
            change.save_grant(&ended)?;
            let mut line = by_rule(&self.house, "grants.expire", ended.id, ended.version, now);
            line.about = Some(Object::Document(ended.document_id));
            change.audit(Home::Contact(ended.contact_id), &line)?;
            self.owe_notice(store, &mut change, &ended, now).await?;
            match change.commit().await {
                // Extended or taken back this instant: look again.
                Err(StoreError::Lost(_)) => {}
                done => return done.map(|()| Deed::Done),
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX })
    }

    /// Owes the mail that access has ended, to whoever had it until then.
    async fn owe_notice(
        &self,
        store: &Store,
        change: &mut Change,
        ended: &Grant,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(contact) = store.contact(ended.contact_id).await? else { return Ok(()) };
        let account = match contact.account_id {
            Some(id) => store.account(id).await?,
            None => None,
        };
        let had_access = gate(&contact, account.as_ref(), now) == Gate::Open
            && ended.epoch == contact.grant_epoch;
        if !had_access || contact.email.is_none() {
            return Ok(());
        }
        let purpose = Purpose::Expired {
            contact_id: contact.id,
            grant_id: ended.id,
            document_id: ended.document_id,
            version: ended.version,
        };
        change.owe(&Mail::new(self.house.dice.id(now), purpose, now, now + NOTICE_LIFE))
    }

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
        let erased = folder.contact.erased();
        let mut change = self.change(store);
        change.save_contact(&erased)?;
        let line = by_rule(&self.house, "contacts.erase", erased.id, erased.version, now);
        change.audit(home, &line)?;
        change.commit().await
    }
}
