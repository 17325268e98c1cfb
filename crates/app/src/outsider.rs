//! People outside the company as every decision about them sees them. What a portal or the trust
//! page answers and what explains that answer are decided here, by the same lines.

use domain::access::{Gate, gate};
use domain::account::Account;
use domain::contact::Contact;
use domain::document::Document;
use domain::grant::{Grant, Right};
use domain::tenant::Tenant;
use jiff::Timestamp;
use policy::Decision;
use policy::trust::{Action, Principal, Resource, decide};

use crate::staff::document_resource;

/// A contact, with everything that a decision about them is made from but the grant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outsider<'a> {
    /// Whose portal.
    pub(crate) tenant: &'a Tenant,
    /// Who.
    pub(crate) contact: &'a Contact,
    /// Whom they work for.
    pub(crate) account: Option<&'a Account>,
}

impl Outsider<'_> {
    /// What the gate says.
    pub(crate) fn gate(&self, now: Timestamp) -> Gate {
        gate(self.contact, self.account, now)
    }

    /// Whether the agreement in force is accepted, or there is none.
    pub(crate) fn nda_accepted(&self) -> bool {
        let in_force = self.tenant.nda.as_ref();
        in_force.is_none_or(|nda| self.contact.accepted_nda == Some(nda.version))
    }

    /// The contact as policies see it, holding `grant`, for the document it is on.
    pub(crate) fn principal(&self, grant: Option<&Grant>, now: Timestamp) -> Principal {
        let live = grant.and_then(|grant| grant.live(self.contact, now));
        let allows = |right| {
            let held = live.filter(|live| live.get().rights.allows(right));
            held.map(|live| live.get().document_id).into_iter().collect()
        };
        Principal::Contact(policy::trust::Contact {
            id: self.contact.id,
            approved: self.gate(now) == Gate::Open,
            nda_accepted: self.nda_accepted(),
            view: allows(Right::View),
            download: allows(Right::Download),
        })
    }

    /// Decides whether the contact may come into their portal.
    pub(crate) fn enters(&self, now: Timestamp) -> Decision {
        let portal = Resource::Tenant(self.tenant.id);
        decide(&self.principal(None, now), Action::PortalOpen, &portal)
    }

    /// Decides whether the contact, holding `grant`, may do `action` to `document` in their portal.
    pub(crate) fn opens(
        &self,
        action: Action,
        document: &Document,
        grant: Option<&Grant>,
        now: Timestamp,
    ) -> Decision {
        if document.deleted_at.is_some() {
            return nothing_permits();
        }
        let resource = document_resource(document);
        let as_contact = decide(&self.principal(grant, now), action, &resource);
        if as_contact.allowed || action != Action::DocumentDownload {
            return as_contact;
        }
        // What anybody may have, a contact may too, once they are let in.
        let as_anyone = anyone_downloads(document);
        if as_anyone.allowed && self.enters(now).allowed { as_anyone } else { as_contact }
    }
}

/// Decides whether anybody may download `document` without proving anything.
pub(crate) fn anyone_downloads(document: &Document) -> Decision {
    if document.deleted_at.is_some() {
        return nothing_permits();
    }
    decide(&Principal::Anyone, Action::DocumentDownload, &document_resource(document))
}

/// Decides whether anybody may read the trust page of `tenant`.
pub(crate) fn anyone_reads(tenant: &Tenant) -> Decision {
    if !tenant.portal_type.has_trust_center() {
        return nothing_permits();
    }
    decide(&Principal::Anyone, Action::TrustRead, &Resource::Tenant(tenant.id))
}

/// What is not there permits nothing, whatever the policies say.
fn nothing_permits() -> Decision {
    Decision { allowed: false, policies: Vec::new() }
}
