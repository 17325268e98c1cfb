//! Whom a proved address makes of its browser: found, or made, and written.

use domain::account::Account;
use domain::activity::{Activity, Actor, Detail};
use domain::contact::Contact;
use domain::email::Email;
use domain::grant::Grant;
use domain::id::{ContactId, DeviceId};
use domain::link::Audience;
use domain::link::guest::{Proof, Standing};
use domain::link::verifying::{Binding, Holder};
use serde_json::json;
use store::activities::Home;
use store::change::Change;
use store::links::Linked;
use store::{Store, StoreError};

use super::opening::Admission;
use super::{Comer, Details, Guest, require_own_copy};
use crate::callers::bearer::Bearer;
use crate::exchange::cx::Cx;
use crate::exchange::problem::Problem;
use crate::portal::codes::code_wrong;
use crate::sharing::newcomer::Newcomer;

/// An address that somebody proved on a link.
#[derive(Clone, Copy, Debug)]
pub(super) struct Proved<'a> {
    /// The address.
    pub(super) email: &'a Email,
    /// How it was proved.
    pub(super) proof: Proof,
    /// What they say about themselves, where nobody knows them.
    pub(super) details: Option<&'a Details>,
}

/// Who has an address, with what opens the document to them.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) contact: Contact,
    pub(super) account: Option<Account>,
    pub(super) grant: Option<Grant>,
}

impl Known {
    pub(super) fn holder(&self) -> Holder<'_> {
        let Self { contact, account, grant } = self;
        Holder { contact, account: account.as_ref(), grant: grant.as_ref() }
    }
}

impl Cx<Bearer> {
    /// Who has `email`. It takes the same reads whether anybody does or not.
    pub(super) async fn holder_of(
        &self,
        store: &Store,
        seen: &Linked,
        email: &Email,
    ) -> Result<Option<Known>, StoreError> {
        let id = store.contact_at(email).await?;
        self.holder_named(store, seen, id).await
    }

    /// The same of whom the address was found to be.
    async fn holder_named(
        &self,
        store: &Store,
        seen: &Linked,
        id: Option<ContactId>,
    ) -> Result<Option<Known>, StoreError> {
        let facts =
            store.facts(id.unwrap_or_else(|| self.new_id()), None, seen.document.id).await?;
        let account = facts.contact.as_ref().and_then(|contact| contact.account_id);
        let account = store.account(account.unwrap_or_else(|| self.new_id())).await?;
        let contact = facts.contact.filter(|_| id.is_some());
        Ok(contact.map(|contact| Known { contact, account, grant: facts.grant }))
    }

