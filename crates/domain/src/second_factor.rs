//! The second factor of signing in: codes of an authenticator app (TOTP, RFC 6238) and recovery
//! codes.
//!
//! ```text
//! off ──enrol──▶ waiting ──a code of the new seed──▶ on ──turned off──▶ off
//!                  ↺ enrol again: another seed       ↺ enrol again: another seed waits beside it
//! ```
//!
//! Who lost the app and every recovery code has it turned off by an administrator, a day later: until
//! then a mail tells them, and any proof of the factor keeps it.
//!
//! Seeds lie sealed, recovery codes are derived and not stored at all. Which code was typed is for
//! whoever holds the keys to find; what it is worth is decided here.

mod recovery_code;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::session::Chosen;

pub use self::recovery_code::{RecoveryCode, RecoveryCodeError};

/// How long one code is shown (RFC 6238, 5.2).
pub const STEP: SignedDuration = SignedDuration::from_secs(30);
/// Digits of a code: what every authenticator app shows.
pub const DIGITS: usize = 6;
/// Bytes of a seed: as long as SHA-1 digests (RFC 4226, 4).
pub const SEED_BYTES: usize = 20;
/// Wrong codes within [`MISSES_WINDOW`] after which the next one has to wait.
pub const MISSES_MAX: usize = 5;
/// How long a wrong code counts.
pub const MISSES_WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// How long a new seed waits for its first code.
pub const ENROLMENT_LIFE: SignedDuration = SignedDuration::from_mins(30);
/// How long an administrator's order to turn it off waits.
pub const RESET_DELAY: SignedDuration = SignedDuration::from_hours(24);
/// Recovery codes given at once.
pub const RECOVERY_CODES: u8 = 8;
/// A seed as it lies in the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedSeed {
    /// The root key that sealed it.
    pub root: u8,
    /// The seed, encrypted.
    pub text: String,
}

/// A new seed that nobody proved to hold yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// The seed.
    pub seed: SealedSeed,
    /// When it was given out.
    pub since: Timestamp,
}

/// A set of recovery codes, each good once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// The root key that the codes are derived from.
    pub root: u8,
    /// Which set, from 1: a newer one ends those before.
    pub round: u32,
    /// Numbers of the codes that were not used.
    pub unused: Vec<u8>,
}

/// The second factor of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// Saves so far.
    pub version: u64,
    /// The seed whose codes are asked for; none while it is off.
    pub seed: Option<SealedSeed>,
    /// A seed that waits for its first code.
    pub enrolment: Option<Enrolment>,
    /// The last step whose code was used; no code up to it is good again.
    pub used_step: u64,
    /// Recovery codes, once there were any.
    pub recovery: Option<Recovery>,
    /// When the last wrong codes were typed, oldest first.
    pub misses: Vec<Timestamp>,
    /// An administrator's order to turn it off, if one waits.
    #[serde(default)]
    pub reset: Option<Reset>,
}

/// An administrator's order to turn a second factor off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reset {
    /// From when on it is in force.
    pub at: Timestamp,
    /// For which seat. It is void once the person has another company's, or no longer this one.
    pub seat: Chosen,
}

/// What somebody typed, as far as keys can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// The code of a step.
    Step(u64),
    /// The recovery code of a number.
    Recovery(u8),
    /// Nothing that was ever given out.
    Wrong,
}

/// What a try came to, and what is to be saved before anybody hears of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It is them.
    Proved(SecondFactor),
    /// It is not.
    Missed(SecondFactor),
    /// Too many were wrong: none is looked at before then.
    Wait(Timestamp),
}

/// The steps whose codes are good at `now`: the present one and the one before, for whoever types
/// slowly or whose clock lags.
#[must_use]
pub fn steps(now: Timestamp) -> [u64; 2] {
    let step = u64::try_from(now.as_second() / STEP.as_secs()).unwrap_or_default();
    [step, step.saturating_sub(1)]
}

impl Enrolment {
    /// Whether the seed may still be confirmed at `now`.
    #[must_use]
    pub fn stands(&self, now: Timestamp) -> bool {
        now < self.expires_at()
    }

