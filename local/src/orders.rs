//! The operator's orders on a laptop.
//!
//! A running cloud does it for whoever reaches the socket in its folder, which only the folder's
//! owner does; where none runs, one is started for the moment.

use std::io;
use std::path::Path;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use worker::orders::{Done, Order};

use crate::cloud::operator::{MESSAGE_BYTES_MAX, PATIENCE, socket};
use crate::cloud::{Cloud, CloudError, Data, Options, Time};

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
