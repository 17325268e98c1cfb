//! Somebody nobody knew becomes a contact, by what they typed about themselves.

use domain::account::Account;
use domain::activity::Detail;
use domain::contact::{Contact, ReviewStatus};
use domain::email::Email;
use domain::text::{JobTitle, PersonName, Title};
use jiff::Timestamp;
use serde_json::json;
use store::StoreError;
use store::activities::Home;
use store::change::Change;
use store::lists::ContactRow;

use crate::exchange::cx::{Cx, Principal};
use crate::sharing::arrival::is_approved_on_arrival;

/// What somebody typed about themselves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Newcomer<'a> {
    /// Their address.
    pub(crate) email: &'a Email,
    /// First name.
    pub(crate) first_name: &'a PersonName,
    /// Last name.
    pub(crate) last_name: &'a PersonName,
    /// The company.
    pub(crate) company: &'a Title,
    /// What they do there.
    pub(crate) job_title: &'a JobTitle,
    /// When they proved the address, if they did.
    pub(crate) proved_at: Option<Timestamp>,
}

impl<P: Principal> Cx<P> {
    /// Adds to `change` a stranger as a contact: of the account that lists the address's domain,
    /// else of a new one that is called what they typed. Tells whether the account approves them on
    /// arrival.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`store::change::Claim::Email`] and
    /// [`store::change::Claim::Domain`].
    pub(crate) fn make_contact(
        &self,
        change: &mut Change,
        newcomer: Newcomer<'_>,
        listing: Option<Account>,
    ) -> Result<(Contact, Option<Account>, bool), StoreError> {
        let is_listed = listing.is_some();
        let account = listing.unwrap_or_else(|| self.company_of(newcomer));
        let name = (newcomer.first_name.clone(), newcomer.last_name.clone());
        let mut contact = Contact {
            email: Some(newcomer.email.clone()),
            job_title: Some(newcomer.job_title.clone()),
            account_id: Some(account.id),
            proved_at: newcomer.proved_at,
            ..Contact::new(self.new_id(), name, self.house.dice.token(), self.now)
        };
        let on_arrival = is_approved_on_arrival(&contact, Some(&account), self.now);
        if on_arrival {
            contact.status = ReviewStatus::Approved;
        }
        if is_listed {
            // Approved or not, it is the account's word at this instant.
            change.check_account(&account)?;
        } else {
            change.save_account(&account)?;
            for (place, domain) in account.domains.iter().enumerate() {
                change.take_domain(account.id, domain, place)?;
            }
            let detail = json!({
                "name": account.name,
                "domains": account.domains,
                "status": account.status,
            });
            let line = self.line(account.id, account.version, Detail::Plain(detail));
            change.audit(Home::Account(account.id), &line)?;
        }
        change.create_contact(&contact, &ContactRow::new(&contact, Some(&account)))?;
        let values = json!({
            "email": contact.email,
            "name": contact.full_name(),
            "account_id": contact.account_id,
            "status": contact.status,
        });
        let detail = self.personal(&contact, &values);
        let line = self.line(contact.id, contact.version, detail);
        change.audit(Home::Contact(contact.id), &line)?;
        Ok((contact, Some(account), on_arrival))
    }

    fn company_of(&self, newcomer: Newcomer<'_>) -> Account {
        let domain = newcomer.email.domain();
        let domains = if domain.is_public_mailbox() { Vec::new() } else { vec![domain] };
        Account {
            id: self.new_id(),
            version: 1,
            name: newcomer.company.clone(),
            domains,
            status: ReviewStatus::ToReview,
            auto_approval: false,
            access_expiry: None,
            deleted_at: None,
            created_at: self.now,
        }
    }
}

#[cfg(test)]
mod tests {
    use store::saved::Saved;

    use super::*;
    use crate::callers::bearer::Bearer;
    use crate::fixtures::{NOW, account, cx, id, saved_by};

    /// What becomes of somebody who types `email` where `listing` lists its domain.
    fn made(email: &str, listing: Option<Account>) -> (Contact, Account, bool, Vec<Saved>) {
        let newcomer = Newcomer {
            email: &email.parse().unwrap(),
            first_name: &"Leo".parse().unwrap(),
            last_name: &"Wong".parse().unwrap(),
            company: &"Hooli".parse().unwrap(),
            job_title: &"Risk".parse().unwrap(),
            proved_at: Some(NOW),
        };
        let mut made = None;
        let saved = saved_by(|change| {
            made = Some(cx(Bearer).make_contact(change, newcomer, listing).unwrap());
        });
        let (contact, account, on_arrival) = made.unwrap();
        (contact, account.unwrap(), on_arrival, saved)
    }

    #[test]
    fn a_stranger_becomes_a_contact_of_the_account_that_lists_their_domain() {
        let (contact, account, on_arrival, saved) = made("leo@initech.example", Some(account()));
        assert_eq!((contact.account_id, account.id), (Some(id(2)), id(2)));
        assert_eq!((contact.status, on_arrival), (ReviewStatus::ToReview, false));
        assert_eq!(contact.email, Some("leo@initech.example".parse().unwrap()));
        assert_eq!((contact.proved_at, contact.full_name()), (Some(NOW), "Leo Wong".to_owned()));
        assert_eq!(contact.job_title, Some("Risk".parse().unwrap()));
        assert_eq!(saved, [Saved::Contact(Box::new(contact))], "the account stays as it is");
    }

    #[test]
    fn a_trusting_account_approves_them_at_once() {
        let trusting = Account { auto_approval: true, ..account() };
        let (contact, _, on_arrival, _) = made("leo@initech.example", Some(trusting));
        assert_eq!((contact.status, on_arrival), (ReviewStatus::Approved, true));
        assert!(!contact.reviewed, "nobody has reviewed them");
    }

    #[test]
    fn else_an_account_is_made_that_lists_their_domain_unless_anybody_may_have_it() {
        for (email, domains) in [("leo@hooli.example", 1), ("leo@gmail.com", 0)] {
            let (contact, account, on_arrival, saved) = made(email, None);
            assert_eq!((account.name.as_str(), account.domains.len()), ("Hooli", domains));
            assert_eq!((account.status, account.auto_approval), (ReviewStatus::ToReview, false));
            assert_eq!((contact.account_id, on_arrival), (Some(account.id), false));
            let expected = [Saved::Account(Box::new(account)), Saved::Contact(Box::new(contact))];
            assert_eq!(saved, expected);
        }
    }
}
