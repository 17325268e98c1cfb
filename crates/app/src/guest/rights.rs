//! What a guest may do, with which document, and in whose name.

use domain::contact::Contact;
use domain::document::{AccessLevel, Document};
use domain::link::guest::{Guest as Browser, Standing};
use domain::link::{Right, Rights};
use policy::Decision;
use policy::trust::{Action, NDA_FIRST_GUEST, Principal as Who, decide};
use store::links::Linked;

use super::{Comer, Guest};
use crate::callers::outsider::Outsider;
use crate::callers::staff::document_resource;
use crate::exchange::problem::{Kind, Problem};

/// What a link allows now: its own rights, and of those about reading what the grant of its contact
/// allows.
#[must_use]
pub fn rights_of(seen: &Linked) -> Rights {
    let holds = |right: &Right| match (right.of_grant(), &seen.grant) {
        (Some(right), Some(grant)) => grant.rights.allows(right),
        (None, _) | (_, None) => true,
    };
    let rights: Vec<Right> = seen.link.rights.iter().filter(holds).collect();
    // A grant allows to view, as every set does.
    Rights::try_from(rights).unwrap_or_default()
}

impl Guest {
    /// What a browser of `standing` may do now, of what the link allows.
    #[must_use]
    pub fn allows(&self, right: Right) -> bool {
        let action = match right {
            Right::View => Action::DocumentView,
            Right::Download => Action::DocumentDownload,
            Right::Write => Action::DocumentWrite,
            Right::Sign => Action::DocumentSign,
        };
        match &self.comer {
            Comer::Browser { browser, standing, .. } => {
                self.decide(browser, *standing, action).allowed
            }
            Comer::Member(_) => right == Right::View,
        }
    }

    /// Refuses unless the guest may do `action` to the link's document.
    ///
    /// # Errors
    /// As [`crate::exchange::cx::Cx::allow`].
    pub(super) fn require(&self, action: Action) -> Result<(), Problem> {
        let (browser, standing) = match &self.comer {
            Comer::Browser { browser, standing, .. } => (browser, *standing),
            Comer::Member(_) if action == Action::DocumentView => return Ok(()),
            Comer::Member(_) => {
                let detail = "You look at this as a member of the company, who only looks.";
                return Err(Problem::new(Kind::Forbidden, detail));
            }
        };
        let decision = self.decide(browser, standing, action);
        if decision.allowed {
            return Ok(());
        }
        if decision.stopped_only_by(NDA_FIRST_GUEST) {
            let detail = "Read and accept the agreement; the document opens then.";
            return Err(Problem::new(Kind::NdaRequired, detail));
        }
        if self.decide(browser, Standing::Verified, action).allowed {
            let detail = "This asks for a code once, to show that the address is yours.";
            return Err(Problem::new(Kind::CodeRequired, detail));
        }
        let detail = "The link does not allow this. Ask whoever sent it.";
        Err(Problem::new(Kind::Forbidden, detail))
    }

    /// What the guest reads and signs: the link's document, or their own copy of it where each
    /// guest gets one.
    #[must_use]
    pub fn document(&self) -> &Document {
        let speaks_for = self.speaks_for().map(|contact| contact.id);
        let is_own = |child: &&Document| {
            child.child_of.is_some_and(|of| {
                of.link_id == self.seen.link.id && speaks_for == Some(of.contact_id)
            })
        };
        self.seen.child.as_ref().filter(is_own).unwrap_or(&self.seen.document)
    }

    /// The contact that the guest speaks for; nobody, if their browser only bears the link, and for
    /// a colleague who looks.
    #[must_use]
    pub fn speaks_for(&self) -> Option<&Contact> {
        let Comer::Browser { browser, .. } = &self.comer else { return None };
        self.seen.contact.as_ref().filter(|contact| browser.contact_id == Some(contact.id))
    }

    /// Whose eyes the guest sees through: their own contact's, or for a colleague who looks those
    /// of whom the link is for.
    #[must_use]
    pub fn sees_as(&self) -> Option<&Contact> {
        match &self.comer {
            Comer::Browser { .. } => self.speaks_for(),
            Comer::Member(_) => {
                let own = self.seen.link.contact_id;
                self.seen.contact.as_ref().filter(|contact| own == Some(contact.id))
            }
        }
    }

