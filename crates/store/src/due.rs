//! What is due: found by time in sharded buckets, so that a sweep costs what is due and not what
//! exists. Only the worker reads this; it then opens the tenant's [`crate::Store`].

use jiff::Timestamp;

use crate::item::Item;
use crate::keys::{DUE_SHARDS, Key, due_at, due_shard, instant};
use crate::read::{Index, Order, Query, Span};
use crate::{StoreError, Table};

/// A thing that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Where it lies.
    pub key: Key,
    /// Its place in the bucket, behind which to read on.
    pub place: String,
    /// Since when it is due.
    pub at: Option<Timestamp>,
}

impl Table {
    /// What is due at `now` in one of the [`DUE_SHARDS`] buckets behind the place `after`, longest
    /// due first. Found through an index that may lag by seconds.
    ///
    /// # Errors
    /// As every read.
    pub async fn due(
        &self,
        shard: u8,
        now: Timestamp,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Due>, StoreError> {
        debug_assert!(shard < DUE_SHARDS);
        // `~` sorts after every id, so that what is due this very instant is found too.
        let span = Span::below(&format!("{}#~", instant(now)));
        let query = Query {
            doing: "find what is due",
            index: Index::Due,
            partition: due_shard(shard),
            span: span.after(after, Order::Ascending),
            order: Order::Ascending,
            limit,
        };
        let found = self.query(&query).await?;
        let due = |item: &Item| {
            let place = item.text("W");
            Due { key: item.key(), place: place.into(), at: due_at(place) }
        };
        Ok(found.iter().map(due).collect())
    }
}
