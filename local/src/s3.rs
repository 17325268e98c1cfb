//! The bucket: S3 over one folder (s3s-fs), path style, at `/{BUCKET}/{key}` of the main port.
//!
//! s3s checks signatures, expiry, signed headers, ranges and response overrides as AWS does. Added here
//! is what the deployed bucket has besides, or what s3s-fs leaves out:
//! - cross-origin requests from any page on this machine, as the deployed bucket's CORS rule allows;
//! - the bucket policy's deny of `GetObject` by a signature older than [`SIGNATURE_AGE_MAX`];
//! - an upload with wrong bytes leaves nothing behind (s3s-fs publishes first and compares then);
//! - `Accept-Ranges`, `If-None-Match`, and no remains of deleted objects.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    CONTENT_TYPE, ETAG, IF_NONE_MATCH, ORIGIN, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;

mod checked;

use crate::s3::checked::{Checked, Verdict};

/// The one bucket, and the first segment of every path to it.
pub const BUCKET: &str = "vestibule-files";

/// The key pair that the local clients sign with. No secret: it opens nothing but this machine's demo.
pub const ACCESS_KEY: &str = "vestibule-local";
/// See [`ACCESS_KEY`].
pub const SECRET_KEY: &str = "vestibule-local-secret";

/// Oldest signature that still reads, whatever expiry it was given: the bucket policy's
/// `s3:signatureAge`.
pub const SIGNATURE_AGE_MAX: SignedDuration = SignedDuration::from_mins(1);

/// How long a browser may keep the answer to a preflight request.
const PREFLIGHT_LIFE: Duration = Duration::from_mins(10);

/// Why the bucket did not open; one sentence for the terminal.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    /// The folder cannot be made.
    #[error("cannot make the folder for files `{}`", path.display())]
    Folder { path: PathBuf, source: std::io::Error },
    /// The folder is there and cannot be used.
    #[error("cannot use the folder for files `{}`: {reason}", path.display())]
    Open { path: PathBuf, reason: String },
}

/// The bucket over its folder. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Bucket {
    service: S3Service,
    folder: PathBuf,
}

impl Bucket {
    /// Opens `folder`, making it and the bucket if absent.
    ///
    /// # Errors
    /// [`BucketError`] if the folder cannot be made or read.
    pub fn open(folder: &Path) -> Result<Self, BucketError> {
        std::fs::create_dir_all(folder.join(BUCKET))
            .map_err(|source| BucketError::Folder { path: folder.into(), source })?;
        let files = FileSystem::new(folder).map_err(|reason| BucketError::Open {
            path: folder.into(),
            reason: format!("{reason:?}"),
        })?;
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        Ok(Self { service: builder.build(), folder: folder.into() })
    }

    /// Everything under `/{BUCKET}`; merge it into the main port's router.
    pub fn router(&self) -> Router {
        Router::new()
            .route(&format!("/{BUCKET}"), any(serve))
            .route(&format!("/{BUCKET}/"), any(serve))
            .route(&format!("/{BUCKET}/{{*key}}"), any(serve))
            .with_state(self.clone())
    }

    async fn answer(&self, request: Request) -> Response {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        if reads && signature_age(request.uri()).is_some_and(|age| SIGNATURE_AGE_MAX < age) {
            return refusal(StatusCode::FORBIDDEN, "AccessDenied", "the signature is too old");
        }
        let known = request.headers().get(IF_NONE_MATCH).cloned();
        let deleted = (request.method() == Method::DELETE)
            .then(|| request.uri().path().strip_prefix(&format!("/{BUCKET}/")).map(str::to_owned))
            .flatten();

        let (request, verdict) = Checked::wrap(request);
        let answer = match self.service.call(request).await {
            Ok(answer) => answer.map(Body::new),
            Err(reason) => {
                tracing::error!(?reason, "the local bucket failed");
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
        };
        if verdict.is_some_and(|verdict| verdict.get() == Some(&Verdict::Wrong)) {
            let message = "the SHA-256 you signed did not match what was received";
            return refusal(StatusCode::BAD_REQUEST, "BadDigest", message);
        }
        if let (Some(key), true) = (deleted, answer.status().is_success()) {
            self.forget(&key);
        }
        if reads { finish_reading(answer, known.as_ref()) } else { answer }
    }

    /// Removes what s3s-fs keeps beside an object and leaves behind when that is deleted.
    fn forget(&self, key: &str) {
        let stem = format!(
            ".bucket-{}.object-{}",
            URL_SAFE_NO_PAD.encode(BUCKET),
            URL_SAFE_NO_PAD.encode(key)
        );
        for end in ["metadata.json", "internal.json"] {
            // Not every object has both, and a leftover harms nothing.
            let _ = std::fs::remove_file(self.folder.join(format!("{stem}.{end}")));
        }
    }
}

async fn serve(State(bucket): State<Bucket>, request: Request) -> Response {
    let origin = local_origin(request.headers());
    let mut response = if request.method() == Method::OPTIONS {
        preflight(request.headers())
    } else {
        bucket.answer(request).await
    };
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let exposed = HeaderValue::from_static("ETag, Content-Length, Content-Range");
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
    response
}

/// The asking page's origin, if that page was served by this machine over any port.
fn local_origin(headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(ORIGIN)?;
    let uri: http::Uri = origin.to_str().ok()?.parse().ok()?;
    matches!(uri.host()?, "localhost" | "127.0.0.1" | "[::1]").then(|| origin.clone())
}

fn preflight(asked: &HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, PUT"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, PREFLIGHT_LIFE.as_secs().into());
    // The signature says which headers count, so any may be sent.
    if let Some(names) = asked.get("access-control-request-headers") {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    response
}

/// How long ago a presigned URL was signed; `None` for requests signed in their headers.
fn signature_age(uri: &http::Uri) -> Option<SignedDuration> {
    let signed_at = uri
        .query()?
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(name, value)| (name == "X-Amz-Date").then_some(value))?;
    let signed_at = civil::DateTime::strptime("%Y%m%dT%H%M%SZ", signed_at).ok()?;
    let signed_at = signed_at.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(Timestamp::now().duration_since(signed_at))
}

/// Adds what readers rely on, and answers 304 to a reader that has the object already.
fn finish_reading(answer: Response, known: Option<&HeaderValue>) -> Response {
    if !answer.status().is_success() {
        return answer;
    }
    let (mut head, body) = answer.into_parts();
    head.headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let same = known.and_then(|known| known.to_str().ok()).is_some_and(|known| {
        let tag = head.headers.get(ETAG).and_then(|tag| tag.to_str().ok());
        known
            .split(',')
            .map(|known| known.trim().trim_start_matches("W/"))
            .any(|known| known == "*" || Some(known) == tag)
    });
    if !same {
        return Response::from_parts(head, body);
    }
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    if let Some(tag) = head.headers.remove(ETAG) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// An error as S3 writes it.
fn refusal(status: StatusCode, code: &str, message: &str) -> Response {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    (status, [(CONTENT_TYPE, "application/xml")], text).into_response()
}