    fn decide(&self, browser: &Browser, standing: Standing, action: Action) -> Decision {
        let seen = &self.seen;
        let accepted = seen.contact.as_ref().filter(|_| browser.contact_id.is_some());
        let nda_accepted = match accepted {
            Some(contact) => {
                Outsider { tenant: &seen.tenant, contact, account: seen.account.as_ref() }
                    .nda_accepted()
            }
            None => seen.tenant.nda.is_none(),
        };
        let who = Who::Guest(policy::trust::Guest {
            id: browser.id,
            standing,
            nda_accepted,
            document: self.document().id,
            rights: rights_of(seen),
        });
        // What a copy was made from may have been put under the agreement since.
        let mut judged = self.document().clone();
        if seen.document.access_level == AccessLevel::Nda {
            judged.access_level = AccessLevel::Nda;
        }
        decide(&who, action, &document_resource(&judged))
    }
}

#[cfg(test)]
mod tests {
    use Standing::{Bearer, Trusted, Verified};
    use domain::document::ChildOf;
    use domain::grant::Grant;
    use domain::link::Link;

    use super::*;
    use crate::fixtures::{
        browser, contact, document, grant, grant_to_view, guest, id, linked, linked_publicly,
        looking, refusal, tenant_with_nda,
    };

    const RIGHTS: [Right; 4] = [Right::View, Right::Download, Right::Write, Right::Sign];
    const ACTIONS: [Action; 4] = [
        Action::DocumentView,
        Action::DocumentDownload,
        Action::DocumentWrite,
        Action::DocumentSign,
    ];

    /// The link's document under the agreement, of which text 2 is in force.
    fn under_agreement() -> Linked {
        let document = document(AccessLevel::Nda);
        Linked { tenant: tenant_with_nda(), document, ..linked() }
    }

    /// A copy of the document for the contact on the link.
    fn copy_for(contact: u128, link: u128) -> Document {
        let child_of = ChildOf { document_id: id(4), link_id: id(link), contact_id: id(contact) };
        let original = document(AccessLevel::Restricted);
        Document { id: id(40), child_of: Some(child_of), ..original }
    }

    /// The same guest in a browser that speaks for nobody.
    fn bearing(seen: Linked) -> Guest {
        let browser = Box::new(Browser { contact_id: None, ..browser() });
        let comer = Comer::Browser { browser, standing: Bearer, sha: String::new(), views: 0 };
        Guest { seen, comer }
    }

    #[test]
    fn a_link_allows_of_reading_what_its_grant_does_and_of_the_rest_what_itself_does() {
        let rights = |grant: Option<Grant>| {
            rights_of(&Linked { grant, ..linked() }).iter().collect::<Vec<_>>()
        };
        assert_eq!(rights(Some(grant())), RIGHTS);
        assert_eq!(rights(None), RIGHTS);
        assert_eq!(rights(Some(grant_to_view())), [Right::View, Right::Write, Right::Sign]);
        let narrow = Link { rights: vec![Right::View].try_into().unwrap(), ..linked().link };
        let narrow = rights_of(&Linked { link: narrow, ..linked() });
        assert_eq!(narrow.iter().collect::<Vec<_>>(), [Right::View], "a grant adds nothing");
    }

    #[test]
    fn a_browser_does_what_its_standing_is_enough_for() {
        for (standing, expected) in [
            (Bearer, [true, false, false, false]),
            (Trusted, [true, true, true, false]),
            (Verified, [true, true, true, true]),
        ] {
            let guest = guest(linked(), standing);
            assert_eq!(RIGHTS.map(|right| guest.allows(right)), expected, "{standing:?}");
            let done = ACTIONS.map(|action| guest.require(action).is_ok());
            assert_eq!(done, expected, "{standing:?}");
        }
    }

