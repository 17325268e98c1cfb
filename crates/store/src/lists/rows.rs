//! What each kind of list shows of a thing.

use domain::contact::ReviewStatus;
use domain::document::{AccessLevel, Document, Published};
use domain::email::Email;
use domain::id::{AccountId, ContactId, DocumentId, Id, MemberId, RequestId};
use domain::request::Status;
use domain::text::{Category, Title};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::lists::Listed;

/// What an id is until the row's key has told it.
fn nobody<I: Id>() -> I {
    I::from_ulid(Ulid::nil())
}

/// A contact in a list. Names are short and what the key tells is left out: fifty rows must be
/// read for two units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRow {
    /// Which contact.
    #[serde(skip, default = "nobody")]
    pub id: ContactId,
    /// Their address.
    #[serde(rename = "e")]
    pub email: Option<Email>,
    /// First and last name.
    #[serde(rename = "n")]
    pub name: String,
    /// Whom they work for.
    #[serde(rename = "a")]
    pub account_id: Option<AccountId>,
    /// How that company is called.
    #[serde(rename = "c")]
    pub account_name: Option<Title>,
    /// Who looks after them.
    #[serde(rename = "o")]
    pub owner_id: Option<MemberId>,
    /// Where their review stands.
    #[serde(rename = "s")]
    pub status: ReviewStatus,
    /// Documents open to them now, apart from the gate.
    #[serde(rename = "d")]
    pub shared: u32,
    /// When they last did something.
    #[serde(rename = "t", default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub last_activity_at: Option<Timestamp>,
    /// When they were made.
    #[serde(skip)]
    pub created_at: Timestamp,
    /// The contact's version this row was taken from.
    pub source_version: u64,
}

/// An account in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRow {
    /// Which account.
    #[serde(skip, default = "nobody")]
    pub id: AccountId,
    /// How it is called.
    pub name: Title,
    /// Where its review stands.
    pub status: ReviewStatus,
    /// When it was made.
    #[serde(skip)]
    pub created_at: Timestamp,
    /// The account's version this row was taken from.
    pub source_version: u64,
}

/// A request in the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRow {
    /// Which request.
    #[serde(skip, default = "nobody")]
    pub id: RequestId,
    /// Who asks.
    pub contact_id: ContactId,
    /// Their name when they asked.
    pub contact_name: String,
    /// Their company as they typed it.
    pub company: Title,
    /// How many documents they ask for.
    pub documents: usize,
    /// Where it stands.
    pub status: Status,
    /// When it was made.
    #[serde(skip)]
    pub created_at: Timestamp,
    /// The request's version this row was taken from.
    pub source_version: u64,
}

/// A document in the library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRow {
    /// Which document.
    #[serde(skip, default = "nobody")]
    pub id: DocumentId,
    /// What it is called.
    pub title: Title,
    /// What it is filed under.
    pub category: Category,
    /// Who may read it at all.
    pub access_level: AccessLevel,
    /// Who put it there.
    pub uploader_id: MemberId,
    /// The newest published file.
    pub published: Option<Published>,
    /// When it was made.
    #[serde(skip)]
    pub created_at: Timestamp,
    /// The document's version this row was taken from.
    pub source_version: u64,
}

impl From<&Document> for DocumentRow {
    fn from(document: &Document) -> Self {
        Self {
            id: document.id,
            title: document.title.clone(),
            category: document.category.clone(),
            access_level: document.access_level,
            uploader_id: document.uploader_id,
            published: document.published.clone(),
            created_at: document.created_at,
            source_version: document.version,
        }
    }
}

macro_rules! listed {
    ($row:ident, |$this:ident| $group:expr, $at:expr) => {
        impl Listed for $row {
            fn ulid(&self) -> Ulid {
                self.id.ulid()
            }

            fn group(&self) -> String {
                let $this = self;
                $group
            }

            fn day(&self) -> String {
                let $this = self;
                let at: Timestamp = $at;
                at.strftime("%Y-%m-%d").to_string()
            }

            fn version(&self) -> u64 {
                self.source_version
            }

            fn found_at(self, ulid: Ulid) -> Self {
                let millis = i64::try_from(ulid.timestamp_ms()).unwrap_or_default();
                let created_at = Timestamp::from_millisecond(millis).unwrap_or_default();
                Self { id: Id::from_ulid(ulid), created_at, ..self }
            }
        }
    };
}

listed!(
    ContactRow,
    |row| row.status.as_str().to_owned(),
    row.last_activity_at.unwrap_or(row.created_at)
);
listed!(AccountRow, |row| row.status.as_str().to_owned(), row.created_at);
listed!(RequestRow, |row| row.status.as_str().to_owned(), row.created_at);
listed!(DocumentRow, |row| row.category.to_string(), row.created_at);