    /// When the seed is worth nothing any more.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.since + ENROLMENT_LIFE
    }
}

impl SecondFactor {
    /// Whether a second proof is asked for.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.seed.is_some()
    }

    /// The administrator's order whose time has come, if there is one.
    #[must_use]
    pub fn due_reset(&self, now: Timestamp) -> Option<Reset> {
        self.reset.filter(|reset| reset.at <= now)
    }

    /// To be turned off for `seat` by order of an administrator, unless it is proved before.
    #[must_use]
    pub fn to_be_reset(self, seat: Chosen, now: Timestamp) -> Self {
        Self { reset: Some(Reset { at: now + RESET_DELAY, seat }), ..self.saved() }
    }

    /// Recovery codes that are left.
    #[must_use]
    pub fn recovery_codes_left(&self) -> usize {
        self.recovery.as_ref().map_or(0, |recovery| recovery.unused.len())
    }

    /// What `typed` comes to at `now`. Recovery codes cannot be guessed, so that no misses keep
    /// their owner out.
    #[must_use]
    pub fn tried(&self, typed: Typed, now: Timestamp) -> Tried {
        let mut next = self.clone().saved();
        next.misses.retain(|at| now < *at + MISSES_WINDOW);
        if let (Typed::Recovery(number), Some(recovery)) = (typed, &mut next.recovery)
            && let Some(place) = recovery.unused.iter().position(|unused| *unused == number)
        {
            recovery.unused.remove(place);
            next.reset = None;
            return Tried::Proved(next);
        }
        if MISSES_MAX <= next.misses.len()
            && let Some(first) = next.misses.first()
        {
            return Tried::Wait(*first + MISSES_WINDOW);
        }
        match typed {
            Typed::Step(step) if self.used_step < step => {
                next.used_step = step;
                next.reset = None;
                Tried::Proved(next)
            }
            Typed::Step(_) | Typed::Recovery(_) | Typed::Wrong => {
                next.misses.push(now);
                Tried::Missed(next)
            }
        }
    }

    /// With a new seed that waits for its first code.
    #[must_use]
    pub fn enrolling(self, seed: SealedSeed, now: Timestamp) -> Self {
        Self { enrolment: Some(Enrolment { seed, since: now }), ..self.saved() }
    }

    /// What `typed` comes to at `now` for the seed that waits, whose codes those steps are of. If it
    /// is proved, the seed is the one asked for from then on, with new recovery codes under `root`.
    #[must_use]
    pub fn confirmed(&self, typed: Typed, root: u8, now: Timestamp) -> Tried {
        let tried = Self { used_step: 0, recovery: None, ..self.clone() }.tried(typed, now);
        match tried {
            Tried::Proved(next) => {
                let seed = self.enrolment.as_ref().map(|enrolment| enrolment.seed.clone());
                let recovery = Some(self.next_recovery(root));
                Tried::Proved(Self { seed, enrolment: None, recovery, ..next })
            }
            Tried::Missed(next) => Tried::Missed(Self {
                used_step: self.used_step,
                recovery: self.recovery.clone(),
                ..next
            }),
            Tried::Wait(end) => Tried::Wait(end),
        }
    }

    /// With new recovery codes under `root`; those before are good no more.
    #[must_use]
    pub fn with_new_recovery(self, root: u8) -> Self {
        let recovery = Some(self.next_recovery(root));
        Self { recovery, ..self.saved() }
    }

    /// Turned off. What was missed and used stays known, so that turning it off and on wins nothing.
    #[must_use]
    pub fn off(self) -> Self {
        let recovery =
            self.recovery.clone().map(|recovery| Recovery { unused: Vec::new(), ..recovery });
        Self { seed: None, enrolment: None, recovery, reset: None, ..self.saved() }
    }

    fn next_recovery(&self, root: u8) -> Recovery {
        let round = self.recovery.as_ref().map_or(0, |recovery| recovery.round) + 1;
        Recovery { root, round, unused: (1..=RECOVERY_CODES).collect() }
    }

    fn saved(self) -> Self {
        Self { version: self.version + 1, ..self }
    }
}

#[cfg(test)]
mod tests;
