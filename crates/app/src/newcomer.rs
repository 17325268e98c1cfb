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

use crate::arrival::is_approved_on_arrival;
use crate::cx::{Cx, Principal};

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