    /// Adds to `change` what becomes of contact, grant and link once `proved`, and hands back the
    /// guest that the browser `device` is then, and whether it spoke for them before.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::CodeWrong`] for an address that opens nothing here,
    /// [`crate::exchange::problem::Kind::BadInput`] if nobody knows them and they say nothing about
    /// themselves, or the table's.
    pub(super) async fn bind(
        &self,
        store: &Store,
        change: &mut Change,
        seen: &Linked,
        (device, sha): (DeviceId, &str),
        proved: Proved<'_>,
    ) -> Result<(Guest, Admission), Problem> {
        let before = store.guest(seen.link.id, sha);
        let (before, id) = tokio::join!(before, store.contact_at(proved.email));
        let before = before?;
        let known = self.holder_named(store, seen, id?).await?;
        let holder = known.as_ref().map(Known::holder);
        let binding = seen.link.bind(&seen.around(), proved.email, holder, self.now);
        let binding = binding.map_err(|_| code_wrong())?;
        let mut seen = seen.clone();
        match binding {
            Binding::Own => self.note_proved(change, &mut seen, device)?,
            Binding::Address => self.take_on(change, &mut seen, proved.email, device)?,
            Binding::Known(_) => {
                let Known { contact, account, grant } = known.ok_or_else(code_wrong)?;
                (seen.contact, seen.account, seen.grant) = (Some(contact), account, grant);
                self.note_proved(change, &mut seen, device)?;
                self.open_to(change, &mut seen)?;
            }
            Binding::New => {
                let details = proved.details.ok_or_else(|| {
                    Problem::bad_input("/details", "say who you are: the code was right")
                })?;
                let newcomer = details.newcomer(proved.email, self.now);
                let listing = self.listing(store, proved.email).await?;
                let (contact, account, _) = self.make_contact(change, newcomer, listing)?;
                (seen.contact, seen.account, seen.grant) = (Some(contact), account, None);
                self.open_to(change, &mut seen)?;
            }
        }
        self.settle(change, &mut seen, device)?;
        if seen.link.audience == Audience::PublicChild {
            // Boxed, as making a document makes a large future.
            Box::pin(self.own_copy(store, change, &mut seen, (device, before.as_ref()))).await?;
            require_own_copy(&seen)?;
        }
        let contact = seen.contact.as_ref().map(|contact| contact.id);
        let browser = Box::new(self.browser(&seen, device, contact, proved.proof));
        let (standing, sha) = (Standing::Verified, sha.to_owned());
        let spoke_for = before.filter(|before| self.now < before.expires_at);
        let is_theirs = spoke_for.is_some_and(|before| {
            before.contact_id.is_some()
                && before.contact_id == browser.contact_id
                && before.contact_epoch == browser.contact_epoch
        });
        let admission = if is_theirs { Admission::Raised } else { Admission::New };
        let comer = Comer::Browser { browser, standing, sha, views: 0 };
        Ok((Guest { seen, comer }, admission))
    }

    /// The account that lists the domain of `email`, where anybody with a mailbox there works.
    async fn listing(&self, store: &Store, email: &Email) -> Result<Option<Account>, StoreError> {
        let domain = email.domain();
        if domain.is_public_mailbox() {
            return Ok(None);
        }
        let listing = store.account_at(&domain).await?;
        Ok(listing.filter(|account| account.deleted_at.is_none()))
    }

    /// Notes that somebody reads mail at the contact's address, if that is news.
    fn note_proved(
        &self,
        change: &mut Change,
        seen: &mut Linked,
        device: DeviceId,
    ) -> Result<(), StoreError> {
        let Some(contact) = seen.contact.as_mut() else { return Ok(()) };
        if contact.proved_at.is_some() {
            return change.check_contact(contact);
        }
        contact.version += 1;
        contact.proved_at = Some(self.now);
        let detail = Detail::Plain(json!({ "proved_at": [null, contact.proved_at] }));
        let line = self.line(contact.id, contact.version, detail);
        change.save_contact(contact)?;
        change.audit(Home::Contact(contact.id), &in_person(line, contact, device))
    }

    /// The link's own contact, who had no address, takes on the one they proved.
    fn take_on(
        &self,
        change: &mut Change,
        seen: &mut Linked,
        email: &Email,
        device: DeviceId,
    ) -> Result<(), StoreError> {
        let Some(contact) = seen.contact.take() else { return Ok(()) };
        let mut contact = contact.with_email(Some(email.clone()));
        contact.version += 1;
        contact.proved_at = Some(self.now);
        change.save_contact(&contact)?;
        change.take_address(contact.id, email)?;
        let values = json!({ "email": [null, contact.email] });
        let line = self.line(contact.id, contact.version, self.personal(&contact, &values));
        change.audit(Home::Contact(contact.id), &in_person(line, &contact, device))?;
        seen.contact = Some(contact);
        Ok(())
    }

