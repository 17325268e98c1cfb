//! Deleted documents: their grants end, and requests no longer ask for them.

use app::house::audit::by_rule;
use app::sharing::cover::cover;
use app::sharing::invite::{Occasion, invite};
use domain::activity::{Detail, Object};
use domain::grant::State;
use domain::id::{ContactId, DocumentId, Id, RequestId};
use domain::request::Status;
use jiff::Timestamp;
use serde_json::json;
use store::activities::Home;
use store::grants::grant_cursor;
use store::lists::{List, RequestRow};
use store::{Store, StoreError};

use crate::jobs::slices::{SLICE, page_after};
use crate::{LOOKS_MAX, Worker};

/// Where in the walk a slice begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Grants,
    Requests(Status),
}

impl Stage {
    /// All stages, in order.
    const ALL: [(&str, Self); 4] = [
        ("grants", Self::Grants),
        ("to_review", Self::Requests(Status::ToReview)),
        ("in_review", Self::Requests(Status::InReview)),
        ("info_needed", Self::Requests(Status::InfoNeeded)),
    ];
}

impl Worker {
    /// Walks one slice of what hangs on a deleted document, and tells where the next begins.
    pub(crate) async fn walk_document(
        &self,
        store: &Store,
        document: DocumentId,
        place: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let (name, after) = match place.and_then(|place| place.split_once('|')) {
            Some((name, after)) => (name, Some(after).filter(|after| !after.is_empty())),
            None => ("grants", None),
        };
        let mut stages = Stage::ALL.into_iter().skip_while(|(stage, _)| *stage != name);
        let Some((name, stage)) = stages.next() else { return Ok(None) };
        let last = match stage {
            Stage::Grants => self.end_grants(store, document, after, now).await?,
            Stage::Requests(status) => {
                self.withdraw_items(store, document, status, after, now).await?
            }
        };
        let next = last
            .map(|last| format!("{name}|{last}"))
            .or_else(|| stages.next().map(|(next, _)| format!("{next}|")));
        Ok(next)
    }

    async fn end_grants(
        &self,
        store: &Store,
        document: DocumentId,
        after: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let grants = store.grants_of_document(document, after, SLICE).await?;
        for grant in grants.iter().filter(|grant| grant.state == State::Live) {
            self.end_grant(store, grant.contact_id, document, now).await?;
        }
        Ok(grants.get(SLICE - 1).map(|last| grant_cursor(last.contact_id)))
    }

    async fn end_grant(
        &self,
        store: &Store,
        contact: ContactId,
        document: DocumentId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for _ in 0..LOOKS_MAX {
            let grant = store.grant(contact, document).await?;
            let grant = grant.filter(|grant| grant.state == State::Live);
            let Some(grant) = grant else { return Ok(()) };
            let ended = grant.ended(State::DocumentDeleted);
            let mut change = self.change(store);
            change.save_grant(&ended)?;
            let mut line = by_rule(&self.house, "grants.end", ended.id, ended.version, now);
            line.about = Some(Object::Document(document));
            line.detail = Detail::Plain(json!({ "state": [State::Live, ended.state] }));
            change.audit(Home::Contact(contact), &line)?;
            match change.commit().await {
                Err(StoreError::Lost(_)) => {}
                done => return done,
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX })
    }

    async fn withdraw_items(
        &self,
        store: &Store,
        document: DocumentId,
        status: Status,
        after: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let page = page_after(after);
        let group = Some(status.as_str());
        let rows: Vec<RequestRow> = store.list_by_creation(List::Requests, group, &page).await?;
        for row in &rows {
            self.withdraw_item(store, (row.contact_id, row.id), document, now).await?;
            cover(&self.house, store, row.contact_id, now).await?;
        }
        Ok(rows.get(SLICE - 1).map(|last| last.id.ulid().to_string()))
    }

    async fn withdraw_item(
        &self,
        store: &Store,
        (contact, request): (ContactId, RequestId),
        document: DocumentId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for _ in 0..LOOKS_MAX {
            let Some(before) = store.request(contact, request).await? else { return Ok(()) };
            let status = before.status;
            let Some(after) = before.without(document, now) else { return Ok(()) };
            let mut change = self.change(store);
            change.save_request(&after)?;
            if after.status == Status::Approved
                && let Some(contact) = store.contact(contact).await?
            {
                invite(&self.house, &mut change, &contact, Occasion::Approved(request), now)?;
            }
            let mut line = by_rule(&self.house, "requests.without", request, after.version, now);
            line.detail = Detail::Plain(json!({
                "document_id": [document, null],
                "status": [status, after.status],
            }));
            change.audit(Home::Contact(contact), &line)?;
            match change.commit().await {
                Err(StoreError::Lost(_)) => {}
                done => return done,
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX })
    }
}
