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
        let from = self.status;
        let is_anew = (from, status) == (ReviewStatus::Cancelled, ReviewStatus::ToReview);
        if from != status && !from.leads_to(status) && !is_anew {
            return Err(AccountError::Status { from, to: status });
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
        self.standing_expiry()?.next().map(|(_, at)| at)
    }

    /// What is to be told about its end at `now`.
    #[must_use]
    pub fn milestone(&self, now: Timestamp) -> Option<Milestone> {
        self.standing_expiry()?.due(now)
    }

    fn standing_expiry(&self) -> Option<&Expiry> {
        self.access_expiry.as_ref().filter(|_| self.deleted_at.is_none())
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

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::expiry::When;
    use crate::id::Id;
    use crate::tenant::Zone;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// An approved account of initech.example whose people's access ends at second 10,000.
    fn account() -> Account {
        Account {
            id: AccountId::from_ulid(Ulid::from_parts(1, 1)),
            version: 1,
            name: "Initech".parse().unwrap(),
            domains: vec!["initech.example".parse().unwrap()],
            status: ReviewStatus::Approved,
            auto_approval: true,
            access_expiry: When::Instant(at(10_000)).ends(&Zone::default(), at(0)).ok(),
            deleted_at: None,
            created_at: at(0),
        }
    }

    #[test]
    fn the_transitions_are_those_of_a_review_and_back_to_its_beginning() {
        use ReviewStatus::{Approved, Cancelled, InReview, ToReview};
        let allowed = [
            (ToReview, InReview),
            (ToReview, Approved),
            (InReview, Approved),
            (ToReview, Cancelled),
            (InReview, Cancelled),
            (Approved, Cancelled),
            (Cancelled, ToReview),
        ];
        for from in ReviewStatus::ALL {
            for to in ReviewStatus::ALL {
                let next = Account { status: from, ..account() }.with_status(to);
                let may = from == to || allowed.contains(&(from, to));
                let expected = if may { Ok(to) } else { Err(AccountError::Status { from, to }) };
                assert_eq!(next.map(|next| next.status), expected, "{from} to {to}");
            }
        }
    }

    #[test]
    fn its_end_is_told_while_it_is_there() {
        let there = account();
        assert_eq!(there.access_ends_at(), Some(at(10_000)));
        assert!(!there.is_over(at(9_999)) && there.is_over(at(10_000)));
        assert_eq!(there.due_at(), Some(at(10_000)), "all warnings had passed when it was set");
        assert_eq!(there.milestone(at(10_000)), Some(Milestone::Over));
        let told = there.told(at(10_000));
        assert_eq!((told.version, told.due_at(), told.milestone(at(10_001))), (2, None, None));
        let endless = Account { access_expiry: None, ..account() };
        assert_eq!((endless.access_ends_at(), endless.is_over(at(10_000))), (None, false));
        let gone = Account { deleted_at: Some(at(5)), ..account() };
        assert_eq!((gone.due_at(), gone.milestone(at(10_000))), (None, None));
    }

    #[test]
    fn only_an_approved_account_that_is_there_approves_its_own_people_on_arrival() {
        let own: Domain = "initech.example".parse().unwrap();
        assert!(account().approves_on_arrival(&own));
        assert!(!account().approves_on_arrival(&"sub.initech.example".parse().unwrap()));
        for account in [
            Account { auto_approval: false, ..account() },
            Account { status: ReviewStatus::InReview, ..account() },
            Account { deleted_at: Some(at(5)), ..account() },
        ] {
            assert!(!account.approves_on_arrival(&own));
        }
    }
}
