//! Contacts as clients see them.

use domain::contact::{Contact, ReviewStatus};
use domain::email::Email;
use domain::id::{AccountId, ContactId, MemberId};
use domain::text::{JobTitle, Line, PersonName, Title};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use store::lists::ContactRow;

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
    /// Whether somebody proved to read mail at the address.
    pub email_proved: bool,
    /// What the saver should know; nothing is refused because of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// When they were made.
    pub created_at: Timestamp,
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
            email_proved: contact.proved_at.is_some(),
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
