//! Reading the table's stream as Lambda would hand it over: in order, at least once.
//!
//! dynoxide numbers records by the microsecond they were written in, ever rising, also across restarts
//! and after records were dropped; so a number is a place that stays good. The last record read is
//! never dropped, because the next number is computed from the greatest one kept.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use dynoxide::Database;
use dynoxide::actions::describe_stream::DescribeStreamRequest;
use dynoxide::actions::get_records::GetRecordsRequest;
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use dynoxide::streams;
use rusqlite::Connection;
use serde_json::Value;

use crate::dynamo::{DynamoError, Elsewhere, Place, connect, elsewhere};

/// Most records in a batch; Lambda's own default for `DynamoDB` streams is 100.
pub const BATCH_RECORDS_MAX: usize = 100;

/// Read records are dropped when so many have gathered, to write seldom.
const TRIM_RECORDS_MIN: usize = 500;

/// Records of one table, in the order they were written.
#[derive(Debug)]
pub struct Batch {
    /// At least 1, at most [`BATCH_RECORDS_MAX`]; each shaped as an entry of `Records` in the event
    /// that Lambda receives from `DynamoDB`.
    pub records: Vec<Value>,
    /// The place after the last of them: hand it to [`StreamReader::advance`] once they are dealt with.
    pub checkpoint: Checkpoint,
}

/// A place in a stream, opaque.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint(pub(crate) String);

/// The one reader of one table's stream. What it has read and left behind is dropped.
///
/// Its calls read and write files: from async code make them through `spawn_blocking`.
pub struct StreamReader {
    source: Source,
    table: String,
    file: PathBuf,
}

/// Where the records are.
pub(crate) enum Source {
    /// In this process.
    Embedded(Embedded),
    /// In a database elsewhere, which drops them after a day.
    Elsewhere(Elsewhere),
}

pub(crate) struct Embedded {
    database: Database,
    place: Place,
    /// Records passed since some were last dropped; full at first, for what earlier runs left.
    passed: usize,
    connection: Option<Connection>,
}

impl Source {
    pub(crate) fn embedded(database: Database, place: Place) -> Self {
        Self::Embedded(Embedded { database, place, passed: TRIM_RECORDS_MIN, connection: None })
    }
}

impl StreamReader {
    pub(crate) fn new(source: Source, table: &str, file: PathBuf) -> Self {
        Self { source, table: table.into(), file }
    }

    /// The next records, or `None` when all are read. Asked again before [`StreamReader::advance`],
    /// it answers the same ones, and so it does after a crash.
    ///
    /// # Errors
    /// [`DynamoError::Database`] if the table does not exist or has no stream,
    /// [`DynamoError::Elsewhere`] likewise, [`DynamoError::Checkpoint`] if the place cannot be read.
    pub fn next_batch(&self) -> Result<Option<Batch>, DynamoError> {
        let after = self.checkpoint()?.map(|Checkpoint(place)| place);
        match &self.source {
            Source::Embedded(embedded) => embedded.next_batch(&self.table, after),
            Source::Elsewhere(place) => elsewhere::next_batch(place, &self.table, after),
        }
    }

    /// Remembers that everything up to `checkpoint` is dealt with; survives a crash.
    ///
    /// # Errors
    /// [`DynamoError::Checkpoint`] if it cannot be written; [`DynamoError::Sqlite`] if read records
    /// cannot be dropped, which harms nothing but room and speed.
    pub fn advance(&mut self, batch: &Batch) -> Result<(), DynamoError> {
        replace(&self.file, batch.checkpoint.0.as_bytes())
            .map_err(|source| DynamoError::Checkpoint { path: self.file.clone(), source })?;
        match &mut self.source {
            Source::Embedded(embedded) => embedded.pass(batch, &self.table),
            Source::Elsewhere(_) => Ok(()),
        }
    }

    /// The place kept in the file; `None` before the first batch.
    ///
    /// # Errors
    /// [`DynamoError::Checkpoint`] if there is a file that cannot be read.
    pub fn checkpoint(&self) -> Result<Option<Checkpoint>, DynamoError> {
        match std::fs::read_to_string(&self.file) {
            Ok(number) => Ok(Some(Checkpoint(number))),
            Err(reason) if reason.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(DynamoError::Checkpoint { path: self.file.clone(), source }),
        }
    }
}

impl Embedded {
    fn next_batch(&self, table: &str, after: Option<String>) -> Result<Option<Batch>, DynamoError> {
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
    fn pass(&mut self, batch: &Batch, table: &str) -> Result<(), DynamoError> {
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

/// A record as Lambda hands it over: with the stream that it comes from.
pub(crate) fn as_lambda(mut record: Value, arn: &str) -> Value {
    if let Value::Object(fields) = &mut record {
        fields.insert("eventSourceARN".into(), Value::String(arn.to_owned()));
    }
    record
}

/// dynoxide shows its numbers with 10^20 added, so that they have 21 digits as those of AWS.
fn stored_number(checkpoint: &Checkpoint) -> Option<i64> {
    let shown: u128 = checkpoint.0.parse().ok()?;
    i64::try_from(shown.checked_sub(10_u128.pow(20))?).ok()
}

/// Writes `bytes` to `file` so that a crash leaves the old content or the new, never half.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = file.with_extension("new");
    let mut writer = File::create(&draft)?;
    writer.write_all(bytes)?;
    writer.sync_data()?;
    std::fs::rename(draft, file)
}
