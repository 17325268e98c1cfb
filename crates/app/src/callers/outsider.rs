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

use crate::callers::staff::document_resource;

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

#[cfg(test)]
mod tests {
    use domain::contact::ReviewStatus;
    use domain::document::AccessLevel::{Nda, Public, Restricted};
    use domain::grant::State;
    use domain::tenant::PortalType;

    use super::*;
    use crate::fixtures::{
        NOW, account, contact, document, ends_in, grant, grant_to_view, id, tenant, tenant_with_nda,
    };

    const VIEW: Action = Action::DocumentView;
    const DOWNLOAD: Action = Action::DocumentDownload;

    /// What the policies hear of a contact who holds `grant`.
    fn heard(
        contact: &Contact,
        account: &Account,
        grant: Option<&Grant>,
    ) -> policy::trust::Contact {
        let tenant = tenant();
        let outsider = Outsider { tenant: &tenant, contact, account: Some(account) };
        let Principal::Contact(heard) = outsider.principal(grant, NOW) else { panic!("a contact") };
        heard
    }

    /// Whether the contact, holding `grant`, may do `action` to `document` at `tenant`.
    fn opens(
        tenant: &Tenant,
        contact: &Contact,
        action: Action,
        document: &Document,
        grant: Option<&Grant>,
    ) -> Decision {
        let account = account();
        let outsider = Outsider { tenant, contact, account: Some(&account) };
        outsider.opens(action, document, grant, NOW)
    }

    #[test]
    fn a_grant_is_heard_as_what_it_allows_while_it_lives() {
        let (own, company) = (contact(), account());
        let of = |grant: Option<&Grant>| {
            let heard = heard(&own, &company, grant);
            (heard.id, heard.view, heard.download)
        };
        let document = vec![id(4)];
        assert_eq!(of(Some(&grant())), (id(3), document.clone(), document.clone()));
        assert_eq!(of(Some(&grant_to_view())), (id(3), document, Vec::new()));
        assert_eq!(of(None), (id(3), Vec::new(), Vec::new()));
        for over in [
            Grant { state: State::Removed, ..grant() },
            Grant { expiry: Some(ends_in(0)), ..grant() },
            Grant { epoch: 1, ..grant() },
        ] {
            assert_eq!(of(Some(&over)), (id(3), Vec::new(), Vec::new()), "{over:?}");
        }
    }

    #[test]
    fn only_who_passes_the_gate_is_heard_as_approved_and_comes_in() {
        let cancelled = Account { status: ReviewStatus::Cancelled, ..account() };
        let waiting = Contact { status: ReviewStatus::ToReview, ..contact() };
        let tenant = tenant();
        for (contact, account, expected) in [
            (contact(), account(), true),
            (contact(), cancelled, false),
            (waiting, account(), false),
        ] {
            assert_eq!(heard(&contact, &account, None).approved, expected);
            let outsider = Outsider { tenant: &tenant, contact: &contact, account: Some(&account) };
            assert_eq!(outsider.gate(NOW) == Gate::Open, expected);
            assert_eq!(outsider.enters(NOW).allowed, expected);
        }
    }

    #[test]
    fn the_agreement_in_force_is_accepted_or_there_is_none() {
        for (tenant, accepted, expected) in [
            (tenant(), None, true),
            (tenant(), Some(1), true),
            (tenant_with_nda(), None, false),
            (tenant_with_nda(), Some(1), false),
            (tenant_with_nda(), Some(2), true),
        ] {
            let contact = Contact { accepted_nda: accepted, ..contact() };
            let outsider = Outsider { tenant: &tenant, contact: &contact, account: None };
            assert_eq!(outsider.nda_accepted(), expected, "{accepted:?}");
        }
    }

    #[test]
    fn a_grant_opens_what_it_is_on_with_the_rights_it_has() {
        let (acme, maya, document) = (tenant(), contact(), document(Restricted));
        let (full, to_view) = (grant(), grant_to_view());
        for (grant, view, download) in
            [(Some(&full), true, true), (Some(&to_view), true, false), (None, false, false)]
        {
            assert_eq!(opens(&acme, &maya, VIEW, &document, grant).allowed, view);
            assert_eq!(opens(&acme, &maya, DOWNLOAD, &document, grant).allowed, download);
        }
        let elsewhere = Grant { document_id: id(40), ..grant() };
        assert!(!opens(&acme, &maya, VIEW, &document, Some(&elsewhere)).allowed);
        let decided = opens(&acme, &maya, DOWNLOAD, &document, Some(&full));
        assert_eq!(decided.policies, ["contact.download"]);
    }

    #[test]
    fn what_is_deleted_opens_to_nobody_and_no_policy_is_named_for_it() {
        let (acme, maya, grant) = (tenant(), contact(), grant());
        for level in [Public, Restricted, Nda] {
            let gone = Document { deleted_at: Some(NOW), ..document(level) };
            for action in [VIEW, DOWNLOAD] {
                let decided = opens(&acme, &maya, action, &gone, Some(&grant));
                assert_eq!(decided, Decision { allowed: false, policies: Vec::new() });
            }
            assert_eq!(anyone_downloads(&gone), Decision { allowed: false, policies: Vec::new() });
        }
    }

    #[test]
    fn who_is_let_in_downloads_what_is_public_and_who_is_not_does_not() {
        let (acme, public) = (tenant(), document(Public));
        let decided = opens(&acme, &contact(), DOWNLOAD, &public, None);
        assert!(decided.allowed);
        assert_eq!(decided.policies, ["anyone.public-documents"]);
        let by_grant = opens(&acme, &contact(), DOWNLOAD, &public, Some(&grant()));
        assert_eq!(by_grant.policies, ["contact.download"], "their own grant comes first");
        assert!(!opens(&acme, &contact(), VIEW, &public, None).allowed, "downloading is enough");
        let suspended = contact().suspended();
        assert!(!opens(&acme, &suspended, DOWNLOAD, &public, None).allowed);
    }

    #[test]
    fn only_the_agreement_stops_whom_a_grant_would_let_read() {
        let (acme, document) = (tenant_with_nda(), document(Nda));
        let accepted = Contact { accepted_nda: Some(2), ..contact() };
        for action in [VIEW, DOWNLOAD] {
            let stopped = opens(&acme, &contact(), action, &document, Some(&grant()));
            assert!(stopped.stopped_only_by(policy::trust::NDA_FIRST));
            assert!(opens(&acme, &accepted, action, &document, Some(&grant())).allowed);
        }
    }

    #[test]
    fn anybody_downloads_what_is_public_and_published_and_nothing_else() {
        let unpublished = Document { published: None, ..document(Public) };
        for (document, expected) in [
            (document(Public), true),
            (document(Restricted), false),
            (document(Nda), false),
            (unpublished, false),
        ] {
            assert_eq!(anyone_downloads(&document).allowed, expected);
        }
    }

    #[test]
    fn anybody_reads_a_trust_page_where_there_is_one() {
        for (portal_type, expected) in
            [(PortalType::Both, true), (PortalType::TrustCenter, true), (PortalType::Vaults, false)]
        {
            let decided = anyone_reads(&Tenant { portal_type, ..tenant() });
            assert_eq!((decided.allowed, decided.policies.is_empty()), (expected, !expected));
        }
    }
}
