//! Sessions of members.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::{IdentityId, MemberId, SessionId, TenantId};

/// A session nobody used for this long is over.
pub const IDLE: SignedDuration = SignedDuration::from_hours(1);
/// A session is over after this long, used or not.
pub const LIFE: SignedDuration = SignedDuration::from_hours(24);
/// How long a proof is fresh enough for what an open browser alone must not do.
pub const PROOF_LIFE: SignedDuration = SignedDuration::from_mins(5);
/// Use is noted this often, so that reading seldom writes.
pub const TOUCH: SignedDuration = SignedDuration::from_mins(5);

/// One signed-in browser of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Which session; its secret is kept only as a hash.
    pub id: SessionId,
    /// Who signed in.
    pub identity_id: IdentityId,
    /// The company and seat chosen, if any.
    pub seat: Option<Chosen>,
    /// The seat's epoch when it was chosen; a later one leaves the session without a seat.
    #[serde(default)]
    pub seat_epoch: u32,
    /// The identity's epoch at sign-in; a later one ends the session.
    pub epoch: u32,
    /// From where.
    pub network: String,
    /// What the browser calls itself.
    pub agent: Option<String>,
    /// When they last proved in it who they are, if it was noted.
    #[serde(default)]
    pub proved_at: Option<Timestamp>,
    /// When it was last used, to the nearest [`TOUCH`].
    pub seen_at: Timestamp,
    /// When it began.
    pub created_at: Timestamp,
}

/// The company and seat that a session speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// Which company.
    pub tenant_id: TenantId,
    /// Which seat there.
    pub member_id: MemberId,
}

impl Session {
    /// Whether the session still stands at `now` for an identity of `epoch`.
    #[must_use]
    pub fn stands(&self, epoch: u32, now: Timestamp) -> bool {
        self.epoch == epoch && now < self.seen_at + IDLE && now < self.created_at + LIFE
    }

    /// Whether the person proved so recently who they are that the session may change how.
    #[must_use]
    pub fn is_freshly_proved(&self, now: Timestamp) -> bool {
        self.proved_at.is_some_and(|proved| now < proved + PROOF_LIFE)
    }

    /// Whether use should be noted now.
    #[must_use]
    pub fn wants_touch(&self, now: Timestamp) -> bool {
        self.seen_at + TOUCH <= now
    }

    /// When the table may forget it.
    #[must_use]
    pub fn forgotten_at(&self) -> Timestamp {
        self.created_at + LIFE
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::id::Id;

    const T0: Timestamp = Timestamp::UNIX_EPOCH;
    const NANO: SignedDuration = SignedDuration::from_nanos(1);

    /// A session begun at the epoch and last used at `seen_at`.
    fn session(seen_at: Timestamp) -> Session {
        Session {
            id: SessionId::from_ulid(Ulid::from_parts(1, 1)),
            identity_id: IdentityId::from_ulid(Ulid::from_parts(1, 2)),
            seat: None,
            seat_epoch: 0,
            epoch: 3,
            network: "192.0.2.7".to_owned(),
            agent: None,
            proved_at: None,
            seen_at,
            created_at: T0,
        }
    }

    #[test]
    fn a_session_stands_while_it_is_used_within_its_life_and_epoch() {
        let unused = session(T0);
        assert!(unused.stands(3, T0 + IDLE - NANO) && !unused.stands(3, T0 + IDLE));
        assert!(!unused.stands(4, T0));
        let used = session(T0 + LIFE - NANO);
        assert!(used.stands(3, T0 + LIFE - NANO) && !used.stands(3, T0 + LIFE));
        assert_eq!(used.forgotten_at(), T0 + LIFE);
    }

    #[test]
    fn a_proof_is_fresh_for_five_minutes() {
        assert!(!session(T0).is_freshly_proved(T0));
        let proved = Session { proved_at: Some(T0), ..session(T0) };
        let end = T0 + PROOF_LIFE;
        assert!(proved.is_freshly_proved(end - NANO) && !proved.is_freshly_proved(end));
    }

    #[test]
    fn use_is_noted_every_few_minutes() {
        assert!(!session(T0).wants_touch(T0 + TOUCH - NANO));
        assert!(session(T0).wants_touch(T0 + TOUCH));
    }
}
