//! Reading: one item, several as one snapshot, or a run of them in key order.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::transact_get_items::TransactGetItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, Get, KeysAndAttributes, ReturnConsumedCapacity, TransactGetItem,
};

use crate::conflicts::{CONFLICTS_MAX, pause};
use crate::item::{Item, key_attributes};
use crate::keys::{self, Key};
use crate::meter::Kind;
use crate::{StoreError, Table};

/// Keys one `BatchGetItem` takes.
const BATCH_MAX: usize = 100;
/// Rounds of a batch that DynamoDB answers only in part.
const BATCH_ROUNDS_MAX: u32 = 8;
/// Pages that [`Table::query_all`] reads at the most: 1 MB each.
const PAGES_MAX: usize = 64;

/// Which index a query reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Index {
    /// The table itself, strongly consistent.
    Table,
    /// A list's rows in the table itself; may lag, at half the units.
    Rows,
    /// A list's group by creation.
    Created,
    /// A list's group by day of activity.
    Activity,
    /// Everything about one object; keys only.
    Inverse,
    /// What is due; keys only.
    Due,
    /// What one member or contact did; keys only.
    Actor,
}

impl Index {
    fn parts(self) -> (Option<&'static str>, &'static str, &'static str) {
        match self {
            Self::Table | Self::Rows => (None, "PK", "SK"),
            Self::Created => (Some("created"), "L", "SK"),
            Self::Activity => (Some("activity"), "L", "A"),
            Self::Inverse => (Some("inverse"), "O", "S"),
            Self::Due => (Some("due"), "D", "W"),
            Self::Actor => (Some("actor"), "R", "SK"),
        }
    }
}

/// Which way a query runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Oldest first.
    Ascending,
    /// Newest first.
    Descending,
}

/// A run of sort keys, both ends included.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    from: String,
    to: String,
}

impl Span {
    /// Every key.
    pub(crate) fn all() -> Self {
        // Sort keys are ASCII; `\u{7f}` is greater than all of them.
        Self { from: " ".to_owned(), to: "\u{7f}".to_owned() }
    }

    /// Every key that begins with `prefix`, in whatever script it goes on.
    pub(crate) fn prefix(prefix: &str) -> Self {
        Self { from: prefix.to_owned(), to: format!("{prefix}\u{10FFFF}") }
    }

    /// Every key below `end`.
    pub(crate) fn below(end: &str) -> Self {
        Self { from: " ".to_owned(), to: just_below(end) }
    }

    /// Whether `key` is in it.
    #[cfg(test)]
    pub(crate) fn holds(&self, key: &str) -> bool {
        self.from.as_str() <= key && key <= self.to.as_str()
    }

    /// What is left from `start` on.
    pub(crate) fn starting(mut self, start: Option<String>) -> Self {
        if let Some(start) = start {
            self.from = self.from.max(start);
        }
        self
    }

    /// What is left below `end`.
    pub(crate) fn ending(mut self, end: Option<&str>) -> Self {
        if let Some(end) = end {
            self.to = self.to.min(just_below(end));
        }
        self
    }

    /// What is left behind `cursor` in the direction of `order`.
    pub(crate) fn after(mut self, cursor: Option<&str>, order: Order) -> Self {
        match (cursor, order) {
            (None, _) => {}
            (Some(cursor), Order::Ascending) => self.from = format!("{cursor} "),
            (Some(cursor), Order::Descending) => self.to = just_below(cursor),
        }
        self
    }
}

/// The greatest text below `key` among keys of at most its length.
fn just_below(key: &str) -> String {
    let mut chars: Vec<char> = key.chars().collect();
    match chars.pop() {
        Some(last) => {
            let before = char::from_u32((last as u32).saturating_sub(1)).unwrap_or(' ');
            chars.push(before);
            chars.push('\u{7f}');
            chars.into_iter().collect()
        }
        None => String::new(),
    }
}

/// A query for at most `limit` items.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) doing: &'static str,
    pub(crate) index: Index,
    pub(crate) partition: String,
    pub(crate) span: Span,
    pub(crate) order: Order,
    pub(crate) limit: usize,
}

