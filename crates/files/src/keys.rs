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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_object_has_a_key_of_its_own_in_one_folder_of_its_tenant() {
        let (tenant, file): (TenantId, FileId) = (
            "ten_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().unwrap(),
            "fil_01J9ZC0ZJ8Q4W3T9V5N6M7K8PA".parse().unwrap(),
        );
        let keys = [
            kept(tenant, file),
            quarantine(tenant, file),
            page(tenant, file, 2, Width::Wide),
            page(tenant, file, 2, Width::Narrow),
            page(tenant, file, 12, Width::Wide),
            export(tenant, "1796000000", 1),
            export(tenant, "1796000000", 10),
        ];
        for (at, key) in keys.iter().enumerate() {
            let holding = folders(tenant).into_iter().filter(|folder| key.starts_with(folder));
            assert_eq!(holding.count(), 1, "{key}");
            assert!(!keys[at + 1..].contains(key), "{key} twice");
        }
        assert!(keys[5] < keys[6], "parts of an export are listed in their order");
    }
}
