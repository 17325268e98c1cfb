//! Files of documents: announced, uploaded straight to the bucket, checked, published, handed out.

pub mod complete;
pub mod create;
pub mod delete;
pub mod download;
pub mod page;

use app::callers::staff::Staff;
use app::exchange::cx::Cx;
use domain::activity::Detail;
use domain::document::{Document, Published};
use domain::id::FileId;
use serde_json::json;
use store::StoreError;
use store::change::Change;

use crate::routes::documents::save;

/// Adds to `change` that readers of `before` get the newest of `published` now that `file` came to
/// it or went.
fn save_newest(
    cx: &Cx<Staff>,
    change: &mut Change,
    before: &Document,
    file: FileId,
    published: impl Iterator<Item = Published>,
) -> Result<(), StoreError> {
    let newest = published.max_by_key(|file| (file.published_at, file.id));
    let id = |of: Option<&Published>| of.map(|published| published.id);
    let ids = [id(before.published.as_ref()), id(newest.as_ref())];
    let detail = Detail::Plain(json!({ "file_id": file, "published": ids }));
    let version = before.version + 1;
    save(cx, change, &Document { version, published: newest, ..before.clone() }, detail)
}
