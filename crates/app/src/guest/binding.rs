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
use crate::bearer::Bearer;
use crate::codes::code_wrong;
use crate::cx::Cx;
use crate::newcomer::Newcomer;
use crate::problem::Problem;

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
    /// [`crate::problem::Kind::CodeWrong`] for an address that opens nothing here,
    /// [`crate::problem::Kind::BadInput`] if nobody knows them and they say nothing about
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
