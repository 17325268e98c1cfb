//! Files of documents: announced, uploaded straight to the bucket, checked, published, handed out.

pub mod complete;
pub mod create;
pub mod delete;
pub mod download;
pub mod page;

use domain::document::Published;

/// The newest of published files: what readers get.
fn newest(published: impl IntoIterator<Item = Published>) -> Option<Published> {
    published.into_iter().max_by_key(|file| (file.published_at, file.id))
}
