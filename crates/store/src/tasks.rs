//! Tasks: what one change sets off and one go cannot finish, and how far it has come.
//!
//! A task is found by what it works on, so that setting the same off again starts it anew instead
//! of doing it twice at once. Each save rings the stream, which carries on; the `due` index finds
//! what a lost ring left.

use domain::expiry::Milestone;
use domain::id::{AccountId, DocumentId, FileId, Id, MemberId, TenantId};
use domain::picture::Holder;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::change::{Change, Claim};
use crate::item::{Row, text};
use crate::keys::Key;
use crate::{Store, StoreError};

/// What is to be worked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// The contacts of an account whose name or status changed.
    Account(AccountId),
    /// The contacts of an account whose access ends: each is to be told.
    AccountEnd {
        /// Which account.
        account_id: AccountId,
        /// When access ends.
        ends_at: Timestamp,
        /// What is to be told of it.
        milestone: Milestone,
    },
    /// The grants of a deleted document, and the requests that ask for it.
    Document(DocumentId),
    /// The contacts of a removed member, to be handed over.
    Member(MemberId),
    /// A stored picture that is to be dropped unless its holder names it.
    Picture(Holder, FileId),
    /// A published file whose pages are to be drawn.
    Pages(FileId),
    /// A document whose signatures are complete, and are to be certified.
    Certificate(DocumentId),
    /// The guest links of a company that open to anybody, which its plan holds no more since its
    /// version of this number: who made them is to be told.
    Lapse(TenantId, u64),
}

impl Work {
    pub(crate) fn name(self) -> String {
        match self {
            Self::Account(id) => id.to_string(),
            Self::AccountEnd { account_id, .. } => format!("end_{account_id}"),
            Self::Document(id) => id.to_string(),
            Self::Member(id) => id.to_string(),
            Self::Picture(_, id) => id.to_string(),
            Self::Pages(id) => format!("pages_{id}"),
            Self::Certificate(id) => format!("certificate_{id}"),
            Self::Lapse(id, _) => format!("lapse_{id}"),
        }
    }

    fn ulid(self) -> Ulid {
        match self {
            Self::Account(id) | Self::AccountEnd { account_id: id, .. } => id.ulid(),
            Self::Document(id) | Self::Certificate(id) => id.ulid(),
            Self::Member(id) => id.ulid(),
            Self::Picture(_, id) | Self::Pages(id) => id.ulid(),
            Self::Lapse(id, _) => id.ulid(),
        }
    }
}

/// Work and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What is to be worked through.
    pub work: Work,
    /// Where to go on, in the words of whoever works; from the beginning, if absent.
    pub place: Option<String>,
    /// Times the whole was worked through already, or begun.
    pub passes: u32,
    /// When to go on.
    pub due_at: Timestamp,
    /// Marks this save; random.
    pub mark: String,
}

impl Store {
    /// The task at `key`.
    ///
    /// # Errors
    /// As every read.
    pub async fn task_in(&self, key: &Key) -> Result<Option<Task>, StoreError> {
        self.table.get_as("read a task", key).await
    }
}

impl Change {
    /// Sets a task off, in place of one with the same work.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn start_task(&mut self, task: &Task) -> Result<(), StoreError> {
        let row = self.task_row(task)?;
        self.put_over(row)
    }

    /// Saves `task` in place of the save named `seen`.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn save_task(&mut self, seen: &str, task: &Task) -> Result<(), StoreError> {
        let row = self.task_row(task)?;
        let seen = [(":seen".to_owned(), text(seen))].into();
        self.put_if(Claim::Version, row, "mark = :seen", seen)
    }

    /// Ends `task` unless it was saved since.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn end_task(&mut self, task: &Task) -> Result<(), StoreError> {
        let key = self.keys.task(&task.work.name());
        let seen = [(":seen".to_owned(), text(&task.mark))].into();
        self.delete_if(Claim::Version, &key, "mark = :seen", seen)
    }

    fn task_row(&self, task: &Task) -> Result<Row, StoreError> {
        let key = self.keys.task(&task.work.name());
        Ok(Row::new(&key, task)?.due(Some(task.due_at), task.work.ulid()))
    }
}
