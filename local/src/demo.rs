//! What a first start shows: a made-up company and its documents.

pub mod papers;

use std::path::Path;
use std::sync::Arc;

use app::house::House;

/// The made-up company's place in addresses.
pub const SLUG: &str = "acme";

/// Why the demo could not be laid out.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The table failed.
    #[error("the table failed")]
    Store(#[from] store::StoreError),
}

/// Lays the demo out, once per folder; answers the password if it was made up now.
pub(crate) async fn lay_out(
    _house: &Arc<House>,
    _folder: &Path,
    _password: Option<String>,
) -> Result<Option<String>, DemoError> {
    Ok(None)
}
