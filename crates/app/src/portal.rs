//! Contacts in a browser that proved itself, and what is open to them.

pub mod codes;
pub mod entry;
pub mod proving;
pub mod room;
pub mod trust;

use std::sync::Arc;

use domain::account::Account;
use domain::activity::Actor;
use domain::contact::Contact;
use domain::document::{Document, File};
use domain::id::{DeviceId, FileId, TenantId};
use domain::invitation::Device;
use domain::tenant::Tenant;
use jiff::Timestamp;
use policy::trust::{Action, NDA_FIRST};
use store::Store;
use store::devices::{Bearer, PortalFacts, WantedFile};

use crate::callers::outsider::{Outsider, anyone_downloads, anyone_reads};
use crate::callers::staff::Filed;
use crate::exchange::cx::{Allowed, Cx, Principal, Visit};
use crate::exchange::problem::{Kind, Problem};
use crate::exchange::reissue::Reissue;
use crate::house::House;
use crate::house::cookie::PORTAL_PREFIX;
use crate::house::keyring::sha256_hex;
use crate::house::token::PortalCookie;
use crate::library::pages::{Form, Who};

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
        .filter(|(name, _)| name.starts_with(PORTAL_PREFIX))
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
        portal.downloads(wanted, self.now)
    }

    /// A published file, to look at; with its document, and in what form the contact gets pages.
    ///
    /// # Errors
    /// As [`Cx::file_to_download`], but that reading is enough.
    pub async fn file_to_view(&self, id: FileId) -> Result<(Allowed<Filed>, Form), Problem> {
        let (portal, wanted) = self.shared_file(id).await?;
        portal.views(wanted, self.now)
    }

    /// A published file with what a decision about it stands on, read as one snapshot.
    async fn shared_file(&self, id: FileId) -> Result<(Portal, WantedFile), Problem> {
        let store = self.store();
        let document = store.whose_file(id).await?.ok_or_else(Problem::not_found)?;
        // Read again as one snapshot with the grant: this is what the decision stands on.
        let (facts, wanted) = store.portal_file(self.bearer(), document, id).await?;
        let portal = admit(&store, facts, self.who.sha.clone(), self.now).await?;
        let wanted = wanted.filter(is_shown).ok_or_else(Problem::not_found)?;
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

    /// Decides whether a file that was found may be downloaded.
    fn downloads(&self, wanted: WantedFile, now: Timestamp) -> Result<Allowed<Filed>, Problem> {
        let WantedFile { document, file, grant } = wanted;
        let opens = |action| self.outsider().opens(action, &document, grant.as_ref(), now);
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

    /// Decides whether a file that was found may be looked at, and in what form.
    fn views(&self, wanted: WantedFile, now: Timestamp) -> Result<(Allowed<Filed>, Form), Problem> {
        let WantedFile { document, file, grant } = wanted;
        let opens = |action| self.outsider().opens(action, &document, grant.as_ref(), now);
        let (download, view) = (opens(Action::DocumentDownload), opens(Action::DocumentView));
        if download.allowed {
            return Ok((Allowed::new(Filed { document, file }, download.policies), Form::Clean));
        }
        if view.allowed {
            let who = self.contact.email.as_ref().map(ToString::to_string);
            let who = Who::new(&who.unwrap_or_else(|| self.contact.id.to_string()));
            return Ok((Allowed::new(Filed { document, file }, view.policies), Form::Marked(who)));
        }
        let waits = view.stopped_only_by(NDA_FIRST) || download.stopped_only_by(NDA_FIRST);
        Err(if waits { agreement_first() } else { Problem::not_found() })
    }
}

/// Whether a file that was found is the contact's to hear of at all.
fn is_shown(wanted: &WantedFile) -> bool {
    is_readable(&wanted.file) && !wanted.is_hidden()
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

/// Whether a file that was found for a portal or the trust page may be read there. Certificates
/// name everybody who signed, and are read on the links that they were signed by.
#[must_use]
pub fn is_readable(file: &File) -> bool {
    file.is_published_version()
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

#[cfg(test)]
mod tests;
