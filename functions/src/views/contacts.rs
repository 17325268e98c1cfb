//! Contacts as clients see them.

use app::exchange::repeat::AddressView;
use domain::contact::{Contact, ReviewStatus};
use domain::document::AccessLevel;
use domain::email::Email;
use domain::grant::{Grant, Rights};
use domain::id::{AccountId, ContactId, DocumentId, GrantId, MailId, MemberId, RequestId};
use domain::outbox::{Closed, Suppression};
use domain::request::{Entry, Item, ItemState, Request, Status};
use domain::tenant::Zone;
use domain::text::{Category, JobTitle, Line, Note, PersonName, Title};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use store::contacts::Folder;
use store::lists::ContactRow;

use crate::views::requests::state_of;

/// A contact.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Contact")]
pub struct ContactView {
    /// Which contact.
    pub id: ContactId,
    /// Audited changes so far; also the `ETag`.
    pub version: u64,
    /// Their address.
    pub email: Option<Email>,
    /// First name.
    pub first_name: PersonName,
    /// Last name.
    pub last_name: PersonName,
    /// What they do.
    pub job_title: Option<JobTitle>,
    /// What kind of contact, in the company's own words.
    pub contact_type: Option<Line<60>>,
    /// Whom they work for.
    pub account_id: Option<AccountId>,
    /// Who looks after them.
    pub owner_id: Option<MemberId>,
    /// Where their review stands.
    pub status: ReviewStatus,
    /// Whether they are hidden from lists; it says nothing of their access.
    pub archived: bool,
    /// Whether somebody proved to read mail at the address.
    pub email_proved: bool,
    /// Why mail to the address has stopped, if it has; absent where that was not looked up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_stopped: Option<MailStoppedView>,
    /// Where their picture is shown from, for a minute. Absent if there is none, and from answers to
    /// changes, which are kept for a repeat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<AddressView>,
    /// What the saver should know; nothing is refused because of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// When they were made.
    pub created_at: Timestamp,
}

/// That mail to an address has stopped.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "MailStopped")]
pub struct MailStoppedView {
    /// Why.
    pub because: Closed,
    /// The mail that told.
    pub mail_id: MailId,
    /// When.
    pub at: Timestamp,
}

impl From<Suppression> for MailStoppedView {
    fn from(suppression: Suppression) -> Self {
        let Suppression { because, mail_id, at, lifted_at: _ } = suppression;
        Self { because, mail_id, at }
    }
}

/// What a saver should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// The e-mail's domain is none of the account's: nothing will be approved automatically.
    DomainIsNotTheAccounts,
}

impl From<&Contact> for ContactView {
    fn from(contact: &Contact) -> Self {
        Self {
            id: contact.id,
            version: contact.version,
            email: contact.email.clone(),
            first_name: contact.first_name.clone(),
            last_name: contact.last_name.clone(),
            job_title: contact.job_title.clone(),
            contact_type: contact.contact_type.clone(),
            account_id: contact.account_id,
            owner_id: contact.owner_id,
            status: contact.status,
            archived: contact.archived_at.is_some(),
            email_proved: contact.proved_at.is_some(),
            mail_stopped: None,
            picture: None,
            warnings: Vec::new(),
            created_at: contact.created_at,
        }
    }
}

/// A contact in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ContactListItem")]
pub struct ContactRowView {
    /// Which contact.
    pub id: ContactId,
    /// Their address.
    pub email: Option<Email>,
    /// First and last name.
    pub name: String,
    /// Whom they work for.
    pub account_id: Option<AccountId>,
    /// How that company is called.
    pub account_name: Option<Title>,
    /// Who looks after them.
    pub owner_id: Option<MemberId>,
    /// Where their review stands.
    pub status: ReviewStatus,
    /// Documents shared with them.
    pub shared_documents: u32,
    /// When they last did something.
    pub last_activity_at: Option<Timestamp>,
    /// When they were made.
    pub created_at: Timestamp,
}

