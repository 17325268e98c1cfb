//! The portal as its contact sees it.

use app::exchange::repeat::AddressView;
use app::portal::room::{Opening, Shared, Taking};
use domain::contact::Contact;
use domain::document::{AccessLevel, Document, Published};
use domain::email::Email;
use domain::grant::Rights;
use domain::id::{ContactId, DocumentId, RequestId, TenantId};
use domain::nda::{NdaAcceptance, NdaVersion};
use domain::request::{ItemState, Request, Status, What};
use domain::tenant::{Accent, Slug, Tenant, Zone};
use domain::text::{Agreement, Category, Note, PersonName, Title};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use store::contacts::Folder;

use crate::views::requests::state_of;

/// What a contact finds in their portal.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Portal")]
pub struct PortalView {
    /// Whose portal it is.
    pub tenant: PortalTenantView,
    /// Who is looking.
    pub contact: PortalContactView,
    /// The agreement in force; null if there is none.
    pub nda: Option<PortalNdaView>,
    /// What is shared with them now.
    pub documents: Vec<PortalDocumentView>,
}

/// A company as its contacts see it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PortalTenant")]
pub struct PortalTenantView {
    /// Which company.
    pub id: TenantId,
    /// How it is called.
    pub name: Title,
    /// Its place in addresses.
    pub slug: Slug,
    /// Its colour.
    pub accent: Accent,
    /// Where its logo is shown from, for a minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<AddressView>,
    /// Where questions go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_email: Option<Email>,
}

/// A contact as they see themselves.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PortalContact")]
pub struct PortalContactView {
    /// Which contact.
    pub id: ContactId,
    /// First name.
    pub first_name: PersonName,
    /// Last name.
    pub last_name: PersonName,
    /// Their address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
}

/// The agreement in force.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PortalNda")]
pub struct PortalNdaView {
    /// Which text; to be named when accepting it.
    pub version: u32,
    /// What it is called.
    pub title: Title,
    /// What is agreed.
    pub text: Agreement,
    /// When the contact accepted this very text; null if they did not.
    pub accepted_at: Option<Timestamp>,
}

/// A document that is shared with a contact.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PortalDocument")]
pub struct PortalDocumentView {
    /// Which document.
    pub id: DocumentId,
    /// What it is called.
    pub title: Title,
    /// What it is filed under.
    pub category: Category,
    /// Who may read it at all.
    pub access_level: AccessLevel,
    /// How the contact may read it.
    pub rights: Rights,
    /// Until when; for good if null.
    pub expires_at: Option<Timestamp>,
    /// Where that day was meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// Whether the agreement must be accepted first.
    pub needs_nda: bool,
    /// Whether its files may be downloaded; otherwise their pages can be read.
    pub can_download: bool,
    /// What can be read: the newest published file.
    pub files: Vec<Published>,
}

/// A request as the contact who made it sees it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PortalRequest")]
pub struct PortalRequestView {
    /// Which request.
    pub id: RequestId,
    /// Where it stands.
    pub status: Status,
    /// When it was made.
    pub created_at: Timestamp,
    /// What it is for, as the contact typed it.
    pub reason: Note,
    /// The question that waits for an answer; null if none does.
    pub question: Option<Note>,
    /// What was asked for; an open document that is shared by now counts as shared.
    pub items: Vec<PortalItemView>,
    /// What happened, oldest first.
    pub timeline: Vec<PortalEntryView>,
}

/// One asked document.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PortalItem")]
pub struct PortalItemView {
    /// Which document.
    pub document_id: DocumentId,
    /// What it is called.
    pub title: Title,
    /// Where it stands.
    pub state: ItemState,
}

/// One thing that happened to a request; which member did it stays inside the company.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PortalEntry")]
pub struct PortalEntryView {
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub what: What,
    /// Whether it followed from documents shared elsewhere.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
}

impl PortalTenantView {
    /// The company, with where its logo is shown from.
    #[must_use]
    pub fn new(tenant: &Tenant, logo: Option<AddressView>) -> Self {
        Self {
            id: tenant.id,
            name: tenant.name.clone(),
            slug: tenant.slug.clone(),
            accent: tenant.accent.clone(),
            logo,
            contact_email: tenant.contact_email.clone(),
        }
    }
}

impl From<&Contact> for PortalContactView {
    fn from(contact: &Contact) -> Self {
        Self {
            id: contact.id,
            first_name: contact.first_name.clone(),
            last_name: contact.last_name.clone(),
            email: contact.email.clone(),
        }
    }
}

impl PortalNdaView {
    /// The text in force, as far as `contact` has accepted it.
    #[must_use]
    pub fn new(nda: NdaVersion, contact: &Contact, acceptances: &[NdaAcceptance]) -> Self {
        let accepted = acceptances
            .iter()
            .find(|acceptance| acceptance.version == nda.version)
            .filter(|_| contact.accepted_nda == Some(nda.version));
        Self {
            version: nda.version,
            title: nda.title,
            text: nda.text,
            accepted_at: accepted.map(|acceptance| acceptance.accepted_at),
        }
    }
}

impl From<Shared> for PortalDocumentView {
    fn from(shared: Shared) -> Self {
        let Shared { grant, document, opening, taking } = shared;
        Self {
            id: document.id,
            title: document.title,
            category: document.category,
            access_level: document.access_level,
            expires_at: grant.ends_at(),
            zone: grant.expiry.as_ref().map(|expiry| expiry.zone.clone()),
            rights: grant.rights,
            needs_nda: opening == Opening::AfterNda,
            can_download: taking == Taking::Allowed,
            files: document.published.into_iter().collect(),
        }
    }
}

impl PortalRequestView {
    /// The request as the grants in `folder` leave it at `now`, its documents among `documents`.
    #[must_use]
    pub fn new(request: &Request, folder: &Folder, documents: &[Document], now: Timestamp) -> Self {
        let items = request.items.iter().filter_map(|item| {
            let document = documents.iter().find(|document| document.id == item.document_id)?;
            Some(PortalItemView {
                document_id: document.id,
                title: document.title.clone(),
                state: state_of(item, folder, now),
            })
        });
        let waits = request.status == Status::InfoNeeded;
        let question = request.questions.last().filter(|question| question.answer.is_none());
        let timeline = request.timeline.iter().map(|entry| PortalEntryView {
            at: entry.at,
            what: entry.what,
            automatic: entry.automatic,
        });
        Self {
            id: request.id,
            status: request.status,
            created_at: request.created_at,
            reason: request.reason.clone(),
            question: question.filter(|_| waits).map(|question| question.text.clone()),
            items: items.collect(),
            timeline: timeline.collect(),
        }
    }
}
