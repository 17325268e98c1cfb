//! The order to stop, which every part of a cloud hears.

use tokio::sync::watch;

/// Waits for the order to stop. A dropped sender gives it as well.
pub(crate) async fn ordered(mut stopped: watch::Receiver<bool>) {
    drop(stopped.wait_for(|stopped| *stopped).await);
}
