//! Codes for a portal: who would read one, and the browser that a right one signs in.

use domain::access::{Gate, gate};
use domain::account::Account;
use domain::challenge::code::Code;
use domain::challenge::standing::CONFIRMATION_LIFE;
use domain::contact::Contact;
use domain::email::Email;
use domain::id::ContactId;
use domain::invitation::Proof;
use domain::tenant::Slug;
use store::challenges::IssuedCode;
use store::change::Change;
use store::{Store, StoreError};

use crate::callers::bearer::Bearer;
use crate::exchange::cx::Cx;
use crate::exchange::problem::Problem;
use crate::house::token::{InvitationToken, is_code_of};
use crate::portal::codes::{Asker, CodeSent, LOOKS_MAX, code_wrong, hash, place};
use crate::portal::current_account;
use crate::portal::entry::{Cause, Entered};
use crate::sharing::invite::{Occasion, invite, invite_nobody};

/// How somebody says whose code they want.
#[derive(Clone, Debug)]
pub enum Whose {
    /// By a magic link, whatever became of it.
    Link(InvitationToken),
    /// By a company and an address.
    Address {
        /// The company's place in addresses.
        slug: Slug,
        /// The address.
        email: Email,
    },
}

/// Whoever reads the mail, if anybody does.
struct Reader {
    /// Who is let in by the code; nobody for a stranger, and for a contact that the gate shuts out.
    contact: Option<Contact>,
    /// Keyed hash under which misses count and codes are paced.
    standing: String,
    /// Keyed hash under which mails to the address are counted.
    budget: String,
}

impl Cx<Bearer> {
    /// Mails a code to `whose` address, or what else their budgets allow.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::NotFound`] for a company that does not exist,
    /// [`crate::exchange::problem::Kind::TooMany`] with the seconds to wait, or the table's.
    pub async fn ask_for_code(&mut self, whose: Whose) -> Result<CodeSent, Problem> {
        let (store, reader) = self.reader(whose).await?;
        let contact = reader.contact.as_ref();
        let asker = Asker { standing: reader.standing.clone(), budget: reader.budget, link: None };
        let issued = |id, challenge| IssuedCode {
            id,
            challenge,
            contact_id: contact.map(|contact| contact.id),
            epoch: contact.map_or(0, |contact| contact.epoch),
            standing: reader.standing.clone(),
            on_link: None,
        };
        let instead = |change: &mut Change| self.owe_confirmation(change, contact);
        self.issue(&store, &asker, issued, instead).await
    }

    /// Finds out who would read the mail.
    async fn reader(&mut self, whose: Whose) -> Result<(Store, Reader), Problem> {
        let (store, found, place) = match whose {
            Whose::Link(token) => {
                self.bears(token.tenant, token.invitation);
                let store = self.store_of(token.tenant);
                let found = Box::pin(store.reader(token.contact));
                let (heard, found) = tokio::join!(self.hear(), found);
                heard?;
                let found = found?;
                let place = found.as_ref().map(|(contact, _)| place(contact));
                (store, found, place.unwrap_or_else(|| token.contact.to_string()))
            }
            Whose::Address { slug, email } => {
                let tenant = Box::pin(self.house.table.tenant_at(&slug));
                let (heard, tenant) = tokio::join!(self.hear(), tenant);
                heard?;
                let store = self.store_of(tenant?.ok_or_else(Problem::not_found)?);
                let found = store.reader_at(&email, self.new_id::<ContactId>()).await?;
                (store, found, email.to_string())
            }
        };
        let tenant = store.tenant_id();
        let is_let_in = |(contact, account): &(Contact, Option<Account>)| {
            contact.email.is_some() && gate(contact, account.as_ref(), self.now) == Gate::Open
        };
        let reader = Reader {
            contact: found.filter(is_let_in).map(|(contact, _)| contact),
            standing: hash(&self.house, "portal", tenant, &place),
            budget: hash(&self.house, "codes", tenant, &place),
        };
        Ok((store, reader))
    }

    /// The browser that asks learns nothing and proves nothing by this: the link proves the one
    /// that opens it.
    fn owe_confirmation(
        &self,
        change: &mut Change,
        contact: Option<&Contact>,
    ) -> Result<(), StoreError> {
        let occasion = Occasion::LastResort(CONFIRMATION_LIFE);
        match contact {
            Some(contact) => invite(&self.house, change, contact, occasion, self.now),
            None => invite_nobody(&self.house, change, self.new_id(), occasion, self.now),
        }
    }

    /// Signs in the browser that asked for a code and now types it.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::CodeWrong`] whatever was wrong,
    /// [`crate::exchange::problem::Kind::TooMany`], or the table's.
    pub async fn type_code(&mut self, code: Code) -> Result<Entered, Problem> {
        let cookie = self.challenge_cookie(None).ok_or_else(code_wrong)?;
        self.bears(cookie.tenant, cookie.challenge);
        let store = self.store_of(cookie.tenant);
        let paid = self.pay(&store, &cookie, None).await?;
        if is_code_of(&self.house.keys, cookie.tenant, cookie.challenge, code) {
            self.redeem(&store, &paid).await
        } else {
            Err(code_wrong())
        }
    }

    /// Uses a code up that was right, and signs the browser in. A stranger's code opens nothing.
    async fn redeem(&self, store: &Store, paid: &IssuedCode) -> Result<Entered, Problem> {
        let contact = paid.contact_id.ok_or_else(code_wrong)?;
        let id = paid.id.to_string();
        let cause = Cause { id: &id, nonce_sha: "", proof: Proof::Code };
        for _ in 0..LOOKS_MAX {
            let seen = store.proving(paid.id, &paid.standing, contact).await?;
            let seen = seen.ok_or_else(code_wrong)?;
            let account = current_account(store, &seen.contact, None).await?;
            let is_current = seen.contact.epoch == paid.epoch;
            if !is_current || gate(&seen.contact, account.as_ref(), self.now) != Gate::Open {
                return Err(code_wrong());
            }
            let challenge = seen.challenge.value.challenge.consume().map_err(|_| code_wrong())?;
            let used = IssuedCode { challenge, ..seen.challenge.value.clone() };
            let (cookie, answer) = self.entered(&seen.tenant, &seen.contact, cause)?;
            let mut change = self.change(store);
            change.save_challenge(&seen.challenge.next(used))?;
            let refunded = seen.standing.value.refund_miss();
            change.save_standing(&paid.standing, &seen.standing.next(refunded), self.now)?;
            self.admit(&mut change, &seen.contact, cause, &cookie)?;
            if let Ok(answer) = self.try_commit(change, answer).await? {
                return Ok(answer);
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }
}
