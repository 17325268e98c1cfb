//! The gate: whether a contact may come in at all, before any single document is looked at.

use jiff::Timestamp;

use crate::account::Account;
use crate::contact::{Contact, ReviewStatus};

/// What the gate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Grants may open things.
    Open,
    /// Nothing opens, and why.
    Shut(Shut),
}

/// Why nothing opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut {
    /// The contact was deleted.
    ContactDeleted,
    /// The contact is not `approved`.
    Contact(ReviewStatus),
    /// The account is not `approved`.
    Account(ReviewStatus),
    /// The account's access date has passed.
    AccountOver,
    /// The contact names an account that was deleted or not found.
    AccountMissing,
}

/// Judges the gate at `now`: contact and account are both approved. Without an account the
/// contact's status alone decides.
#[must_use]
pub fn gate(contact: &Contact, account: Option<&Account>, now: Timestamp) -> Gate {
    if contact.deleted_at.is_some() {
        return Gate::Shut(Shut::ContactDeleted);
    }
    if contact.status != ReviewStatus::Approved {
        return Gate::Shut(Shut::Contact(contact.status));
    }
    match account {
        Some(account) if account.deleted_at.is_some() => Gate::Shut(Shut::AccountMissing),
        Some(account) if account.status != ReviewStatus::Approved => {
            Gate::Shut(Shut::Account(account.status))
        }
        Some(account) if account.is_over(now) => Gate::Shut(Shut::AccountOver),
        None if contact.account_id.is_some() => Gate::Shut(Shut::AccountMissing),
        Some(_) | None => Gate::Open,
    }
}

/// Whether `contact` is shut out of everything, mails and guest links included: the person is gone
/// or suspended, or their company is. Links need no review, so nothing less stops them.
#[must_use]
pub fn is_shut_out(contact: &Contact, account: Option<&Account>) -> bool {
    contact.deleted_at.is_some()
        || contact.status == ReviewStatus::Cancelled
        || account.is_some_and(|account| account.status == ReviewStatus::Cancelled)
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::expiry::When;
    use crate::id::{AccountId, Id};
    use crate::tenant::Zone;

    fn people(contact: ReviewStatus, account: Option<ReviewStatus>) -> (Contact, Option<Account>) {
        let account_id = AccountId::from_ulid(Ulid::from_parts(2, 2));
        let end = When::Instant(Timestamp::from_second(100).unwrap());
        let end = end.ends(&Zone::default(), Timestamp::UNIX_EPOCH).unwrap();
        let account = account.map(|status| Account {
            id: account_id,
            version: 1,
            name: "Initech".parse().unwrap(),
            domains: Vec::new(),
            status,
            auto_approval: false,
            access_expiry: Some(end),
            deleted_at: None,
            created_at: Timestamp::UNIX_EPOCH,
        });
        let contact = Contact {
            account_id: account.as_ref().map(|account| account.id),
            status: contact,
            ..Contact::sample()
        };
        (contact, account)
    }

    #[test]
    fn the_gate_opens_only_while_contact_and_account_are_approved() {
        for status in ReviewStatus::ALL {
            for of_account in [None].into_iter().chain(ReviewStatus::ALL.map(Some)) {
                let (contact, account) = people(status, of_account);
                let is_open = gate(&contact, account.as_ref(), Timestamp::UNIX_EPOCH) == Gate::Open;
                let both = status == ReviewStatus::Approved
                    && of_account.is_none_or(|status| status == ReviewStatus::Approved);
                assert_eq!(is_open, both, "{status} {of_account:?}");
            }
        }
    }

    #[test]
    fn the_gate_shuts_the_instant_the_accounts_access_ends() {
        let (contact, account) = people(ReviewStatus::Approved, Some(ReviewStatus::Approved));
        let at = |second| gate(&contact, account.as_ref(), Timestamp::from_second(second).unwrap());
        assert_eq!(at(99), Gate::Open);
        assert_eq!(at(100), Gate::Shut(Shut::AccountOver));
    }

    #[test]
    fn an_account_that_is_not_found_shuts_the_gate() {
        let (contact, _) = people(ReviewStatus::Approved, Some(ReviewStatus::Approved));
        let gate = gate(&contact, None, Timestamp::UNIX_EPOCH);
        assert_eq!(gate, Gate::Shut(Shut::AccountMissing));
    }

    #[test]
    fn who_is_gone_or_suspended_is_shut_out_and_nobody_else() {
        use ReviewStatus::{Approved, Cancelled, InReview, ToReview};
        let is_out = |contact, account| {
            let (contact, account) = people(contact, account);
            is_shut_out(&contact, account.as_ref())
        };
        assert!(!is_out(ToReview, None) && !is_out(InReview, Some(ToReview)));
        assert!(is_out(Cancelled, None) && is_out(Cancelled, Some(Approved)));
        assert!(is_out(Approved, Some(Cancelled)));
        let (contact, _) = people(Approved, None);
        let gone = Contact { deleted_at: Some(Timestamp::UNIX_EPOCH), ..contact };
        assert!(is_shut_out(&gone, None));
        let gate = gate(&gone, None, Timestamp::UNIX_EPOCH);
        assert_eq!(gate, Gate::Shut(Shut::ContactDeleted));
    }

    #[test]
    fn the_gate_says_whose_review_keeps_it_shut() {
        use ReviewStatus::{Approved, InReview, ToReview};
        let judge = |contact, account| {
            let (contact, account) = people(contact, account);
            gate(&contact, account.as_ref(), Timestamp::UNIX_EPOCH)
        };
        assert_eq!(judge(ToReview, Some(InReview)), Gate::Shut(Shut::Contact(ToReview)));
        assert_eq!(judge(Approved, Some(InReview)), Gate::Shut(Shut::Account(InReview)));
        let (contact, account) = people(Approved, Some(Approved));
        let gone =
            account.map(|account| Account { deleted_at: Some(account.created_at), ..account });
        let gate = gate(&contact, gone.as_ref(), Timestamp::UNIX_EPOCH);
        assert_eq!(gate, Gate::Shut(Shut::AccountMissing));
    }
}
