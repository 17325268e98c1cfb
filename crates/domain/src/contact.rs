//! Contacts: outside people, and whether they have been reviewed.

#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::as_text::display_as_str;
use crate::email::Email;
use crate::id::{AccountId, ContactId, MemberId};
use crate::picture::Picture;
use crate::text::{JobTitle, Line, PersonName};

/// How long the personal values of a deleted contact are kept.
pub const ERASED_AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);

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

    /// Whether `next` may follow as a step of the review: steps may be skipped, and anything may be
    /// cancelled.
    #[must_use]
    pub(crate) fn leads_to(self, next: Self) -> bool {
        use ReviewStatus::{Approved, Cancelled, InReview, ToReview};
        matches!(
            (self, next),
            (ToReview, InReview | Approved | Cancelled)
                | (InReview, Approved | Cancelled)
                | (Approved, Cancelled)
        )
    }
}

display_as_str!(ReviewStatus);

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

    /// The contact with `status`, as staff set it. A cancelled contact comes back by
    /// [`Contact::unsuspended`] alone.
    ///
    /// # Errors
    /// [`ContactError::Status`] if it may not follow.
    pub fn with_status(self, status: ReviewStatus) -> Result<Self, ContactError> {
        let from = self.status;
        if from == status {
            return Ok(Self { reviewed: true, ..self });
        }
        if !from.leads_to(status) {
            return Err(ContactError::Status { from, to: status });
        }
        if status == ReviewStatus::Cancelled {
            return Ok(self.suspended());
        }
        Ok(Self { status, reviewed: true, ..self })
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
        self.erased_at().is_some_and(|at| at <= now)
    }

    /// When the personal values of the deleted contact are to be erased; `None` if they are gone.
    #[must_use]
    pub fn erased_at(&self) -> Option<Timestamp> {
        let deleted_at = self.deleted_at.filter(|_| !self.subject_seed.is_empty());
        deleted_at.map(|at| at + ERASED_AFTER)
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
