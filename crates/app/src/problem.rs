//! Errors as clients see them: RFC 9457 problem documents.
//!
//! This is the only place where errors become HTTP. Every kind has a stable type; internals are
//! logged and never sent.

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

mod kind;

pub use kind::Kind;

/// What all type URIs begin with. They name a problem; nothing needs to be served there.
pub const TYPE_BASE: &str = "https://vestibule.dev/problems/";

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
        let AccountError::Status { .. } = &error;
        Self::mistake(Kind::WrongState, "/status", error.to_string())
    }
}

/// An error's message, or a policy's rule, as a sentence.
pub(crate) fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).chain(['.']).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_says_when_it_comes_and_what_to_do() {
        for kind in Kind::ALL {
            let (when, then) = kind.advice();
            let are_sentences = [when, then].iter().all(|said| said.ends_with('.'));
            assert!(are_sentences, "add two sentences to the row of {kind:?}: when, then");
        }
    }

    #[test]
    fn no_two_kinds_share_a_slug() {
        let mut slugs: Vec<_> = Kind::ALL.iter().map(|kind| kind.row().1).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), Kind::ALL.len());
    }
}
