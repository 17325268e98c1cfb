//! Pages of files: drawn once when the file is published, each an object of its own.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use domain::document::File;
use domain::id::{FileId, TenantId};
use domain::pages::{PAGES_MAX, Width};
use domain::picture::Format;
use jiff::Timestamp;

use crate::{Address, Files, FilesError, aws, is_absent, keys, signed};

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
    /// Reads a kept file from its beginning; `None` if it is not there.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails.
    pub async fn read(&self, tenant: TenantId, file: &File) -> Result<Option<Source>, FilesError> {
        let body = self.body("read a file", keys::kept(tenant, file.object())).await?;
        Ok(body.map(Source))
    }

    /// The page; `None` if it is not there.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails.
    pub async fn page(
        &self,
        tenant: TenantId,
        page: PageOf,
    ) -> Result<Option<Vec<u8>>, FilesError> {
        let PageOf { file, number, width } = page;
        let doing = "read a page";
        let body = self.body(doing, keys::page(tenant, file, number, width)).await?;
        let Some(body) = body else { return Ok(None) };
        let bytes = body.collect().await;
        let bytes = bytes.map_err(|error| FilesError::Aws { doing, source: Box::new(error) })?;
        Ok(Some(bytes.to_vec()))
    }

    async fn body(
        &self,
        doing: &'static str,
        key: String,
    ) -> Result<Option<ByteStream>, FilesError> {
        let got = self.client.get_object().bucket(&self.bucket).key(key).send().await;
        match got {
            Ok(got) => Ok(Some(got.body)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(aws(doing, error)),
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
        let PageOf { file, number, width } = page;
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(keys::page(tenant, file, number, width))
            .content_type(format.as_str())
            .body(ByteStream::from(bytes))
            .send()
            .await
            .map(drop)
            .map_err(|error| aws("store a page", error))
    }

    /// Deletes whatever pages of a file there may be, in one call.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails, or did not delete one of them.
    pub async fn drop_pages(&self, tenant: TenantId, file: FileId) -> Result<(), FilesError> {
        let doing = "delete pages";
        let keys = (1..=PAGES_MAX)
            .flat_map(|number| Width::ALL.map(|width| keys::page(tenant, file, number, width)));
        let build = |error| FilesError::Build(Box::new(error));
        let all = keys
            .map(|key| ObjectIdentifier::builder().key(key).build())
            .collect::<Result<Vec<_>, _>>()
            .map_err(build)?;
        let all = Delete::builder().set_objects(Some(all)).quiet(true).build().map_err(build)?;
        let gone = self.client.delete_objects().bucket(&self.bucket).delete(all).send().await;
        let gone = gone.map_err(|error| aws(doing, error))?;
        match gone.errors().first().and_then(|left| left.code()) {
            None => Ok(()),
            Some(code) => Err(FilesError::Aws { doing, source: code.into() }),
        }
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
        let PageOf { file, number, width } = page;
        let get = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(keys::page(tenant, file, number, width))
            .response_content_disposition("inline")
            .response_cache_control("private, no-store");
        signed(get, signed_at).await
    }
}
