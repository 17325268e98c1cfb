//! Opening the embedded database's file: locked, so that nobody else has it, and found sound.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use dynoxide::Database;
use rusqlite::{Connection, ErrorCode};

use crate::dynamo::DynamoError;

/// How long opening waits for another program's lock on the file, such as a `sqlite3` shell's.
const LOCK_WAIT: Duration = Duration::from_millis(500);

/// Files up to this size are checked whole when opened, in about 10 ms; bigger ones only at their
/// head.
const CHECKED_WHOLE_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// Finds the last sequence number without reading every record; see [`crate::dynamo`].
const STREAM_INDEX: &str = "CREATE INDEX IF NOT EXISTS local_stream_order \
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER))";

/// Opens `path`, first making sure that nobody else has it and that it is sound.
pub(crate) fn open(path: &Path) -> Result<(Database, File), DynamoError> {
    let unwritable =
        |reason: io::Error| DynamoError::Unwritable { path: path.into(), reason: plain(&reason) };
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(unwritable)?;
    let lock = lock(path, unwritable)?;
    // Asked for first, since SQLite opens what it cannot write for reading and fails later.
    OpenOptions::new().create(true).append(true).open(path).map_err(unwritable)?;
    check(path)?;
    let text = path.to_str().ok_or_else(|| DynamoError::Unwritable {
        path: path.into(),
        reason: "its name is not valid UTF-8".into(),
    })?;
    let database = Database::new(text).map_err(DynamoError::Database)?;
    connect(path)
        .and_then(|connection| connection.execute_batch(STREAM_INDEX))
        .map_err(DynamoError::Sqlite)?;
    Ok((database, lock))
}

/// An I/O failure in plain words, without the operating system's number.
fn plain(reason: &io::Error) -> String {
    if reason.kind() == io::ErrorKind::AlreadyExists {
        return "a file is where its folder should be".into();
    }
    let text = reason.to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    words.to_lowercase()
}

/// Locks a file of its own: locks on the database file itself belong to `SQLite`.
fn lock(path: &Path, unwritable: impl Fn(io::Error) -> DynamoError) -> Result<File, DynamoError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(name)
        .map_err(&unwritable)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(DynamoError::InUse { path: path.into() }),
        Err(TryLockError::Error(reason)) => Err(unwritable(reason)),
    }
}

/// Tells a damaged file and one that another program writes from a sound one. Empty is sound.
fn check(path: &Path) -> Result<(), DynamoError> {
    let size_bytes = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    let verdict = connect(path).and_then(|connection| {
        // Taking the write lock reads the head of the file and proves that it is free.
        connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK")?;
        if size_bytes <= CHECKED_WHOLE_BYTES_MAX {
            connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))
        } else {
            connection.query_row("SELECT 'ok' FROM sqlite_master LIMIT 1", [], |row| row.get(0))
        }
    });
    let failure = match verdict {
        Ok(verdict) if verdict == "ok" => return Ok(()),
        Ok(_) | Err(rusqlite::Error::QueryReturnedNoRows) => {
            return Err(DynamoError::Damaged { path: path.into() });
        }
        Err(failure) => failure,
    };
    Err(match failure.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            DynamoError::Damaged { path: path.into() }
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            DynamoError::InUse { path: path.into() }
        }
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            DynamoError::Unwritable { path: path.into(), reason: failure.to_string() }
        }
        _ => DynamoError::Sqlite(failure),
    })
}

/// A connection beside dynoxide's own, to the same file.
pub(crate) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(LOCK_WAIT)?;
    Ok(connection)
}
