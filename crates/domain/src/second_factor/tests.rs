use proptest::prelude::*;

use super::*;
use crate::id::{Id, MemberId, TenantId};

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
    let id = |number| ulid::Ulid::from_parts(1, number);
    let (tenant_id, member_id) = (TenantId::from_ulid(id(1)), MemberId::from_ulid(id(2)));
    let seat = Chosen { tenant_id, member_id };
    let ordered = on().to_be_reset(seat, T0);
    let end = T0 + RESET_DELAY;
    assert_eq!(ordered.due_reset(end - NANO), None);
    assert_eq!(ordered.due_reset(end), Some(Reset { at: end, seat }));
    assert_eq!((ordered.version, ordered.is_on()), (3, true));
    for typed in [Typed::Step(9), Typed::Recovery(1)] {
        let Tried::Proved(kept) = ordered.tried(typed, T0) else { panic!() };
        assert_eq!(kept.reset, None);
    }
    assert_eq!(missed(&ordered, T0).reset, ordered.reset);
    assert_eq!(ordered.off().reset, None);
    assert_eq!(on().due_reset(end), None);
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
