//! The links of a document, and the browsers on a link, as staff see them.

use std::collections::BTreeSet;

use domain::account::Account;
use domain::activity::Detail;
use domain::contact::Contact;
use domain::document::Document;
use domain::grant::Grant;
use domain::id::{AccountId, ContactId, DeviceId, DocumentId, LinkId};
use domain::link::guest::Guest;
use domain::link::{Around, First, Link};
use serde_json::json;
use store::StoreError;
use store::links::{Along, Linked};

use crate::callers::staff::Staff;
use crate::exchange::answer::Done;
use crate::exchange::cx::{Allowed, Cx};
use crate::exchange::problem::Problem;

/// Looks at a link at the most; each look after the first means that somebody else saved it.
const LOOKS_MAX: u32 = 8;

/// A browser on a link.
#[derive(Clone, Debug)]
pub struct Browser {
    /// Under which keyed hash it is known.
    pub sha: String,
    /// The browser.
    pub guest: Guest,
    /// Whether the link opens to it now.
    pub open: bool,
}

/// Several people, with what opens one document to each.
struct People {
    contacts: Vec<Contact>,
    accounts: Vec<Account>,
    grants: Vec<Grant>,
}

impl People {
    fn contact(&self, id: Option<ContactId>) -> Option<&Contact> {
        self.contacts.iter().find(|contact| id == Some(contact.id))
    }

    fn account(&self, id: Option<ContactId>) -> Option<&Account> {
        let account = self.contact(id)?.account_id?;
        self.accounts.iter().find(|found| found.id == account)
    }

    fn grant(&self, id: Option<ContactId>) -> Option<&Grant> {
        self.grants.iter().find(|grant| id == Some(grant.contact_id))
    }
}

impl Cx<Staff> {
    /// The links of a document with everything that they are judged by, newest first, at most
    /// `limit` behind `after`.
    ///
    /// # Errors
    /// The table's.
    pub async fn links_of(
        &self,
        document: &Allowed<Document>,
        after: Option<LinkId>,
        limit: usize,
    ) -> Result<Vec<Linked>, Problem> {
        let links = self.store().links_of(document.id, after, limit).await?;
        let people = self.people(document.id, links.iter().map(|link| link.contact_id)).await?;
        let with_all = |link: Link| Linked {
            tenant: self.who.tenant.clone(),
            document: (**document).clone(),
            contact: people.contact(link.contact_id).cloned(),
            account: people.account(link.contact_id).cloned(),
            grant: people.grant(link.contact_id).cloned(),
            device: None,
            child: None,
            link,
        };
        Ok(links.into_iter().map(with_all).collect())
    }

    /// The browsers known on a link, at most `limit` behind the one known under the hash `after`.
    ///
    /// # Errors
    /// The table's.
    pub async fn browsers_on(
        &self,
        seen: &Allowed<Linked>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Browser>, Problem> {
        let (link, document) = (&seen.link, seen.document.id);
        let guests = self.store().guests_of(link.id, after, limit).await?;
        let whose = |guest: &Guest| link.contact_id.or(guest.contact_id);
        let people = self.people(document, guests.iter().map(|(_, guest)| whose(guest))).await?;
        let judged = |(sha, guest): (String, Guest)| {
            let id = whose(&guest);
            let around = Around {
                contact: people.contact(id),
                account: people.account(id),
                grant: people.grant(id),
                ..seen.around()
            };
            let open = guest.standing(link, &around, self.now).is_ok();
            Browser { sha, guest, open }
        };
        Ok(guests.into_iter().map(judged).collect())
    }

    async fn people(
        &self,
        document: DocumentId,
        ids: impl Iterator<Item = Option<ContactId>>,
    ) -> Result<People, Problem> {
        let store = self.store();
        let ids: BTreeSet<ContactId> = ids.flatten().collect();
        let ids = Vec::from_iter(ids);
        let contacts = store.contacts_of(&ids).await?;
        let grants = store.grants_to(document, &ids).await?;
        let of: BTreeSet<AccountId> = contacts.iter().filter_map(|who| who.account_id).collect();
        let accounts = store.accounts_of(&Vec::from_iter(of)).await?;
        Ok(People { contacts, accounts, grants })
    }

    /// Takes a browser off a link. If it was the first, its press is not believed again either.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::NotFound`] for one that is not on it, or the table's.
    pub async fn take_off(
        &self,
        seen: &Allowed<Linked>,
        device: DeviceId,
    ) -> Result<Done, Problem> {
        let store = self.store();
        let found = store.guest_on(seen.link.id, device).await?;
        let (sha, _) = found.ok_or_else(Problem::not_found)?;
        let mut link = seen.link.clone();
        for _ in 0..LOOKS_MAX {
            let mut change = self.change(&store);
            change.drop_guest(link.id, &sha)?;
            let after = forgetting(link.clone(), device);
            let detail = Detail::Plain(json!({ "device_id": device }));
            self.save_link(&mut change, &after, detail)?;
            if self.try_commit(change, Done).await?.is_ok() {
                return Ok(Done);
            }
            let again = store.linked(link.document_id, link.id, Along::default()).await?;
            link = again.ok_or_else(Problem::not_found)?.link;
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }
}

/// The link at its next version, believing the browser's nonce no more.
pub(crate) fn forgetting(link: Link, device: DeviceId) -> Link {
    let forget = |first: First| {
        let nonce = first.nonce.clone().filter(|_| first.device_id != device);
        First { nonce, ..first }
    };
    Link { version: link.version + 1, first: link.first.clone().map(forget), ..link }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{NOW, account, contact, grant, id, link};

    #[test]
    fn people_are_found_by_who_they_are_and_nobody_by_nobody() {
        let people = People {
            contacts: vec![Contact { id: id(30), account_id: None, ..contact() }, contact()],
            accounts: vec![Account { id: id(20), ..account() }, account()],
            grants: vec![Grant { contact_id: id(30), ..grant() }, grant()],
        };
        let found = |of: Option<ContactId>| {
            let account = people.account(of).map(|account| account.id);
            let grant = people.grant(of).map(|grant| grant.contact_id);
            (people.contact(of).map(|contact| contact.id), account, grant)
        };
        assert_eq!(found(Some(id(3))), (Some(id(3)), Some(id(2)), Some(id(3))));
        assert_eq!(found(Some(id(30))), (Some(id(30)), None, Some(id(30))));
        assert_eq!(found(Some(id(31))), (None, None, None));
        assert_eq!(found(None), (None, None, None));
    }

    #[test]
    fn the_press_of_a_browser_that_is_taken_off_is_not_believed_again() {
        let first = First { device_id: id(8), nonce: Some("nonce".to_owned()), at: NOW };
        let pressed = Link { first: Some(first.clone()), ..link() };
        let without = forgetting(pressed.clone(), id(8));
        assert_eq!(without.first, Some(First { nonce: None, ..first.clone() }));
        assert_eq!(without.version, 2);
        let others = forgetting(pressed, id(80));
        assert_eq!((others.first, others.version), (Some(first), 2));
        assert_eq!(forgetting(link(), id(8)).first, None);
    }
}