impl Table {
    /// Opens a connection, so that the first request does not wait for it: reads an item that there
    /// never is, at half a unit.
    ///
    /// # Errors
    /// [`StoreError::Aws`] if DynamoDB cannot be reached.
    pub async fn warm(&self) -> Result<(), StoreError> {
        self.client
            .get_item()
            .table_name(&*self.name)
            .set_key(Some(key_attributes(&keys::nothing())))
            .send()
            .await
            .map(drop)
            .map_err(|error| StoreError::aws("open a connection", error))
    }

    /// Reads one item, seeing every write that finished before this call.
    pub(crate) async fn get(
        &self,
        doing: &'static str,
        key: &Key,
    ) -> Result<Option<Item>, StoreError> {
        let got = self
            .client
            .get_item()
            .table_name(&*self.name)
            .set_key(Some(key_attributes(key)))
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(|error| StoreError::aws(doing, error))?;
        self.count(doing, Kind::Read, got.consumed_capacity.as_slice());
        Ok(got.item.map(Item))
    }

    /// Reads several items as one snapshot, in the order of `keys`.
    pub(crate) async fn snapshot<const N: usize>(
        &self,
        doing: &'static str,
        keys: [Key; N],
    ) -> Result<[Option<Item>; N], StoreError> {
        let mut found = self.snapshot_of(doing, &keys).await?.into_iter();
        Ok(std::array::from_fn(|_| found.next().flatten()))
    }

    /// Reads several items as one snapshot, in the order of `keys`, as many as they are.
    pub(crate) async fn snapshot_of(
        &self,
        doing: &'static str,
        keys: &[Key],
    ) -> Result<Vec<Option<Item>>, StoreError> {
        let mut gets = Vec::with_capacity(keys.len());
        for key in keys {
            let get = Get::builder()
                .table_name(&*self.name)
                .set_key(Some(key_attributes(key)))
                .build()
                .map_err(StoreError::build)?;
            gets.push(TransactGetItem::builder().get(get).build());
        }
        for attempt in 0..CONFLICTS_MAX {
            pause(attempt, keys.first().map_or("", |key| &key.pk)).await;
            let got = self
                .client
                .transact_get_items()
                .set_transact_items(Some(gets.clone()))
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await;
            match got {
                Ok(got) => {
                    self.count(doing, Kind::Read, got.consumed_capacity());
                    let found = got.responses.unwrap_or_default().into_iter();
                    let mut found: Vec<_> = found.map(|found| found.item.map(Item)).collect();
                    // One for each key, whatever DynamoDB left out.
                    found.resize(keys.len(), None);
                    return Ok(found);
                }
                // Somebody is writing one of them this instant.
                Err(error) if is_conflict(error.as_service_error()) => {}
                Err(error) => return Err(StoreError::aws(doing, error)),
            }
        }
        Err(StoreError::Busy { attempts: CONFLICTS_MAX })
    }

