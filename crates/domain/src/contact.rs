//! Contacts: outside people, and whether they have been reviewed.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::email::Email;
use crate::id::{AccountId, ContactId, MemberId};
use crate::picture::Picture;
use crate::text::{JobTitle, Line, PersonName};

/// Where the review of a person or company stands. Only `approved` opens shared documents.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ReviewStatus {
    /// Nobody has looked yet.
    ToReview,
    /// Somebody is looking.
    InReview,
    /// Shared documents open.
    Approved,
    /// Suspended or denied.
    Cancelled,
}

impl ReviewStatus {
    /// Every status, in the order of a review.
    pub const ALL: [Self; 4] = [Self::ToReview, Self::InReview, Self::Approved, Self::Cancelled];

    /// The word that keys and clients use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ToReview => "to_review",
            Self::InReview => "in_review",
            Self::Approved => "approved",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for ReviewStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An outside person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Which person.
    pub id: ContactId,
    /// Audited changes so far, at least 1.
    pub version: u64,
    /// Their address, unique in the trust center; absent for a placeholder.
    pub email: Option<Email>,
    /// First name.
    pub first_name: PersonName,
    /// Last name.
    pub last_name: PersonName,
    /// What they do.
    pub job_title: Option<JobTitle>,
    /// Whom they work for.
    pub account_id: Option<AccountId>,
    /// What kind of contact, in the tenant's own words.
    pub contact_type: Option<Line<60>>,
    /// Who looks after them; nobody if they arrived by themselves.
    pub owner_id: Option<MemberId>,
    /// Where their review stands.
    pub status: ReviewStatus,
    /// Whether a person of the tenant ever set the status.
    pub reviewed: bool,
    /// When somebody last proved to read mail at the address.
    pub proved_at: Option<Timestamp>,
    /// The newest text of the agreement they accepted.
    pub accepted_nda: Option<u32>,
    /// Rises to end sessions, codes and pending mail at once.
    pub epoch: u32,
    /// Rises to end all grants at once; a grant of a lower one is dead.
    pub grant_epoch: u32,
    /// Rises to keep all guest links shut; one of a lower one waits until it is activated again.
    #[serde(default)]
    pub link_epoch: u32,
    /// Seeds the key under which the trail keeps this person's values; destroyed to erase them.
    pub subject_seed: String,
    /// Their picture, if they have one.
    pub picture: Option<Picture>,
    /// When they were put out of sight, which changes no access.
    pub archived_at: Option<Timestamp>,
    /// When they were deleted; the item stays as evidence.
    pub deleted_at: Option<Timestamp>,
    /// When they were made.
    pub created_at: Timestamp,
}

/// Why a change to a contact is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContactError {
    /// The status may not follow the present one.
    #[error("a contact that is `{from}` cannot become `{to}`")]
    Status {
        /// What it is.
        from: ReviewStatus,
        /// What was asked.
        to: ReviewStatus,
    },
    /// Only a suspended contact can be unsuspended.
    #[error("the contact is not suspended")]
    NotSuspended,
}

/// What an unsuspended contact gets back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Whether the grants they had open again.
    pub grants: Back,
    /// Whether the guest links made for them open again.
    pub links: Back,
}

/// Whether what a contact had comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    /// As it was.
    Kept,
    /// It stays shut.
    Dropped,
}

impl From<bool> for Back {
    fn from(kept: bool) -> Self {
        if kept { Self::Kept } else { Self::Dropped }
    }
}

