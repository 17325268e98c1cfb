//! Errors as clients see them: RFC 9457 problem documents.
//!
//! This is the only place where errors become HTTP. Every kind has a stable type; internals are
//! logged and never sent.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::account::AccountError;
use domain::contact::ContactError;
use domain::request::RequestError;
use files::FilesError;
use files::picture::PictureError;
use schemars::JsonSchema;
use serde::Serialize;
use store::StoreError;
use store::change::{Claim, Lost};

use crate::answer::Parts;

/// What all type URIs begin with. They name a problem; nothing needs to be served there.
pub const TYPE_BASE: &str = "https://vestibule.dev/problems/";

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $status:literal $slug:literal $title:literal;)*) => {
        /// A kind of problem, stable over time.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// HTTP status, end of the type URI, title.
            #[must_use]
            pub const fn row(self) -> (u16, &'static str, &'static str) {
                match self { $(Self::$name => ($status, $slug, $title),)* }
            }
        }
    };
}

kinds! {
    /// The body, a query parameter or a header says something wrong.
    BadInput 400 "bad-input" "The request has a mistake";
    /// No session, or it is over.
    SignIn 401 "sign-in" "Sign in first";
    /// Address or password is wrong; which, is not said.
    WrongSignIn 401 "wrong-sign-in" "The address or the password is wrong";
    /// Signed in, but no company is chosen.
    ChooseTenant 403 "choose-tenant" "Choose a company first";
    /// Visible, but not allowed.
    Forbidden 403 "forbidden" "You may not do this";
    /// A browser that proved itself once is not let in any more.
    AccessEnded 403 "access-ended" "Access has ended here";
    /// The agreement must be accepted first.
    NdaRequired 403 "nda-required" "Accept the agreement first";
    /// The request did not come from our own pages.
    CrossSite 403 "cross-site" "The request did not come from this site";
    /// A link's time has passed, or its purpose is done.
    LinkOver 403 "link-over" "The link is no longer valid";
    /// A code is wrong, late, spent or unknown; which, is not said.
    CodeWrong 403 "code-wrong" "The code is wrong or no longer valid";
    /// Absent, or not the caller's to see; which, is not said.
    NotFound 404 "not-found" "There is no such thing";
    /// The path exists with another method.
    NoSuchMethod 405 "method-not-allowed" "The path does not take this method";
    /// Another browser used the link before.
    CodeRequired 409 "code-required" "The link was used in another browser";
    /// The address belongs to another contact.
    EmailTaken 409 "email-taken" "The address belongs to another contact";
    /// The domain belongs to another account.
    DomainTaken 409 "domain-taken" "The domain belongs to another account";
    /// The slug belongs to another company.
    SlugTaken 409 "slug-taken" "The slug is taken";
    /// The state does not allow it.
    WrongState 409 "wrong-state" "The present state does not allow this";
    /// Others kept changing the same things.
    Busy 409 "busy" "Others are changing the same thing";
    /// The tenant's storage is full.
    QuotaFull 409 "quota-full" "The storage is full";
    /// The upload is missing or is not what was announced.
    UploadDiffers 409 "upload-differs" "The upload is not what was announced";
    /// Somebody saved first.
    Stale 412 "stale" "Somebody saved first";
    /// The body is too long.
    TooLarge 413 "too-large" "The body is too long";
    /// The body is not JSON.
    NotJson 415 "not-json" "Send application/json";
    /// The body is no picture of a kind we take.
    NotPicture 415 "not-a-picture" "Send a PNG, JPEG or WebP picture";
    /// The idempotency key belongs to another body.
    KeyReused 422 "idempotency-key-reused" "The key belongs to another request";
    /// `If-Match` is missing.
    IfMatchMissing 428 "if-match-missing" "Send If-Match";
    /// Too many calls.
    TooMany 429 "too-many-requests" "Too many requests";
    /// A fault of ours.
    Internal 500 "internal" "Something failed on our side";
    /// A dependency is busy or away.
    Unavailable 503 "unavailable" "Try again in a moment";
}

impl Kind {
    /// HTTP status.
    #[must_use]
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.row().0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// One mistake in what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Mistake {
    /// Where: a JSON pointer into the body, or the name of a parameter or header.
    pub pointer: String,
    /// What is wrong, and what would be right.
    pub detail: String,
}

/// Why a request was not done.
#[derive(Debug)]
pub struct Problem {
    /// Which kind.
    pub kind: Kind,
    /// What happened, for the reader of the answer.
    pub detail: String,
    /// What to mend.
    pub errors: Vec<Mistake>,
    /// Seconds after which another try makes sense.
    pub retry_after: Option<u64>,
    /// What is answered instead; then it is not a problem at all.
    pub replay: Option<Replay>,
}

/// An answer that ends a request early and is no problem.
#[derive(Clone, Debug)]
pub enum Replay {
    /// The one that was given before under the same idempotency key.
    Before(Box<Parts>),
    /// What would happen.
    Preview(Box<Parts>),
}

/// A problem as it is sent.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub struct ProblemDocument {
    /// Which kind, as a stable URI.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What happened.
    pub detail: String,
    /// The request's id, for support and logs.
    pub instance: String,
    /// What to mend.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Mistake>,
}

