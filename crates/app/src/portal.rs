//! Contacts in a browser that proved itself, and what is open to them.

use std::sync::Arc;

use domain::account::Account;
use domain::activity::Actor;
use domain::challenge::CODE_LIFE;
use domain::contact::Contact;
use domain::document::{Document, File};
use domain::id::{DeviceId, FileId, Id, LinkId, TenantId};
use domain::invitation::{DEVICE_LIFE, Device};
use domain::tenant::Tenant;
use jiff::Timestamp;
use policy::trust::{Action, NDA_FIRST};
use store::Store;
use store::devices::{Bearer, PortalFacts, WantedFile};

use crate::cx::{Allowed, Cookie, Cx, Principal, Visit};
use crate::house::House;
use crate::keyring::sha256_hex;
use crate::outsider::{Outsider, anyone_downloads, anyone_reads};
use crate::pages::{Form, Who};
use crate::problem::{Kind, Problem};
use crate::repeat::Reissue;
use crate::staff::Filed;
use crate::token::{ChallengeCookie, PortalCookie};

/// Name of the cookie that binds a code to the browser that asked for it.
const CHALLENGE_COOKIE: &str = "challenge";
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

/// One answer for a browser that proved itself once and is not let in now, whatever the reason.
fn access_ended() -> Problem {
    Problem::new(Kind::AccessEnded, "Access from this browser has ended. Ask for a code.")
}

fn agreement_first() -> Problem {
    let detail = "Read and accept the agreement; the document opens then.";
    Problem::new(Kind::NdaRequired, detail)
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
    let tenant = tenant.ok_or_else(access_ended)?;
    let (contact, device) = contact.zip(device).ok_or_else(access_ended)?;
    if !device.is_known(&contact, now) {
        return Err(access_ended());
    }
    let account = current_account(store, &contact, account).await?;
    let portal = Portal { tenant, contact, account, device, sha };
    if portal.outsider().enters(now).allowed { Ok(portal) } else { Err(access_ended()) }
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
        self.who.outsider().nda_accepted()
    }

    /// A published file, to download; with its document.
    ///
    /// # Errors
    /// [`Kind::NotFound`] unless a live grant opens it, [`Kind::NdaRequired`] until the agreement
    /// is accepted, [`Kind::SignIn`] if the browser was signed out meanwhile.
    pub async fn file_to_download(&self, id: FileId) -> Result<Allowed<Filed>, Problem> {
        let (portal, wanted) = self.shared_file(id).await?;
        let WantedFile { document, file, grant } = wanted;
        let opens = |action| portal.outsider().opens(action, &document, grant.as_ref(), self.now);
        let decision = opens(Action::DocumentDownload);
        if decision.allowed {
            Ok(Allowed::new(Filed { document, file }, decision.policies))
        } else if decision.stopped_only_by(NDA_FIRST) {
            Err(agreement_first())
        } else if opens(Action::DocumentView).allowed {
            let detail =
                "This document is shared for reading, not for downloading. Read its pages.";
            Err(Problem::new(Kind::Forbidden, detail))
        } else {
            Err(Problem::not_found())
        }
    }

    /// A published file, to look at; with its document, and in what form the contact gets pages.
    ///
    /// # Errors
    /// As [`Cx::file_to_download`], but that reading is enough.
    pub async fn file_to_view(&self, id: FileId) -> Result<(Allowed<Filed>, Form), Problem> {
        let (portal, wanted) = self.shared_file(id).await?;
        let WantedFile { document, file, grant } = wanted;
        let opens = |action| portal.outsider().opens(action, &document, grant.as_ref(), self.now);
        let (download, view) = (opens(Action::DocumentDownload), opens(Action::DocumentView));
        if download.allowed {
            return Ok((Allowed::new(Filed { document, file }, download.policies), Form::Clean));
        }
        if view.allowed {
            let who = portal.contact.email.as_ref().map(ToString::to_string);
            let who = Who::new(&who.unwrap_or_else(|| portal.contact.id.to_string()));
            return Ok((Allowed::new(Filed { document, file }, view.policies), Form::Marked(who)));
        }
        let waits = view.stopped_only_by(NDA_FIRST) || download.stopped_only_by(NDA_FIRST);
        Err(if waits { agreement_first() } else { Problem::not_found() })
    }

    /// A published file with what a decision about it stands on, read as one snapshot.
    async fn shared_file(&self, id: FileId) -> Result<(Portal, WantedFile), Problem> {
        let store = self.store();
        let document = store.whose_file(id).await?.ok_or_else(Problem::not_found)?;
        // Read again as one snapshot with the grant: this is what the decision stands on.
        let (facts, wanted) = store.portal_file(self.bearer(), document, id).await?;
        let portal = admit(&store, facts, self.who.sha.clone(), self.now).await?;
        let wanted = wanted
            .filter(|wanted| is_readable(&wanted.file))
            .filter(|wanted| !wanted.is_hidden())
            .ok_or_else(Problem::not_found)?;
        Ok((portal, wanted))
    }

    /// The caller as they are now, for whoever lost a claim to a change meanwhile.
    ///
    /// # Errors
    /// [`Kind::AccessEnded`] if they were shut out since, or the table's.
    pub(crate) async fn look_again(&self) -> Result<Portal, Problem> {
        let store = self.store();
        let facts = store.portal(self.bearer()).await?;
        admit(&store, facts, self.who.sha.clone(), self.now).await
    }

    fn bearer(&self) -> Bearer<'_> {
        let contact = &self.who.contact;
        Bearer { contact: contact.id, sha: &self.who.sha, account: contact.account_id }
    }
}

