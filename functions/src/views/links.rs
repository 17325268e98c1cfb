//! Guest links as staff see them.

use domain::contact::Contact;
use domain::email::Email;
use domain::id::{ContactId, DeviceId, DocumentId, EventId, LinkId, MemberId};
use domain::link::guest::{Guest, Proof};
use domain::link::{Audience, Life, Pause, Rights};
use domain::tenant::Zone;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use store::links::Linked;

/// A guest link.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Link")]
pub struct LinkView {
    /// Which link.
    pub id: LinkId,
    /// Audited changes so far; also the `ETag`.
    pub version: u64,
    /// What it opens.
    pub document_id: DocumentId,
    /// For whom.
    pub audience: Audience,
    /// Whose it is: whom it was made for, or who verified first where nobody was named.
    pub contact: Option<LinkContactView>,
    /// What it allows at the most.
    pub rights: Rights,
    /// Until when it opens; for good if null.
    pub expires_at: Option<Timestamp>,
    /// Where that day was meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// Where it stands.
    pub state: LinkState,
    /// Why it is inactive, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause: Option<Pause>,
    /// The browser that got in first with proof, after which others need a code; nobody yet if
    /// null, and never on a link that opens to anybody.
    pub first: Option<FirstView>,
    /// Times it was mailed to its contact.
    pub sendings: u32,
    /// The share that it stands for in the document's thread.
    pub event_id: EventId,
    /// Who made it.
    pub maker_id: MemberId,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Where a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// It opens.
    Active,
    /// It does not open now, for the reason in `pause`.
    Inactive,
    /// Access by it was closed, for good.
    Closed,
}

/// Whose a link is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "LinkContact")]
pub struct LinkContactView {
    /// Who.
    pub id: ContactId,
    /// First and last name.
    pub name: String,
    /// Their address, if they have one.
    pub email: Option<Email>,
}

/// Who got in first.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "LinkFirst")]
pub struct FirstView {
    /// In which browser.
    pub device_id: DeviceId,
    /// When.
    pub at: Timestamp,
}

/// A browser on a guest link.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "LinkDevice")]
pub struct LinkDeviceView {
    /// Which browser.
    pub id: DeviceId,
    /// Who it speaks for; nobody, if it only bears the link.
    pub contact_id: Option<ContactId>,
    /// How it came in.
    pub proof: Proof,
    /// Whether the link opens to it now.
    pub open: bool,
    /// From where it came.
    pub network: String,
    /// What it calls itself.
    pub agent: Option<String>,
    /// When it must prove itself again.
    pub expires_at: Timestamp,
    /// When it came.
    pub created_at: Timestamp,
}

/// The address of a guest link.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "LinkAddress")]
pub struct LinkAddressView {
    /// The address. Whoever holds it is who the link is for, until somebody proves to be.
    pub url: String,
}

impl LinkView {
    /// The link as it stands at `now`.
    #[must_use]
    pub fn new(seen: &Linked, now: Timestamp) -> Self {
        let link = &seen.link;
        let (state, pause) = match link.life(&seen.around(), now) {
            Life::Open => (LinkState::Active, None),
            Life::Inactive(pause) => (LinkState::Inactive, Some(pause)),
            Life::Gone => (LinkState::Closed, None),
        };
        let own = if link.audience.is_public() { None } else { seen.contact.as_ref() };
        let first = link.first.as_ref();
        Self {
            id: link.id,
            version: link.version,
            document_id: link.document_id,
            audience: link.audience,
            contact: own.map(LinkContactView::from),
            rights: link.rights.clone(),
            expires_at: link.expiry.as_ref().map(|expiry| expiry.at),
            zone: link.expiry.as_ref().map(|expiry| expiry.zone.clone()),
            state,
            pause,
            first: first.map(|first| FirstView { device_id: first.device_id, at: first.at }),
            sendings: link.sendings,
            event_id: link.event_id,
            maker_id: link.maker_id,
            created_at: link.created_at,
        }
    }
}

impl From<&Contact> for LinkContactView {
    fn from(contact: &Contact) -> Self {
        Self { id: contact.id, name: contact.full_name(), email: contact.email.clone() }
    }
}

impl LinkDeviceView {
    /// A browser, to which the link opens now if `open`.
    #[must_use]
    pub fn new(guest: Guest, open: bool) -> Self {
        Self {
            id: guest.id,
            contact_id: guest.contact_id,
            proof: guest.proof,
            open,
            network: guest.network,
            agent: guest.agent,
            expires_at: guest.expires_at,
            created_at: guest.created_at,
        }
    }
}
