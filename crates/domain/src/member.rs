//! Members: the people of a company, and what their seat is for.
//!
//! ```text
//! invited ──accepts, within 7 days──▶ in use ⇄ suspended
//!    └──────────────any──────────────removed (a tombstone, for the trail)
//! ```
//!
//! A seat opens something only while it is in use. Whatever takes that away, or makes the seat
//! another one, raises its epoch: sessions that began before no longer speak from it.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::email::Email;
use crate::id::{IdentityId, MemberId, TenantId};
use crate::password::Strength;
use crate::text::Title;

/// Life of the link in a mailed invitation to a seat.
pub const SEAT_INVITATION_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What a seat is for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the tenant, its members and switches.
    Administrator,
    /// Reviews requests, accounts and contacts.
    AccountManager,
    /// Looks after clients; reaches its own contacts and uploads.
    Representative,
    /// Reaches its own contacts and uploads.
    Member,
}

impl Role {
    /// The word that policies and clients use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::AccountManager => "account_manager",
            Self::Representative => "representative",
            Self::Member => "member",
        }
    }
}

/// An identity's seat in a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Which seat.
    pub id: MemberId,
    /// Audited changes so far, at least 1.
    pub version: u64,
    /// Who sits on it.
    pub identity_id: IdentityId,
    /// Where its mails go.
    pub email: Email,
    /// How the person is called.
    pub name: Title,
    /// What the seat is for.
    pub role: Role,
    /// May copy any link of documents the company sent and they can reach.
    pub external_communications: bool,
    /// Sees everything inside a vault, like its owner.
    pub manager_access: bool,
    /// Whether the seat is out of use for now.
    pub suspended: bool,
    /// Rises when the role changes and when the seat goes out of use; ends what speaks from it.
    #[serde(default)]
    pub epoch: u32,
    /// The invitation that waits to be accepted; the seat opens nothing before.
    pub invitation: Option<SeatInvitation>,
    /// That the person is gone; the seat stays for the trail.
    pub removal: Option<Removal>,
    /// When the seat was made.
    pub created_at: Timestamp,
}

/// An invitation to a seat. Its token is derived, never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatInvitation {
    /// Which, from 1: a newer one ends those before.
    pub round: u32,
    /// Who invites.
    pub by: MemberId,
    /// When it was mailed.
    pub mailed_at: Timestamp,
    /// When it stops.
    pub expires_at: Timestamp,
}

/// That a member was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removal {
    /// When.
    pub at: Timestamp,
    /// Who looks after their contacts from then on, if they had any.
    pub successor_id: Option<MemberId>,
}

impl Member {
    /// A new seat of `identity`, in use.
    #[must_use]
    pub fn new(id: MemberId, identity: &Identity, role: Role, now: Timestamp) -> Self {
        Self {
            id,
            version: 1,
            identity_id: identity.id,
            email: identity.email.clone(),
            name: identity.name.clone(),
            role,
            external_communications: false,
            manager_access: false,
            suspended: false,
            epoch: 0,
            invitation: None,
            removal: None,
            created_at: now,
        }
    }

    /// Whether the seat opens anything: accepted, not suspended, not removed.
    #[must_use]
    pub fn is_in_use(&self) -> bool {
        self.is_kept() && self.invitation.is_none()
    }

