//! The rules of grants, one by one.

use jiff::SignedDuration;
use ulid::Ulid;

use super::*;
use crate::id::Id;

#[test]
fn rights_hold_view_and_are_kept_in_one_order() {
    let set = |list: &[Right]| Rights::try_from(list.to_vec());
    assert_eq!(set(&[Right::Download]), Err(rights::RightsError::NoView));
    assert_eq!(set(&[]), Err(rights::RightsError::NoView));
    assert_eq!(set(&[Right::Download, Right::View, Right::View]), Ok(Rights::default()));
    assert!(!set(&[Right::View]).unwrap().allows(Right::Download));
}

const T0: Timestamp = Timestamp::UNIX_EPOCH;

fn id<I: Id>() -> I {
    I::from_ulid(Ulid::from_parts(1, 1))
}

fn contact() -> Contact {
    Contact::sample()
}

/// A grant that ends with 1 February 1970 in UTC.
fn grant(state: State) -> Grant {
    let end: When = "1970-02-01".parse().unwrap();
    Grant {
        id: id(),
        version: 1,
        contact_id: id(),
        document_id: id(),
        rights: Rights::default(),
        expiry: end.ends(&Zone::default(), T0).ok(),
        granted_by: None,
        state,
        epoch: 0,
        closings: 0,
        hidden: Vec::new(),
        created_at: T0,
    }
}

fn end() -> Timestamp {
    "1970-02-02T00:00:00Z".parse().unwrap()
}

#[test]
fn a_grant_lives_until_the_instant_it_ends() {
    let lives = |now| grant(State::Live).live(&contact(), now).is_some();
    let milli = SignedDuration::from_millis(1);
    assert_eq!([lives(end() - milli), lives(end()), lives(end() + milli)], [true, false, false]);
}

#[test]
fn extending_restores_what_time_ended_and_nothing_else() {
    let extend = |grant: Grant, now| grant.extended(&contact(), None, None, now);
    let day = SignedDuration::from_hours(24);
    let restored = extend(grant(State::Expired), end() + day * 29).unwrap();
    assert_eq!((restored.state, restored.version), (State::Live, 2));
    assert!(restored.live(&contact(), end() + day * 50).is_some());
    let late = extend(grant(State::Expired), end() + day * 30);
    assert_eq!(late, Err(ExtensionError::TooLate));
    for state in [State::Removed, State::DocumentDeleted] {
        assert_eq!(extend(grant(state), T0), Err(ExtensionError::Ended));
    }
    let dropped = Grant { epoch: 7, ..grant(State::Live) };
    assert_eq!(extend(dropped, T0), Err(ExtensionError::Ended));
    let endless = Grant { expiry: None, ..grant(State::Live) };
    assert_eq!(extend(endless, T0), Err(ExtensionError::NoEnd));
}

#[test]
fn what_is_hidden_is_shown_again_and_neither_twice() {
    let file = Object::File(id());
    let hiding = grant(State::Live).hiding(file).unwrap().unwrap();
    assert!(hiding.hides(file) && hiding.version == 2);
    assert_eq!(hiding.clone().hiding(file), Ok(None));
    let shown = hiding.showing(file).unwrap();
    assert!(!shown.hides(file) && shown.version == 3);
    assert_eq!(shown.showing(file), None);
}

#[test]
fn closing_is_counted_and_nothing_else_is() {
    let closed = grant(State::Live).ended(State::Removed);
    let again = Grant::new(&contact(), closed.document_id, Some(&closed), id, T0);
    assert_eq!((closed.closings, again.closings), (1, 1));
    assert_eq!(grant(State::Live).ended(State::Expired).closings, 0);
}

#[test]
fn what_ended_is_looked_at_no_more() {
    assert_eq!(grant(State::Live).due_at(), "1970-01-19T00:00:00Z".parse().ok());
    assert_eq!(grant(State::Removed).due_at(), None);
    assert_eq!(grant(State::Live).milestone(end()), Some(Milestone::Over));
    assert_eq!(grant(State::Expired).milestone(end()), None);
}

#[test]
fn a_grant_that_opens_nothing_says_why() {
    let why = |grant: Grant, now| grant.lapse(&contact(), now);
    let dropped = Grant { epoch: 7, ..grant(State::Live) };
    assert_eq!(why(grant(State::Live), T0), None);
    assert_eq!(why(grant(State::Live), end()), Some(Lapse::Expired));
    assert_eq!(why(dropped, T0), Some(Lapse::Dropped));
    assert_eq!(why(grant(State::Removed), T0), Some(Lapse::Removed));
    assert_eq!(why(grant(State::Expired), T0), Some(Lapse::Expired));
    assert_eq!(why(grant(State::DocumentDeleted), T0), Some(Lapse::DocumentDeleted));
}

#[test]
fn every_change_is_one_version() {
    assert_eq!(grant(State::Live).ends_at(), Some(end()));
    let told = grant(State::Live).told(end());
    assert_eq!((told.version, told.milestone(end())), (2, None));
    let ended = grant(State::Live).ended(State::Removed);
    assert_eq!((ended.version, ended.state), (2, State::Removed));
    let again = Grant::new(&contact(), ended.document_id, Some(&ended), id, end());
    assert_eq!((again.version, again.state, again.ends_at()), (3, State::Live, None));
    let first = Grant::new(&contact(), id(), None, id, T0);
    assert_eq!((first.version, first.closings), (1, 0));
}

#[test]
fn so_many_things_are_kept_from_one_contact_and_no_more() {
    let thing = |number: usize| {
        Object::File(Id::from_ulid(Ulid::from_parts(2, u128::try_from(number).unwrap())))
    };
    let mut full = grant(State::Live);
    for number in 0..HIDDEN_MAX {
        full = full.hiding(thing(number)).unwrap().unwrap();
    }
    assert_eq!(full.clone().hiding(thing(HIDDEN_MAX)), Err(TooMuchHidden));
    let shown = full.showing(thing(0)).unwrap();
    assert!(!shown.hides(thing(0)) && shown.hides(thing(1)));
    assert!(shown.hiding(thing(HIDDEN_MAX)).is_ok_and(|hiding| hiding.is_some()));
}
