//! Walks: what follows from one change for many things, a slice at a time.
//!
//! The first slice is walked when the stream tells of the change; what is left goes into a task,
//! each save of which rings for the next slice.

use app::library::pictures::named_picture;
use app::sharing::cover::cover;
use domain::id::{AccountId, FileId};
use domain::picture::Holder;
use jiff::{SignedDuration, Timestamp};
use store::keys::Key;
use store::lists::List;
use store::tasks::{Task, Work};
use store::{Store, StoreError};

use crate::jobs::slices::slice_of_contacts;
use crate::{Deed, Worker, WorkerError};

/// A deleted document, or a removed member's contacts, are walked a second time after this: what
/// was shared, asked for or made in the very instant of it shows in the lists later.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(1);

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

    /// Saves `task` as `taken`, with which the caller alone goes on; `None` if somebody else has
    /// it.
    pub(crate) async fn take(
        &self,
        store: &Store,
        task: &Task,
        taken: Task,
    ) -> Result<Option<Task>, StoreError> {
        let taken = Task { mark: self.house.dice.token(), ..taken };
        let mut change = self.change(store);
        change.save_task(&task.mark, &taken)?;
        match change.commit().await {
            Err(StoreError::Lost(_)) => Ok(None),
            done => done.map(|()| Some(taken)),
        }
    }

    /// Ends a task that nothing waits for any more.
    pub(crate) async fn end(&self, store: &Store, task: &Task) -> Result<Deed, WorkerError> {
        let mut change = self.change(store);
        change.end_task(task)?;
        match change.commit().await {
            Ok(()) | Err(StoreError::Lost(_)) => Ok(Deed::Nothing),
            Err(error) => Err(error.into()),
        }
    }
}
