//! The board of a link on which each guest gets a document of their own.

use app::linking::OnBoard;
use domain::contact::Contact;
use domain::email::Email;
use domain::id::{ContactId, DocumentId, FileId};
use domain::signature::{Deed, Progress, Signature};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// One guest, and how far they have come.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "LinkChild")]
pub struct ChildView {
    /// The document that is theirs alone.
    pub document_id: DocumentId,
    /// Who.
    pub contact_id: ContactId,
    /// First and last name.
    pub name: String,
    /// Their address.
    pub email: Option<Email>,
    /// When they first opened the link.
    pub opened_at: Timestamp,
    /// When they proved their address.
    pub verified_at: Timestamp,
    /// How far they are with what they are asked to sign; null if they are asked for nothing.
    pub progress: Option<Progress>,
    /// When they signed, approved or declined last.
    pub answered_at: Option<Timestamp>,
    /// Why they declined, if they did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The file that tells of their signature, once it is made.
    pub certificate_id: Option<FileId>,
}

impl From<OnBoard> for ChildView {
    fn from(guest: OnBoard) -> Self {
        let OnBoard { child, contact, block } = guest;
        let signer = block.as_ref().and_then(|block| block.signer(child.contact_id));
        let signature: Option<&Signature> = signer.and_then(|signer| signer.signature.as_ref());
        Self {
            document_id: child.document_id,
            contact_id: child.contact_id,
            name: contact.as_ref().map(Contact::full_name).unwrap_or_default(),
            email: contact.and_then(|contact| contact.email),
            opened_at: child.opened_at,
            verified_at: child.created_at,
            // A child keeps its version, so what was declined last stays so.
            progress: signer
                .map(|signer| signer.progress(signature.map(|signature| &signature.file))),
            answered_at: signature.map(|signature| signature.at),
            reason: signature.and_then(|signature| match &signature.deed {
                Deed::Declined(reason) => Some(reason.to_string()),
                Deed::Signed | Deed::Approved => None,
            }),
            certificate_id: block.and_then(|block| block.certificate),
        }
    }
}

/// What the columns of an exported board are called.
pub const COLUMNS: [&str; 8] = [
    "Name",
    "E-mail",
    "Opened (UTC)",
    "Verified (UTC)",
    "Progress",
    "Answered (UTC)",
    "Reason",
    "Document",
];

impl ChildView {
    /// The same as cells under [`COLUMNS`].
    #[must_use]
    pub fn cells(&self) -> [String; 8] {
        let instant = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M:%S").to_string();
        let progress = match self.progress {
            None => "not asked",
            Some(Progress::Waiting) => "waiting",
            Some(Progress::Declined) => "declined",
            Some(Progress::Signed) => "signed",
            Some(Progress::Approved) => "approved",
        };
        [
            self.name.clone(),
            self.email.as_ref().map(ToString::to_string).unwrap_or_default(),
            instant(self.opened_at),
            instant(self.verified_at),
            progress.to_owned(),
            self.answered_at.map(instant).unwrap_or_default(),
            self.reason.clone().unwrap_or_default(),
            self.document_id.to_string(),
        ]
    }
}