    /// Whether the seat is the person's, used or offered: neither suspended nor removed.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        !self.suspended && self.removal.is_none()
    }

    /// Whether the person runs the company now.
    #[must_use]
    pub fn administers(&self) -> bool {
        self.role == Role::Administrator && self.is_in_use()
    }

    /// Whether the invitation called `round` can be accepted at `now`.
    #[must_use]
    pub fn awaits(&self, round: u32, now: Timestamp) -> bool {
        let waits =
            |invitation: SeatInvitation| invitation.round == round && now < invitation.expires_at;
        self.is_kept() && self.invitation.is_some_and(waits)
    }

    /// The seat with a new invitation by the member `by`, which ends the one before.
    #[must_use]
    pub fn invited(self, by: MemberId, now: Timestamp) -> Self {
        let round = self.invitation.map_or(0, |before| before.round) + 1;
        let expires_at = now + SEAT_INVITATION_LIFE;
        let invitation = SeatInvitation { round, by, mailed_at: now, expires_at };
        Self { invitation: Some(invitation), ..self }
    }

    /// The seat once `identity` accepted. It is called as the person calls themselves.
    #[must_use]
    pub fn accepted(self, identity: &Identity) -> Self {
        let (version, name) = (self.version + 1, identity.name.clone());
        Self { version, name, invitation: None, ..self }
    }

    /// The seat as another one: what spoke from it before speaks from it no longer.
    #[must_use]
    pub fn with_access(self, role: Role, suspended: bool) -> Self {
        let is_same = self.role == role && self.suspended == suspended;
        let epoch = if is_same { self.epoch } else { self.epoch + 1 };
        Self { role, suspended, epoch, ..self }
    }

    /// The tombstone that is left of the seat.
    #[must_use]
    pub fn removed(self, successor_id: Option<MemberId>, now: Timestamp) -> Self {
        let (version, epoch) = (self.version + 1, self.epoch + 1);
        let removal = Some(Removal { at: now, successor_id });
        Self { version, epoch, invitation: None, removal, ..self }
    }
}

/// One person, one address, one way to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Which person.
    pub id: IdentityId,
    /// Saves so far, at least 1.
    pub version: u64,
    /// The address they sign in with.
    pub email: Email,
    /// How they are called.
    pub name: Title,
    /// Argon2id in PHC form over the peppered password; absent before the first sign-in.
    pub password: Option<PasswordHash>,
    /// Whether signing in asks for a second factor too.
    #[serde(default)]
    pub second_factor: bool,
    /// Rises to end every session at once.
    pub epoch: u32,
    /// When the identity was made.
    pub created_at: Timestamp,
}

impl Identity {
    /// Somebody new, who cannot sign in yet.
    #[must_use]
    pub fn new(id: IdentityId, email: Email, name: Title, now: Timestamp) -> Self {
        Self {
            id,
            version: 1,
            email,
            name,
            password: None,
            second_factor: false,
            epoch: 0,
            created_at: now,
        }
    }

    /// What protects the person besides a password.
    #[must_use]
    pub fn strength(&self) -> Strength {
        if self.second_factor { Strength::WithSecondFactor } else { Strength::Alone }
    }

    /// The person with a second factor or without: whoever came in the other way is out.
    #[must_use]
    pub fn with_second_factor(self, second_factor: bool) -> Self {
        let (version, epoch) = (self.version + 1, self.epoch + 1);
        Self { version, second_factor, epoch, ..self }
    }

    /// The person with another password: whoever knew the old one is out.
    #[must_use]
    pub fn with_password(self, password: PasswordHash) -> Self {
        let (version, epoch) = (self.version + 1, self.epoch + 1);
        Self { version, epoch, password: Some(password), ..self }
    }
}

/// A password's hash, and which root key peppered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordHash {
    /// PHC string.
    pub phc: String,
    /// Root key whose pepper went in.
    pub root: u8,
    /// Whether the password is strong enough to be the only proof.
    #[serde(default = "is_strong")]
    pub stands_alone: bool,
}

/// Before there was a second factor, every password had to be.
fn is_strong() -> bool {
    true
}