    /// Reads any number of items, each seen as it is now but not as one snapshot. Absent ones are
    /// left out; the order is DynamoDB's.
    pub(crate) async fn batch(
        &self,
        doing: &'static str,
        keys: &[Key],
    ) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::with_capacity(keys.len());
        for chunk in keys.chunks(BATCH_MAX) {
            let mut rest = Some(HashMap::from([(self.name.to_string(), batch_of(chunk)?)]));
            for round in 0..BATCH_ROUNDS_MAX {
                let Some(ask) = rest.take() else { break };
                pause(round, doing).await;
                let got = self
                    .client
                    .batch_get_item()
                    .set_request_items(Some(ask))
                    .return_consumed_capacity(ReturnConsumedCapacity::Total)
                    .send()
                    .await
                    .map_err(|error| StoreError::aws(doing, error))?;
                self.count(doing, Kind::Read, got.consumed_capacity());
                items.extend(got.responses.unwrap_or_default().into_values().flatten().map(Item));
                rest = got.unprocessed_keys.filter(|left| !left.is_empty());
            }
            if rest.is_some() {
                return Err(StoreError::Busy { attempts: BATCH_ROUNDS_MAX });
            }
        }
        Ok(items)
    }

    /// Reads at most `query.limit` items; strongly consistent on the table, lagging on an index.
    pub(crate) async fn query(&self, query: &Query) -> Result<Vec<Item>, StoreError> {
        self.page(query, None).await.map(|(items, _)| items)
    }

    /// Reads a whole run, page by page.
    pub(crate) async fn query_all(&self, query: &Query) -> Result<Vec<Item>, StoreError> {
        let mut all = Vec::new();
        let mut start = None;
        for _ in 0..PAGES_MAX {
            let (items, next) = self.page(query, start).await?;
            all.extend(items);
            start = next;
            if start.is_none() || query.limit <= all.len() {
                break;
            }
        }
        Ok(all)
    }

    async fn page(
        &self,
        query: &Query,
        start: Option<HashMap<String, AttributeValue>>,
    ) -> Result<(Vec<Item>, Option<HashMap<String, AttributeValue>>), StoreError> {
        // DynamoDB refuses a run that ends before it begins; there is nothing in it.
        if query.span.to < query.span.from {
            return Ok((Vec::new(), None));
        }
        let (index, partition, sort) = query.index.parts();
        let got = self
            .client
            .query()
            .table_name(&*self.name)
            .set_index_name(index.map(str::to_owned))
            .consistent_read(query.index == Index::Table)
            .key_condition_expression("#p = :p AND #s BETWEEN :from AND :to")
            .expression_attribute_names("#p", partition)
            .expression_attribute_names("#s", sort)
            .expression_attribute_values(":p", AttributeValue::S(query.partition.clone()))
            .expression_attribute_values(":from", AttributeValue::S(query.span.from.clone()))
            .expression_attribute_values(":to", AttributeValue::S(query.span.to.clone()))
            .scan_index_forward(query.order == Order::Ascending)
            .limit(i32::try_from(query.limit).unwrap_or(i32::MAX))
            .set_exclusive_start_key(start)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(|error| StoreError::aws(query.doing, error))?;
        self.count(query.doing, Kind::Read, got.consumed_capacity.as_slice());
        let items = got.items.unwrap_or_default().into_iter().map(Item).collect();
        Ok((items, got.last_evaluated_key))
    }

    pub(crate) fn count(
        &self,
        doing: &'static str,
        kind: Kind,
        capacity: &[aws_sdk_dynamodb::types::ConsumedCapacity],
    ) {
        if let Some(meter) = &self.meter {
            meter.count(doing, kind, capacity);
        }
    }
}

fn batch_of(keys: &[Key]) -> Result<KeysAndAttributes, StoreError> {
    keys.iter()
        .fold(KeysAndAttributes::builder().consistent_read(true), |batch, key| {
            batch.keys(key_attributes(key))
        })
        .build()
        .map_err(StoreError::build)
}

fn is_conflict(error: Option<&TransactGetItemsError>) -> bool {
    match error {
        Some(TransactGetItemsError::TransactionCanceledException(cancelled)) => cancelled
            .cancellation_reasons()
            .iter()
            .any(|reason| reason.code() == Some("TransactionConflict")),
        Some(other) => other.code() == Some("TransactionConflictException"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_below_a_key_ends_before_it() {
        let Span { to, .. } = Span::below("2026-11-22#01J9ZC");
        assert!(to.as_str() < "2026-11-22#01J9ZC" && "2026-11-22#01J9ZB" < to.as_str());
    }

    #[test]
    fn a_prefix_covers_what_begins_with_it_and_nothing_else() {
        let Span { from, to } = Span::prefix("grt#");
        for inside in ["grt#", "grt#doc_01", "grt#doc_~", "grt#λ", "grt#𠮷"] {
            assert!(from.as_str() <= inside && inside <= to.as_str());
        }
        for outside in ["grs#z", "grt", "gru#"] {
            assert!(outside < from.as_str() || to.as_str() < outside);
        }
    }
}
