//! Every key of the bucket.
//!
//! | what | key |
//! |---|---|
//! | an upload not checked yet | `quarantine/{tenant}/{fil}` |
//! | a file that is read, a picture, a logo | `{tenant}/{fil}` |
//! | a part of what a company has in the table | `exports/{tenant}/{instant}/{number}.jsonl` |
//! | a page of a file | `pages/{tenant}/{fil}/{number}-{pixels wide}` |
//!
//! The parts are ULIDs and our own numbers; the file's or picture's holds 80 random bits. Nothing a
//! person typed is in a key.

use domain::id::{FileId, Id, TenantId};
use domain::pages::Width;

pub(crate) fn quarantine(tenant: TenantId, file: FileId) -> String {
    format!("quarantine/{}/{}", tenant.ulid(), file.ulid())
}

pub(crate) fn kept(tenant: TenantId, file: FileId) -> String {
    format!("{}/{}", tenant.ulid(), file.ulid())
}

pub(crate) fn page(tenant: TenantId, file: FileId, number: u32, width: Width) -> String {
    format!("pages/{}/{}/{number}-{}", tenant.ulid(), file.ulid(), width.pixels())
}

pub(crate) fn export(tenant: TenantId, export: &str, number: u32) -> String {
    format!("exports/{}/{export}/{number:05}.jsonl", tenant.ulid())
}

/// What all keys of `tenant` begin with.
pub(crate) fn folders(tenant: TenantId) -> [String; 4] {
    ["", "quarantine/", "pages/", "exports/"].map(|of| format!("{of}{}/", tenant.ulid()))
}