/// One seat of an identity, as the identity's own partition lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// In which company.
    pub tenant_id: TenantId,
    /// Which seat there.
    pub member_id: MemberId,
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::id::Id;

    fn member(id: u128) -> MemberId {
        MemberId::from_ulid(Ulid::from_parts(1, id))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn identity() -> Identity {
        let id = IdentityId::from_ulid(Ulid::from_parts(1, 1));
        let (email, name) = ("maya@acme.example".parse(), "Maya Lin".parse());
        Identity::new(id, email.unwrap(), name.unwrap(), at(0))
    }

    fn seat() -> Member {
        Member::new(member(1), &identity(), Role::Administrator, at(0))
    }

    #[test]
    fn an_invitation_is_accepted_until_the_instant_it_is_over() {
        let invited = seat().invited(member(2), at(0));
        let end = at(0) + SEAT_INVITATION_LIFE;
        assert!(invited.awaits(1, end - SignedDuration::from_nanos(1)));
        assert!(!invited.awaits(1, end) && !invited.is_in_use() && !invited.administers());
    }

    #[test]
    fn a_newer_invitation_ends_the_one_before() {
        let again = seat().invited(member(2), at(0)).invited(member(2), at(5));
        assert!(!again.awaits(1, at(6)) && again.awaits(2, at(6)));
    }

    #[test]
    fn nobody_accepts_twice_or_into_a_suspended_or_removed_seat() {
        let invited = seat().invited(member(2), at(0));
        let suspended = invited.clone().with_access(Role::Member, true);
        let removed = invited.clone().removed(None, at(1));
        let accepted = Member { invitation: None, ..invited };
        for seat in [suspended, removed.clone(), accepted.clone()] {
            assert!(!seat.awaits(1, at(2)));
        }
        assert!(accepted.administers() && !removed.is_in_use());
    }

    #[test]
    fn only_another_role_or_use_makes_another_seat() {
        let same = seat().with_access(Role::Administrator, false);
        assert_eq!(same.epoch, 0);
        assert_eq!(seat().with_access(Role::Member, false).epoch, 1);
        let back = seat().with_access(Role::Administrator, true);
        assert_eq!(back.with_access(Role::Administrator, false).epoch, 2);
    }

    #[test]
    fn a_seat_of_before_there_were_invitations_is_in_use() {
        let mut old = serde_json::to_value(seat()).unwrap();
        for field in ["epoch", "invitation", "removal"] {
            old.as_object_mut().unwrap().remove(field);
        }
        let read: Member = serde_json::from_value(old).unwrap();
        assert!(read.administers() && read == seat());
    }

    #[test]
    fn a_role_is_stored_by_its_word() {
        for role in [Role::Administrator, Role::AccountManager, Role::Representative, Role::Member]
        {
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
        }
    }

    #[test]
    fn a_seat_is_called_as_who_accepts_it_calls_themselves() {
        let ada = Identity { name: "Ada Byron".parse().unwrap(), ..identity() };
        let accepted = seat().invited(member(2), at(0)).accepted(&ada);
        assert_eq!(accepted, Member { version: 2, name: ada.name, ..seat() });
    }

    #[test]
    fn a_removed_seat_is_a_tombstone_that_names_who_follows() {
        let removed = seat().invited(member(2), at(0)).removed(Some(member(3)), at(9));
        let removal = Some(Removal { at: at(9), successor_id: Some(member(3)) });
        assert_eq!(removed, Member { version: 2, epoch: 1, removal, ..seat() });
    }

    #[test]
    fn a_suspended_seat_and_another_role_administer_nothing() {
        assert!(seat().administers() && seat().is_in_use());
        assert!(!seat().with_access(Role::AccountManager, false).administers());
        let suspended = seat().with_access(Role::Administrator, true);
        assert!(!suspended.administers() && !suspended.is_in_use() && !suspended.is_kept());
    }

    #[test]
    fn a_second_factor_ends_every_session_and_lets_a_password_be_shorter() {
        assert_eq!(identity().strength(), Strength::Alone);
        let on = identity().with_second_factor(true);
        let expected = Identity { version: 2, epoch: 1, second_factor: true, ..identity() };
        assert_eq!((on.strength(), on), (Strength::WithSecondFactor, expected));
    }

    #[test]
    fn a_password_of_before_there_was_a_second_factor_stands_alone() {
        let old = serde_json::json!({ "phc": "$argon2id$", "root": 2 });
        assert!(serde_json::from_value::<PasswordHash>(old).unwrap().stands_alone);
    }

    #[test]
    fn another_password_ends_every_session() {
        let phc = "$argon2id$".to_owned();
        let password = PasswordHash { phc, root: 2, stands_alone: true };
        let changed = identity().with_password(password.clone());
        let expected = Identity { version: 2, epoch: 1, password: Some(password), ..identity() };
        assert_eq!(changed, expected);
    }
}
