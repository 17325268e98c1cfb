//! Ends of access, and warnings of them. Readers judge time themselves, so that nothing here opens
//! or shuts anything: it records what has come, and tells both sides.
//!
//! What ends for one contact at one instant is told in one mail to each side: the mail's id is
//! derived from contact, instant and milestone, and whoever would owe it a second time sees it.

use app::house::audit::by_rule;
use app::sharing::arrival::NOTICE_LIFE;
use app::sharing::cover::live_grants;
use domain::access::{Gate, gate, is_shut_out};
use domain::account::Account;
use domain::activity::{Detail, Object};
use domain::contact::{Contact, ReviewStatus};
use domain::expiry::Milestone;
use domain::grant::{Grant, State};
use domain::id::{AccountId, MemberId};
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use jiff::Timestamp;
use serde_json::json;
use store::activities::Home;
use store::change::Change;
use store::keys::Key;
use store::lists::List;
use store::tasks::{Task, Work};
use store::{Store, StoreError};

use crate::jobs::arrivals::reviewers;
use crate::jobs::slices::slice_of_contacts;
use crate::{Deed, LOOKS_MAX, Worker, account_of};

/// Who is told about a grant's end: the member who gave the access, else who looks after the
/// contact; nobody where the rules gave it to a contact that nobody owns.
pub(crate) fn answerable(grant: &Grant, contact: &Contact) -> Option<MemberId> {
    grant.granted_by.or(contact.owner_id)
}

impl Worker {
    /// Records what has come of the end of the grant at `key`, and owes both sides the news.
    /// Without mails: two items in one transaction, and their places in two indexes.
    pub(crate) async fn tell_of_grant(
        &self,
        store: &Store,
        key: &Key,
        now: Timestamp,
    ) -> Result<Deed, StoreError> {
        for _ in 0..LOOKS_MAX {
            let Some(before) = store.grant_in(key).await? else { return Ok(Deed::Nothing) };
            let Some(milestone) = before.milestone(now) else { return Ok(Deed::Nothing) };
            let (after, verb) = match milestone {
                Milestone::Over => (before.clone().ended(State::Expired), "grants.expire"),
                _ => (before.clone().told(now), "grants.warn"),
            };
            let mut change = self.change(store);
            change.save_grant(&after)?;
            let mut line = by_rule(&self.house, verb, after.id, after.version, now);
            line.about = Some(Object::Document(after.document_id));
            if milestone != Milestone::Over {
                line.detail = Detail::Plain(json!({ "ends": milestone }));
            }
            change.audit(Home::Contact(after.contact_id), &line)?;
            self.owe_both(store, &mut change, &before, milestone, now).await?;
            match change.commit().await {
                // Extended or taken back this instant, or told by a grant with the same end.
                Err(StoreError::Lost(_)) => {}
                done => return done.map(|()| Deed::Done),
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX })
    }

    /// Owes the mails about the end of `grant`, if it opened anything until then.
    async fn owe_both(
        &self,
        store: &Store,
        change: &mut Change,
        grant: &Grant,
        milestone: Milestone,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(ends_at) = grant.ends_at() else { return Ok(()) };
        let Some(contact) = store.contact(grant.contact_id).await? else { return Ok(()) };
        let account = account_of(store, &contact).await?;
        let is_let_in = gate(&contact, account.as_ref(), now) == Gate::Open;
        if !is_let_in || grant.epoch != contact.grant_epoch {
            return Ok(());
        }
        let contact_id = contact.id;
        let to_contact = contact.email.as_ref().map(|_| {
            let purpose = Purpose::Ending { contact_id, ends_at, milestone };
            news(purpose, milestone, ends_at, now)
        });
        let to_staff = answerable(grant, &contact).map(|member_id| {
            let purpose = Purpose::EndingStaff { member_id, contact_id, ends_at, milestone };
            news(purpose, milestone, ends_at, now)
        });
        for mail in to_contact.into_iter().chain(to_staff) {
            owe_once(store, change, &mail).await?;
        }
        Ok(())
    }

    /// Records what has come of the end of an account's access, owes reviewers the news and sets
    /// off telling its contacts.
    pub(crate) async fn tell_of_account(
        &self,
        store: &Store,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Deed, StoreError> {
        for _ in 0..LOOKS_MAX {
            let Some(before) = store.account(account).await? else { return Ok(Deed::Nothing) };
            let Some(milestone) = before.milestone(now) else { return Ok(Deed::Nothing) };
            let after = before.clone().told(now);
            let verb = match milestone {
                Milestone::Over => "accounts.expire",
                _ => "accounts.warn",
            };
            let mut change = self.change(store);
            change.save_account(&after)?;
            let mut line = by_rule(&self.house, verb, account, after.version, now);
            line.detail = Detail::Plain(json!({ "ends": milestone }));
            change.audit(Home::Account(account), &line)?;
            if let Some(ends_at) = after.access_ends_at()
                && after.status == ReviewStatus::Approved
            {
                for member in reviewers(store).await? {
                    let (member_id, account_id) = (member.id, account);
                    let purpose =
                        Purpose::AccountEnding { member_id, account_id, ends_at, milestone };
                    let mail = news(purpose, milestone, ends_at, now);
                    owe_once(store, &mut change, &mail).await?;
                }
                let work = Work::AccountEnd { account_id: account, ends_at, milestone };
                let mark = self.house.dice.token();
                change.start_task(&Task { work, place: None, passes: 0, due_at: now, mark })?;
            }
            match change.commit().await {
                Err(StoreError::Lost(_)) => {}
                done => return done.map(|()| Deed::Done),
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX })
    }

    /// Owes a slice of an account's contacts the news that its access ends, and tells where the
    /// next slice begins.
    pub(crate) async fn tell_contacts_of(
        &self,
        store: &Store,
        account: AccountId,
        (ends_at, milestone): (Timestamp, Milestone),
        place: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let Some(account) = store.account(account).await? else { return Ok(None) };
        // Given a later end since, or none: that one will be told when its time comes.
        let ends = |account: &Account| account.access_ends_at();
        if ends(&account) != Some(ends_at) {
            return Ok(None);
        }
        let list = List::ContactsOfAccount(account.id);
        let (rows, next) = slice_of_contacts(store, list, place).await?;
        for row in &rows {
            let Some(folder) = store.folder(row.id).await? else { continue };
            let contact = &folder.contact;
            let is_told = contact.status == ReviewStatus::Approved
                && contact.email.is_some()
                && !is_shut_out(contact, Some(&account))
                && live_grants(&folder, now).next().is_some();
            if !is_told {
                continue;
            }
            let purpose = Purpose::Ending { contact_id: contact.id, ends_at, milestone };
            let mut change = self.change(store);
            change.owe(&news(purpose, milestone, ends_at, now))?;
            match change.commit().await {
                // Told already, by this walk or because of a grant with the same end.
                Err(StoreError::Lost(_)) => {}
                done => done?,
            }
        }
        Ok(next)
    }
}

/// A mail about an end: a warning is worth sending until it comes, the news that it came for some
/// days.
fn news(purpose: Purpose, milestone: Milestone, ends_at: Timestamp, now: Timestamp) -> Mail {
    let until = match milestone {
        Milestone::Over => now + NOTICE_LIFE,
        _ => ends_at,
    };
    Mail::new(purpose, now, until)
}

/// Owes a mail unless it was owed before.
pub(crate) async fn owe_once(
    store: &Store,
    change: &mut Change,
    mail: &Mail,
) -> Result<(), StoreError> {
    match store.mail(mail.id).await? {
        Some(_) => Ok(()),
        None => change.owe(mail),
    }
}
