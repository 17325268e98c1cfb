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
    /// From when on it counts as turned off, by an administrator's order.
    #[serde(default)]
    pub reset_at: Option<Timestamp>,
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

    /// Whether an administrator's order to turn it off is in force.
    #[must_use]
    pub fn is_reset(&self, now: Timestamp) -> bool {
        self.reset_at.is_some_and(|at| at <= now)
    }

    /// To be turned off by order of an administrator, unless it is proved before. An order that
    /// waits is neither hastened nor put off by another one.
    #[must_use]
    pub fn to_be_reset(self, now: Timestamp) -> Self {
        let reset_at = self.reset_at.or(Some(now + RESET_DELAY));
        Self { reset_at, ..self.saved() }
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
            next.reset_at = None;
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
                next.reset_at = None;
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
        Self { seed: None, enrolment: None, recovery, reset_at: None, ..self.saved() }
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    const T0: Timestamp = Timestamp::UNIX_EPOCH;
    const NANO: SignedDuration = SignedDuration::from_nanos(1);

    fn seed(text: &str) -> SealedSeed {
        SealedSeed { root: 1, text: text.to_owned() }
    }

    /// Turned on by the code of step 7.
    fn on() -> SecondFactor {
        let waiting = SecondFactor::default().enrolling(seed("first"), T0);
        let Tried::Proved(on) = waiting.confirmed(Typed::Step(7), 1, T0) else { panic!() };
        on
    }

    fn missed(factor: &SecondFactor, at: Timestamp) -> SecondFactor {
        let Tried::Missed(next) = factor.tried(Typed::Wrong, at) else { panic!("{factor:?}") };
        next
    }

    #[test]
    fn a_code_is_good_in_its_step_and_the_next() {
        assert_eq!(steps(T0 + STEP * 9), [9, 8]);
        assert_eq!(steps(T0 + STEP * 10 - NANO), [9, 8]);
        assert_eq!(steps(T0), [0, 0]);
    }

    #[test]
    fn a_new_seed_is_asked_for_once_its_first_code_was_typed() {
        let waiting = SecondFactor::default().enrolling(seed("first"), T0);
        assert!(!waiting.is_on() && waiting.version == 1);
        let on = on();
        assert!(on.is_on() && on.enrolment.is_none());
        assert_eq!((on.seed.clone(), on.used_step, on.version), (Some(seed("first")), 7, 2));
        assert_eq!(on.recovery_codes_left(), 8);
    }

    #[test]
    fn a_seed_waits_half_an_hour() {
        let waiting = Enrolment { seed: seed("first"), since: T0 };
        assert!(waiting.stands(T0 + ENROLMENT_LIFE - NANO) && !waiting.stands(T0 + ENROLMENT_LIFE));
    }

    #[test]
    fn another_seed_takes_nothing_away_before_it_is_confirmed() {
        let again = on().enrolling(seed("second"), T0);
        assert_eq!(again.seed, Some(seed("first")));
        let Tried::Missed(missed) = again.confirmed(Typed::Wrong, 1, T0) else { panic!() };
        let kept = (missed.seed.clone(), missed.used_step, missed.recovery.clone());
        assert_eq!(kept, (Some(seed("first")), 7, on().recovery));
        assert_eq!(missed.enrolment, again.enrolment);
        // Steps of the new seed are its own, also those up to the last one of the old.
        let Tried::Proved(next) = again.confirmed(Typed::Step(3), 2, T0) else { panic!() };
        assert_eq!((next.seed.clone(), next.used_step), (Some(seed("second")), 3));
        let recovery = next.recovery.unwrap();
        assert_eq!((recovery.root, recovery.round, recovery.unused.len()), (2, 2, 8));
    }

    #[test]
    fn a_recovery_code_of_the_old_seed_confirms_no_new_one() {
        let again = on().enrolling(seed("second"), T0);
        assert!(matches!(again.confirmed(Typed::Recovery(1), 1, T0), Tried::Missed(_)));
    }

    #[test]
    fn a_code_is_good_once_and_so_is_every_one_before_it() {
        let Tried::Proved(used) = on().tried(Typed::Step(9), T0) else { panic!() };
        assert_eq!((used.used_step, used.version), (9, 3));
        for step in [8, 9] {
            assert!(matches!(used.tried(Typed::Step(step), T0), Tried::Missed(_)));
        }
        assert!(matches!(used.tried(Typed::Step(10), T0), Tried::Proved(_)));
    }

    #[test]
    fn a_recovery_code_is_good_once() {
        let Tried::Proved(used) = on().tried(Typed::Recovery(3), T0) else { panic!() };
        assert_eq!(used.recovery_codes_left(), 7);
        assert!(matches!(used.tried(Typed::Recovery(3), T0), Tried::Missed(_)));
        assert!(matches!(used.tried(Typed::Recovery(4), T0), Tried::Proved(_)));
        assert!(matches!(on().tried(Typed::Recovery(9), T0), Tried::Missed(_)));
    }

    #[test]
    fn five_wrong_codes_keep_the_sixth_waiting_but_no_recovery_code() {
        let five = (0..5).fold(on(), |factor, _| missed(&factor, T0));
        let end = T0 + MISSES_WINDOW;
        for typed in [Typed::Step(9), Typed::Wrong, Typed::Recovery(9)] {
            assert_eq!(five.tried(typed, end - NANO), Tried::Wait(end));
        }
        assert!(matches!(five.tried(Typed::Recovery(1), T0), Tried::Proved(_)));
        assert!(matches!(five.tried(Typed::Step(9), end), Tried::Proved(_)));
        assert_eq!(missed(&five, end).misses, [end]);
    }

    #[test]
    fn an_order_to_turn_it_off_waits_a_day_and_for_nobody_who_proves_it() {
        let ordered = on().to_be_reset(T0);
        let end = T0 + RESET_DELAY;
        assert!(!ordered.is_reset(end - NANO) && ordered.is_reset(end));
        assert_eq!((ordered.version, ordered.is_on()), (3, true));
        let again = ordered.clone().to_be_reset(T0 + STEP);
        assert_eq!(again.reset_at, Some(end));
        for typed in [Typed::Step(9), Typed::Recovery(1)] {
            let Tried::Proved(kept) = ordered.tried(typed, T0) else { panic!() };
            assert_eq!(kept.reset_at, None);
        }
        assert_eq!(missed(&ordered, T0).reset_at, Some(end));
        assert_eq!(ordered.off().reset_at, None);
        assert!(!on().is_reset(end));
    }

    #[test]
    fn new_recovery_codes_end_those_before() {
        let Tried::Proved(used) = on().tried(Typed::Recovery(3), T0) else { panic!() };
        let renewed = used.with_new_recovery(2);
        assert_eq!((renewed.recovery_codes_left(), renewed.version), (8, 4));
        assert_eq!(renewed.recovery.map(|recovery| (recovery.root, recovery.round)), Some((2, 2)));
    }

    #[test]
    fn turned_off_nothing_is_asked_for_and_nothing_forgotten() {
        let off = missed(&on(), T0).off();
        assert!(!off.is_on() && off.recovery_codes_left() == 0 && off.version == 4);
        assert_eq!((off.used_step, off.misses.len()), (7, 1));
        let again = off.enrolling(seed("second"), T0);
        let Tried::Proved(on) = again.confirmed(Typed::Step(8), 1, T0) else { panic!() };
        assert_eq!(on.recovery.map(|recovery| recovery.round), Some(2));
    }

    proptest! {
        #[test]
        fn within_a_window_no_more_than_five_wrong_codes_are_looked_at(
            waits in proptest::collection::vec(0_i64..400, 1..60),
        ) {
            let (mut factor, mut now, mut looked) = (on(), T0, Vec::new());
            for wait in waits {
                now += SignedDuration::from_secs(wait);
                if let Tried::Missed(next) = factor.tried(Typed::Wrong, now) {
                    factor = next;
                    looked.push(now);
                }
                let recent = looked.iter().filter(|at| now < **at + MISSES_WINDOW).count();
                prop_assert!(recent <= MISSES_MAX);
            }
        }
    }
}
