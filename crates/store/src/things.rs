//! Reading things: what lies in the items that [`crate::read`] reads.

use serde::de::DeserializeOwned;

use crate::item::Item;
use crate::keys::Key;
use crate::read::Query;
use crate::{StoreError, Table};

impl Table {
    /// Reads one item as a `T`.
    pub(crate) async fn get_as<T: DeserializeOwned>(
        &self,
        doing: &'static str,
        key: &Key,
    ) -> Result<Option<T>, StoreError> {
        self.get(doing, key).await?.map(|item| item.parse()).transpose()
    }

    /// Reads any number of items as [`Table::batch`] does.
    pub(crate) async fn batch_as<T: DeserializeOwned>(
        &self,
        doing: &'static str,
        keys: &[Key],
    ) -> Result<Vec<T>, StoreError> {
        self.batch(doing, keys).await?.iter().map(Item::parse).collect()
    }

    /// Reads at most `query.limit` items as [`Table::query`] does.
    pub(crate) async fn query_as<T: DeserializeOwned>(
        &self,
        query: &Query,
    ) -> Result<Vec<T>, StoreError> {
        self.query(query).await?.iter().map(Item::parse).collect()
    }

    /// Reads a whole run, page by page.
    pub(crate) async fn query_all_as<T: DeserializeOwned>(
        &self,
        query: &Query,
    ) -> Result<Vec<T>, StoreError> {
        self.query_all(query).await?.iter().map(Item::parse).collect()
    }

    /// Reads what `query` finds in an index that holds keys only, each as it is now, in no order.
    pub(crate) async fn find_as<T: DeserializeOwned>(
        &self,
        query: &Query,
        doing: &'static str,
    ) -> Result<Vec<T>, StoreError> {
        self.find(query, doing).await?.iter().map(Item::parse).collect()
    }

    /// The items that [`Table::find_as`] reads.
    pub(crate) async fn find(
        &self,
        query: &Query,
        doing: &'static str,
    ) -> Result<Vec<Item>, StoreError> {
        let keys: Vec<_> = self.query(query).await?.iter().map(Item::key).collect();
        self.batch(doing, &keys).await
    }
}
