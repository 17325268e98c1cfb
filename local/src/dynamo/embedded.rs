//! The stream of a table in the embedded database.
//!
//! dynoxide numbers records by the microsecond they were written in, ever rising, also across
//! restarts and after records were dropped; so a number is a place that stays good. The last record
//! read is never dropped, because the next number is computed from the greatest one kept.

use dynoxide::Database;
use dynoxide::actions::describe_stream::DescribeStreamRequest;
use dynoxide::actions::get_records::GetRecordsRequest;
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use dynoxide::streams;
use rusqlite::Connection;

use crate::dynamo::batch::{BATCH_RECORDS_MAX, Batch, Checkpoint, as_lambda};
use crate::dynamo::opening::connect;
use crate::dynamo::{DynamoError, Place};

/// Read records are dropped when so many have gathered, to write seldom.
const TRIM_RECORDS_MIN: usize = 500;

/// The records of one database.
pub(crate) struct Records {
    database: Database,
    place: Place,
    /// Records passed since some were last dropped; full at first, for what earlier runs left.
    passed: usize,
    connection: Option<Connection>,
}

impl Records {
    pub(crate) fn new(database: Database, place: Place) -> Self {
        Self { database, place, passed: TRIM_RECORDS_MIN, connection: None }
    }

    /// The next records of `table` after the place `after`.
    ///
    /// # Errors
    /// [`DynamoError::Database`] if the table does not exist or has no stream.
    pub(crate) fn next_batch(
        &self,
        table: &str,
        after: Option<String>,
    ) -> Result<Option<Batch>, DynamoError> {
        let arn = streams::stream_arn(table, "latest");
        let shard = self.shard(&arn, table)?;
        let kind = if after.is_some() { "AFTER_SEQUENCE_NUMBER" } else { "TRIM_HORIZON" };
        let iterator = self
            .database
            .get_shard_iterator(GetShardIteratorRequest {
                stream_arn: arn.clone(),
                shard_id: shard,
                shard_iterator_type: kind.into(),
                sequence_number: after,
            })
            .map_err(DynamoError::Database)?;
        let Some(shard_iterator) = iterator.shard_iterator else { return Ok(None) };
        let read = self
            .database
            .get_records(GetRecordsRequest { shard_iterator, limit: Some(BATCH_RECORDS_MAX) })
            .map_err(DynamoError::Database)?;
        let Some(last) = read.records.last() else { return Ok(None) };
        let checkpoint = Checkpoint(last.dynamodb.sequence_number.clone());
        let records = read
            .records
            .iter()
            .map(|record| Ok(as_lambda(serde_json::to_value(record)?, &arn)))
            .collect::<Result<_, _>>()
            .map_err(DynamoError::Record)?;
        Ok(Some(Batch { records, checkpoint }))
    }

    fn shard(&self, arn: &str, table: &str) -> Result<String, DynamoError> {
        let request = DescribeStreamRequest { stream_arn: arn.into(), ..Default::default() };
        let stream = self.database.describe_stream(request).map_err(DynamoError::Database)?;
        // dynoxide keeps one shard per table.
        let shard = stream.stream_description.shards.into_iter().next();
        Ok(shard.map_or_else(|| streams::shard_id(table), |shard| shard.shard_id))
    }

    /// Drops what was read, once there is enough of it.
    pub(crate) fn pass(&mut self, batch: &Batch, table: &str) -> Result<(), DynamoError> {
        self.passed += batch.records.len();
        if self.passed < TRIM_RECORDS_MIN {
            return Ok(());
        }
        self.passed = 0;
        self.trim(&batch.checkpoint, table).map_err(DynamoError::Sqlite)
    }

    /// Drops what lies before `checkpoint`, but not the record it names.
    fn trim(&mut self, checkpoint: &Checkpoint, table: &str) -> rusqlite::Result<()> {
        let Place::File(path) = &self.place else { return Ok(()) };
        let Some(number) = stored_number(checkpoint) else { return Ok(()) };
        if self.connection.is_none() {
            self.connection = Some(connect(path)?);
        }
        let Some(connection) = &self.connection else { return Ok(()) };
        connection.execute(
            "DELETE FROM _stream_records \
             WHERE table_name = ?1 AND CAST(sequence_number AS INTEGER) < ?2",
            rusqlite::params![table, number],
        )?;
        Ok(())
    }
}

/// dynoxide shows its numbers with 10^20 added, so that they have 21 digits as those of AWS.
fn stored_number(checkpoint: &Checkpoint) -> Option<i64> {
    let shown: u128 = checkpoint.0.parse().ok()?;
    i64::try_from(shown.checked_sub(10_u128.pow(20))?).ok()
}
