//! What is due: found by time in sharded buckets, so that a sweep costs what is due and not what
//! exists. Only the worker reads this; it then opens the tenant's [`crate::Store`].

use jiff::Timestamp;

use crate::item::Item;
use crate::keys::{DUE_SHARDS, Key, due_shard, instant};
use crate::read::{Index, Order, Query, Span};
use crate::{StoreError, Table};

impl Table {
    /// Keys of what is due at `now` in one of the [`DUE_SHARDS`] buckets, longest due first.
    ///
    /// # Errors
    /// As every read.
    pub async fn due(
        &self,
        shard: u8,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Key>, StoreError> {
        debug_assert!(shard < DUE_SHARDS);
        let query = Query {
            doing: "find what is due",
            index: Index::Due,
            partition: due_shard(shard),
            // `~` sorts after every id, so that what is due this very instant is found too.
            span: Span::below(&format!("{}#~", instant(now))),
            order: Order::Ascending,
            limit,
        };
        Ok(self.query(&query).await?.iter().map(Item::key).collect())
    }
}
