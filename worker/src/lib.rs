//! What happens after the answer: lists follow, mails leave, pages are drawn, time takes its toll.
//!
//! Two things wake the worker. The table's stream rings whenever an item changed
//! ([`Worker::changes`]); once a minute it looks for what is due ([`Worker::sweep`]), which also
//! finds whatever a lost ring left behind. Either way it reads the table again before it acts.
//!
//! Every step is idempotent and safe to kill between any two calls: it commits what it concludes
//! under the versions it concluded it from, or does nothing.

pub mod jobs;
pub mod orders;

use std::sync::Arc;

use app::house::House;
use domain::account::Account;
use domain::contact::Contact;
use mail::mailer::Mailer;
use pages::renderer::{RenderError, Renderer};
use store::change::Change;
use store::{Store, StoreError};

/// Looks at a thing at the most before a job gives up for now; each look after the first means
/// that somebody else saved it.
const LOOKS_MAX: u32 = 8;

/// The worker: what a house owes once its doors are shut.
#[derive(Clone, Debug)]
pub struct Worker {
    /// What the process holds.
    pub house: Arc<House>,
    /// How mails leave.
    pub mailer: Mailer,
    /// What draws pages.
    pub renderer: Renderer,
}

/// Why a job did not get done; whoever rang rings again.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The table failed.
    #[error("the table failed the worker")]
    Store(#[from] StoreError),
    /// The bucket failed.
    #[error("the bucket failed the worker")]
    Files(#[from] files::FilesError),
    /// A certificate could not be written; a fault of ours.
    #[error("no certificate could be written")]
    Certificate(#[from] certificate::CertificateError),
    /// Nothing that draws pages could be started.
    #[error("no page could be drawn")]
    Render(#[source] RenderError),
}

/// Whether a job found anything to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It did what was due.
    Done,
    /// Nothing was due any more.
    Nothing,
}

/// The account of `contact`, if it has one.
async fn account_of(store: &Store, contact: &Contact) -> Result<Option<Account>, StoreError> {
    match contact.account_id {
        Some(id) => store.account(id).await,
        None => Ok(None),
    }
}

impl Worker {
    fn change(&self, store: &Store) -> Change {
        store.change(self.house.dice.token())
    }
}