impl Contact {
    /// Somebody nobody has looked at yet, whose values the trail keeps under a key from
    /// `subject_seed`.
    #[must_use]
    pub fn new(
        id: ContactId,
        (first_name, last_name): (PersonName, PersonName),
        subject_seed: String,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            version: 1,
            email: None,
            first_name,
            last_name,
            job_title: None,
            account_id: None,
            contact_type: None,
            owner_id: None,
            status: ReviewStatus::ToReview,
            reviewed: false,
            proved_at: None,
            accepted_nda: None,
            epoch: 0,
            grant_epoch: 0,
            link_epoch: 0,
            subject_seed,
            picture: None,
            archived_at: None,
            deleted_at: None,
            created_at: now,
        }
    }

    /// First and last name.
    #[must_use]
    pub fn full_name(&self) -> String {
        if self.first_name == PersonName::erased() && self.subject_seed.is_empty() {
            return self.first_name.to_string();
        }
        format!("{} {}", self.first_name, self.last_name)
    }

    /// The contact with `status`, as staff set it. Review may be skipped, anything may be
    /// cancelled; a cancelled contact comes back by [`Contact::unsuspended`].
    ///
    /// # Errors
    /// [`ContactError::Status`] if it may not follow.
    pub fn with_status(mut self, status: ReviewStatus) -> Result<Self, ContactError> {
        use ReviewStatus::{Approved, Cancelled, InReview, ToReview};
        match (self.status, status) {
            (from, to) if from == to => {}
            (_, Cancelled) => return Ok(self.suspended()),
            (ToReview, InReview | Approved) | (InReview, Approved) => self.status = status,
            (from, to) => return Err(ContactError::Status { from, to }),
        }
        self.reviewed = true;
        Ok(self)
    }

    /// The contact with access suspended: sessions, codes and pending mail end at once.
    #[must_use]
    pub fn suspended(mut self) -> Self {
        self.status = ReviewStatus::Cancelled;
        self.reviewed = true;
        self.epoch += 1;
        self
    }

    /// The suspended contact brought back to `status`; browsers prove themselves again.
    ///
    /// # Errors
    /// [`ContactError::NotSuspended`] if it is not suspended, [`ContactError::Status`] unless
    /// `status` is `to_review` or `approved`.
    pub fn unsuspended(
        mut self,
        status: ReviewStatus,
        restored: Restored,
    ) -> Result<Self, ContactError> {
        if self.status != ReviewStatus::Cancelled {
            return Err(ContactError::NotSuspended);
        }
        if !matches!(status, ReviewStatus::ToReview | ReviewStatus::Approved) {
            return Err(ContactError::Status { from: self.status, to: status });
        }
        self.status = status;
        self.epoch += 1;
        if restored.grants == Back::Dropped {
            self.grant_epoch += 1;
        }
        if restored.links == Back::Dropped {
            self.link_epoch += 1;
        }
        Ok(self)
    }

    /// The contact at a new address: whoever read mail at the old one is out.
    #[must_use]
    pub fn with_email(mut self, email: Option<Email>) -> Self {
        if self.email != email {
            self.email = email;
            self.proved_at = None;
            self.epoch += 1;
        }
        self
    }

    /// The contact out of sight: in the lists of archived contacts only. It opens what it did.
    #[must_use]
    pub fn archived(self, now: Timestamp) -> Self {
        Self { archived_at: Some(now), ..self }
    }

    /// The archived contact back in sight.
    #[must_use]
    pub fn unarchived(self) -> Self {
        Self { archived_at: None, ..self }
    }

    /// The contact deleted: access ends now, the item stays as evidence.
    #[must_use]
    pub fn deleted(mut self, now: Timestamp) -> Self {
        self.deleted_at = Some(now);
        self.epoch += 1;
        self.grant_epoch += 1;
        self
    }

    /// Whether the personal values of the deleted contact are to be erased by now.
    #[must_use]
    pub fn is_to_erase(&self, now: Timestamp) -> bool {
        let is_over = self.deleted_at.is_some_and(|at| at + ERASED_AFTER <= now);
        is_over && !self.subject_seed.is_empty()
    }

    /// The contact without anything that tells who it was. Without the seed, what the trail keeps
    /// of the person cannot be read again.
    #[must_use]
    pub fn erased(mut self) -> Self {
        self.version += 1;
        self.email = None;
        self.first_name = PersonName::erased();
        self.last_name = PersonName::erased();
        self.job_title = None;
        self.contact_type = None;
        self.picture = None;
        self.subject_seed = String::new();
        self
    }
}

/// How long the personal values of a deleted contact are kept.
pub const ERASED_AFTER: jiff::SignedDuration = jiff::SignedDuration::from_hours(30 * 24);