impl Portal {
    /// The contact as decisions see them.
    pub(crate) fn outsider(&self) -> Outsider<'_> {
        let Self { tenant, contact, account, .. } = self;
        Outsider { tenant, contact, account: account.as_ref() }
    }
}

/// Whether anybody may download `document` without proving anything.
#[must_use]
pub fn is_open_to_anyone(document: &Document) -> bool {
    anyone_downloads(document).allowed
}

/// Whether anybody may read the trust page of `tenant`.
#[must_use]
pub fn has_trust_page(tenant: &Tenant) -> bool {
    anyone_reads(tenant).allowed
}

/// Whether a file that was found for a portal or the trust page may be read there. Certificates name
/// everybody who signed, and are read on the links that they were signed by.
#[must_use]
pub fn is_readable(file: &File) -> bool {
    file.is_published_version()
}

/// The cookie that signs a browser in to a portal.
#[must_use]
pub fn portal_cookie(house: &House, cookie: &PortalCookie) -> Cookie {
    let name = cookie_name(cookie.tenant);
    house.cookie(&name, &cookie.sign(&house.keys), DEVICE_LIFE.as_secs())
}

/// The cookie that binds a code to the browser that asked for it: one for portals, one for each
/// guest link.
#[must_use]
pub fn challenge_cookie(house: &House, cookie: &ChallengeCookie, link: Option<LinkId>) -> Cookie {
    house.cookie(&challenge_cookie_name(link), &cookie.sign(&house.keys), CODE_LIFE.as_secs())
}

/// The name of that cookie.
pub(crate) fn challenge_cookie_name(link: Option<LinkId>) -> String {
    match link {
        Some(link) => format!("{CHALLENGE_COOKIE}_{}", link.ulid()),
        None => CHALLENGE_COOKIE.to_owned(),
    }
}

/// The name of the cookie of one company's portal.
#[must_use]
pub fn cookie_name(tenant: TenantId) -> String {
    let id = tenant.to_string();
    format!("{COOKIE_PREFIX}{}", id.trim_start_matches("ten_"))
}

/// From what a portal cookie is made again: ids and the cause of the secret, never the secret.
#[must_use]
pub fn reissue_note(cookie: &PortalCookie, cause: &str, nonce_sha: &str) -> Reissue {
    Reissue::Portal {
        tenant: cookie.tenant,
        contact: cookie.contact,
        account: cookie.account,
        cause: cause.to_owned(),
        nonce_sha: nonce_sha.to_owned(),
    }
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
