//! Sharing documents with a contact, by whatever way, and taking them back.
//!
//! Deltas commute: adding what is shared already and removing what is not are no changes, so two
//! people who edit at once do not undo each other. Sharing also approves the contact and its
//! account, in the same transaction, if the actor may.

pub(crate) mod agreeing;
pub mod arrival;
pub mod cover;
pub mod extending;
pub mod invite;
pub(crate) mod newcomer;
pub mod resending;

use domain::account::Account;
use domain::activity::{Activity, Detail, Object};
use domain::contact::{Contact, ReviewStatus};
use domain::expiry::{Expiry, ExpiryError, When};
use domain::grant::{Grant, Rights, State};
use domain::id::DocumentId;
use domain::tenant::Zone;
use policy::trust::{Action, Resource};
use serde_json::json;
use store::StoreError;
use store::activities::Home;
use store::change::Change;

use crate::callers::staff::Staff;
use crate::exchange::cx::{Cx, Principal};
use crate::exchange::problem::{Kind, Problem};

/// Grants that one transaction changes; each is two of its hundred steps, and the last
/// transaction carries the request, the approvals, the mail and the kept answer besides.
pub const GRANTS_AT_ONCE: usize = 40;

/// One document to share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Which document.
    pub document_id: DocumentId,
    /// With which rights.
    pub rights: Rights,
    /// Until when; for good if absent.
    pub expiry: Option<Expiry>,
}

/// One document to take back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Which document.
    pub document_id: DocumentId,
    /// The grant's version that the actor saw; another one is left alone.
    pub version: Option<u64>,
}

/// What sharing comes to, computed from what was read and not yet written.
#[derive(Debug)]
pub struct Plan {
    /// Grants as they will be, each with its line of the trail.
    pub grants: Vec<(Grant, Activity)>,
    /// The contact, if sharing approves it.
    pub contact: Option<(Contact, Activity)>,
    /// The account, if sharing approves it.
    pub account: Option<(Account, Activity)>,
}

impl Plan {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.grants.is_empty() && self.contact.is_none() && self.account.is_none()
    }

    /// Writes ahead what does not fit the last transaction. It opens nothing that the last one
    /// would not, and a repeat finds it done.
    ///
    /// # Errors
    /// As every commit.
    pub async fn write_ahead(&mut self, cx: &Cx<Staff>) -> Result<(), StoreError> {
        // A preview looks at everything at once and writes nothing.
        while GRANTS_AT_ONCE < self.grants.len() && !cx.visit.previews {
            let ahead: Vec<_> = self.grants.drain(..GRANTS_AT_ONCE).collect();
            let mut change = cx.change(&cx.store());
            write_grants(&mut change, &ahead)?;
            change.commit().await?;
        }
        Ok(())
    }

    /// Adds the rest to the last transaction.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn write(&self, change: &mut Change) -> Result<(), StoreError> {
        write_grants(change, &self.grants)?;
        if let Some((contact, line)) = &self.contact {
            change.save_contact(contact)?;
            change.audit(Home::Contact(contact.id), line)?;
        }
        if let Some((account, line)) = &self.account {
            change.save_account(account)?;
            change.audit(Home::Account(account.id), line)?;
        }
        Ok(())
    }
}

fn write_grants(change: &mut Change, grants: &[(Grant, Activity)]) -> Result<(), StoreError> {
    for (grant, line) in grants {
        change.save_grant(grant)?;
        change.audit(Home::Contact(grant.contact_id), line)?;
    }
    Ok(())
}

/// Whether both end at the same instant, meant in the same zone, or neither ends.
pub(crate) fn is_same_end(one: Option<&Expiry>, other: Option<&Expiry>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.is_same_end(other),
        (None, None) => true,
        _ => false,
    }
}

/// The grant as taking back leaves it; `None` if there is nothing to take back, or somebody changed
/// it since the actor saw it.
fn taken_back(removal: &Removal, before: Option<&Grant>) -> Option<Grant> {
    let grant = before.filter(|grant| grant.state == State::Live)?;
    let is_as_seen = removal.version.is_none_or(|version| version == grant.version);
    is_as_seen.then(|| grant.clone().ended(State::Removed))
}

impl<P: Principal> Cx<P> {
    /// A grant with the line that says what became of it.
    pub(crate) fn with_line(&self, grant: Grant, deed: &str) -> (Grant, Activity) {
        let detail = json!({
            "deed": deed,
            "document_id": grant.document_id,
            "rights": grant.rights,
            "expires_at": grant.ends_at(),
            "zone": grant.expiry.as_ref().map(|expiry| &expiry.zone),
        });
        let mut line = self.line(grant.id, grant.version, Detail::Plain(detail));
        line.about = Some(Object::Document(grant.document_id));
        (grant, line)
    }
}

