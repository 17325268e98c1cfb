//! Uploads: what was signed, what lies in quarantine, and its way to where it is read from.

use std::ops::Range;

use aws_sdk_s3::types::ChecksumMode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::document::File;
use domain::id::TenantId;
use domain::media::{HEAD_BYTES, TAIL_BYTES};

use crate::{Files, FilesError, aws, is_absent, keys, signing, wall_clock, whole};

/// Seconds an address for uploading lives; 500 MiB within it need 4.5 Mbit/s.
const UPLOAD_SECONDS: u64 = 900;

/// A request that the caller sends itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Where to.
    pub url: String,
    /// How.
    pub method: String,
    /// With which headers; S3 refuses it without any one of them.
    pub headers: Vec<(String, String)>,
}

/// What lies in quarantine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// How long it is.
    pub size_bytes: u64,
    /// SHA-256 in base64, as S3 computed it.
    pub sha256: Option<String>,
    /// Its first [`HEAD_BYTES`].
    pub head: Vec<u8>,
    /// Its last [`TAIL_BYTES`].
    pub tail: Vec<u8>,
}

impl Quarantined {
    /// Whether the bytes are the ones that `file` claims.
    #[must_use]
    pub fn is(&self, file: &File) -> bool {
        self.size_bytes == file.size_bytes
            && self.sha256.as_deref() == Some(&STANDARD.encode(file.sha256.bytes()))
    }
}

impl Files {
    /// Signs an upload of exactly the claimed bytes into quarantine. No call is made.
    ///
    /// # Errors
    /// [`FilesError::Build`] or [`FilesError::Aws`] if the credentials cannot sign.
    pub async fn upload(&self, tenant: TenantId, file: &File) -> Result<Upload, FilesError> {
        let put = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(keys::quarantine(tenant, file.id))
            .content_type(file.media_type.as_str())
            .content_length(i64::try_from(file.size_bytes).unwrap_or(i64::MAX))
            .checksum_sha256(STANDARD.encode(file.sha256.bytes()))
            .presigned(signing(wall_clock(), UPLOAD_SECONDS)?)
            .await
            .map_err(|error| aws("sign an upload", error))?;
        let headers = put
            .headers()
            // Every client sets these by itself, and browsers refuse to be told.
            .filter(|(name, _)| !["host", "content-length"].contains(name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Ok(Upload { url: put.uri().to_owned(), method: put.method().to_owned(), headers })
    }

    /// Looks at what was uploaded; `None` if nothing was.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails.
    pub async fn quarantined(
        &self,
        tenant: TenantId,
        file: &File,
    ) -> Result<Option<Quarantined>, FilesError> {
        let key = keys::quarantine(tenant, file.id);
        let head = self
            .client
            .head_object()
            .bucket(&self.bucket)
            .key(&key)
            .checksum_mode(ChecksumMode::Enabled)
            .send()
            .await;
        let head = match head {
            Ok(head) => head,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(aws("look at an upload", error)),
        };
        let size_bytes =
            head.content_length().and_then(|length| u64::try_from(length).ok()).unwrap_or(0);
        let (first, last) = if size_bytes == 0 {
            (Vec::new(), Vec::new())
        } else {
            let first = 0..size_bytes.min(HEAD_BYTES as u64);
            let last = size_bytes.saturating_sub(TAIL_BYTES as u64)..size_bytes;
            (self.range(&key, first).await?, self.range(&key, last).await?)
        };
        let sha256 = head.checksum_sha256().map(str::to_owned);
        Ok(Some(Quarantined { size_bytes, sha256, head: first, tail: last }))
    }

    async fn range(&self, key: &str, bytes: Range<u64>) -> Result<Vec<u8>, FilesError> {
        let doing = "read part of an upload";
        let range = format!("bytes={}-{}", bytes.start, bytes.end.saturating_sub(1));
        let got = self.object(key).range(range).send().await;
        whole(doing, got.map_err(|error| aws(doing, error))?.body).await
    }

    /// Copies a checked upload to where it is read from. Doing it twice changes nothing.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails.
    pub async fn keep(&self, tenant: TenantId, file: &File) -> Result<(), FilesError> {
        self.client
            .copy_object()
            .bucket(&self.bucket)
            .copy_source(format!("{}/{}", self.bucket, keys::quarantine(tenant, file.id)))
            .key(keys::kept(tenant, file.id))
            .send()
            .await
            .map(drop)
            .map_err(|error| aws("keep an upload", error))
    }

    /// Deletes what lies in quarantine, if anything.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails.
    pub async fn drop_quarantined(&self, tenant: TenantId, file: &File) -> Result<(), FilesError> {
        self.delete(keys::quarantine(tenant, file.id)).await
    }
}
