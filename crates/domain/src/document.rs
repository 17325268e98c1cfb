//! Documents and the files they consist of.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::as_text::inline_schema;
use crate::id::{ContactId, DocumentId, EventId, FileId, LinkId, MemberId};
use crate::media::MediaType;
use crate::pages::Pages;
use crate::text::{Category, Title};

/// How long after its beginning an upload that was never completed is swept.
pub const UPLOAD_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// Who may read a document at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccessLevel {
    /// Anyone, without asking.
    Public,
    /// Whoever holds a grant.
    Restricted,
    /// Whoever holds a grant and accepted the agreement in force.
    Nda,
}

/// A titled thing with one or more files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Which document.
    pub id: DocumentId,
    /// Audited changes so far, at least 1.
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
    /// Of which document it is one guest's own, if it is a child.
    #[serde(default)]
    pub child_of: Option<ChildOf>,
    /// When it was deleted; the item stays as evidence.
    pub deleted_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Whose child a document is: what one guest of a link got for themselves, with the version of that
/// time. Its guest and the sender see it, and nobody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChildOf {
    /// From which document it was made.
    pub document_id: DocumentId,
    /// For whoever verified on which link.
    pub link_id: LinkId,
    /// Who that was.
    pub contact_id: ContactId,
}

/// The newest published file of a document, as the document itself tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Published {
    /// Which file.
    pub id: FileId,
    /// What it is called.
    pub name: Title,
    /// What it is.
    pub media_type: MediaType,
    /// How long it is.
    pub size_bytes: u64,
    /// When it was published.
    pub published_at: Timestamp,
    /// How far its pages are.
    #[serde(default)]
    pub pages: Pages,
}

/// One stored object of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Which file.
    pub id: FileId,
    /// Changes so far, at least 1.
    pub version: u64,
    /// Whose file.
    pub document_id: DocumentId,
    /// What it is to the document.
    #[serde(default)]
    pub kind: FileKind,
    /// What it is called; data, never part of a key.
    pub name: Title,
    /// What it claims to be; checked before it is published.
    pub media_type: MediaType,
    /// How long it is.
    pub size_bytes: u64,
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: Sha256,
    /// How far it has come.
    pub state: FileState,
    /// The member who uploads it, or who asked for it.
    pub uploader_id: MemberId,
    /// Who sent it, if a guest was asked for it.
    #[serde(default)]
    pub sent: Option<SentBy>,
    /// When the upload began.
    pub created_at: Timestamp,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// How far its pages are; what was published before there were pages has none.
    #[serde(default)]
    pub pages: Pages,
    /// The file whose bytes and pages it has, if it is a child's.
    #[serde(default)]
    pub stored_as: Option<FileId>,
    /// Whether children have its bytes and pages too.
    #[serde(default)]
    pub is_shared: bool,
}

/// What a file is to its document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A version of it: the newest one is what readers get.
    #[default]
    Version,
    /// The certificate that tells of its signatures.
    Certificate,
    /// What a guest sent who was asked for files: for the company and for whoever sent it.
    Sent,
}

/// Who sent a file that was asked for, and in answer to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SentBy {
    /// Who.
    pub contact_id: ContactId,
    /// On which guest link.
    pub link_id: LinkId,
    /// The entry of the thread that asked for it.
    pub event_id: EventId,
}

/// How far a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// The quota is reserved; bytes may be on their way into quarantine.
    Uploading,
    /// Checked and readable.
    Published,
    /// Deleted by staff, or swept because it was never completed.
    Deleted,
}

impl File {
    /// Whether the upload was given up: begun [`UPLOAD_LIFE`] ago and never completed.
    #[must_use]
    pub fn is_leftover(&self, now: Timestamp) -> bool {
        self.swept_at().is_some_and(|at| at <= now)
    }

    /// When it is swept unless the upload is completed before; `None` if it was.
    #[must_use]
    pub fn swept_at(&self) -> Option<Timestamp> {
        (self.state == FileState::Uploading).then(|| self.created_at + UPLOAD_LIFE)
    }

    /// Under which id its bytes and pages are stored.
    #[must_use]
    pub fn object(&self) -> FileId {
        self.stored_as.unwrap_or(self.id)
    }

    /// Whether its bytes and pages are its alone, and go with it.
    #[must_use]
    pub fn owns_its_object(&self) -> bool {
        self.stored_as.is_none() && !self.is_shared
    }

    /// The same file in the child `document_id`, under the id `id`, at `now`.
    #[must_use]
    pub fn for_child(&self, id: FileId, document_id: DocumentId, now: Timestamp) -> Self {
        Self {
            id,
            version: 1,
            document_id,
            created_at: now,
            published_at: Some(now),
            stored_as: Some(self.object()),
            is_shared: false,
            ..self.clone()
        }
    }

