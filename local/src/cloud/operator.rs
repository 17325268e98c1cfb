//! The socket in a cloud's folder, by which the operator's orders reach it; only the folder's owner
//! does.

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
use worker::orders::Order;

use crate::cloud::stop::ordered;

/// The longest message either way.
pub(crate) const MESSAGE_BYTES_MAX: u64 = 16 * 1024;
/// How long the other side may take for one part of an order.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Where the socket of the cloud over `folder` is.
pub(crate) fn socket(folder: &Path) -> PathBuf {
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
