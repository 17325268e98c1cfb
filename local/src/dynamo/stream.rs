//! Reading the table's stream as Lambda would hand it over: in order, at least once.

use std::io;
use std::path::PathBuf;

use crate::dynamo::batch::{Batch, Checkpoint};
use crate::dynamo::embedded::Records;
use crate::dynamo::{DynamoError, Elsewhere, elsewhere};
use crate::file::replace;

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
    Embedded(Records),
    /// In a database elsewhere, which drops them after a day.
    Elsewhere(Elsewhere),
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
    /// [`DynamoError::Elsewhere`] likewise, [`DynamoError::Checkpoint`] if the place cannot be
    /// read.
    pub fn next_batch(&self) -> Result<Option<Batch>, DynamoError> {
        let after = self.checkpoint()?.map(|Checkpoint(place)| place);
        match &self.source {
            Source::Embedded(records) => records.next_batch(&self.table, after),
            Source::Elsewhere(place) => elsewhere::next_batch(place, &self.table, after),
        }
    }

    /// Remembers that everything up to the end of `batch` is dealt with; survives a crash.
    ///
    /// # Errors
    /// [`DynamoError::Checkpoint`] if it cannot be written; [`DynamoError::Sqlite`] if read records
    /// cannot be dropped, which harms nothing but room and speed.
    pub fn advance(&mut self, batch: &Batch) -> Result<(), DynamoError> {
        replace(&self.file, batch.checkpoint.0.as_bytes())
            .map_err(|source| DynamoError::Checkpoint { path: self.file.clone(), source })?;
        match &mut self.source {
            Source::Embedded(records) => records.pass(batch, &self.table),
            Source::Elsewhere(_) => Ok(()),
        }
    }

    /// The place kept in the file; `None` before the first batch.
    fn checkpoint(&self) -> Result<Option<Checkpoint>, DynamoError> {
        match std::fs::read_to_string(&self.file) {
            Ok(number) => Ok(Some(Checkpoint(number))),
            Err(reason) if reason.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(DynamoError::Checkpoint { path: self.file.clone(), source }),
        }
    }
}
