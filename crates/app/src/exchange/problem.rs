//! Errors as clients see them: RFC 9457 problem documents.
//!
//! This is the only place where errors become HTTP. Every kind has a stable type; internals are
//! logged and never sent.

use axum::response::{IntoResponse, Response};
use domain::account::AccountError;
use domain::contact::ContactError;
use domain::id::TenantId;
use domain::request::RequestError;
use files::FilesError;
use files::picture::PictureError;
use jiff::Timestamp;
use policy::trust::Principal as Eyes;
use schemars::JsonSchema;
use serde::Serialize;
use store::StoreError;
use store::change::Claim;
use store::saved::Saved;

use crate::exchange::answer::Parts;

mod kind;

pub use kind::Kind;

/// What all type URIs begin with. They name a problem; nothing needs to be served there. `/v1/docs`
/// explains each kind.
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
    /// What a change would have saved, which was only rehearsed.
    Rehearsed(Box<Rehearsal>),
}

/// A change that was only rehearsed, and for whom.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    /// In which company.
    pub tenant: TenantId,
    /// Who asks what would happen: they are told what they may see. Absent for who is no member.
    pub eyes: Option<Eyes>,
    /// What would have been saved.
    pub saved: Vec<Saved>,
    /// When.
    pub now: Timestamp,
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

/// Leaves the problem with the response; the reception writes it out with the request's id, or what
/// a rehearsal comes to.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Some(Replay::Before(parts)) = self.replay {
            return parts.into_response();
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

fn lost_claims(lost: &[Claim]) -> Problem {
    let Some(first) = lost.first() else {
        return Problem::new(Kind::Busy, "Nothing was changed. Try again.");
    };
    match first {
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
    fn every_kind_says_in_sentences_when_it_comes_and_what_to_do() {
        for kind in Kind::ALL {
            let (when, then) = kind.advice();
            assert!(when.ends_with('.') && then.ends_with('.'), "{kind:?}");
        }
    }

    #[test]
    fn the_kinds_stand_in_the_order_of_their_statuses() {
        assert!(Kind::ALL.is_sorted_by_key(|kind| kind.row().0));
    }

    #[test]
    fn no_two_kinds_share_a_slug() {
        let mut slugs: Vec<_> = Kind::ALL.iter().map(|kind| kind.row().1).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), Kind::ALL.len());
    }

    fn told(problem: &Problem) -> (Kind, &str, Option<u64>) {
        let pointer = problem.errors.first().map_or("-", |mistake| mistake.pointer.as_str());
        (problem.kind, pointer, problem.retry_after)
    }

    #[test]
    fn each_lost_claim_is_told_as_what_to_mend() {
        let lost = |claim| Problem::from(StoreError::Lost(vec![claim]));
        for (claim, expected) in [
            (Claim::Version, (Kind::Stale, "-", None)),
            (Claim::Email, (Kind::EmailTaken, "/email", None)),
            (Claim::Domain(2), (Kind::DomainTaken, "/domains/2", None)),
            (Claim::Slug, (Kind::SlugTaken, "/slug", None)),
            (Claim::Quota, (Kind::QuotaFull, "/size_bytes", None)),
            (Claim::Mail, (Kind::Busy, "-", Some(1))),
            (Claim::Gate, (Kind::Busy, "-", Some(1))),
        ] {
            assert_eq!(told(&lost(claim)), expected, "{claim:?}");
        }
        let first = [Claim::Slug, Claim::Version];
        assert_eq!(lost_claims(&first).kind, Kind::SlugTaken);
        assert_eq!(told(&lost_claims(&[])), (Kind::Busy, "-", None));
    }

    #[test]
    fn what_failed_inside_is_told_without_its_inside() {
        let broken = || Box::new(std::io::Error::other("secret"));
        let aws = StoreError::Aws { doing: "read", source: broken() };
        let files = FilesError::Aws { doing: "read", source: broken() };
        for (problem, expected) in [
            (Problem::from(aws), (Kind::Unavailable, "-", Some(1))),
            (Problem::from(StoreError::Busy { attempts: 1 }), (Kind::Busy, "-", Some(1))),
            (Problem::from(StoreError::Build(broken())), (Kind::Internal, "-", None)),
            (Problem::from(StoreError::Rehearsed), (Kind::Internal, "-", None)),
            (Problem::from(files), (Kind::Unavailable, "-", Some(1))),
            (Problem::from(FilesError::Build(broken())), (Kind::Internal, "-", None)),
        ] {
            assert_eq!(told(&problem), expected);
            assert!(!problem.detail.is_empty() && !problem.detail.contains("secret"));
        }
    }

    #[test]
    fn what_the_rules_refuse_is_told_where_it_stands() {
        use domain::contact::ReviewStatus::{Approved, Cancelled};
        use domain::request::Status;

        let (from, to) = (Cancelled, Approved);
        for (problem, expected) in [
            (RequestError::Ended(Status::Rejected).into(), (Kind::WrongState, "-", None)),
            (RequestError::Started.into(), (Kind::WrongState, "-", None)),
            (RequestError::Nothing.into(), (Kind::BadInput, "", None)),
            (ContactError::Status { from, to }.into(), (Kind::WrongState, "/status", None)),
            (ContactError::NotSuspended.into(), (Kind::WrongState, "-", None)),
            (AccountError::Status { from, to }.into(), (Kind::WrongState, "/status", None)),
        ] {
            let problem: Problem = problem;
            assert_eq!(told(&problem), expected, "{}", problem.detail);
        }
    }

    #[test]
    fn a_mistake_is_told_with_its_place_and_a_wait_is_at_least_a_second() {
        assert_eq!(Problem::bad_input("/name", "too long").detail, "/name: too long");
        assert_eq!(Problem::bad_input("", "too long").detail, "too long");
        assert_eq!(Problem::not_found().after(0).retry_after, Some(1));
        assert_eq!(Problem::not_found().after(7).retry_after, Some(7));
        assert_eq!(Problem::not_found().kind, Kind::NotFound);
    }

    #[test]
    fn a_document_names_its_kind_by_address_and_the_request_it_answers() {
        let document = Problem::bad_input("/name", "too long").document("urn:ulid:1");
        assert_eq!((document.status, document.instance.as_str()), (400, "urn:ulid:1"));
        assert!(document.kind.starts_with(TYPE_BASE) && TYPE_BASE.len() < document.kind.len());
        assert_eq!(document.errors.len(), 1);
        assert_eq!(document.detail, "/name: too long");
    }

    #[test]
    fn an_answer_given_before_is_no_problem() {
        let parts = Parts { status: 204, ..Parts::default() };
        let replay = Some(Replay::Before(Box::new(parts)));
        let response = Problem { replay, ..Problem::not_found() }.into_response();
        assert_eq!(response.status(), 204);
        assert!(response.extensions().get::<std::sync::Arc<Problem>>().is_none());
        let response = Problem::not_found().into_response();
        assert_eq!(response.status(), 404);
        let left = response.extensions().get::<std::sync::Arc<Problem>>();
        assert_eq!(left.map(|problem| problem.kind), Some(Kind::NotFound));
    }

    #[test]
    fn a_message_becomes_a_sentence() {
        assert_eq!(sentence("éclair is gone"), "Éclair is gone.");
        assert_eq!(sentence(""), "");
    }
}
