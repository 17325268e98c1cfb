//! Pages of files: drawn once when the file is published, each an object of its own.

use domain::id::{FileId, TenantId};
use domain::pages::{PAGES_MAX, Width};
use domain::picture::Format;
use jiff::Timestamp;

use crate::{Address, Files, FilesError, keys, signed, whole};

/// One page of one file in one width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageOf {
    /// Whose.
    pub file: FileId,
    /// Which, from 1.
    pub number: u32,
    /// How wide.
    pub width: Width,
}

impl PageOf {
    fn key(self, tenant: TenantId) -> String {
        keys::page(tenant, self.file, self.number, self.width)
    }
}

impl Files {
    /// The page; `None` if it is not there.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails.
    pub async fn page(
        &self,
        tenant: TenantId,
        page: PageOf,
    ) -> Result<Option<Vec<u8>>, FilesError> {
        let doing = "read a page";
        match self.body(doing, &page.key(tenant)).await? {
            Some(body) => whole(doing, body).await.map(Some),
            None => Ok(None),
        }
    }

    /// Stores a page that was drawn. Doing it twice changes nothing.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails.
    pub async fn put_page(
        &self,
        tenant: TenantId,
        page: PageOf,
        format: Format,
        bytes: Vec<u8>,
    ) -> Result<(), FilesError> {
        self.put("store a page", page.key(tenant), format.as_str(), bytes).await
    }

    /// Deletes whatever pages of a file there may be, in one call.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails, or did not delete one of them.
    pub async fn drop_pages(&self, tenant: TenantId, file: FileId) -> Result<(), FilesError> {
        let keys = (1..=PAGES_MAX)
            .flat_map(|number| Width::ALL.map(|width| keys::page(tenant, file, number, width)));
        self.delete_all("delete pages", keys.collect()).await
    }

    /// Signs an address that shows a page as it was drawn for [`crate::READ_SECONDS`] from
    /// `signed_at`, which [`crate::wall_clock`] told. No call is made.
    ///
    /// # Errors
    /// [`FilesError::Build`] or [`FilesError::Aws`] if the credentials cannot sign.
    pub async fn show_page(
        &self,
        tenant: TenantId,
        page: PageOf,
        signed_at: Timestamp,
    ) -> Result<Address, FilesError> {
        let get = self.object(page.key(tenant)).response_content_disposition("inline");
        signed(get, signed_at).await
    }
}