impl Problem {
    /// A problem of `kind` that says `detail`.
    #[must_use]
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), errors: Vec::new(), retry_after: None, replay: None }
    }

    /// One mistake at `pointer` of the body.
    #[must_use]
    pub fn bad_input(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::mistake(Kind::BadInput, pointer, detail)
    }

    /// A problem of `kind` that lies in one place of the body.
    #[must_use]
    pub fn mistake(kind: Kind, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let (pointer, detail) = (pointer.into(), detail.into());
        let said = if pointer.is_empty() { detail.clone() } else { format!("{pointer}: {detail}") };
        Self { errors: vec![Mistake { pointer, detail }], ..Self::new(kind, said) }
    }

    /// Absent, or not the caller's to see: one answer for both.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, "There is nothing here, or nothing you may see.")
    }

    /// Another try makes sense after `seconds`.
    #[must_use]
    pub fn after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds.max(1)), ..self }
    }

    /// What is sent, under the request's id.
    #[must_use]
    pub fn document(&self, instance: &str) -> ProblemDocument {
        let (status, slug, title) = self.kind.row();
        ProblemDocument {
            kind: format!("{TYPE_BASE}{slug}"),
            title,
            status,
            detail: self.detail.clone(),
            instance: instance.to_owned(),
            errors: self.errors.clone(),
        }
    }
}

/// Leaves the problem with the response; the reception writes it out with the request's id.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        match self.replay {
            Some(Replay::Before(parts)) => return parts.into_response(),
            Some(Replay::Preview(parts)) => return crate::preview::marked(*parts),
            None => {}
        }
        let mut response = self.kind.status().into_response();
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Aws { .. } => Self::new(
                Kind::Unavailable,
                "Nothing was changed, or all of it; repeat with the same Idempotency-Key to know.",
            )
            .after(1),
            StoreError::Busy { .. } => {
                Self::new(Kind::Busy, "Nothing was changed. Try again.").after(1)
            }
            StoreError::Lost(lost) => lost_claims(&lost),
            StoreError::Corrupt(source) => internal("read an item", &source),
            StoreError::Build(source) => internal("build a request", &*source),
            StoreError::Rehearsed => internal("write what was only rehearsed", &error),
        }
    }
}

fn lost_claims(lost: &[Lost]) -> Problem {
    let Some(first) = lost.first() else {
        return Problem::new(Kind::Busy, "Nothing was changed. Try again.");
    };
    match first.claim {
        Claim::Version => Problem::new(
            Kind::Stale,
            "Somebody saved since you read it. Read it again, then save again.",
        ),
        Claim::Email => {
            Problem::mistake(Kind::EmailTaken, "/email", "another contact has this address")
        }
        Claim::Domain(place) => Problem::mistake(
            Kind::DomainTaken,
            format!("/domains/{place}"),
            "another account lists this domain",
        ),
        Claim::Slug => Problem::mistake(Kind::SlugTaken, "/slug", "another company has this slug"),
        Claim::Quota => Problem::mistake(
            Kind::QuotaFull,
            "/size_bytes",
            "the file does not fit what is left of the company's storage",
        ),
        Claim::Idempotency
        | Claim::Mail
        | Claim::Grant(_)
        | Claim::Gate
        | Claim::Seq
        | Claim::New
        | Claim::Attempt => Problem::new(Kind::Busy, "Nothing was changed. Try again.").after(1),
    }
}

impl From<FilesError> for Problem {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::Aws { .. } => {
                Self::new(Kind::Unavailable, "The file store did not answer. Try again.").after(1)
            }
            FilesError::Build(source) => internal("build a file request", &*source),
        }
    }
}

impl From<PictureError> for Problem {
    fn from(error: PictureError) -> Self {
        Self::bad_input("", error.to_string())
    }
}

fn internal(doing: &'static str, error: &(dyn std::error::Error + 'static)) -> Problem {
    tracing::error!(doing, error = %error, "request failed");
    Problem::new(Kind::Internal, "It was logged. Quote `instance` when you ask about it.")
}

impl From<RequestError> for Problem {
    fn from(error: RequestError) -> Self {
        let said = error.to_string();
        match error {
            RequestError::Ended(_)
            | RequestError::Started
            | RequestError::NoQuestion
            | RequestError::TooManyQuestions => Self::new(Kind::WrongState, sentence(&said)),
            RequestError::NotOpen(_) | RequestError::Both(_) | RequestError::Nothing => {
                Self::bad_input("", said)
            }
        }
    }
}

impl From<ContactError> for Problem {
    fn from(error: ContactError) -> Self {
        let said = error.to_string();
        match error {
            ContactError::Status { .. } => Self::mistake(Kind::WrongState, "/status", said),
            ContactError::NotSuspended => Self::new(Kind::WrongState, sentence(&said)),
        }
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        let said = error.to_string();
        match error {
            AccountError::Status { .. } => Self::mistake(Kind::WrongState, "/status", said),
        }
    }
}

/// An error's message, or a policy's rule, as a sentence.
pub(crate) fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).chain(['.']).collect()
    })
}
