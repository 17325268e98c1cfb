//! Mails about the end of access. What ends at the instant of the mail is looked up when it leaves:
//! what was extended or taken back since is not told.

use app::house::addresses;
use app::sharing::cover::live_grants;
use domain::access::{Gate, gate};
use domain::account::Account;
use domain::contact::Contact;
use domain::expiry::{Expiry, Milestone};
use domain::grant::{Grant, State};
use domain::id::{AccountId, ContactId, DocumentId, MemberId};
use domain::member::Member;
use jiff::{Span, Timestamp, Unit};
use mail::message::{End, Left, Message};
use store::StoreError;
use store::contacts::Folder;

use super::{Desk, Written};
use crate::account_of;
use crate::jobs::arrivals::reviewers;
use crate::jobs::endings::answerable;
use crate::jobs::handing_over::heir_of;

/// What ends for a contact, and when.
struct Ending {
    folder: Folder,
    account: Option<Account>,
    grants: Vec<Grant>,
    end: End,
}

impl Ending {
    /// What closes then.
    fn documents(&self) -> Vec<DocumentId> {
        self.grants.iter().map(|grant| grant.document_id).collect()
    }
}

impl Desk<'_> {
    /// To the contact.
    pub(super) async fn ending(
        &self,
        contact: ContactId,
        (ends_at, milestone): (Timestamp, Milestone),
    ) -> Result<Written, StoreError> {
        let Some(to) = self.addressee(contact).await? else { return Ok(None) };
        let Some(ending) = self.ends(contact, ends_at, milestone).await? else { return Ok(None) };
        let documents = self.titles(&ending.documents()).await?;
        if documents.is_empty() {
            return Ok(None);
        }
        let (first_name, end) = (to.first_name(), ending.end);
        let message = match left(milestone, &end, self.now) {
            Some(left) => Message::ExpiryWarning { first_name, documents, ends: end, left },
            None => Message::Expired { first_name, documents, ended: end },
        };
        Ok(Some((to.email, message)))
    }

    /// To the member who gave the access, or took over from them.
    pub(super) async fn ending_staff(
        &self,
        member: MemberId,
        contact: ContactId,
        (ends_at, milestone): (Timestamp, Milestone),
    ) -> Result<Written, StoreError> {
        let Some(mut ending) = self.ends(contact, ends_at, milestone).await? else {
            return Ok(None);
        };
        let contact = &ending.folder.contact;
        let Some(told) = self.stand_in(member, contact).await? else { return Ok(None) };
        ending.grants.retain(|grant| answerable(grant, contact) == Some(member));
        let documents = self.titles(&ending.documents()).await?;
        if documents.is_empty() {
            return Ok(None);
        }
        let (name, end) = (contact.full_name(), ending.end);
        let company = ending.account.map(|account| account.name.to_string()).unwrap_or_default();
        let url = addresses::extension(self.house, self.tenant.id, contact.id, ends_at);
        let message = match left(milestone, &end, self.now) {
            Some(left) => {
                Message::ExpiryWarningStaff { name, company, documents, ends: end, left, url }
            }
            None => Message::AccessExpiredStaff { name, company, documents, ended: end, url },
        };
        Ok(Some((told.email, message)))
    }

    /// Who is told in place of `member`, if they are not there: whoever took over from them, else
    /// from the contact's owner, else the first who reviews.
    async fn stand_in(
        &self,
        member: MemberId,
        contact: &Contact,
    ) -> Result<Option<Member>, StoreError> {
        for id in [Some(member), contact.owner_id].into_iter().flatten() {
            let heir = heir_of(self.store, id).await?.filter(Member::is_in_use);
            if heir.is_some() {
                return Ok(heir);
            }
        }
        Ok(reviewers(self.store).await?.into_iter().next())
    }

    /// To a member who reviews.
    pub(super) async fn account_ending(
        &self,
        member: MemberId,
        account: AccountId,
        (ends_at, milestone): (Timestamp, Milestone),
    ) -> Result<Written, StoreError> {
        let member = self.store.member(member).await?.filter(Member::is_in_use);
        let account = self.store.account(account).await?;
        let account = account.filter(|account| account.deleted_at.is_none());
        if self.is_too_late(ends_at, milestone) {
            return Ok(None);
        }
        let Some((member, account)) = member.zip(account) else { return Ok(None) };
        let expiry = account.access_expiry.as_ref().filter(|expiry| expiry.at == ends_at);
        Ok(expiry.map(|expiry| {
            let (account, ends) = (account.name.to_string(), end(expiry));
            let left = left(milestone, &ends, self.now);
            (member.email, Message::AccountEnding { account, ends, left })
        }))
    }

    /// The grants of a contact that end at `ends_at`, by themselves or with the account; `None` if
    /// nothing does any more, or nothing was open anyway.
    async fn ends(
        &self,
        contact: ContactId,
        ends_at: Timestamp,
        milestone: Milestone,
    ) -> Result<Option<Ending>, StoreError> {
        if self.is_too_late(ends_at, milestone) {
            return Ok(None);
        }
        let Some(folder) = self.store.folder(contact).await? else { return Ok(None) };
        let account = account_of(self.store, &folder.contact).await?;
        let of_account = account.as_ref().and_then(|account| account.access_expiry.clone());
        let of_account = of_account.filter(|expiry| expiry.at == ends_at);
        // Judged as things stood just before the end, if it has come.
        let until = match milestone {
            Milestone::Over => ends_at - jiff::SignedDuration::from_nanos(1),
            _ => self.now,
        };
        if gate(&folder.contact, account.as_ref(), until) != Gate::Open {
            return Ok(None);
        }
        let grants: Vec<Grant> = match of_account {
            Some(_) => live_grants(&folder, until).cloned().collect(),
            None => folder
                .grants
                .iter()
                .filter(|grant| ends_with(grant, &folder.contact, ends_at))
                .cloned()
                .collect(),
        };
        let of_grants = grants.iter().filter_map(|grant| grant.expiry.clone());
        let expiry = of_account.or_else(|| of_grants.into_iter().next());
        Ok(expiry.map(|expiry| Ending { end: end(&expiry), folder, account, grants }))
    }

    /// Whether the end that a mail warns of has come, as when it is sent again days later.
    fn is_too_late(&self, ends_at: Timestamp, milestone: Milestone) -> bool {
        milestone != Milestone::Over && ends_at <= self.now
    }
}

