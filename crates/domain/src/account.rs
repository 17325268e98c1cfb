//! Accounts: the outside companies that contacts belong to.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::contact::ReviewStatus;
use crate::email::Domain;
use crate::expiry::{Expiry, Milestone};
use crate::id::AccountId;
use crate::text::Title;

/// Domains one account may list; each is a lock of its own in the saving transaction.
pub const DOMAINS_MAX: usize = 20;

/// An outside company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Which company.
    pub id: AccountId,
    /// Audited changes so far, at least 1.
    pub version: u64,
    /// How it is called.
    pub name: Title,
    /// Whose visitors are its people; subdomains count only if listed.
    pub domains: Vec<Domain>,
    /// Where its review stands.
    pub status: ReviewStatus,
    /// Whether new people of its domains are approved on arrival.
    pub auto_approval: bool,
    /// When its people's access ends, whatever the status says.
    pub access_expiry: Option<Expiry>,
    /// When it was deleted; the item stays as evidence.
    pub deleted_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Why a change to an account is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// The status may not follow the present one.
    #[error("an account that is `{from}` cannot become `{to}`")]
    Status {
        /// What it is.
        from: ReviewStatus,
        /// What was asked.
        to: ReviewStatus,
    },
}

impl Account {
    /// The account with `status`, if that may follow: review may be skipped, anything may be
    /// cancelled, and a cancelled account starts its review anew.
    ///
    /// # Errors
    /// [`AccountError::Status`] if it may not.
    pub fn with_status(mut self, status: ReviewStatus) -> Result<Self, AccountError> {
        use ReviewStatus::{Approved, Cancelled, InReview, ToReview};
        let may = match (self.status, status) {
            (from, to) if from == to => true,
            (_, Cancelled)
            | (ToReview, InReview | Approved)
            | (InReview, Approved)
            | (Cancelled, ToReview) => true,
            (Cancelled | Approved | InReview, _) | (ToReview, ToReview) => false,
        };
        if !may {
            return Err(AccountError::Status { from: self.status, to: status });
        }
        self.status = status;
        Ok(self)
    }

    /// When its people's access ends; never, if absent.
    #[must_use]
    pub fn access_ends_at(&self) -> Option<Timestamp> {
        self.access_expiry.as_ref().map(|expiry| expiry.at)
    }

    /// Whether its people's access is over at `now`.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.access_expiry.as_ref().is_some_and(|end| end.is_over(now))
    }

    /// When the worker should look at it next: a warning about its end is due then, or the end.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        let is_there = self.deleted_at.is_none();
        self.access_expiry.as_ref().filter(|_| is_there)?.next().map(|(_, at)| at)
    }

    /// What is to be told about its end at `now`.
    #[must_use]
    pub fn milestone(&self, now: Timestamp) -> Option<Milestone> {
        let is_there = self.deleted_at.is_none();
        self.access_expiry.as_ref().filter(|_| is_there)?.due(now)
    }

    /// The account after people were told what had come of its end by `now`.
    #[must_use]
    pub fn told(mut self, now: Timestamp) -> Self {
        self.access_expiry = self.access_expiry.map(|expiry| expiry.told(now));
        self.version += 1;
        self
    }

    /// Whether an arriving person of `domain` is approved without a review.
    #[must_use]
    pub fn approves_on_arrival(&self, domain: &Domain) -> bool {
        self.auto_approval
            && self.status == ReviewStatus::Approved
            && self.deleted_at.is_none()
            && self.domains.contains(domain)
    }
}
