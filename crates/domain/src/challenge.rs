//! The life of one six-digit code, and where the budgets around it are.
//!
//! ```text
//! Pending ──right code──▶ Used        Pending ──resend──▶ Replaced
//! ```
//!
//! The order of one guess, all with the same `now`: [`Challenge::attempt`] and
//! [`Standing::reserve_miss`](standing::Standing::reserve_miss) are saved together, conditionally,
//! *before* the compare; then the code is compared in constant time; only then
//! [`Challenge::consume`], [`Standing::refund_miss`](standing::Standing::refund_miss), the trust
//! and the audit line commit in one transaction. So of a thousand guesses at once each one is paid
//! for before it learns anything.
//!
//! Expiry is judged against `now`, never stored as a state: a state that needs a timer to come true
//! is wrong whenever the timer is late.

pub mod code;
#[cfg(test)]
mod play;
pub mod standing;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Life of one code (OWASP ASVS 5.0, 6.5.5: at most ten minutes for out-of-band codes).
pub const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// Guesses at one challenge. Few, as any resend gives five more; what bounds guessing is
/// [`standing::MISSES_MAX`].
pub const ATTEMPTS_MAX: u8 = 5;

/// One code that was asked for, bound by its key to a cookie, a purpose and an address.
///
/// It holds no code: that is derived from the challenge's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// What became of it.
    pub state: State,
    /// Guesses counted so far, at most [`ATTEMPTS_MAX`].
    pub attempts: u8,
    /// From this instant on it is over.
    pub expires_at: Timestamp,
}

/// What became of a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The code is in the mailbox.
    Pending,
    /// The right code was typed.
    Used,
    /// The same browser asked for another code.
    Replaced,
}

/// The code is wrong, late, spent or unknown: one answer, so that a guess teaches nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the code is wrong or no longer valid")]
pub struct Denied;

impl Challenge {
    /// A challenge asked for at `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { state: State::Pending, attempts: 0, expires_at: now + CODE_LIFE }
    }

    /// Whether the challenge is over at `now`, whatever its state.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at <= now
    }

    /// Counts one guess. Save the result before comparing the code.
    ///
    /// # Errors
    /// [`Denied`] if the challenge is over, used, replaced or out of attempts; then nothing may be
    /// compared.
    pub fn attempt(&self, now: Timestamp) -> Result<Self, Denied> {
        let is_open = self.state == State::Pending && !self.is_over(now);
        if is_open && self.attempts < ATTEMPTS_MAX {
            Ok(Self { attempts: self.attempts + 1, ..self.clone() })
        } else {
            Err(Denied)
        }
    }

    /// Uses the challenge up after the right code, whose own attempt is refunded. The attempt that
    /// paid for the compare judged expiry, so this does not.
    ///
    /// # Errors
    /// [`Denied`] if another guess used it first, or a resend replaced it.
    pub fn consume(&self) -> Result<Self, Denied> {
        match self.state {
            State::Pending => Ok(Self {
                state: State::Used,
                attempts: self.attempts.saturating_sub(1),
                expires_at: self.expires_at,
            }),
            State::Used | State::Replaced => Err(Denied),
        }
    }

    /// Gives back the attempt of a right guess that could not be used yet.
    #[must_use]
    pub fn refund(&self) -> Self {
        Self { attempts: self.attempts.saturating_sub(1), ..self.clone() }
    }

    /// A challenge that a link of last resort answers, asked for at `now`.
    #[must_use]
    pub fn of_last_resort(now: Timestamp) -> Self {
        Self { expires_at: now + standing::CONFIRMATION_LIFE, ..Self::new(now) }
    }

    /// Ends the challenge because its own browser asked for another code.
    #[must_use]
    pub fn replace(&self) -> Self {
        match self.state {
            State::Pending => Self { state: State::Replaced, ..self.clone() },
            State::Used | State::Replaced => self.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn a_code_works_until_the_instant_it_dies() {
        let challenge = Challenge::new(T0);
        let death = T0 + CODE_LIFE;
        assert!(challenge.attempt(death - SignedDuration::from_nanos(1)).is_ok());
        assert_eq!(challenge.attempt(death), Err(Denied));
    }

    #[test]
    fn the_sixth_guess_is_denied_before_any_compare() {
        let mut challenge = Challenge::new(T0);
        for counted in 1..=ATTEMPTS_MAX {
            challenge = challenge.attempt(T0).unwrap();
            assert_eq!(challenge.attempts, counted);
        }
        assert_eq!(challenge.attempt(T0), Err(Denied));
    }

    #[test]
    fn the_fifth_guess_may_be_right() {
        let challenge = Challenge { attempts: ATTEMPTS_MAX - 1, ..Challenge::new(T0) };
        let used = challenge.attempt(T0).and_then(|counted| counted.consume()).unwrap();
        assert_eq!((used.state, used.attempts), (State::Used, ATTEMPTS_MAX - 1));
    }

    #[test]
    fn a_code_is_used_once() {
        let used = Challenge::new(T0).attempt(T0).unwrap().consume().unwrap();
        assert_eq!(used.attempt(T0), Err(Denied));
        assert_eq!(used.consume(), Err(Denied));
        assert_eq!(used.replace(), used);
    }

    #[test]
    fn a_replaced_code_is_dead_even_to_a_guess_already_counted() {
        let replaced = Challenge::new(T0).attempt(T0).unwrap().replace();
        assert_eq!(replaced.attempt(T0), Err(Denied));
        assert_eq!(replaced.consume(), Err(Denied));
        assert_eq!(replaced.replace(), replaced);
    }

    #[test]
    fn a_right_guess_that_could_not_be_used_gets_its_own_attempt_back() {
        let twice = Challenge::new(T0).attempt(T0).unwrap().attempt(T0).unwrap();
        assert_eq!(twice.refund(), Challenge { attempts: 1, ..twice });
        assert_eq!(Challenge::new(T0).refund(), Challenge::new(T0));
    }

    #[test]
    fn what_a_link_of_last_resort_answers_lives_as_long_as_the_link() {
        let challenge = Challenge::of_last_resort(T0);
        assert_eq!(challenge.expires_at, T0 + standing::CONFIRMATION_LIFE);
        assert_eq!(challenge, Challenge { expires_at: challenge.expires_at, ..Challenge::new(T0) });
    }
}