impl Cx<Staff> {
    /// The end that a body means at `pointer` and by the `zone` beside it; the company's own zone
    /// unless another is named.
    ///
    /// # Errors
    /// [`Kind::BadInput`] that points at what is wrong.
    pub fn expiry(
        &self,
        pointer: &str,
        when: Option<When>,
        zone: Option<&Zone>,
    ) -> Result<Option<Expiry>, Problem> {
        let Some(when) = when else {
            return match zone {
                Some(_) => {
                    let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
                    let detail = "a zone goes with an end: say when, too";
                    Err(Problem::bad_input(format!("{parent}/zone"), detail))
                }
                None => Ok(None),
            };
        };
        let zone = zone.unwrap_or(&self.who.tenant.zone);
        let refused = |error: ExpiryError| Problem::bad_input(pointer, error.to_string());
        when.ends(zone, self.now).map(Some).map_err(refused)
    }

    /// Plans to share and take back documents. The caller has authorised each document and the
    /// contact.
    ///
    /// # Errors
    /// [`Kind::WrongState`] if contact or account is cancelled, [`Kind::BadInput`] for an expiry
    /// that has passed, or the table's.
    pub async fn plan_sharing(
        &self,
        contact: &Contact,
        account: Option<&Account>,
        shares: &[Share],
        removals: &[Removal],
    ) -> Result<Plan, Problem> {
        let documents: Vec<DocumentId> = shares
            .iter()
            .map(|share| share.document_id)
            .chain(removals.iter().map(|removal| removal.document_id))
            .collect();
        let seen = self.store().grants(contact.id, &documents).await?;
        let before = |document: DocumentId| seen.iter().find(|grant| grant.document_id == document);
        let mut grants = Vec::new();
        for share in shares {
            let grant = self.shared(contact, share, before(share.document_id));
            grants.extend(grant.map(|grant| self.with_line(grant, "share")));
        }
        for removal in removals {
            let grant = taken_back(removal, before(removal.document_id));
            grants.extend(grant.map(|grant| self.with_line(grant, "unshare")));
        }
        let mut plan = Plan { grants, contact: None, account: None };
        if !shares.is_empty() {
            self.plan_approval(&mut plan, contact, account)?;
        }
        Ok(plan)
    }

    /// The grant as sharing leaves it; `None` if it already is so.
    fn shared(&self, contact: &Contact, share: &Share, before: Option<&Grant>) -> Option<Grant> {
        let is_same = |grant: &Grant| {
            grant.live(contact, self.now).is_some()
                && grant.rights == share.rights
                && is_same_end(grant.expiry.as_ref(), share.expiry.as_ref())
        };
        if before.is_some_and(is_same) {
            return None;
        }
        Some(Grant {
            rights: share.rights.clone(),
            expiry: share.expiry.clone(),
            granted_by: Some(self.who.member.id),
            ..Grant::new(contact, share.document_id, before, || self.new_id(), self.now)
        })
    }

    /// Nothing revives a cancelled contact or account; anyone else is approved by being shared
    /// with, if the actor may.
    fn plan_approval(
        &self,
        plan: &mut Plan,
        contact: &Contact,
        account: Option<&Account>,
    ) -> Result<(), Problem> {
        if contact.status == ReviewStatus::Cancelled {
            let detail = "The contact is suspended. Unsuspend it first, then share.";
            return Err(Problem::new(Kind::WrongState, detail));
        }
        if account.is_some_and(|account| account.status == ReviewStatus::Cancelled) {
            let detail = "The contact's account is cancelled. Reopen its review first, then share.";
            return Err(Problem::new(Kind::WrongState, detail));
        }
        if !self.may_set_status(contact) {
            return Ok(());
        }
        if contact.status != ReviewStatus::Approved {
            let mut approved = contact.clone().with_status(ReviewStatus::Approved)?;
            approved.version += 1;
            let detail = json!({ "status": [contact.status, approved.status], "by": "sharing" });
            let line = self.line(approved.id, approved.version, Detail::Plain(detail));
            plan.contact = Some((approved, line));
        }
        let waiting = account.filter(|account| {
            account.status != ReviewStatus::Approved
                && self.may(Action::AccountEdit, &Resource::Account(account.id))
        });
        if let Some(account) = waiting {
            let mut approved = account.clone().with_status(ReviewStatus::Approved)?;
            approved.version += 1;
            let detail = json!({ "status": [account.status, approved.status], "by": "sharing" });
            let line = self.line(approved.id, approved.version, Detail::Plain(detail));
            plan.account = Some((approved, line));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
