//! What a guest may do, with which document, and in whose name.

use domain::contact::Contact;
use domain::document::{AccessLevel, Document};
use domain::link::guest::{Guest as Browser, Standing};
use domain::link::{Right, Rights};
use policy::Decision;
use policy::trust::{Action, NDA_FIRST_GUEST, Principal as Who, decide};
use store::links::Linked;

use super::{Comer, Guest};
use crate::outsider::Outsider;
use crate::problem::{Kind, Problem};
use crate::staff::document_resource;

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
    /// As [`Cx::allow`].
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

    /// Whose eyes the guest sees through: their own contact's, or for a colleague who looks those of
    /// whom the link is for.
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
