//! The sweep: everything that is due, found by time, dealt with by kind.

use futures_util::future::join_all;
use jiff::Timestamp;
use store::keys::{DUE_SHARDS, Key};
use store::stream::{Changed, changed};

use crate::{Deed, Worker, WorkerError};

/// Due things that one query finds.
const PAGE: usize = 25;
/// Pages of one bucket that one sweep reads; what is left waits for the next sweep.
const PAGES_MAX: usize = 40;

/// What a sweep came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Things that were due and are dealt with.
    pub done: usize,
    /// Things that failed. They stay due, and stop nothing behind them.
    pub failed: usize,
    /// How many seconds the mail that was due the longest had waited.
    pub outbox_age_seconds: i64,
}

impl Worker {
    /// Deals with what is due at `now`: mails, ends of access and of links and warnings of them, expired
    /// requests, uploads never completed, people to be erased, tasks. All buckets at once, each in the order of time.
    ///
    /// # Errors
    /// [`WorkerError::Store`] if a bucket cannot be read; the others are swept all the same.
    pub async fn sweep(&self, now: Timestamp) -> Result<Swept, WorkerError> {
        let buckets = (0..DUE_SHARDS).map(|shard| self.sweep_bucket(shard, now));
        let mut all = Swept::default();
        let mut failure = None;
        for swept in join_all(buckets).await {
            match swept {
                Ok(Swept { done, failed, outbox_age_seconds }) => {
                    all.done += done;
                    all.failed += failed;
                    all.outbox_age_seconds = all.outbox_age_seconds.max(outbox_age_seconds);
                }
                Err(error) => failure = Some(error),
            }
        }
        // Said each time, as what watches the outbox takes silence for trouble.
        let Swept { done, failed, outbox_age_seconds } = all;
        tracing::info!(done, failed, outbox_age_seconds, "swept");
        failure.map_or(Ok(all), Err)
    }

    async fn sweep_bucket(&self, shard: u8, now: Timestamp) -> Result<Swept, WorkerError> {
        let mut swept = Swept::default();
        let mut after: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let page = self.house.table.due(shard, now, after.as_deref(), PAGE).await?;
            for due in &page {
                if let Changed::Mail(_) = changed(&due.key) {
                    let age = due.at.map_or(0, |at| now.duration_since(at).as_secs());
                    swept.outbox_age_seconds = swept.outbox_age_seconds.max(age);
                }
                match self.settle_due(&due.key, now).await {
                    Ok(Deed::Done) => swept.done += 1,
                    Ok(Deed::Nothing) => {}
                    Err(error) => {
                        let error: &dyn std::error::Error = &error;
                        tracing::error!(key = ?due.key, error, "a due thing failed");
                        swept.failed += 1;
                    }
                }
            }
            match page.get(PAGE - 1) {
                Some(last) => after = Some(last.place.clone()),
                None => break,
            }
        }
        Ok(swept)
    }

    async fn settle_due(&self, key: &Key, now: Timestamp) -> Result<Deed, WorkerError> {
        let Some(tenant) = key.tenant() else { return Ok(Deed::Nothing) };
        let store = self.house.table.tenant(tenant);
        Ok(match changed(key) {
            Changed::Mail(mail) => self.deliver(&store, mail).await?,
            Changed::Grant(_) => self.tell_of_grant(&store, key, now).await?,
            Changed::Account(account) => self.tell_of_account(&store, account, now).await?,
            Changed::Request(contact, request) => {
                self.expire_request(&store, contact, request, now).await?
            }
            Changed::Contact(contact) => self.erase_contact(&store, contact, now).await?,
            Changed::Link(document, link) => {
                self.tell_of_link(&store, (document, link), now).await?
            }
            Changed::File(..) => self.give_up_upload(&store, key, now).await?,
            Changed::Task => self.carry_on(&store, key, now).await?,
            Changed::Document(_) | Changed::Trail(_) | Changed::Other => Deed::Nothing,
        })
    }
}