    /// Opens the document to the contact as the link does, unless it is open to them already.
    fn open_to(&self, change: &mut Change, seen: &mut Linked) -> Result<(), StoreError> {
        let Some(contact) = &seen.contact else { return Ok(()) };
        let rights = seen.link.rights.of_grant();
        let before = seen.grant.as_ref();
        let open = before.filter(|grant| grant.live(contact, self.now).is_some());
        let grant = match open {
            Some(open) => {
                let rights = open.rights.with(&rights);
                if rights == open.rights {
                    return change.check_grant(open);
                }
                Grant { rights, version: open.version + 1, ..open.clone() }
            }
            None => Grant {
                rights,
                expiry: seen.link.expiry.clone(),
                granted_by: Some(seen.link.maker_id),
                ..Grant::new(contact, seen.document.id, before, || self.new_id(), self.now)
            },
        };
        let (grant, line) = self.with_line(grant, "link");
        change.save_grant(&grant)?;
        change.audit(Home::Contact(contact.id), &line)?;
        seen.grant = Some(grant);
        Ok(())
    }

    /// The link becomes the contact's, if it is to be anybody's.
    fn settle(
        &self,
        change: &mut Change,
        seen: &mut Linked,
        device: DeviceId,
    ) -> Result<(), StoreError> {
        let Some((contact, grant)) = seen.contact.as_ref().zip(seen.grant.as_ref()) else {
            return Ok(());
        };
        let before = seen.link.clone();
        let after = before.clone().verified(contact, grant, device, self.now);
        if after.version == before.version {
            return change.check_link(&before);
        }
        let detail =
            json!({ "contact_id": [before.contact_id, after.contact_id], "first": device });
        let line = self.line(after.id, after.version, Detail::Plain(detail));
        change.save_link(&after)?;
        change.audit(Home::Document(after.document_id), &in_person(line, contact, device))?;
        seen.link = after;
        Ok(())
    }
}

/// A line of what the contact did in the browser that is being let in.
pub(super) fn in_person(mut line: Activity, contact: &Contact, device: DeviceId) -> Activity {
    line.actor = Actor::Contact(contact.id);
    line.origin.device_id = Some(device);
    line
}

