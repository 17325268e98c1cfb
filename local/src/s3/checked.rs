//! A body that fails at its end if its bytes are not the signed ones, so that nothing is published.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use sha2::{Digest as _, Sha256};

/// What came of comparing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Right,
    Wrong,
}

/// A request's body with the digest it must have.
pub(crate) struct Checked {
    body: Body,
    hasher: Sha256,
    /// Base64, as in `x-amz-checksum-sha256`.
    expected: String,
    verdict: Arc<OnceLock<Verdict>>,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Checked {
    /// Hands the request to s3s, its body guarded if it names a SHA-256. The verdict is known once the
    /// body was read to its end.
    pub(crate) fn wrap(request: Request) -> (s3s::HttpRequest, Option<Arc<OnceLock<Verdict>>>) {
        let named = request.headers().get("x-amz-checksum-sha256");
        let Some(expected) = named.and_then(|named| named.to_str().ok()).map(str::to_owned) else {
            return (request.map(s3s::Body::http_body_unsync), None);
        };
        let verdict = Arc::new(OnceLock::new());
        let shared = Arc::clone(&verdict);
        let request = request.map(|body| {
            let hasher = Sha256::new();
            s3s::Body::http_body_unsync(Self { body, hasher, expected, verdict: shared })
        });
        (request, Some(verdict))
    }
}

impl HttpBody for Checked {
    type Data = Bytes;
    type Error = Failure;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        let this = self.get_mut();
        let Some(frame) = ready!(Pin::new(&mut this.body).poll_frame(context)) else {
            let found = STANDARD.encode(std::mem::take(&mut this.hasher).finalize());
            let right = found == this.expected;
            let verdict = if right { Verdict::Right } else { Verdict::Wrong };
            // Asked again at its end, a body keeps to its first verdict.
            if this.verdict.set(verdict).is_ok() && !right {
                return Poll::Ready(Some(Err("the body has another SHA-256".into())));
            }
            return Poll::Ready(None);
        };
        let frame = frame?;
        if let Some(bytes) = frame.data_ref() {
            this.hasher.update(bytes);
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