impl From<ContactRow> for ContactRowView {
    fn from(row: ContactRow) -> Self {
        Self {
            id: row.id,
            email: row.email,
            name: row.name,
            account_id: row.account_id,
            account_name: row.account_name,
            owner_id: row.owner_id,
            status: row.status,
            shared_documents: row.shared,
            last_activity_at: row.last_activity_at,
            created_at: row.created_at,
        }
    }
}

/// A document on a contact's page.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ContactDocument")]
pub struct ContactDocumentView {
    /// Which document.
    pub document_id: DocumentId,
    /// What it is called.
    pub title: Title,
    /// What it is filed under.
    pub category: Category,
    /// Who may read it at all.
    pub access_level: AccessLevel,
    /// How it is shared with this contact, if it is.
    pub shared: Option<ShareView>,
    /// How it was shared until a short while ago, if it ended by time alone: extending restores it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restorable: Option<ShareView>,
    /// Whether the contact ever asked for it.
    pub asked: bool,
}

/// How a document is shared.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Share")]
pub struct ShareView {
    /// Which grant.
    pub grant_id: GrantId,
    /// The grant's version, to name when taking it back.
    pub version: u64,
    /// How it may be read.
    pub rights: Rights,
    /// Until when; for good if null.
    pub expires_at: Option<Timestamp>,
    /// Where that day was meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// Who shared it; nobody if the account approves on arrival.
    pub granted_by: Option<MemberId>,
    /// When it was shared.
    pub created_at: Timestamp,
}

impl From<&Grant> for ShareView {
    fn from(grant: &Grant) -> Self {
        Self {
            grant_id: grant.id,
            version: grant.version,
            rights: grant.rights.clone(),
            expires_at: grant.ends_at(),
            zone: grant.expiry.as_ref().map(|expiry| expiry.zone.clone()),
            granted_by: grant.granted_by,
            created_at: grant.created_at,
        }
    }
}

/// What a change of shares came to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Shared")]
pub struct SharedView {
    /// Documents that are shared now and were not, or not so.
    pub added: Vec<DocumentId>,
    /// Documents that were taken back.
    pub removed: Vec<DocumentId>,
    /// Whether the contact was approved along with it.
    pub approved_contact: bool,
    /// Whether the contact's account was approved along with it.
    pub approved_account: bool,
}

/// What an extension came to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Extended")]
pub struct ExtendedView {
    /// The access as it is now.
    pub extended: Vec<ExtendedShareView>,
}

/// Extended access to one document.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ExtendedShare")]
pub struct ExtendedShareView {
    /// Which document.
    pub document_id: DocumentId,
    /// How it is shared now.
    pub shared: ShareView,
}

impl From<&[Grant]> for ExtendedView {
    fn from(grants: &[Grant]) -> Self {
        let view = |grant: &Grant| ExtendedShareView {
            document_id: grant.document_id,
            shared: ShareView::from(grant),
        };
        Self { extended: grants.iter().map(view).collect() }
    }
}

/// A request on a contact's page.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ContactRequest")]
pub struct ContactRequestView {
    /// Which request.
    pub id: RequestId,
    /// Where it stands.
    pub status: Status,
    /// Whether it was approved because the documents came to be shared.
    pub automatic: bool,
    /// What it is for, as the contact typed it.
    pub reason: Note,
    /// What was asked for; an open document that is shared by now counts as shared.
    pub items: Vec<Item>,
    /// How many of them are shared.
    pub shared: usize,
    /// What happened, oldest first.
    pub timeline: Vec<Entry>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl ContactRequestView {
    /// The request as the grants in `folder` leave it at `now`.
    #[must_use]
    pub fn new(request: &Request, folder: &Folder, now: Timestamp) -> Self {
        let item = |item: &Item| Item { state: state_of(item, folder, now), ..item.clone() };
        let items: Vec<Item> = request.items.iter().map(item).collect();
        Self {
            id: request.id,
            status: request.status,
            automatic: request.automatic,
            reason: request.reason.clone(),
            shared: items.iter().filter(|item| item.state == ItemState::Shared).count(),
            items,
            timeline: request.timeline.clone(),
            created_at: request.created_at,
        }
    }
}
