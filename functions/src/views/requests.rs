//! Access requests as staff see them.

use app::requests::Reviewed;
use app::sharing::cover::live_grants;
use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::email::Email;
use domain::id::{AccountId, ContactId, DocumentId, RequestId};
use domain::request::{Entry, Item, ItemState, Question, Request, Status};
use domain::text::{JobTitle, Note, Title};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use store::contacts::Folder;
use store::lists::RequestRow;

/// An access request.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AccessRequest")]
pub struct RequestView {
    /// Which request.
    pub id: RequestId,
    /// Audited changes so far.
    pub version: u64,
    /// Where it stands.
    pub status: Status,
    /// Whether it was approved because the documents came to be shared.
    pub automatic: bool,
    /// Who asks, as they are on file.
    pub contact: AskerView,
    /// The company, as the visitor typed it.
    pub company: Title,
    /// The job title, as the visitor typed it.
    pub job_title: JobTitle,
    /// What it is for, as the visitor typed it.
    pub reason: Note,
    /// Questions and answers, oldest first.
    pub questions: Vec<QuestionView>,
    /// What was asked for, in the visitor's order; an open document that is shared by now counts
    /// as shared.
    pub items: Vec<RequestItemView>,
    /// How many of the documents are shared.
    pub shared: usize,
    /// How many documents were asked for.
    pub total: usize,
    /// What happened, oldest first.
    pub timeline: Vec<Entry>,
    /// When it was made.
    pub created_at: Timestamp,
    /// What else the contact asked for, newest first.
    pub history: Vec<EarlierRequestView>,
}

/// Who asks.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RequestContact")]
pub struct AskerView {
    /// Which contact.
    pub id: ContactId,
    /// First and last name.
    pub name: String,
    /// Their address.
    pub email: Option<Email>,
    /// Where their review stands.
    pub status: ReviewStatus,
    /// Whether somebody proved to read mail at the address.
    pub email_proved: bool,
    /// Whom they work for.
    pub account_id: Option<AccountId>,
    /// How that company is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_name: Option<Title>,
    /// Where that company's review stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_status: Option<ReviewStatus>,
}

/// A question of staff and its answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RequestQuestion")]
pub struct QuestionView {
    /// What staff want to know.
    pub text: Note,
    /// When they asked.
    pub asked_at: Timestamp,
    /// What the visitor said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Note>,
}

/// One asked document.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RequestItem")]
pub struct RequestItemView {
    /// Which document.
    pub document_id: DocumentId,
    /// What it is called.
    pub title: Title,
    /// Who may read it at all.
    pub access_level: AccessLevel,
    /// Where it stands.
    pub state: ItemState,
}

/// Another request of the same contact.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "EarlierRequest")]
pub struct EarlierRequestView {
    /// Which request.
    pub id: RequestId,
    /// Where it stands.
    pub status: Status,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A request in the queue.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AccessRequestListItem")]
pub struct RequestRowView {
    /// Which request.
    pub id: RequestId,
    /// Who asks.
    pub contact_id: ContactId,
    /// Their name when they asked.
    pub contact_name: String,
    /// The company, as the visitor typed it.
    pub company: Title,
    /// How many documents were asked for.
    pub total: usize,
    /// Where it stands.
    pub status: Status,
    /// When it was made.
    pub created_at: Timestamp,
}

impl RequestView {
    /// The request as the grants in its folder leave it at `now`.
    #[must_use]
    pub fn new(reviewed: &Reviewed, now: Timestamp) -> Self {
        let request = &reviewed.request;
        let items = items(reviewed, now);
        Self {
            id: request.id,
            version: request.version,
            status: request.status,
            automatic: request.automatic,
            contact: AskerView::from(reviewed),
            company: request.company.clone(),
            job_title: request.job_title.clone(),
            reason: request.reason.clone(),
            questions: request.questions.iter().map(QuestionView::from).collect(),
            shared: items.iter().filter(|item| item.state == ItemState::Shared).count(),
            total: items.len(),
            items,
            timeline: request.timeline.clone(),
            created_at: request.created_at,
            history: history(reviewed),
        }
    }
}

/// Where an item stands as the grants in `folder` leave it at `now`: open and shared is shared.
pub(crate) fn state_of(item: &Item, folder: &Folder, now: Timestamp) -> ItemState {
    let is_shared = || live_grants(folder, now).any(|grant| grant.document_id == item.document_id);
    match item.state {
        ItemState::Open if is_shared() => ItemState::Shared,
        state => state,
    }
}

fn items(reviewed: &Reviewed, now: Timestamp) -> Vec<RequestItemView> {
    let item = |item: &Item| {
        let id = item.document_id;
        // Deleted documents stay as evidence, so that every item has its document.
        let document = reviewed.documents.iter().find(|document| document.id == id)?;
        Some(RequestItemView {
            document_id: id,
            title: document.title.clone(),
            access_level: document.access_level,
            state: state_of(item, &reviewed.folder, now),
        })
    };
    reviewed.request.items.iter().filter_map(item).collect()
}

fn history(reviewed: &Reviewed) -> Vec<EarlierRequestView> {
    let is_other = |request: &&Request| request.id != reviewed.request.id;
    let others = reviewed.folder.requests.iter().rev().filter(is_other);
    others
        .map(|request| EarlierRequestView {
            id: request.id,
            status: request.status,
            created_at: request.created_at,
        })
        .collect()
}

impl From<&Reviewed> for AskerView {
    fn from(reviewed: &Reviewed) -> Self {
        let (contact, account) = (&reviewed.folder.contact, reviewed.account.as_ref());
        Self {
            id: contact.id,
            name: contact.full_name(),
            email: contact.email.clone(),
            status: contact.status,
            email_proved: contact.proved_at.is_some(),
            account_id: contact.account_id,
            account_name: account.map(|account| account.name.clone()),
            account_status: account.map(|account| account.status),
        }
    }
}

impl From<&Question> for QuestionView {
    fn from(question: &Question) -> Self {
        Self {
            text: question.text.clone(),
            asked_at: question.asked_at,
            answer: question.answer.clone(),
        }
    }
}

impl From<RequestRow> for RequestRowView {
    fn from(row: RequestRow) -> Self {
        Self {
            id: row.id,
            contact_id: row.contact_id,
            contact_name: row.contact_name,
            company: row.company,
            total: row.documents,
            status: row.status,
            created_at: row.created_at,
        }
    }
}