#[cfg(test)]
impl Contact {
    /// An approved contact without an address, for tests to vary.
    pub(crate) fn sample() -> Self {
        use crate::id::Id;

        let id = ContactId::from_ulid(ulid::Ulid::from_parts(1, 1));
        let name = ("Maya".parse().unwrap(), "Lindt".parse().unwrap());
        Self {
            status: ReviewStatus::Approved,
            reviewed: true,
            ..Self::new(id, name, String::new(), Timestamp::UNIX_EPOCH)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: Restored = Restored { grants: Back::Kept, links: Back::Kept };
    const NO_GRANTS: Restored = Restored { grants: Back::Dropped, links: Back::Kept };

    fn contact(status: ReviewStatus) -> Contact {
        Contact {
            email: "maya@initech.example".parse().ok(),
            status,
            reviewed: false,
            proved_at: Some(Timestamp::UNIX_EPOCH),
            epoch: 3,
            grant_epoch: 5,
            subject_seed: "seed".to_owned(),
            ..Contact::sample()
        }
    }

    #[test]
    fn the_transitions_are_these_and_no_others() {
        use ReviewStatus::{Approved, Cancelled, InReview, ToReview};
        let allowed = [
            (ToReview, InReview),
            (ToReview, Approved),
            (InReview, Approved),
            (ToReview, Cancelled),
            (InReview, Cancelled),
            (Approved, Cancelled),
        ];
        for from in ReviewStatus::ALL {
            for to in ReviewStatus::ALL {
                let may = contact(from).with_status(to).is_ok();
                assert_eq!(may, from == to || allowed.contains(&(from, to)), "{from} to {to}");
            }
            let back: Vec<_> = ReviewStatus::ALL
                .into_iter()
                .filter(|to| contact(from).unsuspended(*to, ALL).is_ok())
                .collect();
            let expected = if from == Cancelled { vec![ToReview, Approved] } else { vec![] };
            assert_eq!(back, expected, "{from}");
        }
    }

    #[test]
    fn suspending_ends_sessions_and_keeps_grants_until_told_otherwise() {
        let suspended = contact(ReviewStatus::Approved).suspended();
        assert_eq!((suspended.epoch, suspended.grant_epoch), (4, 5));
        let kept = suspended.clone().unsuspended(ReviewStatus::Approved, ALL).unwrap();
        assert_eq!((kept.epoch, kept.grant_epoch), (5, 5));
        let dropped = suspended.unsuspended(ReviewStatus::Approved, NO_GRANTS).unwrap();
        assert_eq!((dropped.epoch, dropped.grant_epoch), (5, 6));
    }

    #[test]
    fn a_new_address_must_be_proved_again_and_the_same_one_need_not() {
        let same = contact(ReviewStatus::Approved).with_email("maya@initech.example".parse().ok());
        assert_eq!(same, contact(ReviewStatus::Approved));
        let moved = contact(ReviewStatus::Approved).with_email("m@hooli.example".parse().ok());
        assert_eq!((moved.epoch, moved.proved_at), (4, None));
    }

    proptest! {
        #[test]
        fn epochs_never_fall(steps in proptest::collection::vec(0_u8..5, 0..20)) {
            let mut now = contact(ReviewStatus::ToReview);
            for step in steps {
                let before = now.clone();
                now = match step {
                    0 => now.with_status(ReviewStatus::Approved).unwrap_or(before.clone()),
                    1 => now.suspended(),
                    2 => now.unsuspended(ReviewStatus::Approved, NO_GRANTS).unwrap_or(before.clone()),
                    3 => now.with_email(None),
                    _ => now.deleted(Timestamp::UNIX_EPOCH),
                };
                prop_assert!(before.epoch <= now.epoch && before.grant_epoch <= now.grant_epoch);
                let left = before.status == ReviewStatus::Cancelled
                    && now.status != ReviewStatus::Cancelled;
                prop_assert!(!left || before.epoch < now.epoch, "came back into an old session");
            }
        }
    }
}