impl Details {
    fn newcomer<'a>(&'a self, email: &'a Email, now: jiff::Timestamp) -> Newcomer<'a> {
        Newcomer {
            email,
            first_name: &self.first_name,
            last_name: &self.last_name,
            company: &self.company,
            job_title: &self.job_title,
            proved_at: Some(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::grant::State;
    use domain::link::Link;
    use store::saved::Saved;

    use super::*;
    use crate::fixtures::{
        NOW, contact, cx, ends_in, grant, grant_to_view, id, linked, linked_publicly, saved_by,
    };

    #[test]
    fn that_an_address_was_proved_is_noted_once() {
        let noted = |mut seen: Linked| {
            let saved =
                saved_by(|change| cx(Bearer).note_proved(change, &mut seen, id(8)).unwrap());
            (saved, seen.contact)
        };
        assert_eq!(noted(linked()), (Vec::new(), Some(contact())), "it is no news");
        assert_eq!(noted(linked_publicly()), (Vec::new(), None), "of nobody nothing is noted");
        let unproved = Contact { proved_at: None, ..contact() };
        let (saved, seen) = noted(Linked { contact: Some(unproved.clone()), ..linked() });
        let proved = Contact { proved_at: Some(NOW), version: 2, ..unproved };
        assert_eq!(saved, [Saved::Contact(Box::new(proved.clone()))]);
        assert_eq!(seen, Some(proved));
    }

    #[test]
    fn a_contact_without_an_address_takes_on_the_one_they_proved() {
        let email: Email = "maya@home.example".parse().unwrap();
        let without = Contact { email: None, proved_at: None, ..contact() };
        let mut seen = Linked { contact: Some(without), ..linked() };
        let saved = saved_by(|change| {
            cx(Bearer).take_on(change, &mut seen, &email, id(8)).unwrap();
        });
        let after = seen.contact.unwrap();
        assert_eq!((after.email.as_ref(), after.proved_at), (Some(&email), Some(NOW)));
        assert_eq!((after.version, after.epoch), (2, 1));
        assert_eq!(saved, [Saved::Contact(Box::new(after))]);
        let mut nobody = linked_publicly();
        let saved = saved_by(|change| {
            cx(Bearer).take_on(change, &mut nobody, &email, id(8)).unwrap();
        });
        assert!(saved.is_empty() && nobody.contact.is_none());
    }

    #[test]
    fn the_document_opens_as_the_link_does_and_what_is_open_already_stays() {
        let opened = |mut seen: Linked| {
            let saved = saved_by(|change| cx(Bearer).open_to(change, &mut seen).unwrap());
            if let [Saved::Grant(grant)] = saved.as_slice() {
                assert_eq!(seen.grant.as_ref(), Some(&**grant));
            }
            (saved.len(), seen.grant)
        };
        assert_eq!(opened(linked()), (0, Some(grant())), "it allows as much already");
        assert_eq!(opened(linked_publicly()), (0, None), "to nobody nothing opens");
        let (saves, wider) = opened(Linked { grant: Some(grant_to_view()), ..linked() });
        assert_eq!((saves, wider), (1, Some(Grant { version: 2, ..grant() })));
        let ended = grant().ended(State::Expired);
        let ending = Link { expiry: Some(ends_in(24)), ..linked().link };
        for before in [Some(ended), None] {
            let seen = Linked { grant: before.clone(), link: ending.clone(), ..linked() };
            let (saves, again) = opened(seen);
            let again = again.unwrap();
            assert_eq!((saves, again.state), (1, State::Live));
            assert_eq!(again.granted_by, Some(id(13)), "whoever made the link opened it");
            assert_eq!(again.ends_at(), Some(ends_in(24).at));
            assert_eq!(again.version, before.map_or(1, |before| before.version + 1));
        }
    }

    #[test]
    fn a_link_becomes_whose_it_is_and_one_that_is_anybodys_stays_so() {
        let settled = |mut seen: Linked| {
            let before = seen.link.clone();
            let saved = saved_by(|change| cx(Bearer).settle(change, &mut seen, id(8)).unwrap());
            (saved.len(), seen.link != before, seen)
        };
        let (saves, changed, seen) = settled(linked());
        assert_eq!((saves, changed), (1, true));
        assert_eq!(seen.link.first.as_ref().map(|first| first.device_id), Some(id(8)));
        let (saves, changed, _) = settled(seen);
        assert_eq!((saves, changed), (0, false), "it is theirs already");
        let public = linked_publicly().link;
        let (saves, changed, _) = settled(Linked { link: public, ..linked() });
        assert_eq!((saves, changed), (0, false));
        let (saves, changed, _) = settled(Linked { grant: None, ..linked() });
        assert_eq!((saves, changed), (0, false));
    }

    #[test]
    fn a_line_of_what_a_guest_did_names_them_and_their_browser() {
        let line = cx(Bearer).line(contact().id, 1, Detail::None);
        assert_eq!((line.actor, line.origin.device_id), (Actor::Anyone, None));
        let line = in_person(line, &contact(), id(8));
        assert_eq!((line.actor, line.origin.device_id), (Actor::Contact(id(3)), Some(id(8))));
    }

    #[test]
    fn who_is_new_has_proved_their_address_by_then() {
        let email: Email = "maya@home.example".parse().unwrap();
        let details = Details {
            first_name: "Maya".parse().unwrap(),
            last_name: "Lindt".parse().unwrap(),
            job_title: "Risk".parse().unwrap(),
            company: "Initech".parse().unwrap(),
        };
        let newcomer = details.newcomer(&email, NOW);
        assert_eq!((newcomer.email, newcomer.proved_at), (&email, Some(NOW)));
        assert_eq!(newcomer.first_name, &details.first_name);
        assert_eq!(newcomer.last_name, &details.last_name);
        assert_eq!((newcomer.company, newcomer.job_title), (&details.company, &details.job_title));
    }

    #[test]
    fn who_is_known_is_judged_with_their_company_and_what_opens_it_to_them() {
        let seen = linked();
        let known =
            Known { contact: contact(), account: seen.account.clone(), grant: Some(grant()) };
        let holder = known.holder();
        assert_eq!(holder.contact, &contact());
        assert_eq!((holder.account, holder.grant), (seen.account.as_ref(), Some(&grant())));
    }
}
