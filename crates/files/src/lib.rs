//! Stored objects: where they lie, and addresses that open exactly one of them for a minute.
//!
//! An upload lands in quarantine. Only what was checked there is copied to its final place, and
//! only the final place is ever read. Keys are opaque: no name, no type, nothing a person typed.

pub mod disposition;
pub mod estate;
mod keys;
pub mod mark;
pub mod pages;
pub mod picture;

use std::time::{Duration, SystemTime};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{RequestChecksumCalculation, SharedInterceptor};
use aws_sdk_s3::error::{DisplayErrorContext, SdkError};
use aws_sdk_s3::operation::get_object::builders::GetObjectFluentBuilder;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ChecksumMode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::document::File;
use domain::id::{FileId, TenantId};
use domain::media::{HEAD_BYTES, TAIL_BYTES};
use domain::picture::Picture;
use jiff::{SignedDuration, Timestamp};

/// Seconds an address for reading lives; revoking takes this long at most for one already issued.
pub const READ_SECONDS: u64 = 60;
/// Seconds an address for uploading lives; 500 MiB within it need 4.5 Mbit/s.
pub const UPLOAD_SECONDS: u64 = 900;

/// The bucket.
#[derive(Clone, Debug)]
pub struct Files {
    client: Client,
    bucket: String,
}

/// Why the bucket did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// S3 failed or could not be reached.
    #[error("failed to {doing}")]
    Aws {
        /// What was being done.
        doing: &'static str,
        /// What S3 or the network said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A request cannot be built; a bug, not bad input.
    #[error("failed to build a request")]
    Build(#[source] Box<dyn std::error::Error + Send + Sync>),
}

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

/// An address that opens one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The address.
    pub url: String,
    /// When it stops working.
    pub expires_at: Timestamp,
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

impl Files {
    /// Opens `bucket` as `config` says. `path_style` is for servers that do not know buckets by
    /// host name, such as the laptop's.
    #[must_use]
    pub fn connect(config: &aws_config::SdkConfig, bucket: &str, path_style: PathStyle) -> Self {
        let config = aws_sdk_s3::config::Builder::from(config)
            .force_path_style(path_style == PathStyle::Path)
            // A signed upload names its SHA-256; the checksum that the client would add by itself
            // is of no bytes at all, because signing sees none.
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .build();
        Self { client: Client::from_conf(config), bucket: bucket.to_owned() }
    }

    /// The bucket with every call and every signing told to `interceptor` before it is sent.
    #[must_use]
    pub fn watched(mut self, interceptor: SharedInterceptor) -> Self {
        let config = self.client.config().to_builder().interceptor(interceptor);
        self.client = Client::from_conf(config.build());
        self
    }

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

    async fn range(&self, key: &str, bytes: std::ops::Range<u64>) -> Result<Vec<u8>, FilesError> {
        let range = format!("bytes={}-{}", bytes.start, bytes.end.saturating_sub(1));
        let got = self.client.get_object().bucket(&self.bucket).key(key).range(range).send().await;
        let body = got.map_err(|error| aws("read part of an upload", error))?.body;
        let bytes = body.collect().await.map_err(|error| FilesError::Aws {
            doing: "read part of an upload",
            source: Box::new(error),
        })?;
        Ok(bytes.to_vec())
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
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(keys::kept(tenant, file.id))
            .content_type(file.media_type.as_str())
            .body(ByteStream::from(bytes))
            .send()
            .await
            .map(drop)
            .map_err(|error| aws("store a file", error))
    }

    /// Deletes what lies in quarantine, if anything.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails.
    pub async fn drop_quarantined(&self, tenant: TenantId, file: &File) -> Result<(), FilesError> {
        self.delete(keys::quarantine(tenant, file.id)).await
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

    async fn delete(&self, key: String) -> Result<(), FilesError> {
        self.client
            .delete_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await
            .map(drop)
            .map_err(|error| aws("delete a file", error))
    }

    /// Signs an address that downloads one published file for [`READ_SECONDS`] from `signed_at`,
    /// which [`wall_clock`] told. The same instant makes the same address. No call is made.
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
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(keys::kept(tenant, file.object()))
            .response_content_type(file.media_type.as_str())
            .response_content_disposition(disposition::attachment(file.name.as_str()))
            .response_cache_control("private, no-store");
        signed(get, signed_at).await
    }
}

impl Files {
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
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(keys::kept(tenant, picture.id))
            .content_type(picture.format.as_str())
            .body(ByteStream::from(bytes))
            .send()
            .await
            .map(drop)
            .map_err(|error| aws("store a picture", error))
    }

    /// Deletes a picture, if it is there.
    ///
    /// # Errors
    /// [`FilesError::Aws`] if S3 fails.
    pub async fn drop_picture(&self, tenant: TenantId, id: FileId) -> Result<(), FilesError> {
        self.delete(keys::kept(tenant, id)).await
    }

    /// Signs an address that shows a picture for [`READ_SECONDS`] from now. No call is made.
    ///
    /// # Errors
    /// [`FilesError::Build`] or [`FilesError::Aws`] if the credentials cannot sign.
    pub async fn show(&self, tenant: TenantId, picture: &Picture) -> Result<Address, FilesError> {
        let get = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(keys::kept(tenant, picture.id))
            .response_content_type(picture.format.as_str())
            .response_content_disposition("inline")
            .response_cache_control("private, no-store");
        signed(get, wall_clock()).await
    }
}

/// Whether S3 says that nothing lies under a key. Whoever may not list the bucket, and nobody may,
/// hears 403 instead of 404 ("Permissions" of `GetObject` and `HeadObject`, S3 API Reference).
fn is_absent<E>(error: &SdkError<E>) -> bool {
    let status = error.raw_response().map(|response| response.status().as_u16());
    matches!(status, Some(403 | 404))
}

async fn signed(get: GetObjectFluentBuilder, at: Timestamp) -> Result<Address, FilesError> {
    let get = get
        .presigned(signing(at, READ_SECONDS)?)
        .await
        .map_err(|error| aws("sign an address", error))?;
    let life = SignedDuration::from_secs(i64::try_from(READ_SECONDS).unwrap_or_default());
    Ok(Address { url: get.uri().to_owned(), expires_at: at + life })
}

/// The instant to sign at, to the second as signatures tell it. Addresses live by the wall clock,
/// whatever clock the rules are tested under.
#[must_use]
pub fn wall_clock() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// How a bucket is named in an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathStyle {
    /// By the host: `bucket.s3.amazonaws.com`.
    Host,
    /// By the path: `localhost:8080/bucket`.
    Path,
}

impl Quarantined {
    /// Whether the bytes are the ones that `file` claims.
    #[must_use]
    pub fn is(&self, file: &File) -> bool {
        self.size_bytes == file.size_bytes
            && self.sha256.as_deref() == Some(&STANDARD.encode(file.sha256.bytes()))
    }
}

fn signing(from: Timestamp, seconds: u64) -> Result<PresigningConfig, FilesError> {
    PresigningConfig::builder()
        .start_time(SystemTime::from(from))
        .expires_in(Duration::from_secs(seconds))
        .build()
        .map_err(|error| FilesError::Build(Box::new(error)))
}

fn aws<E, R>(doing: &'static str, error: SdkError<E, R>) -> FilesError
where
    E: std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    tracing::warn!(doing, error = %DisplayErrorContext(&error), "s3 call failed");
    FilesError::Aws { doing, source: Box::new(error) }
}