    #[test]
    fn what_a_proved_address_would_do_asks_for_a_code_and_what_nothing_would_is_forbidden() {
        let bearer = guest(linked(), Bearer);
        assert_eq!(refusal(bearer.require(Action::DocumentWrite)), Some(Kind::CodeRequired));
        let trusted = guest(linked(), Trusted);
        assert_eq!(refusal(trusted.require(Action::DocumentSign)), Some(Kind::CodeRequired));
        let to_view = Linked { grant: Some(grant_to_view()), ..linked() };
        for standing in [Bearer, Trusted, Verified] {
            let reader = guest(to_view.clone(), standing);
            assert_eq!(refusal(reader.require(Action::DocumentDownload)), Some(Kind::Forbidden));
        }
    }

    #[test]
    fn a_colleague_looks_and_does_nothing() {
        let member = looking(linked());
        assert_eq!(RIGHTS.map(|right| member.allows(right)), [true, false, false, false]);
        let kinds = ACTIONS.map(|action| refusal(member.require(action)));
        let forbidden = Some(Kind::Forbidden);
        assert_eq!(kinds, [None, forbidden, forbidden, forbidden]);
    }

    #[test]
    fn the_agreement_comes_first_for_who_has_not_accepted_the_text_in_force() {
        for (accepted, expected) in
            [(None, Some(Kind::NdaRequired)), (Some(1), Some(Kind::NdaRequired)), (Some(2), None)]
        {
            let contact = domain::contact::Contact { accepted_nda: accepted, ..contact() };
            let guest = guest(Linked { contact: Some(contact), ..under_agreement() }, Verified);
            assert_eq!(refusal(guest.require(Action::DocumentView)), expected, "{accepted:?}");
            assert_eq!(guest.allows(Right::View), expected.is_none());
        }
    }

    #[test]
    fn nobody_accepted_for_a_browser_that_speaks_for_nobody() {
        let accepted = domain::contact::Contact { accepted_nda: Some(2), ..contact() };
        let seen = Linked { contact: Some(accepted), ..under_agreement() };
        assert_eq!(refusal(bearing(seen).require(Action::DocumentView)), Some(Kind::NdaRequired));
        let without = Linked { document: document(AccessLevel::Nda), ..linked_publicly() };
        assert!(bearing(without).require(Action::DocumentView).is_ok(), "no text is in force");
    }

    #[test]
    fn a_copy_follows_what_it_was_made_from_under_the_agreement() {
        let child = Some(copy_for(3, 6));
        let seen = Linked { child: child.clone(), ..under_agreement() };
        let kind = refusal(guest(seen, Verified).require(Action::DocumentView));
        assert_eq!(kind, Some(Kind::NdaRequired));
        let seen = Linked { child, ..linked() };
        assert!(guest(seen, Verified).require(Action::DocumentView).is_ok());
    }

    #[test]
    fn a_guest_reads_their_own_copy_and_nobody_elses() {
        let read = |guest: Guest| guest.document().id;
        let with = |child: Document| Linked { child: Some(child), ..linked() };
        assert_eq!(read(guest(with(copy_for(3, 6)), Verified)), id(40));
        assert_eq!(read(guest(with(copy_for(30, 6)), Verified)), id(4), "another's");
        assert_eq!(read(guest(with(copy_for(3, 60)), Verified)), id(4), "of another link");
        assert_eq!(read(bearing(with(copy_for(3, 6)))), id(4));
        assert_eq!(read(looking(with(copy_for(3, 6)))), id(4));
        assert_eq!(read(guest(linked(), Verified)), id(4));
    }

    #[test]
    fn a_guest_speaks_for_and_sees_as_their_own_contact_alone() {
        let whom =
            |guest: Guest| (guest.speaks_for().map(|of| of.id), guest.sees_as().map(|of| of.id));
        let stranger = domain::contact::Contact { id: id(30), ..contact() };
        let others = Linked { contact: Some(stranger), ..linked() };
        assert_eq!(whom(guest(linked(), Verified)), (Some(id(3)), Some(id(3))));
        assert_eq!(whom(guest(others.clone(), Verified)), (None, None));
        assert_eq!(whom(bearing(linked())), (None, None));
        assert_eq!(whom(looking(linked())), (None, Some(id(3))));
        assert_eq!(whom(looking(others)), (None, None));
    }
}
