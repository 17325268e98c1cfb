//! Access requests: a contact asks for documents, staff decide item by item.
//!
//! ```text
//! to_review ──start──▶ in_review ──ask──▶ info_needed ──answer──▶ in_review
//!     any of these ──last item decided, or all covered──▶ approved | rejected
//!     any of these ──withdraw──▶ withdrawn      ──90 days untouched──▶ expired
//! ```
//!
//! Coverage is derived, never counted: [`Request::covered_by`] looks at the grants that live now.

pub mod ending;

mod deciding;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{ContactId, DocumentId, MemberId, RequestId};
use crate::text::{JobTitle, Note, Title};

/// Documents one request may name; what covers them must fit one transaction of 100 items.
pub const DOCUMENTS_MAX: usize = 50;
/// Questions one request may carry.
pub const QUESTIONS_MAX: usize = 20;
/// Life of an answer link.
pub const ANSWER_LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Where a request stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has looked yet.
    ToReview,
    /// Somebody is looking.
    InReview,
    /// The visitor was asked something.
    InfoNeeded,
    /// At least one document was shared and none is open.
    Approved,
    /// No document was shared and none is open.
    Rejected,
    /// The visitor took it back.
    Withdrawn,
    /// Nobody touched it for 90 days.
    Expired,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 7] = [
        Self::ToReview,
        Self::InReview,
        Self::InfoNeeded,
        Self::Approved,
        Self::Rejected,
        Self::Withdrawn,
        Self::Expired,
    ];

    /// The word that keys and clients use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ToReview => "to_review",
            Self::InReview => "in_review",
            Self::InfoNeeded => "info_needed",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }

    /// Whether the request still waits for something.
    #[must_use]
    pub fn is_pending(self) -> bool {
        matches!(self, Self::ToReview | Self::InReview | Self::InfoNeeded)
    }
}

/// Where one asked document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Not decided.
    Open,
    /// Shared.
    Shared,
    /// Declined.
    Declined,
}

/// One asked document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// Which document.
    pub document_id: DocumentId,
    /// Where it stands.
    pub state: ItemState,
}

/// A question of staff and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What staff want to know.
    pub text: Note,
    /// When they asked.
    pub asked_at: Timestamp,
    /// The contact's epoch when they asked; a later one kills the mailed link.
    pub epoch: u32,
    /// What the visitor said.
    pub answer: Option<Note>,
}

/// What happened to a request, for its timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The visitor asked.
    Created,
    /// Staff began to look.
    StartedReview,
    /// Staff asked something.
    Asked,
    /// The visitor answered.
    Answered,
    /// Staff shared some of it.
    Shared,
    /// Staff declined some of it.
    Declined,
    /// It ended approved.
    Approved,
    /// It ended rejected.
    Rejected,
    /// The visitor took it back.
    Withdrawn,
    /// Nobody touched it for 90 days.
    Expired,
}

/// One entry of a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub what: What,
    /// The member who did it; nobody if the visitor or the rules did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by: Option<MemberId>,
    /// Whether it followed from documents shared elsewhere.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub automatic: bool,
}

/// A contact's question for documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Which request.
    pub id: RequestId,
    /// Audited changes so far, at least 1.
    pub version: u64,
    /// Who asks.
    pub contact_id: ContactId,
    /// What they ask for, in the order they picked it.
    pub items: Vec<Item>,
    /// Where it stands.
    pub status: Status,
    /// The company as the visitor typed it.
    pub company: Title,
    /// The job title as the visitor typed it.
    pub job_title: JobTitle,
    /// What it is for, as the visitor typed it.
    pub reason: Note,
    /// Questions and answers, oldest first.
    pub questions: Vec<Question>,
    /// What happened, oldest first.
    pub timeline: Vec<Entry>,
    /// Whether it was approved because the documents came to be shared.
    pub automatic: bool,
    /// Whether the account approved it on arrival, so that its documents are shared by rule.
    pub on_arrival: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Why a change to a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// It has ended.
    #[error("the request is `{}` and waits for nothing", .0.as_str())]
    Ended(Status),
    /// It is no longer new.
    #[error("the review has started already")]
    Started,
    /// Nothing was asked, or it was answered.
    #[error("no question waits for an answer")]
    NoQuestion,
    /// Too many questions.
    #[error("a request carries at most {QUESTIONS_MAX} questions")]
    TooManyQuestions,
    /// A decision names a document that is not among the open items.
    #[error("`{0}` is not an open item of this request")]
    NotOpen(DocumentId),
    /// A decision both shares and declines a document.
    #[error("`{0}` is both shared and declined")]
    Both(DocumentId),
    /// A decision decides nothing.
    #[error("name at least one document to share or decline")]
    Nothing,
}

