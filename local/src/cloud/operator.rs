//! The operator's orders on a laptop.
//!
//! A running cloud does it for whoever reaches the socket in its folder, which only the folder's
//! owner does; where none runs, one is started for the moment.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use app::house::House;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use worker::orders::{Done, Order};

use crate::cloud::{Cloud, CloudError, Data, Options, Time, ordered};

/// The longest message either way.
const MESSAGE_BYTES_MAX: u64 = 16 * 1024;
/// How long the other side may take for one part of an order.
const PATIENCE: Duration = Duration::from_mins(1);
/// Parts of one order at the most.
const PARTS_MAX: usize = 10_000;

/// Why nothing was done; one sentence for the terminal.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// No cloud runs, and none could be started.
    #[error(transparent)]
    Cloud(#[from] CloudError),
    /// The cloud refused.
    #[error("{0}")]
    Refused(String),
    /// The running cloud did not answer.
    #[error("the running server did not answer")]
    Silent(#[source] io::Error),
    /// There was always more to do.
    #[error("the order was not done after {PARTS_MAX} parts; give it again")]
    Endless,
}

/// Carries out `order`, all parts of it, in the cloud over `folder`, running or not.
///
/// # Errors
/// [`OrderError`] in one sentence.
pub async fn carry_out(mut order: Order, folder: &Path) -> Result<Done, OrderError> {
    for _ in 0..PARTS_MAX {
        let done = carry_out_part(&order, folder).await?;
        let Some(cursor) = done.cursor else { return Ok(done) };
        order = order.going_on(cursor);
    }
    Err(OrderError::Endless)
}

async fn carry_out_part(order: &Order, folder: &Path) -> Result<Done, OrderError> {
    if let Ok(stream) = UnixStream::connect(socket(folder)).await {
        let answer = tokio::time::timeout(PATIENCE, ask(order, stream)).await;
        let answer = answer.unwrap_or_else(|late| Err(late.into()));
        return answer.map_err(OrderError::Silent)?.map_err(OrderError::Refused);
    }
    let data = Data::Folder(folder.to_owned());
    let cloud = Cloud::start(Options { data, time: Time::Wall, ..Options::for_tests() }).await?;
    let done = order.carry_out(&cloud.house).await;
    cloud.stop().await;
    done.map_err(|problem| OrderError::Refused(problem.detail))
}

async fn ask(order: &Order, mut stream: UnixStream) -> io::Result<Result<Done, String>> {
    stream.write_all(&serde_json::to_vec(order)?).await?;
    stream.shutdown().await?;
    let mut answer = Vec::new();
    stream.take(MESSAGE_BYTES_MAX).read_to_end(&mut answer).await?;
    Ok(serde_json::from_slice(&answer)?)
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("operator.sock")
}

/// Serves the socket of `folder` until `stopped`. Without it, the operator is told to stop the
/// server first.
pub(crate) fn listen(
    folder: &Path,
    house: Arc<House>,
    stopped: watch::Receiver<bool>,
) -> Option<JoinHandle<()>> {
    let path = socket(folder);
    // Ours is the lock on the data, so a socket that is there is a dead one's.
    let _ = fs::remove_file(&path);
    let listener = UnixListener::bind(&path)
        .and_then(|listener| {
            fs::set_permissions(&path, Permissions::from_mode(0o600)).map(|()| listener)
        })
        .inspect_err(
            |error| tracing::warn!(%error, "orders such as `make admin` work only while stopped"),
        )
        .ok()?;
    Some(tokio::spawn(async move {
        let mut stop = std::pin::pin!(ordered(stopped));
        loop {
            tokio::select! {
                Ok((stream, _)) = listener.accept() => {
                    let served = tokio::time::timeout(PATIENCE, serve(stream, &house)).await;
                    if let Ok(Err(error)) = served {
                        tracing::warn!(%error, "a caller at the socket left");
                    }
                }
                () = &mut stop => break,
            }
        }
        let _ = fs::remove_file(&path);
    }))
}

async fn serve(mut stream: UnixStream, house: &House) -> io::Result<()> {
    let mut asked = Vec::new();
    (&mut stream).take(MESSAGE_BYTES_MAX).read_to_end(&mut asked).await?;
    let order: Order = serde_json::from_slice(&asked)?;
    let answer = order.carry_out(house).await.map_err(|problem| problem.detail);
    stream.write_all(&serde_json::to_vec(&answer)?).await?;
    stream.shutdown().await
}
