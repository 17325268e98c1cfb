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

    /// The request with some documents shared and others declined; it ends when none is open.
    ///
    /// # Errors
    /// [`RequestError::Ended`], [`RequestError::Nothing`], [`RequestError::Both`] or
    /// [`RequestError::NotOpen`].
    pub fn decide(
        mut self,
        share: &BTreeSet<DocumentId>,
        decline: &BTreeSet<DocumentId>,
        by: MemberId,
        now: Timestamp,
    ) -> Result<Self, RequestError> {
        self.require_pending()?;
        if share.is_empty() && decline.is_empty() {
            return Err(RequestError::Nothing);
        }
        if let Some(both) = share.intersection(decline).next() {
            return Err(RequestError::Both(*both));
        }
        let open: BTreeSet<DocumentId> = self.open_documents().collect();
        if let Some(stranger) = share.union(decline).find(|document| !open.contains(document)) {
            return Err(RequestError::NotOpen(*stranger));
        }
        for item in &mut self.items {
            if share.contains(&item.document_id) {
                item.state = ItemState::Shared;
            } else if decline.contains(&item.document_id) {
                item.state = ItemState::Declined;
            }
        }
        let mut note =
            |what| self.timeline.push(Entry { at: now, what, by: Some(by), automatic: false });
        if !share.is_empty() {
            note(What::Shared);
        }
        if !decline.is_empty() {
            note(What::Declined);
        }
        self.version += 1;
        if self.status == Status::ToReview {
            self.status = Status::InReview;
        }
        Ok(self.closed_if_decided(Some(by), now))
    }

    /// The request approved because `live` grants cover every open item; `None` if they do not,
    /// if nothing is open, or if it has ended.
    #[must_use]
    pub fn covered_by(mut self, live: &BTreeSet<DocumentId>, now: Timestamp) -> Option<Self> {
        let open: BTreeSet<DocumentId> = self.open_documents().collect();
        if !self.status.is_pending() || open.is_empty() || !open.is_subset(live) {
            return None;
        }
        for item in &mut self.items {
            if item.state == ItemState::Open {
                item.state = ItemState::Shared;
            }
        }
        self.version += 1;
        self.status = Status::Approved;
        self.automatic = true;
        self.timeline.push(Entry { at: now, what: What::Approved, by: None, automatic: true });
        Some(self)
    }

    /// The request without `document`, which was deleted; `None` if it did not ask for it or has
    /// ended. A request left with nothing open ends; left with nothing at all it is withdrawn.
    #[must_use]
    pub fn without(mut self, document: DocumentId, now: Timestamp) -> Option<Self> {
        let named = self.items.iter().any(|item| item.document_id == document);
        if !self.status.is_pending() || !named {
            return None;
        }
        self.items.retain(|item| item.document_id != document);
        if self.items.is_empty() {
            return Some(self.moved(Status::Withdrawn, What::Withdrawn, None, now));
        }
        self.version += 1;
        Some(self.closed_if_decided(None, now))
    }

    fn closed_if_decided(mut self, by: Option<MemberId>, now: Timestamp) -> Self {
        if self.open_documents().next().is_some() {
            return self;
        }
        let any_shared = self.items.iter().any(|item| item.state == ItemState::Shared);
        let (status, what) = if any_shared {
            (Status::Approved, What::Approved)
        } else {
            (Status::Rejected, What::Rejected)
        };
        self.status = status;
        self.timeline.push(Entry { at: now, what, by, automatic: false });
        self
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

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::*;
    use crate::id::Id;

    const T0: Timestamp = Timestamp::UNIX_EPOCH;

    fn id<I: Id>(number: u128) -> I {
        I::from_ulid(Ulid::from_parts(1, number))
    }

    fn documents(numbers: impl IntoIterator<Item = u128>) -> BTreeSet<DocumentId> {
        numbers.into_iter().map(id).collect()
    }

    fn asking_for(count: u128) -> Request {
        let asked = Asked {
            company: "Initech".parse().unwrap(),
            job_title: "Risk".parse().unwrap(),
            reason: "Review".parse().unwrap(),
            documents: (0..count).map(id).collect(),
        };
        Request::new(id(1), id(2), asked, T0)
    }

    #[test]
    fn naming_a_document_twice_asks_for_it_once() {
        let mut asked = Asked {
            company: "Initech".parse().unwrap(),
            job_title: "Risk".parse().unwrap(),
            reason: "Review".parse().unwrap(),
            documents: vec![id(3), id(1), id(3)],
        };
        let request = Request::new(id(1), id(2), asked.clone(), T0);
        asked.documents = vec![id(3), id(1)];
        assert_eq!(request, Request::new(id(1), id(2), asked, T0));
    }

    #[test]
    fn two_of_three_leave_a_request_open_and_the_third_approves_it() {
        let request = asking_for(3);
        assert_eq!(request.clone().covered_by(&documents([0, 1]), T0), None);
        let approved = request.covered_by(&documents([0, 1, 2, 9]), T0).unwrap();
        assert_eq!(approved.status, Status::Approved);
        assert!(approved.automatic && approved.open_documents().next().is_none());
        assert_eq!(approved.clone().covered_by(&documents([0, 1, 2]), T0), None, "only once");
    }

    #[test]
    fn declined_items_do_not_count_towards_coverage() {
        let none = BTreeSet::new();
        let request = asking_for(2).decide(&none, &documents([1]), id(7), T0).unwrap();
        assert_eq!(request.status, Status::InReview);
        assert!(request.covered_by(&documents([0]), T0).is_some());
    }

    #[test]
    fn a_request_ends_rejected_only_if_nothing_was_shared() {
        let none = BTreeSet::new();
        let all = documents([0, 1]);
        let by = id(7);
        assert_eq!(asking_for(2).decide(&none, &all, by, T0).unwrap().status, Status::Rejected);
        let mixed = asking_for(2).decide(&documents([0]), &documents([1]), by, T0).unwrap();
        assert_eq!(mixed.status, Status::Approved);
        assert!(!mixed.automatic);
    }

    #[test]
    fn decisions_name_open_items_once() {
        let none = BTreeSet::new();
        let decide = |share: &_, decline: &_| asking_for(1).decide(share, decline, id(7), T0);
        assert_eq!(decide(&none, &none), Err(RequestError::Nothing));
        assert_eq!(decide(&documents([5]), &none), Err(RequestError::NotOpen(id(5))));
        assert_eq!(decide(&documents([0]), &documents([0])), Err(RequestError::Both(id(0))));
    }

    #[test]
    fn an_answer_needs_a_question_and_puts_the_request_back_under_review() {
        let note = |text: &str| text.parse::<Note>().unwrap();
        assert_eq!(asking_for(1).answer(note("yes"), T0), Err(RequestError::NoQuestion));
        let asked = asking_for(1).ask(note("why?"), 0, id(7), T0).unwrap();
        assert_eq!(asked.status, Status::InfoNeeded);
        let answered = asked.answer(note("audit"), T0).unwrap();
        assert_eq!(answered.status, Status::InReview);
        assert_eq!(answered.answer(note("again"), T0), Err(RequestError::NoQuestion));
    }

    #[test]
    fn a_mailed_question_is_answered_once_in_time_and_by_who_was_asked() {
        let note = |text: &str| text.parse::<Note>().unwrap();
        let asked = asking_for(1).ask(note("why?"), 3, id(7), T0).unwrap();
        let end = T0 + ANSWER_LIFE;
        assert!(asked.awaits(0, 3, end - SignedDuration::from_nanos(1)));
        assert!(!asked.awaits(0, 3, end), "over");
        assert!(!asked.awaits(0, 4, T0), "the address changed, or access was suspended");
        assert!(!asked.awaits(1, 3, T0), "never asked");
        let again = asked.clone().ask(note("and who?"), 3, id(7), T0).unwrap();
        assert!(!again.awaits(0, 3, T0) && again.awaits(1, 3, T0), "only the last");
        assert!(!asked.clone().answer(note("audit"), T0).unwrap().awaits(0, 3, T0), "answered");
        assert!(!asked.withdraw(T0).unwrap().awaits(0, 3, T0), "ended");
    }

    #[test]
    fn deleting_a_document_withdraws_its_item_and_judges_the_rest() {
        let shared = asking_for(2).decide(&documents([0]), &BTreeSet::new(), id(7), T0).unwrap();
        assert_eq!(shared.without(id(1), T0).unwrap().status, Status::Approved);
        assert_eq!(asking_for(1).without(id(0), T0).unwrap().status, Status::Withdrawn);
        assert_eq!(asking_for(1).without(id(5), T0), None);
    }

    #[derive(Clone, Debug)]
    enum Event {
        Start,
        Ask,
        Answer,
        Withdraw,
        Decide(BTreeSet<u128>, BTreeSet<u128>),
        Cover(BTreeSet<u128>),
        Delete(u128),
    }

    fn event() -> impl Strategy<Value = Event> {
        let some = || btree_set(0_u128..4, 0..4);
        prop_oneof![
            Just(Event::Start),
            Just(Event::Ask),
            Just(Event::Answer),
            Just(Event::Withdraw),
            (some(), some()).prop_map(|(share, decline)| Event::Decide(share, decline)),
            some().prop_map(Event::Cover),
            (0_u128..4).prop_map(Event::Delete),
        ]
    }

    fn apply(request: Request, event: &Event) -> Request {
        let before = request.clone();
        let note = || "text".parse::<Note>().unwrap();
        let by = id(7);
        match event {
            Event::Start => request.start_review(by, T0).unwrap_or(before),
            Event::Ask => request.ask(note(), 0, by, T0).unwrap_or(before),
            Event::Answer => request.answer(note(), T0).unwrap_or(before),
            Event::Withdraw => request.withdraw(T0).unwrap_or(before),
            Event::Decide(share, decline) => {
                let (share, decline) = (documents(share.clone()), documents(decline.clone()));
                request.decide(&share, &decline, by, T0).unwrap_or(before)
            }
            Event::Cover(live) => {
                request.covered_by(&documents(live.clone()), T0).unwrap_or(before)
            }
            Event::Delete(document) => request.without(id(*document), T0).unwrap_or(before),
        }
    }

    proptest! {
        #[test]
        fn whatever_happens_an_ended_request_stays_as_it_is(events in vec(event(), 0..20)) {
            let mut request = asking_for(3);
            for event in &events {
                let next = apply(request.clone(), event);
                if !request.status.is_pending() {
                    prop_assert_eq!(&next, &request);
                }
                // Every change is one save, and every save says what happened.
                prop_assert!(next == request || next.version == request.version + 1);
                let is_open = next.open_documents().next().is_some();
                prop_assert!(is_open || !next.status.is_pending(), "nothing open, yet pending");
                if next.status == Status::Approved {
                    prop_assert!(next.items.iter().any(|item| item.state == ItemState::Shared));
                }
                request = next;
            }
        }
    }
}
