//! Contacts in a browser that proved itself, and what is open to them.

use std::sync::Arc;

use domain::access::{Gate, gate};
use domain::account::Account;
use domain::activity::Actor;
use domain::contact::Contact;
use domain::document::{Document, File, FileState};
use domain::grant::{Grant, Right};
use domain::id::{DeviceId, FileId, TenantId};
use domain::invitation::{DEVICE_LIFE, Device};
use domain::tenant::Tenant;
use jiff::Timestamp;
use policy::Decision;
use policy::trust::{Action, NDA_FIRST, Principal as Who, Resource, decide};
use store::Store;
use store::devices::{Bearer, PortalFacts};

use crate::cx::{Allowed, Cookie, Cx, Principal, Visit};
use crate::house::House;
use crate::keyring::sha256_hex;
use crate::problem::{Kind, Problem};
use crate::staff::{Filed, document_resource};
use crate::token::PortalCookie;

/// Name of the cookie that binds a code to the browser that asked for it.
pub const CHALLENGE_COOKIE: &str = "challenge";
/// What the names of portal cookies begin with; the company's ULID follows.
const COOKIE_PREFIX: &str = "portal_";

/// A contact in a proved browser, let in by the gate.
#[derive(Debug)]
pub struct Portal {
    /// Whose portal.
    pub tenant: Tenant,
    /// Who.
    pub contact: Contact,
    /// Whom they work for.
    pub account: Option<Account>,
    /// In which browser.
    pub device: Device,
    /// SHA-256 of the browser's secret.
    pub sha: String,
}

impl Principal for Portal {
    const SECURITY: Option<&'static str> = Some("portal");

    async fn enter(house: &Arc<House>, visit: &Visit, now: Timestamp) -> Result<Self, Problem> {
        let cookie = chosen_cookie(house, visit)?;
        let sha = sha256_hex(&cookie.secret);
        let store = house.table.tenant(cookie.tenant);
        let bearer = Bearer { contact: cookie.contact, sha: &sha, account: cookie.account };
        let facts = store.portal(bearer).await?;
        admit(&store, facts, sha, now).await
    }

    fn actor(&self) -> Actor {
        Actor::Contact(self.contact.id)
    }

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant.id)
    }

    fn device(&self) -> Option<DeviceId> {
        Some(self.device.id)
    }

    fn repeats_as(&self, _: &Visit) -> String {
        self.contact.id.to_string()
    }
}

fn sign_in() -> Problem {
    Problem::new(Kind::SignIn, "Open the link in your mail, or ask for a code.")
}

/// The cookie of the portal that is meant: the only one there is, or the one of the company that
/// the caller names.
fn chosen_cookie(house: &House, visit: &Visit) -> Result<PortalCookie, Problem> {
    let mut cookies = visit
        .cookies
        .iter()
        .filter(|(name, _)| name.starts_with(COOKIE_PREFIX))
        .filter_map(|(_, value)| PortalCookie::verify(&house.keys, value))
        .filter(|cookie| visit.tenant.is_none_or(|tenant| tenant == cookie.tenant));
    let first = cookies.next().ok_or_else(sign_in)?;
    if cookies.next().is_some() {
        let detail = "This browser knows the portals of several companies. Name one.";
        return Err(Problem::mistake(Kind::BadInput, "X-Vestibule-Tenant", detail));
    }
    Ok(first)
}

/// Judges what was read about a browser. Every refusal sounds the same.
async fn admit(
    store: &Store,
    facts: PortalFacts,
    sha: String,
    now: Timestamp,
) -> Result<Portal, Problem> {
    let PortalFacts { tenant, contact, device, account } = facts;
    let tenant = tenant.ok_or_else(sign_in)?;
    let (contact, device) = contact.zip(device).ok_or_else(sign_in)?;
    if !device.is_known(&contact, now) {
        return Err(sign_in());
    }
    let account = current_account(store, &contact, account).await?;
    if gate(&contact, account.as_ref(), now) != Gate::Open {
        return Err(sign_in());
    }
    Ok(Portal { tenant, contact, account, device, sha })
}

/// The contact's account: the one remembered, or read anew if the contact changed companies.
///
/// # Errors
/// The table's.
pub async fn current_account(
    store: &Store,
    contact: &Contact,
    remembered: Option<Account>,
) -> Result<Option<Account>, Problem> {
    let is_current = contact.account_id == remembered.as_ref().map(|account| account.id);
    match contact.account_id {
        _ if is_current => Ok(remembered),
        Some(id) => Ok(store.account(id).await?),
        None => Ok(None),
    }
}

impl Cx<Portal> {
    /// The store of the portal's company.
    #[must_use]
    pub fn store(&self) -> Store {
        self.store_of(self.who.tenant.id)
    }

    /// Whether the agreement in force is accepted, or there is none.
    #[must_use]
    pub fn nda_accepted(&self) -> bool {
        nda_accepted(&self.who.tenant, &self.who.contact)
    }

