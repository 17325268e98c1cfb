//! Signatures: who is asked to sign or approve a document, and what became of it.
//!
//! ```text
//! waiting ──sign or approve──▶ finished, for good
//!    └──decline──▶ declined ──sign or approve──▶ finished
//!                     └──a newer version──▶ waiting
//! ```
//!
//! A signature binds exact bytes: it pins the file that was the newest when it was given, and a
//! later one leaves it as it is. Whether somebody waits is therefore judged against the newest
//! file, never stored ([`Signer::progress`]). The block is complete once everybody it lists has
//! finished, and changes no more from then on.

pub mod asking;
pub mod keeping;
#[cfg(test)]
mod play;
pub mod signing;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::{File, FileKind, Sha256};
use crate::email::Email;
use crate::id::{ContactId, DeviceId, DocumentId, FileId, LinkId, MemberId};
use crate::text::{Note, PersonName, Reason, Title};

/// Signers one block may list; the block is one item of the table, of 400 KB at the most.
pub const SIGNERS_MAX: usize = 50;

/// What somebody is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Put their name under it.
    Sign,
    /// Say that it is right.
    Approve,
}

impl Act {
    /// The word that clients and sentences use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Approve => "approve",
        }
    }

    /// What is on record once it is done.
    #[must_use]
    pub const fn done(self) -> Deed {
        match self {
            Self::Sign => Deed::Signed,
            Self::Approve => Deed::Approved,
        }
    }
}

/// Who may sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// Those whom the block lists, and nobody else.
    Named,
    /// Besides those listed whoever verifies on a link that lets them; they join the list by what
    /// they do. Such a block is complete only once staff leave it to those named.
    Open(Act),
    /// Whoever verifies on a link, each in a document of their own made from this one ("group
    /// signature with shared access"). Lists nobody.
    Group(Act),
}

/// The signatures block of one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Under which document.
    pub document_id: DocumentId,
    /// Audited changes so far, at least 1.
    pub version: u64,
    /// Who may sign.
    pub whom: Whom,
    /// Who is asked, or came by themselves, in that order.
    pub signers: Vec<Signer>,
    /// Which member asked last.
    pub asked_by: MemberId,
    /// What they said to the signers.
    pub message: Option<Note>,
    /// When everybody had finished.
    pub completed_at: Option<Timestamp>,
    /// The file that tells of the complete block, once it is made.
    pub certificate: Option<FileId>,
    /// When somebody first asked.
    pub created_at: Timestamp,
}

/// Somebody who is asked, and what they last did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// Who.
    pub contact_id: ContactId,
    /// What they are asked to do.
    pub act: Act,
    /// When they were asked.
    pub asked_at: Timestamp,
    /// What they did, if anything.
    pub signature: Option<Signature>,
}

/// What a signer did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Put their name under it.
    Signed,
    /// Said that it is right.
    Approved,
    /// Said that they will not, and why. They may still change their mind.
    Declined(Reason),
}

impl Deed {
    /// Whether it is for good.
    #[must_use]
    pub(crate) const fn is_final(&self) -> bool {
        matches!(self, Self::Signed | Self::Approved)
    }
}

/// What a signer did to which bytes: the evidence, complete in itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// What they did.
    pub deed: Deed,
    /// Exactly what they did it to.
    pub file: Exact,
    /// Their address as it was then; proved, if they signed or approved.
    pub email: Email,
    /// Their first name as it was then.
    pub first_name: PersonName,
    /// Their last name as it was then.
    pub last_name: PersonName,
    /// When.
    pub at: Timestamp,
    /// In which browser.
    pub device_id: DeviceId,
    /// Through which link, if through one.
    pub link_id: Option<LinkId>,
    /// From where.
    pub network: String,
    /// What the browser called itself.
    pub agent: Option<String>,
}

impl Signature {
    /// First and last name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

/// One published file of a document, to the byte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exact {
    /// Which file.
    pub id: FileId,
    /// What it is called.
    pub name: Title,
    /// SHA-256 of its bytes.
    pub sha256: Sha256,
    /// Which version of the document it is: 1 for the first file that was published.
    pub version: u32,
}

impl Exact {
    /// The newest version among all `files` that the document ever had; `None` if nothing is
    /// published. Certificates are about the document, and no version of it.
    ///
    /// A deleted file is nothing to sign, but still counts, so that no number is given twice.
    #[must_use]
    pub fn newest<'a>(files: impl IntoIterator<Item = &'a File>) -> Option<Self> {
        let is_version = |file: &&File| file.kind == FileKind::Version;
        let versions = files.into_iter().filter(is_version);
        let mut published: Vec<_> = versions.filter(|file| file.published_at.is_some()).collect();
        published.sort_by_key(|file| (file.published_at, file.id));
        let numbered = (1..).zip(published);
        let readable = numbered.filter(|(_, file)| file.is_published_version());
        readable.last().map(|(version, file)| Self {
            id: file.id,
            name: file.name.clone(),
            sha256: file.sha256.clone(),
            version,
        })
    }
}

/// How far a signer has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// They have not answered, or declined a version that is not the newest any more.
    Waiting,
    /// They declined the newest version.
    Declined,
    /// They signed some version.
    Signed,
    /// They approved some version.
    Approved,
}

impl Signer {
    /// How far they have come, where `newest` is what would be signed now.
    #[must_use]
    pub fn progress(&self, newest: Option<&Exact>) -> Progress {
        let Some(signature) = &self.signature else { return Progress::Waiting };
        match signature.deed {
            Deed::Signed => Progress::Signed,
            Deed::Approved => Progress::Approved,
            Deed::Declined(_) => {
                let is_newest = newest.is_some_and(|file| file.sha256 == signature.file.sha256);
                if is_newest { Progress::Declined } else { Progress::Waiting }
            }
        }
    }

    /// What they signed or approved, if they have.
    #[must_use]
    pub fn finished(&self) -> Option<&Signature> {
        self.signature.as_ref().filter(|signature| signature.deed.is_final())
    }
}

/// What a change to a block comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Effect {
    /// Save this block, and tell whoever is to know.
    Changed(Block),
    /// It was so before: the reply was lost, or the button was pressed twice. Answer the same.
    Unchanged,
}

impl Block {
    /// Whether everybody listed has finished; nothing changes any more.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.completed_at.is_some()
    }

    /// The signer `contact_id`, if the block lists them.
    #[must_use]
    pub fn signer(&self, contact_id: ContactId) -> Option<&Signer> {
        self.signers.iter().find(|signer| signer.contact_id == contact_id)
    }

    /// Everything that was signed or approved, in the order of the list.
    pub fn finished(&self) -> impl Iterator<Item = &Signature> {
        self.signers.iter().filter_map(Signer::finished)
    }

    /// The block after a change at `now`: one version on, and complete if that finished it.
    fn changed(mut self, now: Timestamp) -> Self {
        self.version += 1;
        let is_finished = self.signers.iter().all(|signer| signer.finished().is_some());
        if self.whom == Whom::Named && is_finished && !self.signers.is_empty() {
            self.completed_at = Some(now);
        }
        self
    }
}
