//! The table: an embedded `DynamoDB` (dynoxide) in this process, over one `SQLite` file; or one
//! that runs elsewhere, such as AWS's own `DynamoDB` Local.
//!
//! Three things are added to what dynoxide does by itself:
//! - the file is locked, because `SQLite` alone would let two processes share it;
//! - a damaged file and an unwritable folder are told apart, each in one sentence;
//! - stream records are indexed, and dropped once read ([`stream`]): dynoxide keeps them for ever and
//!   looks through all of them at every write.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use dynoxide::Database;
use dynoxide::server;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub mod batch;
mod elsewhere;
mod embedded;
mod opening;
pub mod stream;

use crate::dynamo::embedded::Records;
use crate::dynamo::opening::open;
use crate::dynamo::stream::{Source, StreamReader};

/// How long a clean stop waits for requests under way; the file is safe without it.
const STOP_WAIT: Duration = Duration::from_secs(2);

/// Where the database lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file, made with its folder if absent. `-wal`, `-shm` and `.lock` files appear beside it.
    File(PathBuf),
    /// Nowhere: gone with the process. For short tests only, since nothing trims its stream.
    Memory,
    /// In another process.
    Elsewhere(Elsewhere),
}

/// A `DynamoDB` that runs elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// Where it is reached, such as `http://localhost:8000`.
    pub url: String,
    /// The id of the key pair; `DynamoDB` Local keeps the tables of each apart.
    pub access_key: String,
}

/// Why the embedded database did not start, or failed; each one sentence for the terminal.
#[derive(Debug, thiserror::Error)]
pub enum DynamoError {
    /// The folder is missing and cannot be made, or the file in it cannot be written.
    #[error("cannot write the data file `{}`: {reason}", path.display())]
    Unwritable { path: PathBuf, reason: String },
    /// Another process has it open.
    #[error(
        "the data file `{}` is in use by another process; stop that one or set DATA_DIR to another folder",
        path.display()
    )]
    InUse { path: PathBuf },
    /// The file is no database, or a damaged one.
    #[error(
        "the data file `{}` is damaged; restore a copy, or move it away to start afresh",
        path.display()
    )]
    Damaged { path: PathBuf },
    /// The loopback address gave no port.
    #[error("cannot open a local port for the database")]
    Listen(#[source] io::Error),
    /// dynoxide refused a call.
    #[error("the embedded database failed: {0}")]
    Database(dynoxide::DynoxideError),
    /// A statement of ours on the file failed.
    #[error("the embedded database failed")]
    Sqlite(#[source] rusqlite::Error),
    /// The reader's place in the stream could not be read or kept.
    #[error("cannot keep the place in the stream at `{}`", path.display())]
    Checkpoint { path: PathBuf, source: io::Error },
    /// The database elsewhere was not reached, or refused.
    #[error("the database at `{url}` failed: {reason}")]
    Elsewhere { url: String, reason: String },
    /// A record could not be turned into JSON.
    #[error("a stream record is not representable as JSON")]
    Record(#[source] serde_json::Error),
}

/// A running `DynamoDB`. Dropping an embedded one stops the server at once; nothing written is
/// lost.
#[derive(Debug)]
pub struct Dynamo {
    endpoint_url: String,
    engine: Engine,
}

#[derive(Debug)]
enum Engine {
    Embedded(Embedded),
    Elsewhere(Elsewhere),
}

/// What runs in this process.
#[derive(Debug)]
struct Embedded {
    place: Place,
    database: Handle,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
    /// Held for as long as this process uses the file.
    _lock: Option<File>,
}

/// dynoxide's handle has no `Debug`.
#[derive(Clone)]
struct Handle(Database);

impl std::fmt::Debug for Handle {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Database")
    }
}

impl Dynamo {
    /// Opens or makes the database and serves it on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// [`DynamoError::Unwritable`], [`DynamoError::InUse`], [`DynamoError::Damaged`],
    /// [`DynamoError::Listen`]; [`DynamoError::Database`] for anything else.
    pub async fn start(place: Place) -> Result<Self, DynamoError> {
        let (database, lock) = match &place {
            Place::Memory => (Database::memory().map_err(DynamoError::Database)?, None),
            Place::File(path) => {
                let (database, lock) = open(path)?;
                (database, Some(lock))
            }
            Place::Elsewhere(place) => {
                let (endpoint_url, engine) = (place.url.clone(), Engine::Elsewhere(place.clone()));
                return Ok(Self { endpoint_url, engine });
            }
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(DynamoError::Listen)?;
        let address = listener.local_addr().map_err(DynamoError::Listen)?;
        let (stop, order) = oneshot::channel();
        let shared = database.clone();
        let server = tokio::spawn(async move {
            let asked = async {
                // A dropped sender is an order to stop as well.
                let _ = order.await;
            };
            if let Err(reason) = server::serve_with_shutdown(listener, shared, asked).await {
                tracing::error!(reason, "the embedded database stopped serving");
            }
        });
        let database = Handle(database);
        let embedded = Embedded { place, database, stop: Some(stop), server, _lock: lock };
        let engine = Engine::Embedded(embedded);
        Ok(Self { endpoint_url: format!("http://{address}"), engine })
    }

    /// Where an AWS SDK client reaches it; any region does.
    #[must_use]
    pub fn endpoint_url(&self) -> &str {
        &self.endpoint_url
    }

    /// The id of the key pair to reach it with, where that tells whose tables are meant.
    #[must_use]
    pub fn access_key(&self) -> Option<&str> {
        match &self.engine {
            Engine::Embedded(_) => None,
            Engine::Elsewhere(place) => Some(&place.access_key),
        }
    }

    /// A reader of `table`'s stream that keeps its place in the file `checkpoint`.
    #[must_use]
    pub fn stream(&self, table: &str, checkpoint: PathBuf) -> StreamReader {
        let source = match &self.engine {
            Engine::Embedded(Embedded { database, place, .. }) => {
                Source::Embedded(Records::new(database.0.clone(), place.clone()))
            }
            Engine::Elsewhere(place) => Source::Elsewhere(place.clone()),
        };
        StreamReader::new(source, table, checkpoint)
    }

    /// Deletes items whose time to live is over, as AWS does within days; answers how many. One
    /// that runs elsewhere does so by itself.
    ///
    /// Blocks its thread for as long as the sweep takes: call it through `spawn_blocking`.
    ///
    /// # Errors
    /// [`DynamoError::Database`].
    pub fn sweep_ttl(&self) -> Result<usize, DynamoError> {
        match &self.engine {
            Engine::Embedded(Embedded { database, .. }) => {
                database.0.sweep_ttl().map_err(DynamoError::Database)
            }
            Engine::Elsewhere(_) => Ok(0),
        }
    }

    /// Stops after the requests under way, at most 2 s.
    pub async fn stop(self) {
        let Engine::Embedded(mut embedded) = self.engine else { return };
        if let Some(stop) = embedded.stop.take() {
            // A server that is gone already needs no order.
            let _ = stop.send(());
        }
        if tokio::time::timeout(STOP_WAIT, &mut embedded.server).await.is_err() {
            tracing::warn!("the embedded database was stopped with requests under way");
        }
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.server.abort();
    }
}
