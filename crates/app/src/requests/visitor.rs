//! A visitor asks for documents on the trust page: the person and company are found or made, and
//! the request is theirs.
//!
//! Nobody learns who is known: everything is read alike for a known address and for a stranger's,
//! and nothing that is on file is overwritten by what somebody typed.

use domain::access::is_shut_out;
use domain::account::Account;
use domain::activity::Detail;
use domain::challenge::standing::{DAY, SendBudget, UNPROVED_MAILS_MAX};
use domain::contact::{Contact, ReviewStatus};
use domain::email::Email;
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use domain::request::{Asked, Request};
use domain::text::PersonName;
use serde_json::json;
use store::activities::Home;
use store::change::Change;
use store::item::Versioned;
use store::{Store, StoreError};

use crate::callers::anyone::Anyone;
use crate::exchange::answer::Answer;
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem};
use crate::sharing::arrival::{NOTICE_LIFE, is_approved_on_arrival};
use crate::sharing::newcomer::Newcomer;

/// Looks at what is known at the most; each look after the first means that somebody else took the
/// address or the domain, or saved what was read.
const LOOKS_MAX: u32 = 16;

/// Steps of the change that records a request, for everybody: as many as the longest takes, which
/// makes an account, a contact and the request, and mails.
const STEPS: usize = 15;

/// What a visitor typed.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Their address, which nobody has proved.
    pub email: Email,
    /// First name.
    pub first_name: PersonName,
    /// Last name.
    pub last_name: PersonName,
    /// What they ask for, and why.
    pub asked: Asked,
}

/// What is known about a visitor's address.
struct Known {
    /// Whose it is.
    contact: Option<Contact>,
    /// The contact's account; for a stranger the one that lists the address's domain.
    account: Option<Account>,
    /// Keyed hash of the address: where its mails are counted until it is proved.
    hash: String,
    /// What it was mailed.
    budget: Versioned<SendBudget>,
}

impl Visitor {
    fn newcomer(&self) -> Newcomer<'_> {
        Newcomer {
            email: &self.email,
            first_name: &self.first_name,
            last_name: &self.last_name,
            company: &self.asked.company,
            job_title: &self.asked.job_title,
            proved_at: None,
        }
    }
}

impl Cx<Anyone> {
    /// Records the request of a visitor and everything that it makes, and keeps `answer` with it.
    ///
    /// # Errors
    /// [`Kind::Busy`] after [`LOOKS_MAX`] looks, or the table's.
    pub async fn arrive<A: Answer>(
        &self,
        store: &Store,
        visitor: &Visitor,
        answer: &A,
    ) -> Result<(), Problem> {
        for _ in 0..LOOKS_MAX {
            let known = self.known(store, visitor).await?;
            let mut change = self.change(store);
            self.record(&mut change, visitor, known)?;
            change.pad_to(STEPS)?;
            if self.try_commit(change, answer).await?.is_ok() {
                return Ok(());
            }
        }
        Err(Problem::new(Kind::Busy, "Nothing was sent. Try again.").after(1))
    }

    /// Reads what is known. A stranger's address costs the same reads as a known one: where there
    /// is nothing to look for, something is looked for that does not exist.
    async fn known(&self, store: &Store, visitor: &Visitor) -> Result<Known, StoreError> {
        let email = &visitor.email;
        let tenant = store.tenant_id().to_string();
        let hash = self.house.keys.blind(&["unproved", &tenant, email.as_str()]);
        let domain = email.domain();
        let holder = store.contact_at(email).await?;
        let listing = store.account_at(&domain).await?;
        let budget = store.budget(&hash).await?;
        let contact = store.contact(holder.unwrap_or_else(|| self.new_id())).await?;
        let contact = contact.filter(|contact| contact.deleted_at.is_none());
        let own = contact.as_ref().and_then(|contact| contact.account_id);
        let own = store.account(own.unwrap_or_else(|| self.new_id())).await?;
        // Whoever has a mailbox where anybody may have one works for nobody in particular.
        let listing = listing.filter(|_| !domain.is_public_mailbox());
        let account = if contact.is_some() { own } else { listing };
        let account = account.filter(|account| account.deleted_at.is_none());
        Ok(Known { contact, account, hash, budget })
    }

    /// Adds everything to `change`: the account and the contact where they are new, the request,
    /// the mail.
    fn record(
        &self,
        change: &mut Change,
        visitor: &Visitor,
        known: Known,
    ) -> Result<(), StoreError> {
        let Known { contact, account, hash, budget } = known;
        let (contact, account, on_arrival) = match contact {
            Some(contact) => self.returning(change, contact, account)?,
            None => self.make_contact(change, visitor.newcomer(), account)?,
        };
        let request = Request {
            on_arrival,
            ..Request::new(self.new_id(), contact.id, visitor.asked.clone(), self.now)
        };
        change.create_request(&request, &contact)?;
        let values = json!({
            "name": format!("{} {}", visitor.first_name, visitor.last_name),
            "company": request.company,
            "job_title": request.job_title,
            "reason": request.reason,
            "document_ids": visitor.asked.documents,
        });
        let detail = self.personal(&contact, &values);
        let line = self.line(request.id, request.version, detail);
        change.audit(Home::Contact(contact.id), &line)?;
        // Whoever is approved on arrival gets the magic link instead.
        if !on_arrival && !is_shut_out(&contact, account.as_ref()) {
            self.acknowledge(change, &contact, &request, (&hash, &budget))?;
        }
        Ok(())
    }

    /// A contact on file asks again.
    fn returning(
        &self,
        change: &mut Change,
        contact: Contact,
        account: Option<Account>,
    ) -> Result<(Contact, Option<Account>, bool), StoreError> {
        let on_arrival = is_approved_on_arrival(&contact, account.as_ref(), self.now);
        if !on_arrival {
            change.check_contact(&contact)?;
            return Ok((contact, account, false));
        }
        let before = contact.status;
        let approved =
            Contact { status: ReviewStatus::Approved, version: contact.version + 1, ..contact };
        let detail = json!({ "status": [before, approved.status], "by": "arrival" });
        let line = self.line(approved.id, approved.version, Detail::Plain(detail));
        change.save_contact(&approved)?;
        change.audit(Home::Contact(approved.id), &line)?;
        if let Some(account) = &account {
            change.check_account(account)?;
        }
        Ok((approved, account, true))
    }

    /// Owes the mail that says we have the request. An address that nobody has proved pays for it
    /// from its budget, so that nobody's mailbox is flooded by what strangers type.
    fn acknowledge(
        &self,
        change: &mut Change,
        contact: &Contact,
        request: &Request,
        (hash, budget): (&str, &Versioned<SendBudget>),
    ) -> Result<(), StoreError> {
        if contact.proved_at.is_none() {
            match budget.value.spend(self.now, UNPROVED_MAILS_MAX, DAY) {
                Ok(spent) => change.save_budget(hash, &budget.next(spent), self.now)?,
                Err(_) => return Ok(()),
            }
        }
        let purpose = Purpose::RequestReceived { contact_id: contact.id, request_id: request.id };
        change.owe(&Mail::new(purpose, self.now, self.now + NOTICE_LIFE))
    }
}
