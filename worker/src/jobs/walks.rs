//! Walks: what follows from one change for many things, a slice at a time.
//!
//! The first slice is walked when the stream tells of the change; what is left goes into a task,
//! each save of which rings for the next slice.

use app::audit::by_rule;
use app::cover::cover;
use app::invite::{Occasion, invite};
use app::pictures::named_picture;
use domain::activity::{Detail, Object};
use domain::grant::State;
use domain::id::{AccountId, ContactId, DocumentId, FileId, Id, RequestId};
use domain::picture::Holder;
use domain::request::Status;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::activities::Home;
use store::grants::grant_cursor;
use store::keys::Key;
use store::lists::{ContactRow, List, Page, RequestRow};
use store::read::Order;
use store::tasks::{Task, Work};
use store::{Store, StoreError};

use crate::{Deed, LOOKS_MAX, Worker, WorkerError};

/// Things one slice deals with.
pub(crate) const SLICE: usize = 50;
/// What a place among the archived contacts of a list begins with.
const ARCHIVED: &str = "archived|";
/// A deleted document, or a removed member's contacts, are walked a second time after this: what
/// was shared, asked for or made in the very instant of it shows in the lists later.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// Where in a deleted document's walk a slice begins.
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
    /// Begins `work`, in place of the same work that was begun before.
    pub(crate) async fn set_off(
        &self,
        store: &Store,
        work: Work,
        now: Timestamp,
    ) -> Result<(), WorkerError> {
        let place = self.walk(store, work, None, now).await?;
        let Some(task) = self.next(work, 0, place, now) else { return Ok(()) };
        let mut change = self.change(store);
        change.start_task(&task)?;
        Ok(change.commit().await?)
    }

    /// Walks the next slice of the task at `key`, if it is due.
    pub(crate) async fn carry_on(
        &self,
        store: &Store,
        key: &Key,
        now: Timestamp,
    ) -> Result<Deed, WorkerError> {
        let task = store.task_in(key).await?.filter(|task| task.due_at <= now);
        let Some(task) = task else { return Ok(Deed::Nothing) };
        // Boxed, so that the futures of all other work stay small.
        match task.work {
            Work::Pages(file) => return Box::pin(self.draw_pages(store, task, file, now)).await,
            Work::Certificate(document) => {
                return Box::pin(self.certify(store, task, document, now)).await;
            }
            _ => {}
        }
        let place = self.walk(store, task.work, task.place.as_deref(), now).await?;
        let mut change = self.change(store);
        match self.next(task.work, task.passes, place, now) {
            Some(next) => change.save_task(&task.mark, &next)?,
            None => change.end_task(&task)?,
        }
        match change.commit().await {
            // Begun anew, or walked by another worker: theirs goes on.
            Err(StoreError::Lost(_)) => Ok(Deed::Nothing),
            done => Ok(done.map(|()| Deed::Done)?),
        }
    }

    /// The task that is left after a slice; `None` if nothing is.
    fn next(&self, work: Work, passes: u32, place: Option<String>, now: Timestamp) -> Option<Task> {
        let mark = self.house.dice.token();
        if place.is_some() {
            return Some(Task { work, place, passes, due_at: now, mark });
        }
        match work {
            Work::Document(_) | Work::Member(_) if passes == 0 => {
                Some(Task { work, place: None, passes: 1, due_at: now + LOOK_AGAIN, mark })
            }
            Work::Account(_)
            | Work::AccountEnd { .. }
            | Work::Document(_)
            | Work::Member(_)
            | Work::Picture(..)
            | Work::Pages(_)
            | Work::Certificate(_)
            | Work::Lapse(..) => None,
        }
    }

    /// Walks one slice from `place` on, and tells where the next one begins.
    async fn walk(
        &self,
        store: &Store,
        work: Work,
        place: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<String>, WorkerError> {
        Ok(match work {
            Work::Account(account) => self.walk_contacts(store, account, place, now).await?,
            Work::AccountEnd { account_id, ends_at, milestone } => {
                let end = (ends_at, milestone);
                self.tell_contacts_of(store, account_id, end, place, now).await?
            }
            Work::Document(document) => self.walk_document(store, document, place, now).await?,
            Work::Member(member) => self.walk_owned(store, member, place, now).await?,
            Work::Lapse(_, version) => self.tell_of_lapse(store, version, place, now).await?,
            Work::Picture(holder, id) => {
                self.drop_unnamed(store, holder, id).await?;
                None
            }
            // Made whole or not at all, by jobs of their own.
            Work::Pages(_) | Work::Certificate(_) => None,
        })
    }

    /// Drops a stored picture, unless its holder names it after all.
    async fn drop_unnamed(
        &self,
        store: &Store,
        holder: Holder,
        id: FileId,
    ) -> Result<(), WorkerError> {
        let named = named_picture(store, holder).await?;
        if named.is_none_or(|named| named.id != id) {
            self.house.files.drop_picture(store.tenant_id(), id).await?;
        }
        Ok(())
    }

    async fn walk_contacts(
        &self,
        store: &Store,
        account: AccountId,
        place: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let list = List::ContactsOfAccount(account);
        let (rows, next) = slice_of_contacts(store, list, place).await?;
        for row in &rows {
            self.refresh_contact(store, row.id, None, now).await?;
            cover(&self.house, store, row.id, now).await?;
        }
        Ok(next)
    }

    async fn walk_document(
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

/// A slice of a list of contacts, the archived ones last, and where the next slice begins: what
/// is out of sight is open all the same.
pub(crate) async fn slice_of_contacts(
    store: &Store,
    list: List,
    place: Option<&str>,
) -> Result<(Vec<ContactRow>, Option<String>), StoreError> {
    let archived = place.and_then(|place| place.strip_prefix(ARCHIVED));
    let mut rows = Vec::new();
    if archived.is_none() {
        let next;
        (rows, next) = slice(store, list, place).await?;
        if next.is_some() {
            return Ok((rows, next));
        }
    }
    let (out_of_sight, next) = slice(store, list.archived(), archived).await?;
    rows.extend(out_of_sight);
    Ok((rows, next.map(|last| format!("{ARCHIVED}{last}"))))
}

async fn slice(
    store: &Store,
    list: List,
    after: Option<&str>,
) -> Result<(Vec<ContactRow>, Option<String>), StoreError> {
    let rows: Vec<ContactRow> = store.list_by_creation(list, None, &page_after(after)).await?;
    let next = rows.get(SLICE - 1).map(|last| last.id.ulid().to_string());
    Ok((rows, next))
}

pub(crate) fn page_after(place: Option<&str>) -> Page {
    Page { order: Order::Ascending, cursor: place.map(str::to_owned), limit: SLICE }
}
