//! Documents and files as clients see them.

use app::exchange::repeat::UploadView;
use app::library::Reader;
use domain::contact::ReviewStatus;
use domain::document::{
    AccessLevel, ChildOf, Document, File, FileKind, FileState, Published, SentBy, Sha256,
};
use domain::email::Email;
use domain::grant::{Rights, State};
use domain::id::{ContactId, DocumentId, FileId, GrantId, MemberId};
use domain::media::MediaType;
use domain::pages::Pages;
use domain::tenant::Zone;
use domain::text::{Category, Title};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use store::lists::DocumentRow;

use crate::views::links::LinkView;

/// A document.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Document")]
pub struct DocumentView {
    /// Which document.
    pub id: DocumentId,
    /// Audited changes so far; also the `ETag`.
    pub version: u64,
    /// What it is called.
    pub title: Title,
    /// What it is filed under.
    pub category: Category,
    /// Who may read it at all.
    pub access_level: AccessLevel,
    /// Who put it into the library.
    pub uploader_id: MemberId,
    /// The newest published file: what readers get.
    pub published: Option<Published>,
    /// Whose own copy it is, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child_of: Option<ChildOf>,
    /// Its files, newest first.
    pub files: Vec<FileView>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A file of a document.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "File")]
pub struct FileView {
    /// Which file.
    pub id: FileId,
    /// Whose file.
    pub document_id: DocumentId,
    /// What it is to the document.
    pub kind: FileKind,
    /// Who sent it, if a guest was asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<SentBy>,
    /// What it is called.
    pub name: Title,
    /// What it is.
    pub media_type: MediaType,
    /// How long it is.
    pub size_bytes: u64,
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: Sha256,
    /// How far it has come.
    pub state: FileState,
    /// When the upload began.
    pub created_at: Timestamp,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// How far its pages are. Only a file with pages can be read by whoever may not download it:
    /// tell it before sharing.
    pub pages: Pages,
}

/// A file that is to be uploaded.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "NewFile")]
pub struct NewFileView {
    /// The file.
    pub file: FileView,
    /// How to send its bytes, within 15 minutes.
    pub upload: UploadView,
}

/// A document in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "DocumentListItem")]
pub struct DocumentRowView {
    /// Which document.
    pub id: DocumentId,
    /// What it is called.
    pub title: Title,
    /// What it is filed under.
    pub category: Category,
    /// Who may read it at all.
    pub access_level: AccessLevel,
    /// Who put it into the library.
    pub uploader_id: MemberId,
    /// The newest published file: what readers get.
    pub published: Option<Published>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Somebody a document was shared with.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "DocumentReader")]
pub struct ReaderView {
    /// Who.
    pub contact_id: ContactId,
    /// First and last name.
    pub name: String,
    /// Their address.
    pub email: Option<Email>,
    /// Where their review stands.
    pub status: ReviewStatus,
    /// Whether the document opens to them now: the share holds, and they and their account are
    /// approved.
    pub open: bool,
    /// What lets them in.
    pub grant_id: GrantId,
    /// The grant's version, to name when taking it back.
    pub version: u64,
    /// Whether the share is over, apart from time.
    pub state: State,
    /// How it may be read.
    pub rights: Rights,
    /// Until when; for good if null.
    pub expires_at: Option<Timestamp>,
    /// Where that day was meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// Who shared it; nobody if the account approves on arrival.
    pub granted_by: Option<MemberId>,
    /// When it was last shared.
    pub created_at: Timestamp,
}

/// Where a document stands for one contact.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "DocumentAccess")]
pub struct AccessView {
    /// Which document.
    pub document_id: DocumentId,
    /// For whom.
    pub contact_id: ContactId,
    /// Whether it is open to them.
    pub open: bool,
    /// The guest link that was made in place of the one that was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkView>,
}

impl DocumentView {
    /// The document with its files.
    #[must_use]
    pub fn new(document: &Document, files: &[File]) -> Self {
        Self {
            id: document.id,
            version: document.version,
            title: document.title.clone(),
            category: document.category.clone(),
            access_level: document.access_level,
            uploader_id: document.uploader_id,
            published: document.published.clone(),
            child_of: document.child_of,
            files: files.iter().map(FileView::from).collect(),
            created_at: document.created_at,
        }
    }
}

impl From<&File> for FileView {
    fn from(file: &File) -> Self {
        Self {
            id: file.id,
            document_id: file.document_id,
            kind: file.kind,
            sent: file.sent,
            name: file.name.clone(),
            media_type: file.media_type,
            size_bytes: file.size_bytes,
            sha256: file.sha256.clone(),
            state: file.state,
            created_at: file.created_at,
            published_at: file.published_at,
            pages: file.pages,
        }
    }
}

impl From<DocumentRow> for DocumentRowView {
    fn from(row: DocumentRow) -> Self {
        Self {
            id: row.id,
            title: row.title,
            category: row.category,
            access_level: row.access_level,
            uploader_id: row.uploader_id,
            published: row.published,
            created_at: row.created_at,
        }
    }
}

impl From<Reader> for ReaderView {
    fn from(reader: Reader) -> Self {
        let Reader { grant, contact, open } = reader;
        Self {
            contact_id: contact.id,
            name: contact.full_name(),
            email: contact.email,
            status: contact.status,
            open,
            grant_id: grant.id,
            version: grant.version,
            state: grant.state,
            expires_at: grant.ends_at(),
            zone: grant.expiry.as_ref().map(|expiry| expiry.zone.clone()),
            rights: grant.rights,
            granted_by: grant.granted_by,
            created_at: grant.created_at,
        }
    }
}
