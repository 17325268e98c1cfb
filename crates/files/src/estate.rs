//! Everything a company has in the bucket, for the operator: what it has in the table beside it, and
//! all of it erased.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
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
    /// Stores part `number` of what a company has in the table, and tells under which key. `export`
    /// names the order that it belongs to.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails.
    pub async fn put_export(
        &self,
        tenant: TenantId,
        export: &str,
        number: u32,
        lines: String,
    ) -> Result<String, FilesError> {
        let key = keys::export(tenant, export, number);
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(&key)
            .content_type("application/jsonl")
            .body(ByteStream::from(lines.into_bytes()))
            .send()
            .await
            .map_err(|error| aws("store an export", error))?;
        Ok(key)
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
        let build = |error| FilesError::Build(Box::new(error));
        let all = found
            .contents()
            .iter()
            .filter_map(|object| object.key())
            .map(|key| ObjectIdentifier::builder().key(key).build())
            .collect::<Result<Vec<_>, _>>()
            .map_err(build)?;
        if all.is_empty() {
            return Ok(Left::Nothing);
        }
        let all = Delete::builder().set_objects(Some(all)).quiet(true).build().map_err(build)?;
        let gone = self.client.delete_objects().bucket(&self.bucket).delete(all).send().await;
        match gone.map_err(|error| aws(doing, error))?.errors().first() {
            None => Ok(Left::More),
            Some(left) => {
                Err(FilesError::Aws { doing, source: left.code().unwrap_or("unknown").into() })
            }
        }
    }
}
