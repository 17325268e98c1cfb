//! What is read: files as they were checked or made by us, and pictures that we drew.

use aws_sdk_s3::primitives::ByteStream;
use domain::document::File;
use domain::id::{FileId, TenantId};
use domain::picture::Picture;
use jiff::Timestamp;

use crate::{Address, Files, FilesError, disposition, keys, signed, wall_clock};

/// The bytes of a kept file, part by part.
#[derive(Debug)]
pub struct Source(ByteStream);

impl Source {
    /// The next part; `None` at the end.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if the connection breaks.
    pub async fn next(&mut self) -> Result<Option<impl AsRef<[u8]> + use<>>, FilesError> {
        let next = self.0.try_next().await;
        next.map_err(|error| FilesError::Aws { doing: "read a file", source: Box::new(error) })
    }
}

impl Files {
    /// Stores a file that we made where it is read from. Doing it twice changes nothing.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails.
    pub async fn put_file(
        &self,
        tenant: TenantId,
        file: &File,
        bytes: Vec<u8>,
    ) -> Result<(), FilesError> {
        let key = keys::kept(tenant, file.id);
        self.put("store a file", key, file.media_type.as_str(), bytes).await
    }

    /// Reads a kept file from its beginning; `None` if it is not there.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails.
    pub async fn read(&self, tenant: TenantId, file: &File) -> Result<Option<Source>, FilesError> {
        let body = self.body("read a file", &keys::kept(tenant, file.object())).await?;
        Ok(body.map(Source))
    }

    /// Signs an address that downloads one published file for [`crate::READ_SECONDS`] from
    /// `signed_at`, which [`wall_clock`] told. The same instant makes the same address. No call is
    /// made.
    ///
    /// # Errors
    /// [`FilesError::Build`] or [`FilesError::Aws`] if the credentials cannot sign.
    pub async fn download(
        &self,
        tenant: TenantId,
        file: &File,
        signed_at: Timestamp,
    ) -> Result<Address, FilesError> {
        let get = self
            .object(keys::kept(tenant, file.object()))
            .response_content_type(file.media_type.as_str())
            .response_content_disposition(disposition::attachment(file.name.as_str()));
        signed(get, signed_at).await
    }

    /// Deletes a kept file, if it is there and no other has its bytes.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails.
    pub async fn drop_kept(&self, tenant: TenantId, file: &File) -> Result<(), FilesError> {
        if !file.owns_its_object() {
            return Ok(());
        }
        self.delete(keys::kept(tenant, file.object())).await
    }

    /// Stores a picture that we drew. Doing it twice changes nothing.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails.
    pub async fn put_picture(
        &self,
        tenant: TenantId,
        picture: &Picture,
        bytes: Vec<u8>,
    ) -> Result<(), FilesError> {
        let key = keys::kept(tenant, picture.id);
        self.put("store a picture", key, picture.format.as_str(), bytes).await
    }

    /// Signs an address that shows a picture for [`crate::READ_SECONDS`] from now. No call is made.
    ///
    /// # Errors
    /// [`FilesError::Build`] or [`FilesError::Aws`] if the credentials cannot sign.
    pub async fn show(&self, tenant: TenantId, picture: &Picture) -> Result<Address, FilesError> {
        let get = self
            .object(keys::kept(tenant, picture.id))
            .response_content_type(picture.format.as_str())
            .response_content_disposition("inline");
        signed(get, wall_clock()).await
    }

    /// Deletes a picture, if it is there.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails.
    pub async fn drop_picture(&self, tenant: TenantId, id: FileId) -> Result<(), FilesError> {
        self.delete(keys::kept(tenant, id)).await
    }
}
