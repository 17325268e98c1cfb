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
    /// The contact names an account that was not found.
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
        Some(account) if account.status != ReviewStatus::Approved => {
            Gate::Shut(Shut::Account(account.status))
        }
        Some(account) if account.is_over(now) => Gate::Shut(Shut::AccountOver),
        Some(_) => Gate::Open,
        None if contact.account_id.is_some() => Gate::Shut(Shut::AccountMissing),
        None => Gate::Open,
    }
}
