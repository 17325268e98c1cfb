//! Everything a company has in the bucket, for the operator: what it has in the table beside it,
//! and all of it erased.

use domain::id::TenantId;

use crate::{Files, FilesError, aws, keys};

/// Pages of objects, 1,000 each, that one call erases of each folder.
const PAGES_MAX: usize = 20;

/// Whether anything is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Nothing.
    Nothing,
    /// Something; call again.
    More,
}

impl Files {
    /// Stores part `number` of what a company has in the table. `export` names the order that it
    /// belongs to.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails.
    pub async fn put_export(
        &self,
        tenant: TenantId,
        export: &str,
        number: u32,
        lines: String,
    ) -> Result<(), FilesError> {
        let key = keys::export(tenant, export, number);
        self.put("store an export", key, "application/jsonl", lines.into_bytes()).await
    }

    /// Erases everything of `tenant`. Doing it twice changes nothing.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails; what is left is found again.
    pub async fn erase(&self, tenant: TenantId) -> Result<Left, FilesError> {
        for folder in keys::folders(tenant) {
            let mut left = Left::More;
            for _ in 0..PAGES_MAX {
                left = self.erase_page(&folder).await?;
                if left == Left::Nothing {
                    break;
                }
            }
            if left == Left::More {
                return Ok(Left::More);
            }
        }
        Ok(Left::Nothing)
    }

    async fn erase_page(&self, folder: &str) -> Result<Left, FilesError> {
        let doing = "erase a folder";
        let found = self.client.list_objects_v2().bucket(&self.bucket).prefix(folder).send().await;
        let found = found.map_err(|error| aws(doing, error))?;
        let objects = found.contents().iter().filter_map(|object| object.key());
        let keys: Vec<String> = objects.map(str::to_owned).collect();
        if keys.is_empty() {
            return Ok(Left::Nothing);
        }
        self.delete_all(doing, keys).await.map(|()| Left::More)
    }
}
