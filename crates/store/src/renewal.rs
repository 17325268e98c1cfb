//! Keeping list rows up to date while others do the same.
//!
//! A row shows what lies elsewhere: names, counts, the day of the last activity. Whoever brings it
//! up to date reads the row first and those things after, and writes only if nobody else wrote the
//! row in between. So of two who do it at once the one who read later wins.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::ReturnConsumedCapacity;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::change::Claim;
use crate::item::{Row, number};
use crate::keys::Keys;
use crate::lists::{List, Listed};
use crate::meter::Kind;
use crate::{Store, StoreError};

/// A row as it was read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seen<R> {
    /// Times it was brought up to date since it was put into the list.
    #[serde(default)]
    revision: u64,
    /// The row.
    #[serde(flatten)]
    pub row: R,
}

/// What became of bringing a row up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Renewed {
    /// It shows what it should.
    Done,
    /// It was written or taken out since it was read; nothing was done.
    Overtaken,
}

impl Store {
    /// One row of a list, to be brought up to date.
    ///
    /// # Errors
    /// As every read.
    pub async fn see_row<R: Listed>(
        &self,
        list: List,
        ulid: Ulid,
    ) -> Result<Option<Seen<R>>, StoreError> {
        let key = Keys(self.tenant).list_row(&list.name(), ulid);
        let seen: Option<Seen<R>> = self.table.get_as("read a list row", &key).await?;
        Ok(seen.map(|seen| Seen { row: seen.row.found_at(ulid), ..seen }))
    }

    /// Writes `row` in place of `seen`, unless it shows the same already.
    ///
    /// # Errors
    /// [`StoreError::Aws`] if DynamoDB fails.
    pub async fn renew_row<R: Listed + Clone + PartialEq>(
        &self,
        list: List,
        seen: &Seen<R>,
        row: &R,
    ) -> Result<Renewed, StoreError> {
        if seen.row == *row {
            return Ok(Renewed::Done);
        }
        let keys = Keys(self.tenant);
        let name = list.name();
        let next = Seen { revision: seen.revision + 1, row: row.clone() };
        let item = Row::new(&keys.list_row(&name, row.ulid()), &next)?
            .listed(keys.list_group(&name, &row.group()), row.activity());
        let first = "attribute_exists(PK) AND attribute_not_exists(revision)";
        let condition = if seen.revision == 0 { first } else { "revision = :seen" };
        let mut put = self
            .table
            .client
            .put_item()
            .table_name(&*self.table.name)
            .set_item(Some(item.0))
            .condition_expression(condition)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        if 0 < seen.revision {
            put = put.expression_attribute_values(":seen", number(seen.revision));
        }
        match put.send().await {
            Ok(done) => {
                let capacity = done.consumed_capacity.as_slice();
                self.table.count("renew a list row", Kind::Write, capacity);
                Ok(Renewed::Done)
            }
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(_)) => Ok(Renewed::Overtaken),
                _ => Err(StoreError::aws("renew a list row", error)),
            },
        }
    }

    /// Brings an existing row up to date, unless it is gone or newer already.
    ///
    /// # Errors
    /// [`StoreError::Aws`] if DynamoDB fails.
    pub async fn refresh_row<R: Listed>(
        &self,
        list: List,
        row: &R,
        token: String,
    ) -> Result<(), StoreError> {
        let mut change = self.change(token);
        let source = [(":source".to_owned(), number(row.version()))].into();
        let row = change.row(list, row)?;
        let is_older = "attribute_exists(PK) AND source_version <= :source";
        change.put_if(Claim::Version, row, is_older, source)?;
        match change.commit().await {
            // Gone, or written from a later version: either way ours is not wanted.
            Err(StoreError::Lost(_)) => Ok(()),
            done => done,
        }
    }
}
