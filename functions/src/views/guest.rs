//! A guest link as its guests see it.

use app::exchange::repeat::UploadView;
use app::guest::{Comer, Cover, Disowned, Guest, Opens, rights_of};
use app::house::House;
use app::house::token::guest::Place;
use domain::activity::Object;
use domain::contact::Contact;
use domain::document::{File, FileState, Published};
use domain::email::Email;
use domain::grant::Grant;
use domain::id::{ContactId, FileId, LinkId};
use domain::link::guest::Standing;
use domain::link::{Audience, Right, Rights};
use domain::media::MediaType;
use domain::nda::NdaVersion;
use domain::tenant::{Accent, Slug, Tenant, Zone};
use domain::text::{Agreement, Category, PersonName, Title};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use store::links::Linked;

/// What the cover of a link shows, before anybody is let in.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "GuestCover")]
pub struct CoverView {
    /// Which link.
    pub link_id: LinkId,
    /// Whose it is.
    pub tenant: GuestTenantView,
    /// Who sends it.
    pub sender: Title,
    /// What the document is called.
    pub title: Title,
    /// What it is filed under.
    pub category: Category,
    /// What the link allows at the most.
    pub rights: Rights,
    /// Until when it opens; for good if null.
    pub expires_at: Option<Timestamp>,
    /// Where that day was meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// For whom it is.
    pub audience: Audience,
    /// What opening comes to.
    pub opens: OpensView,
    /// Whether a code goes to an address that the link knows, so that nobody need name one.
    pub knows_address: bool,
    /// To be sent as `X-Vestibule-Place`: it spares a read, and lets nobody in.
    pub place: String,
}

/// What pressing *open* comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "GuestOpens")]
pub enum OpensView {
    /// This browser is let in.
    Press,
    /// This browser was let in before.
    Known,
    /// A code is asked for.
    Code,
    /// The caller is a member of the company and only looks.
    Preview,
}

/// A company as the guests of its links see it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "GuestTenant")]
pub struct GuestTenantView {
    /// How it is called.
    pub name: Title,
    /// Its place in addresses.
    pub slug: Slug,
    /// Its colour.
    pub accent: Accent,
    /// Where questions go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_email: Option<Email>,
}

/// A document that a guest was let in to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Guest")]
pub struct GuestView {
    /// Which link.
    pub link_id: LinkId,
    /// Whose it is.
    pub tenant: GuestTenantView,
    /// Who sends it.
    pub sender: Title,
    /// For whom the link is.
    pub audience: Audience,
    /// What this browser is on the link.
    pub standing: StandingView,
    /// Who it speaks for; nobody, if it only holds the link.
    pub contact: Option<GuestContactView>,
    /// What the document is called.
    pub title: Title,
    /// What it is filed under.
    pub category: Category,
    /// Whether it is the contact's own copy, which other guests of the link do not see.
    pub is_own_copy: bool,
    /// What this browser may do now.
    pub rights: Vec<Right>,
    /// What it may do once its address is proved.
    pub once_proved: Rights,
    /// The newest published file; null until there is one.
    pub file: Option<Published>,
    /// Until when the link opens; for good if null.
    pub expires_at: Option<Timestamp>,
    /// Where that day was meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// When this browser must prove itself again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted_until: Option<Timestamp>,
    /// To be sent as `X-Vestibule-Place`: it spares a read, and lets nobody in.
    pub place: String,
}

/// The agreement that comes before a document, as a guest reads it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "GuestNda")]
pub struct GuestNdaView {
    /// Whose agreement it is.
    pub tenant: GuestTenantView,
    /// Which text is in force, from 1.
    pub version: u32,
    /// What it is called.
    pub title: Title,
    /// The text.
    pub text: Agreement,
    /// Whether whom this browser speaks for has accepted it.
    pub is_accepted: bool,
    /// Whom it speaks for; nobody, if it only holds the link.
    pub contact: Option<GuestContactView>,
    /// What the document is called that opens then.
    pub document: Title,
}

/// A file that a guest sends, as they see it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "GuestFile")]
pub struct GuestFileView {
    /// Which file.
    pub id: FileId,
    /// What it is called.
    pub name: Title,
    /// What it is.
    pub media_type: MediaType,
    /// How long it is.
    pub size_bytes: u64,
    /// How far it has come.
    pub state: FileState,
}

/// A file that a guest is to upload.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "NewGuestFile")]
pub struct NewGuestFileView {
    /// The file.
    pub file: GuestFileView,
    /// How to send its bytes, within 15 minutes.
    pub upload: UploadView,
}

/// What a browser is on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "GuestStanding")]
pub enum StandingView {
    /// It holds the link, and reads.
    Bearer,
    /// It opened the link first, and is trusted.
    Trusted,
    /// Its address is proved.
    Verified,
    /// It is a colleague's, who looks at what guests see.
    Preview,
}

/// Somebody as they see themselves on a link.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "GuestContact")]
pub struct GuestContactView {
    /// Which contact.
    pub id: ContactId,
    /// First name.
    pub first_name: PersonName,
    /// Last name.
    pub last_name: PersonName,
    /// The address, if they have one.
    pub email: Option<Email>,
}

