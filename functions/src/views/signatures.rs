//! The signatures of a document, as staff see them and as a guest does.

use app::guest::Signing;
use app::linking::signatures::Asked;
use app::linking::thread::Cast;
use domain::contact::Contact;
use domain::email::Email;
use domain::id::{ContactId, DeviceId, DocumentId, FileId, LinkId, MemberId};
use domain::signature::{Act, Block, Deed, Exact, Progress, Signature, Signer, Whom};
use domain::text::{Note, Reason};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who may sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "SignedBy")]
pub enum WhomView {
    /// Those who are listed, and nobody else.
    Named,
    /// Besides those listed whoever verifies on a link that lets them sign.
    Open,
    /// Whoever verifies on a link, each in a document of their own ("group signature with shared
    /// access").
    Group,
}

/// The signatures of a document.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Signatures")]
pub struct SignaturesView {
    /// Under which document.
    pub document_id: DocumentId,
    /// Changes so far; also the `ETag`. 0 while nobody was asked.
    pub version: u64,
    /// Who may sign; null while nobody was asked.
    pub whom: Option<WhomView>,
    /// What those do who are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<Act>,
    /// What the signers are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Note>,
    /// Which member asked last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<MemberId>,
    /// Who is asked, or came by themselves.
    pub signers: Vec<SignerView>,
    /// What would be signed now; null while nothing is published.
    pub newest: Option<Exact>,
    /// When everybody had finished.
    pub completed_at: Option<Timestamp>,
    /// The file that tells so, once it is made.
    pub certificate_id: Option<FileId>,
}

/// Somebody who is asked to sign.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Signer")]
pub struct SignerView {
    /// Who.
    pub contact_id: ContactId,
    /// First and last name, as they are now.
    pub name: String,
    /// What they are asked to do.
    pub act: Act,
    /// How far they have come.
    pub progress: Progress,
    /// When they were asked.
    pub asked_at: Timestamp,
    /// What they did last.
    pub signature: Option<SignatureView>,
}

/// What a signer did, to exactly which bytes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Signature")]
pub struct SignatureView {
    /// What they did it to.
    pub file: Exact,
    /// Why they declined, if they did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Their address as it was then.
    pub email: Email,
    /// First and last name, as they were then.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// In which browser.
    pub device_id: DeviceId,
    /// Through which guest link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_id: Option<LinkId>,
    /// From where.
    pub network: String,
    /// What the browser called itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
}

/// What a guest is asked to sign, and how far it is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "GuestSigning")]
pub struct SigningView {
    /// What this guest is asked; null if nothing.
    pub asked: Option<GuestAskedView>,
    /// What would be signed now; null while nothing is published.
    pub newest: Option<Exact>,
    /// Who may sign; null while nobody was asked.
    pub whom: Option<WhomView>,
    /// How many are asked.
    pub signers: usize,
    /// How many of them have signed or approved.
    pub finished: usize,
    /// When everybody had finished.
    pub completed_at: Option<Timestamp>,
    /// The file that tells so, once it is made, for whoever signed.
    pub certificate_id: Option<FileId>,
}

/// What a guest is asked.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "GuestAsked")]
pub struct GuestAskedView {
    /// What to do.
    pub act: Act,
    /// How far they have come.
    pub progress: Progress,
    /// What the sender says to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Note>,
    /// What they did last.
    pub signature: Option<SignatureView>,
}

impl SignaturesView {
    /// The signatures of `document_id`, of whom `cast` tells the names.
    #[must_use]
    pub fn new(document_id: DocumentId, asked: Asked, cast: &Cast) -> Self {
        let Asked { block, newest } = asked;
        let (whom, act) = block.as_ref().map(|block| parts(block.whom)).unzip();
        let signers = block.iter().flat_map(|block| &block.signers);
        let name = |id: &ContactId| cast.contacts.get(id).map(Contact::full_name);
        Self {
            document_id,
            version: block.as_ref().map_or(0, |block| block.version),
            whom,
            act: act.flatten(),
            message: block.as_ref().and_then(|block| block.message.clone()),
            asked_by: block.as_ref().map(|block| block.asked_by),
            signers: signers
                .map(|signer| SignerView {
                    contact_id: signer.contact_id,
                    name: name(&signer.contact_id).unwrap_or_default(),
                    act: signer.act,
                    progress: signer.progress(newest.as_ref()),
                    asked_at: signer.asked_at,
                    signature: signer.signature.as_ref().map(SignatureView::from),
                })
                .collect(),
            completed_at: block.as_ref().and_then(|block| block.completed_at),
            certificate_id: block.as_ref().and_then(|block| block.certificate),
            newest,
        }
    }
}

impl SigningView {
    /// What whoever `signing` is about sees.
    #[must_use]
    pub fn new(signing: &Signing) -> Self {
        let Signing { block, newest, contact } = signing;
        let count = |counts: fn(&Signer) -> bool| {
            let signers = block.iter().flat_map(|block| &block.signers);
            signers.filter(|signer| counts(signer)).count()
        };
        let asked = block.as_ref().zip(contact.as_ref());
        Self {
            asked: asked.and_then(|(block, contact)| asked_of(block, contact.id, newest.as_ref())),
            newest: newest.clone(),
            whom: block.as_ref().map(|block| parts(block.whom).0),
            signers: count(|_| true),
            finished: count(|signer| signer.finished().is_some()),
            completed_at: block.as_ref().and_then(|block| block.completed_at),
            certificate_id: block
                .as_ref()
                .and_then(|block| block.certificate)
                .filter(|_| signing.is_party()),
        }
    }
}

/// What `contact` is asked.
fn asked_of(block: &Block, contact: ContactId, newest: Option<&Exact>) -> Option<GuestAskedView> {
    let message = block.message.clone();
    match (block.signer(contact), block.whom) {
        (Some(signer), _) => Some(GuestAskedView {
            act: signer.act,
            progress: signer.progress(newest),
            message,
            signature: signer.signature.as_ref().map(SignatureView::from),
        }),
        (None, Whom::Open(act)) => {
            Some(GuestAskedView { act, progress: Progress::Waiting, message, signature: None })
        }
        (None, Whom::Named | Whom::Group(_)) => None,
    }
}

impl From<&Signature> for SignatureView {
    fn from(signature: &Signature) -> Self {
        let reason = match &signature.deed {
            Deed::Declined(reason) => Some(reason.clone()),
            Deed::Signed | Deed::Approved => None,
        };
        Self {
            file: signature.file.clone(),
            reason,
            email: signature.email.clone(),
            name: signature.full_name(),
            at: signature.at,
            device_id: signature.device_id,
            link_id: signature.link_id,
            network: signature.network.clone(),
            agent: signature.agent.clone(),
        }
    }
}

/// Who may sign, and what those do who are not listed.
const fn parts(whom: Whom) -> (WhomView, Option<Act>) {
    match whom {
        Whom::Named => (WhomView::Named, None),
        Whom::Open(act) => (WhomView::Open, Some(act)),
        Whom::Group(act) => (WhomView::Group, Some(act)),
    }
}