    /// A published file, to download; with its document.
    ///
    /// # Errors
    /// [`Kind::NotFound`] unless a live grant opens it, [`Kind::NdaRequired`] until the agreement
    /// is accepted, [`Kind::SignIn`] if the browser was signed out meanwhile.
    pub async fn file_to_download(&self, id: FileId) -> Result<Allowed<Filed>, Problem> {
        let store = self.store();
        let document = store.whose_file(id).await?.ok_or_else(Problem::not_found)?;
        let bearer = Bearer {
            contact: self.who.contact.id,
            sha: &self.who.sha,
            account: self.who.contact.account_id,
        };
        // Read again as one snapshot with the grant: this is what the decision stands on.
        let (facts, wanted) = store.portal_file(bearer, document, id).await?;
        let portal = admit(&store, facts, self.who.sha.clone(), self.now).await?;
        let wanted = wanted
            .filter(|wanted| wanted.document.deleted_at.is_none())
            .filter(|wanted| wanted.file.state == FileState::Published)
            .ok_or_else(Problem::not_found)?;
        let decision = portal.decides(&wanted.document, wanted.grant.as_ref(), self.now);
        if decision.allowed {
            let filed = Filed { document: wanted.document, file: wanted.file };
            Ok(Allowed::new(filed, decision.policies))
        } else if decision.stopped_only_by(NDA_FIRST) {
            let detail = "Read and accept the agreement; the document opens then.";
            Err(Problem::new(Kind::NdaRequired, detail))
        } else {
            Err(Problem::not_found())
        }
    }
}

impl Portal {
    fn decides(&self, document: &Document, grant: Option<&Grant>, now: Timestamp) -> Decision {
        let live = grant.and_then(|grant| grant.live(&self.contact, now));
        let allows = |right| {
            let holds = live.is_some_and(|live| live.get().rights.allows(right));
            if holds { vec![document.id] } else { Vec::new() }
        };
        let who = Who::Contact(policy::trust::Contact {
            id: self.contact.id,
            approved: gate(&self.contact, self.account.as_ref(), now) == Gate::Open,
            nda_accepted: nda_accepted(&self.tenant, &self.contact),
            view: allows(Right::View),
            download: allows(Right::Download),
        });
        decide(&who, Action::DocumentDownload, &document_resource(document))
    }
}

fn nda_accepted(tenant: &Tenant, contact: &Contact) -> bool {
    tenant.nda.as_ref().is_none_or(|nda| contact.accepted_nda == Some(nda.version))
}

/// Whether anybody may download `document` without proving anything.
#[must_use]
pub fn is_open_to_anyone(document: &Document) -> bool {
    decide(&Who::Anyone, Action::DocumentDownload, &document_resource(document)).allowed
}

/// Whether anybody may read the trust page of `tenant`.
#[must_use]
pub fn has_trust_page(tenant: &Tenant) -> bool {
    tenant.portal_type.has_trust_center()
        && decide(&Who::Anyone, Action::TrustRead, &Resource::Tenant(tenant.id)).allowed
}

/// A file that was found for a portal or the trust page.
#[must_use]
pub fn is_readable(file: &File) -> bool {
    file.state == FileState::Published
}

/// The cookie that signs a browser in to a portal.
#[must_use]
pub fn portal_cookie(house: &House, cookie: &PortalCookie) -> Cookie {
    let name = cookie_name(cookie.tenant);
    house.cookie(&name, &cookie.sign(&house.keys), DEVICE_LIFE.as_secs())
}

/// The name of the cookie of one company's portal.
#[must_use]
pub fn cookie_name(tenant: TenantId) -> String {
    let id = tenant.to_string();
    format!("{COOKIE_PREFIX}{}", id.trim_start_matches("ten_"))
}

/// What [`reissue`] makes a portal cookie from again: ids and the cause of the secret, never the
/// secret itself.
#[must_use]
pub fn reissue_note(cookie: &PortalCookie, cause: &str, nonce_sha: &str) -> String {
    let account = cookie.account.map(|id| id.to_string()).unwrap_or_default();
    format!("{}|{}|{account}|{cause}|{nonce_sha}", cookie.tenant, cookie.contact)
}

/// Makes the cookies of an answer again that was kept without them.
#[must_use]
pub fn reissue(house: &House, note: &str) -> Vec<Cookie> {
    let mut parts = note.split('|');
    let mut next = || parts.next().unwrap_or_default();
    let (tenant, contact, account, cause, nonce) = (next(), next(), next(), next(), next());
    let (Ok(tenant), Ok(contact)) = (tenant.parse(), contact.parse()) else { return Vec::new() };
    let Some(secret) = secret_of(house, cause, nonce.as_bytes()) else { return Vec::new() };
    let cookie = PortalCookie { tenant, contact, account: account.parse().ok(), secret };
    vec![portal_cookie(house, &cookie)]
}

/// The secret of the browser that `cause`, an invitation's or challenge's id, signed in.
#[must_use]
pub fn secret_of(house: &House, cause: &str, nonce_sha: &[u8]) -> Option<[u8; 32]> {
    use domain::id::{ChallengeId, InvitationId};

    if let Ok(invitation) = cause.parse::<InvitationId>() {
        return Some(crate::token::device_secret(&house.keys, invitation, nonce_sha));
    }
    let challenge = cause.parse::<ChallengeId>().ok()?;
    Some(crate::token::device_secret(&house.keys, challenge, nonce_sha))
}