/// A browser that its mailbox's owner took off a link.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "GuestDisowned")]
pub struct DisownedView {
    /// What the document is called.
    pub title: Title,
    /// When the browser had come.
    pub at: Timestamp,
    /// From where it had come; null if it was off the link already.
    pub network: Option<String>,
    /// Whether it was taken off now; else it was off already.
    pub revoked: bool,
}

impl From<&Disowned> for DisownedView {
    fn from(disowned: &Disowned) -> Self {
        Self {
            title: disowned.title.clone(),
            at: disowned.came_at,
            network: disowned.network.clone(),
            revoked: disowned.network.is_some(),
        }
    }
}

impl CoverView {
    /// What the cover shows.
    #[must_use]
    pub fn new(house: &House, cover: &Cover) -> Self {
        let seen = &cover.seen;
        let link = &seen.link;
        let own = seen.contact.as_ref().filter(|_| !link.audience.is_public());
        Self {
            link_id: link.id,
            tenant: (&seen.tenant).into(),
            sender: link.maker_name.clone(),
            title: seen.document.title.clone(),
            category: seen.document.category.clone(),
            rights: rights_of(seen),
            expires_at: link.expiry.as_ref().map(|expiry| expiry.at),
            zone: link.expiry.as_ref().map(|expiry| expiry.zone.clone()),
            audience: link.audience,
            opens: cover.opens.into(),
            knows_address: own.is_some_and(|contact| contact.email.is_some()),
            place: place(house, seen),
        }
    }
}

impl GuestView {
    /// What `guest` sees.
    #[must_use]
    pub fn new(house: &House, guest: &Guest) -> Self {
        let seen = &guest.seen;
        let link = &seen.link;
        let (standing, browser) = match &guest.comer {
            Comer::Browser { browser, standing, .. } => ((*standing).into(), Some(browser)),
            Comer::Member(_) => (StandingView::Preview, None),
        };
        let (contact, document) = (guest.speaks_for(), guest.document());
        let all = rights_of(seen);
        Self {
            link_id: link.id,
            tenant: (&seen.tenant).into(),
            sender: link.maker_name.clone(),
            audience: link.audience,
            standing,
            contact: contact.map(GuestContactView::from),
            title: document.title.clone(),
            category: document.category.clone(),
            is_own_copy: seen.child.is_some(),
            rights: all.iter().filter(|right| guest.allows(*right)).collect(),
            once_proved: all,
            file: document.published.clone().filter(|file| {
                let hides = |grant: &Grant| grant.hides(Object::File(file.id));
                contact.is_none() || !seen.grant.as_ref().is_some_and(hides)
            }),
            expires_at: link.expiry.as_ref().map(|expiry| expiry.at),
            zone: link.expiry.as_ref().map(|expiry| expiry.zone.clone()),
            trusted_until: browser.map(|browser| browser.expires_at),
            place: place(house, seen),
        }
    }
}

impl From<&File> for GuestFileView {
    fn from(file: &File) -> Self {
        Self {
            id: file.id,
            name: file.name.clone(),
            media_type: file.media_type,
            size_bytes: file.size_bytes,
            state: file.state,
        }
    }
}

impl GuestNdaView {
    /// The text in force, as `guest` reads it.
    #[must_use]
    pub fn new(nda: NdaVersion, guest: &Guest) -> Self {
        let contact = guest.sees_as();
        Self {
            tenant: GuestTenantView::from(&guest.seen.tenant),
            version: nda.version,
            title: nda.title,
            text: nda.text,
            is_accepted: contact.is_some_and(|contact| contact.accepted_nda == Some(nda.version)),
            contact: contact.map(GuestContactView::from),
            document: guest.document().title.clone(),
        }
    }
}

/// Where the link lies, for whoever it opens to.
fn place(house: &House, seen: &Linked) -> String {
    let place = Place {
        tenant: seen.tenant.id,
        document: seen.document.id,
        contact: seen.contact.as_ref().map(|contact| contact.id),
        account: seen.account.as_ref().map(|account| account.id),
        child: seen.child.as_ref().map(|child| child.id),
    };
    place.sign(&house.keys, seen.link.id)
}

impl From<&Tenant> for GuestTenantView {
    fn from(tenant: &Tenant) -> Self {
        Self {
            name: tenant.name.clone(),
            slug: tenant.slug.clone(),
            accent: tenant.accent.clone(),
            contact_email: tenant.contact_email.clone(),
        }
    }
}

impl From<&Contact> for GuestContactView {
    fn from(contact: &Contact) -> Self {
        Self {
            id: contact.id,
            first_name: contact.first_name.clone(),
            last_name: contact.last_name.clone(),
            email: contact.email.clone(),
        }
    }
}

impl From<Opens> for OpensView {
    fn from(opens: Opens) -> Self {
        match opens {
            Opens::Press => Self::Press,
            Opens::Known => Self::Known,
            Opens::Code => Self::Code,
            Opens::Preview => Self::Preview,
        }
    }
}

impl From<Standing> for StandingView {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Bearer => Self::Bearer,
            Standing::Trusted => Self::Trusted,
            Standing::Verified => Self::Verified,
        }
    }
}
