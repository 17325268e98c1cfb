//! stub
use std::path::Path;
use std::sync::Arc;

use app::house::House;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Stub.
#[derive(Debug)]
pub struct Admin;
/// Stub.
#[derive(Debug)]
pub struct AdminError;

pub(crate) fn listen(_: &Path, _: Arc<House>, _: watch::Receiver<bool>) -> Option<JoinHandle<()>> {
    None
}
