//! Stored objects: where they lie, and addresses that open exactly one of them for a minute.
//!
//! An upload lands in quarantine. Only what was checked there is copied to its final place, and
//! only the final place is ever read. Keys are opaque: no name, no type, nothing a person typed.

pub mod disposition;
pub mod estate;
pub mod kept;
mod keys;
pub mod mark;
pub mod pages;
pub mod picture;
mod uploads;

use std::time::{Duration, SystemTime};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{RequestChecksumCalculation, SharedInterceptor};
use aws_sdk_s3::error::{DisplayErrorContext, SdkError};
use aws_sdk_s3::operation::get_object::builders::GetObjectFluentBuilder;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use jiff::{SignedDuration, Timestamp};

pub use crate::uploads::{Quarantined, Upload};

/// Seconds an address for reading lives; revoking takes this long at most for one already issued.
pub const READ_SECONDS: u64 = 60;

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

/// An address that opens one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The address.
    pub url: String,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// How a bucket is named in an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathStyle {
    /// By the host: `bucket.s3.amazonaws.com`.
    Host,
    /// By the path: `localhost:8080/bucket`.
    Path,
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

    /// The object under `key`, to be read or to be signed for.
    fn object(&self, key: impl Into<String>) -> GetObjectFluentBuilder {
        self.client.get_object().bucket(&self.bucket).key(key)
    }

    /// The bytes under `key`; `None` if nothing is there.
    async fn body(&self, doing: &'static str, key: &str) -> Result<Option<ByteStream>, FilesError> {
        match self.object(key).send().await {
            Ok(got) => Ok(Some(got.body)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(aws(doing, error)),
        }
    }

    async fn put(
        &self,
        doing: &'static str,
        key: String,
        content_type: &str,
        bytes: Vec<u8>,
    ) -> Result<(), FilesError> {
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .body(ByteStream::from(bytes))
            .send()
            .await
            .map(drop)
            .map_err(|error| aws(doing, error))
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

    /// Deletes whatever lies under `keys`, which are 1,000 at the most, in one call.
    async fn delete_all(&self, doing: &'static str, keys: Vec<String>) -> Result<(), FilesError> {
        let build = |error| FilesError::Build(Box::new(error));
        let all = keys
            .into_iter()
            .map(|key| ObjectIdentifier::builder().key(key).build())
            .collect::<Result<Vec<_>, _>>()
            .map_err(build)?;
        let all = Delete::builder().set_objects(Some(all)).quiet(true).build().map_err(build)?;
        let gone = self.client.delete_objects().bucket(&self.bucket).delete(all).send().await;
        match gone.map_err(|error| aws(doing, error))?.errors().first() {
            None => Ok(()),
            Some(left) => {
                Err(FilesError::Aws { doing, source: left.code().unwrap_or("unknown").into() })
            }
        }
    }
}

/// Whether S3 says that nothing lies under a key. Whoever may not list the bucket, and nobody may,
/// hears 403 instead of 404 ("Permissions" of `GetObject` and `HeadObject`, S3 API Reference).
fn is_absent<E>(error: &SdkError<E>) -> bool {
    let status = error.raw_response().map(|response| response.status().as_u16());
    matches!(status, Some(403 | 404))
}

/// All of a body.
async fn whole(doing: &'static str, body: ByteStream) -> Result<Vec<u8>, FilesError> {
    let bytes = body.collect().await;
    let bytes = bytes.map_err(|error| FilesError::Aws { doing, source: Box::new(error) })?;
    Ok(bytes.to_vec())
}

async fn signed(get: GetObjectFluentBuilder, at: Timestamp) -> Result<Address, FilesError> {
    let get = get
        .response_cache_control("private, no-store")
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
