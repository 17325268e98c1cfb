//! Ways into a portal: a magic link opened in one browser, or a code typed where it was asked for.
//!
//! Either way signs in the browser, notes that somebody reads mail at the address, and writes the
//! trail, all in one transaction. The browser's secret is derived from what let it in, so that a
//! browser that never got the reply gets the same cookie again.

use domain::access::{Gate, gate};
use domain::activity::{Activity, Actor, Detail, Object};
use domain::challenge::standing::{DAY, UNPROVED_MAILS_MAX};
use domain::contact::Contact;
use domain::id::TenantId;
use domain::invitation::{DEVICE_LIFE, Device, Opening, Proof, Use};
use domain::tenant::{Slug, Tenant};
use domain::text::Title;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use store::activities::Home;
use store::change::Change;
use store::contacts::Folder;
use store::devices::Invited;
use store::{Store, StoreError};

use crate::callers::bearer::Bearer;
use crate::exchange::answer::{Accepted, Found, WithCookies};
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem};
use crate::house::House;
use crate::house::keyring::sha256_hex;
use crate::house::token::{InvitationToken, PortalCookie, portal_secret};
use crate::portal::codes::{standing_hash, unproved_hash};
use crate::portal::{current_account, reissue_note};
use crate::sharing::cover::live_grants;
use crate::sharing::invite::{Occasion, invite, invite_nobody};

/// Looks at a link at the most; each look after the first means that another browser was faster,
/// or that somebody saved the contact.
const LOOKS_MAX: u32 = 16;

/// Steps of the change that mails a new link, for whoever is let in and whoever is not.
const RENEWAL_STEPS: usize = 5;

/// Whose portal a browser was let into.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Entered")]
pub struct EnteredView {
    /// Which company; to be named as `X-Vestibule-Tenant` from now on.
    pub tenant_id: TenantId,
    /// How it is called.
    pub tenant_name: Title,
    /// Its place in addresses: `/p/{slug}`.
    pub slug: Slug,
}

/// The answer to a browser that was let in.
pub type Entered = WithCookies<Found<EnteredView>>;

/// What lets a browser in, as ids and hashes only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cause<'a> {
    /// The invitation's or challenge's id.
    pub(crate) id: &'a str,
    /// SHA-256 of the nonce that the browser chose; empty for a code.
    pub(crate) nonce_sha: &'a str,
    /// What it proves.
    pub(crate) proof: Proof,
}

/// One answer for a link that is over and one whose contact is not let in.
fn link_over() -> Problem {
    Problem::new(Kind::LinkOver, "This link has run out. A new one can be mailed to you.")
}