    /// Whether readers may get it as the document: a version of it that was checked.
    #[must_use]
    pub fn is_published_version(&self) -> bool {
        self.state == FileState::Published && self.kind == FileKind::Version
    }

    /// What the document tells of the file once it is published.
    #[must_use]
    pub fn published(&self, at: Timestamp) -> Published {
        Published {
            id: self.id,
            name: self.name.clone(),
            media_type: self.media_type,
            size_bytes: self.size_bytes,
            published_at: at,
            pages: self.pages,
        }
    }
}

/// Why a text is no SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a SHA-256 as 64 hexadecimal digits")]
pub struct Sha256Error;

/// A SHA-256 as 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256(String);

impl Sha256 {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The 32 bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        data_encoding::HEXLOWER.decode(self.0.as_bytes()).unwrap_or_default()
    }
}

impl From<[u8; 32]> for Sha256 {
    fn from(digest: [u8; 32]) -> Self {
        Self(data_encoding::HEXLOWER.encode(&digest))
    }
}

impl TryFrom<String> for Sha256 {
    type Error = Sha256Error;

    fn try_from(text: String) -> Result<Self, Sha256Error> {
        let text = text.to_ascii_lowercase();
        match data_encoding::HEXLOWER.decode(text.as_bytes()) {
            Ok(bytes) if bytes.len() == 32 => Ok(Self(text)),
            Ok(_) | Err(_) => Err(Sha256Error),
        }
    }
}

impl From<Sha256> for String {
    fn from(sha256: Sha256) -> Self {
        sha256.0
    }
}

inline_schema!(Sha256, "Sha256", { "type": "string", "pattern": "^[0-9a-fA-F]{64}$" });

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::id::Id;

    const T0: Timestamp = Timestamp::UNIX_EPOCH;

    fn id<I: Id>(number: u128) -> I {
        I::from_ulid(Ulid::from_parts(1, number))
    }

    fn file(state: FileState) -> File {
        File {
            id: id(1),
            version: 7,
            document_id: id(2),
            kind: FileKind::Version,
            name: "contract.pdf".parse().unwrap(),
            media_type: MediaType::Pdf,
            size_bytes: 5,
            sha256: Sha256::from([1; 32]),
            state,
            uploader_id: id(3),
            sent: None,
            created_at: T0,
            published_at: None,
            pages: Pages::Pending,
            stored_as: None,
            is_shared: false,
        }
    }

    #[test]
    fn only_an_upload_that_never_ended_is_swept_after_its_time() {
        let end = T0 + UPLOAD_LIFE;
        let upload = file(FileState::Uploading);
        assert_eq!(upload.swept_at(), Some(end));
        assert!(!upload.is_leftover(end - SignedDuration::from_nanos(1)));
        assert!(upload.is_leftover(end));
        for state in [FileState::Published, FileState::Deleted] {
            assert_eq!(file(state).swept_at(), None);
            assert!(!file(state).is_leftover(end));
        }
    }

    #[test]
    fn a_childs_file_has_the_bytes_of_the_first_and_an_owner_goes_with_its_own_only() {
        let first = File { is_shared: true, ..file(FileState::Published) };
        let now = T0 + UPLOAD_LIFE;
        let child = first.for_child(id(11), id(12), now);
        let expected = File {
            id: id(11),
            version: 1,
            document_id: id(12),
            created_at: now,
            published_at: Some(now),
            stored_as: Some(first.id),
            is_shared: false,
            ..file(FileState::Published)
        };
        assert_eq!(child, expected);
        assert_eq!((first.object(), child.object()), (first.id, first.id));
        let grandchild = child.for_child(id(21), id(22), now);
        assert_eq!(grandchild.object(), first.id);
        assert!(!first.owns_its_object() && !child.owns_its_object());
        assert!(file(FileState::Published).owns_its_object());
    }

    #[test]
    fn readers_get_published_versions_and_no_certificate() {
        let certificate = File { kind: FileKind::Certificate, ..file(FileState::Published) };
        assert!(file(FileState::Published).is_published_version());
        assert!(!file(FileState::Deleted).is_published_version());
        assert!(!certificate.is_published_version());
    }

    #[test]
    fn a_sha256_is_64_digits_in_one_spelling() {
        let parsed = |text: &str| Sha256::try_from(text.to_owned());
        let digits = "0f".repeat(32);
        assert_eq!(parsed(&digits), Ok(Sha256::from([15; 32])));
        assert_eq!(parsed(&digits.to_uppercase()), parsed(&digits));
        assert_eq!(parsed(&"0f".repeat(31)), Err(Sha256Error));
        assert_eq!(parsed(&"0g".repeat(32)), Err(Sha256Error));
        let sha256 = Sha256::from([15; 32]);
        assert_eq!((sha256.as_str(), sha256.bytes()), (digits.as_str(), vec![15; 32]));
        assert_eq!(String::from(sha256), digits);
    }
}