/// Whether the grant ends at `ends_at` and by nothing else.
fn ends_with(grant: &Grant, contact: &Contact, ends_at: Timestamp) -> bool {
    grant.expiry.as_ref().is_some_and(|expiry| expiry.at == ends_at)
        && matches!(grant.state, State::Live | State::Expired)
        && grant.epoch == contact.grant_epoch
}

pub(super) fn end(expiry: &Expiry) -> End {
    End { at: expiry.at, zone: expiry.zone.rules() }
}

/// How long there is until `end`, in the calendar days it is meant in; a mail that comes late must
/// not promise what its milestone would.
pub(super) fn left(milestone: Milestone, end: &End, now: Timestamp) -> Option<Left> {
    match milestone {
        Milestone::InFourteenDays | Milestone::InThreeDays => {
            let (from, until) = (now.to_zoned(end.zone.clone()), end.at.to_zoned(end.zone.clone()));
            let whole = from.until((Unit::Day, &until)).map_or(0, |span| span.get_days());
            let begun =
                from.checked_add(Span::new().days(whole)).is_ok_and(|reached| reached < until);
            let days = whole.saturating_add(i32::from(begun));
            Some(Left::Days(u8::try_from(days).unwrap_or(u8::MAX)))
        }
        Milestone::Today => Some(Left::Today),
        Milestone::Over => None,
    }
}