impl Cx<Bearer> {
    /// Signs in the browser that opens the link of `token` and chose the nonce that hashes to
    /// `nonce_sha`. Of any number at once one wins; the same nonce gets the same device again.
    ///
    /// # Errors
    /// [`Kind::LinkOver`], [`Kind::CodeRequired`] if another browser was first, [`Kind::TooMany`],
    /// or the table's.
    pub async fn open_link(
        &mut self,
        token: &InvitationToken,
        nonce_sha: &str,
    ) -> Result<Entered, Problem> {
        self.bears(token.tenant, token.invitation);
        let store = self.store_of(token.tenant);
        let (heard, first) = tokio::join!(self.hear(), Box::pin(invited(&store, token)));
        heard?;
        let mut seen = first?;
        for _ in 0..LOOKS_MAX {
            let account = current_account(&store, &seen.contact, seen.account.take()).await?;
            if gate(&seen.contact, account.as_ref(), self.now) != Gate::Open {
                return Err(link_over());
            }
            let link = &seen.link.value;
            let id = link.id.to_string();
            let cause = Cause { id: &id, nonce_sha, proof: link.proof() };
            let (cookie, answer) = self.entered(&seen.tenant, &seen.contact, cause)?;
            match link.open(&seen.contact, nonce_sha, self.now) {
                Opening::Over => return Err(link_over()),
                Opening::Taken => {
                    let detail = "The link was opened in another browser before. Ask for a code.";
                    return Err(Problem::new(Kind::CodeRequired, detail));
                }
                Opening::Again(_) => return Ok(answer),
                Opening::First => {}
            }
            let change = self.opening(&store, &seen, cause, &cookie).await?;
            if let Ok(answer) = self.try_commit(change, answer).await? {
                return Ok(answer);
            }
            seen = invited(&store, token).await?;
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }

    /// Everything that opening a link for the first time changes.
    async fn opening(
        &self,
        store: &Store,
        seen: &Invited,
        cause: Cause<'_>,
        cookie: &PortalCookie,
    ) -> Result<Change, Problem> {
        let mut change = self.change(store);
        let device = self.admit(&mut change, &seen.contact, cause, cookie)?;
        let mut link = seen.link.value.clone();
        if link.stands_in_for_a_code() {
            // The next one need not wait for this one's end.
            let hash = standing_hash(&self.house, &seen.tenant, &seen.contact);
            let standing = store.misses_of(&hash).await?;
            let confirmed = standing.value.confirmed();
            change.save_standing(&hash, &standing.next(confirmed), self.now)?;
        }
        let nonce = cause.nonce_sha.to_owned();
        link.used = Some(Use { nonce, at: self.now, device_id: device.id });
        change.save_invitation(&seen.link.next(link))?;
        Ok(change)
    }

    /// Mails a new link to the contact of `token`, whatever became of that link, while something
    /// is open to them. Nobody learns whether it did.
    ///
    /// # Errors
    /// [`Kind::TooMany`], or the table's.
    pub async fn renew_link(&mut self, token: &InvitationToken) -> Result<Accepted, Problem> {
        self.bears(token.tenant, token.invitation);
        self.hear().await?;
        let store = self.store_of(token.tenant);
        for _ in 0..LOOKS_MAX {
            let reader = self.renewable(&store, token).await?;
            // Anybody who was forwarded the link can press the button.
            let hash = match reader.as_ref().and_then(|contact| contact.email.as_ref()) {
                Some(email) => unproved_hash(&self.house, token.tenant, email),
                None => nobody_hash(&self.house, token),
            };
            let budget = store.budget(&hash).await?;
            let Ok(spent) = budget.value.spend(self.now, UNPROVED_MAILS_MAX, DAY) else {
                return Ok(Accepted);
            };
            let mut change = self.change(&store);
            change.save_budget(&hash, &budget.next(spent), self.now)?;
            if let Some(contact) = reader {
                let invited = Contact { version: contact.version + 1, ..contact };
                let line = self.line(invited.id, invited.version, Detail::None);
                change.save_contact(&invited)?;
                invite(&self.house, &mut change, &invited, Occasion::Sent, self.now)?;
                change.audit(Home::Contact(invited.id), &line)?;
            } else {
                let nobody = self.new_id();
                invite_nobody(&self.house, &mut change, nobody, Occasion::Sent, self.now)?;
            }
            change.pad_to(RENEWAL_STEPS)?;
            if self.try_commit(change, Accepted).await?.is_ok() {
                return Ok(Accepted);
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }

    /// The contact of `token`, if they have an address and something is open to them. Whoever is
    /// not let in is looked for in the same reads.
    async fn renewable(
        &self,
        store: &Store,
        token: &InvitationToken,
    ) -> Result<Option<Contact>, Problem> {
        let folder = store.folder(token.contact).await?;
        let account = folder.as_ref().and_then(|folder| folder.contact.account_id);
        let account = store.account(account.unwrap_or_else(|| self.new_id())).await?;
        let is_open = |folder: &Folder| {
            let contact = &folder.contact;
            gate(contact, account.as_ref(), self.now) == Gate::Open
                && contact.email.is_some()
                && live_grants(folder, self.now).next().is_some()
        };
        Ok(folder.filter(is_open).map(|folder| folder.contact))
    }

    /// The cookie of a browser that `cause` lets in, and the answer that brings it.
    pub(crate) fn entered(
        &self,
        tenant: &Tenant,
        contact: &Contact,
        cause: Cause<'_>,
    ) -> Result<(PortalCookie, Entered), Problem> {
        let secret = portal_secret(&self.house.keys, cause.id, cause.nonce_sha.as_bytes())
            .ok_or_else(Problem::not_found)?;
        let account = contact.account_id;
        let cookie = PortalCookie { tenant: tenant.id, contact: contact.id, account, secret };
        let view = EnteredView {
            tenant_id: tenant.id,
            tenant_name: tenant.name.clone(),
            slug: tenant.slug.clone(),
        };
        let answer = WithCookies {
            answer: Found::new(view),
            cookies: vec![self.house.portal_cookie(&cookie)],
            reissue: Some(reissue_note(&cookie, cause.id, cause.nonce_sha)),
        };
        Ok((cookie, answer))
    }

    /// Adds a browser that `cause` lets in: its row, the first line of its trail, and that the
    /// contact's address is proved. A contact shut out meanwhile has another epoch than the
    /// browser, which is then as good as unknown.
    pub(crate) fn admit(
        &self,
        change: &mut Change,
        contact: &Contact,
        cause: Cause<'_>,
        cookie: &PortalCookie,
    ) -> Result<Device, StoreError> {
        let device = Device {
            id: self.new_id(),
            contact_id: contact.id,
            epoch: contact.epoch,
            proof: cause.proof,
            expires_at: self.now + DEVICE_LIFE,
            network: self.visit.network.as_str().to_owned(),
            agent: self.visit.agent.clone(),
            created_at: self.now,
        };
        let home = Home::Contact(contact.id);
        change.put_device(&sha256_hex(&cookie.secret), &device)?;
        // Its views are numbered from here on.
        change.count_view(Object::Device(device.id), 1)?;
        let values =
            json!({ "by": cause.id, "proof": device.proof, "agent": device.agent.as_deref() });
        let line = self.line(device.id, 1, self.personal(contact, &values));
        change.audit(home, &in_person(line, &device))?;
        if contact.proved_at.is_none() {
            let version = contact.version + 1;
            let proved = Contact { version, proved_at: Some(self.now), ..contact.clone() };
            let detail = Detail::Plain(json!({ "proved_at": [null, proved.proved_at] }));
            let mut line = self.line(proved.id, version, detail);
            "contacts.proved".clone_into(&mut line.verb);
            change.save_contact(&proved)?;
            change.audit(home, &in_person(line, &device))?;
        }
        Ok(device)
    }
}

/// Where the pressing of a link's button counts whose contact is mailed nothing.
fn nobody_hash(house: &House, token: &InvitationToken) -> String {
    let (tenant, contact) = (token.tenant.to_string(), token.contact.to_string());
    house.keys.blind(&["unproved", &tenant, &contact])
}

/// A line of what the contact did in the browser that is being let in.
fn in_person(mut line: Activity, device: &Device) -> Activity {
    line.actor = Actor::Contact(device.contact_id);
    line.origin.device_id = Some(device.id);
    line
}

/// A link that we signed, as it is now. One swept long after its end is over like any other.
async fn invited(store: &Store, token: &InvitationToken) -> Result<Invited, Problem> {
    let found = store.invitation(token.contact, token.invitation, token.account).await?;
    found.ok_or_else(link_over)
}
