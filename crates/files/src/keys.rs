//! Every key of the bucket.
//!
//! | what | key |
//! |---|---|
//! | an upload not checked yet | `quarantine/{tenant}/{fil}` |
//! | a file that is read, a picture, a logo | `{tenant}/{fil}` |
//!
//! Both parts are ULIDs; the file's or picture's holds 80 random bits. Nothing a person typed is in a key.

use domain::id::{FileId, Id, TenantId};

pub(crate) fn quarantine(tenant: TenantId, file: FileId) -> String {
    format!("quarantine/{}/{}", tenant.ulid(), file.ulid())
}

pub(crate) fn kept(tenant: TenantId, file: FileId) -> String {
    format!("{}/{}", tenant.ulid(), file.ulid())
}