/// What a visitor typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The company.
    pub company: Title,
    /// The job title.
    pub job_title: JobTitle,
    /// What it is for.
    pub reason: Note,
    /// At least one and at most [`DOCUMENTS_MAX`] documents; repeats are dropped.
    pub documents: Vec<DocumentId>,
}

impl Request {
    /// A new request.
    #[must_use]
    pub fn new(id: RequestId, contact_id: ContactId, asked: Asked, now: Timestamp) -> Self {
        let mut seen = BTreeSet::new();
        let mut documents = asked.documents;
        documents.retain(|document| seen.insert(*document));
        let items = documents
            .into_iter()
            .map(|document_id| Item { document_id, state: ItemState::Open })
            .collect();
        let created = Entry { at: now, what: What::Created, by: None, automatic: false };
        Self {
            id,
            version: 1,
            contact_id,
            items,
            status: Status::ToReview,
            company: asked.company,
            job_title: asked.job_title,
            reason: asked.reason,
            questions: Vec::new(),
            timeline: vec![created],
            automatic: false,
            on_arrival: false,
            created_at: now,
        }
    }

    /// The documents not decided yet.
    pub fn open_documents(&self) -> impl Iterator<Item = DocumentId> {
        let open = |item: &&Item| item.state == ItemState::Open;
        self.items.iter().filter(open).map(|item| item.document_id)
    }

    /// The request under review.
    ///
    /// # Errors
    /// [`RequestError::Ended`] or [`RequestError::Started`] if it is not new.
    pub fn start_review(self, by: MemberId, now: Timestamp) -> Result<Self, RequestError> {
        match self.status {
            Status::ToReview => {}
            Status::InReview | Status::InfoNeeded => return Err(RequestError::Started),
            ended => return Err(RequestError::Ended(ended)),
        }
        Ok(self.moved(Status::InReview, What::StartedReview, Some(by), now))
    }

    /// The request with a question to the visitor, whose contact is at `epoch`.
    ///
    /// # Errors
    /// [`RequestError::Ended`] if it has ended, [`RequestError::TooManyQuestions`].
    pub fn ask(
        mut self,
        text: Note,
        epoch: u32,
        by: MemberId,
        now: Timestamp,
    ) -> Result<Self, RequestError> {
        self.require_pending()?;
        if QUESTIONS_MAX <= self.questions.len() {
            return Err(RequestError::TooManyQuestions);
        }
        self.questions.push(Question { text, asked_at: now, epoch, answer: None });
        Ok(self.moved(Status::InfoNeeded, What::Asked, Some(by), now))
    }

    /// Whether the link mailed with question `round`, from 0, still answers it: it is the last
    /// one and has no answer, it is younger than [`ANSWER_LIFE`], and nothing has since ended what
    /// was mailed to the contact, now at `epoch`.
    #[must_use]
    pub fn awaits(&self, round: usize, epoch: u32, now: Timestamp) -> bool {
        let is_last = round + 1 == self.questions.len();
        let stands = |question: &Question| {
            question.answer.is_none()
                && question.epoch == epoch
                && now < question.asked_at + ANSWER_LIFE
        };
        self.status.is_pending() && is_last && self.questions.last().is_some_and(stands)
    }

    /// The request with the visitor's answer to the last question.
    ///
    /// # Errors
    /// [`RequestError::Ended`] if it has ended, [`RequestError::NoQuestion`] if none waits.
    pub fn answer(mut self, text: Note, now: Timestamp) -> Result<Self, RequestError> {
        self.require_pending()?;
        let last = self.questions.last_mut().filter(|question| question.answer.is_none());
        last.ok_or(RequestError::NoQuestion)?.answer = Some(text);
        Ok(self.moved(Status::InReview, What::Answered, None, now))
    }

    /// The request taken back by the visitor.
    ///
    /// # Errors
    /// [`RequestError::Ended`] if it has ended.
    pub fn withdraw(self, now: Timestamp) -> Result<Self, RequestError> {
        self.require_pending()?;
        Ok(self.moved(Status::Withdrawn, What::Withdrawn, None, now))
    }

    fn moved(mut self, to: Status, what: What, by: Option<MemberId>, now: Timestamp) -> Self {
        self.status = to;
        self.version += 1;
        self.timeline.push(Entry { at: now, what, by, automatic: false });
        self
    }

    fn require_pending(&self) -> Result<(), RequestError> {
        if self.status.is_pending() { Ok(()) } else { Err(RequestError::Ended(self.status)) }
    }
}
