//! Wrong passwords of one address from one network, and how long they make it wait.
//!
//! Nobody is ever locked out: the wait is bounded, a right password is accepted once it is over,
//! and other networks are not kept waiting at all.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Misses that cost no wait; OWASP ASVS 5.0, 6.3.1 asks for a limit and leaves the number open.
pub const MISSES_FREE: u32 = 10;
/// Misses are forgotten when there was none for this long.
pub const MISSES_WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// The wait after the last free miss; it doubles with every further one.
pub const WAIT_FIRST: SignedDuration = SignedDuration::from_secs(30);
/// The longest wait.
pub const WAIT_MAX: SignedDuration = SignedDuration::from_mins(15);

/// How often one address was missed from one network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misses {
    /// Misses that still count.
    pub count: u32,
    /// When the last one was made.
    pub last_at: Option<Timestamp>,
}

impl Misses {
    /// Before when no further try is looked at; `None` if one may be made at once.
    #[must_use]
    pub fn wait_until(self, now: Timestamp) -> Option<Timestamp> {
        let wait = wait_after(self.at(now).count)?;
        self.last_at.map(|last| last + wait).filter(|end| now < *end)
    }

    /// The misses with one more. It is counted before the password is looked at, so that many
    /// tries at once are no cheaper than one after the other.
    #[must_use]
    pub fn missed(self, now: Timestamp) -> Self {
        Self { count: self.at(now).count.saturating_add(1), last_at: Some(now) }
    }

    /// The misses without the try that turned `before` into `tried` and was right after all. The
    /// others stay: whoever shares the network must not win free tries by the owner's own
    /// sign-ins.
    #[must_use]
    pub fn refunded(self, before: Self, tried: Self) -> Self {
        if self == tried { before } else { Self { count: self.count.saturating_sub(1), ..self } }
    }

    /// When nothing is left to be remembered.
    #[must_use]
    pub fn forgotten_at(self) -> Option<Timestamp> {
        let wait = wait_after(self.count).unwrap_or(SignedDuration::ZERO);
        self.last_at.map(|last| last + wait + MISSES_WINDOW)
    }

    /// What still counts at `now`.
    fn at(self, now: Timestamp) -> Self {
        if self.forgotten_at().is_some_and(|end| end <= now) { Self::default() } else { self }
    }
}

fn wait_after(misses: u32) -> Option<SignedDuration> {
    let doublings = misses.checked_sub(MISSES_FREE)?;
    let factor = 1_i32.checked_shl(doublings).filter(|factor| 0 < *factor).unwrap_or(i32::MAX);
    Some(WAIT_FIRST.saturating_mul(factor).min(WAIT_MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const T0: Timestamp = Timestamp::UNIX_EPOCH;

    fn after(misses: u32) -> Misses {
        (0..misses).fold(Misses::default(), |before, _| before.missed(T0))
    }

    #[test]
    fn the_tenth_miss_is_the_first_that_waits_and_every_further_one_waits_twice_as_long() {
        let wait = |misses| after(misses).wait_until(T0).map(|end| end.duration_since(T0));
        assert_eq!(wait(9), None);
        assert_eq!(wait(10), Some(WAIT_FIRST));
        assert_eq!(wait(11), Some(WAIT_FIRST * 2));
        assert_eq!(wait(12), Some(WAIT_FIRST * 4));
        assert_eq!(wait(400), Some(WAIT_MAX));
    }

    #[test]
    fn a_try_may_be_made_the_instant_the_wait_is_over() {
        let misses = after(10);
        assert!(misses.wait_until(T0 + WAIT_FIRST - SignedDuration::from_nanos(1)).is_some());
        assert_eq!(misses.wait_until(T0 + WAIT_FIRST), None);
    }

    #[test]
    fn misses_are_forgotten_a_window_after_the_last_wait() {
        let misses = after(10);
        let end = T0 + WAIT_FIRST + MISSES_WINDOW;
        assert_eq!(misses.missed(end - SignedDuration::from_nanos(1)).count, 11);
        assert_eq!(misses.missed(end).count, 1);
    }

    proptest! {
        #[test]
        fn no_wait_is_longer_than_the_longest(count: u32) {
            let misses = Misses { count, last_at: Some(T0) };
            prop_assert_eq!(misses.wait_until(T0 + WAIT_MAX), None);
        }

        #[test]
        fn a_right_password_takes_back_its_own_miss_and_no_other(count in 0_u32..40, later: bool) {
            let before = after(count);
            let tried = before.missed(T0 + WAIT_FIRST);
            prop_assert_eq!(tried.refunded(before, tried), before);
            let meanwhile = if later { tried.missed(T0 + WAIT_FIRST) } else { tried };
            let left = meanwhile.refunded(before, tried).count;
            prop_assert_eq!(left, count + u32::from(later));
        }
    }
}
