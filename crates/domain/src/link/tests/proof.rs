//! What a browser proves on a link, and what it may do afterwards.

use super::*;
use crate::expiry::Milestone;
use crate::id::DeviceId;
use crate::link::First;
use crate::link::guest::{Guest, Proof, Stop};
use crate::link::verifying::{Binding, Holder, Refused};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn own() -> Link {
    Link { contact_id: Some(contact(0).id), ..link(Audience::Contact) }
}

/// A browser of person 0, or of nobody if it only bears the link.
fn guest(proof: Proof) -> Guest {
    Guest {
        id: id(7),
        link_id: link(Audience::Contact).id,
        contact_id: (proof != Proof::Bearer).then_some(contact(0).id),
        epoch: 0,
        contact_epoch: 0,
        closings: 0,
        proof,
        child_id: None,
        expires_at: T0 + HOUR,
        network: "192.0.2.7".to_owned(),
        agent: None,
        created_at: T0,
    }
}

/// What `guest` is on `link`, after `change` to person 0 and their grant.
fn standing(
    guest: &Guest,
    link: &Link,
    change: impl FnOnce(&mut Contact, &mut Grant),
) -> Result<Standing, Stop> {
    judged(|_, _, who, given| change(who, given), |around| guest.standing(link, around, T0))
}

#[test]
fn a_browser_stands_by_what_it_proved() {
    let stands = |proof, link: &Link| standing(&guest(proof), link, |_, _| {});
    assert_eq!(stands(Proof::FirstPress, &own()), Ok(Standing::Trusted));
    assert_eq!(stands(Proof::Code, &own()), Ok(Standing::Verified));
    assert_eq!(stands(Proof::Account, &own()), Ok(Standing::Verified));
    assert_eq!(stands(Proof::Bearer, &own()), Err(Stop::CodeRequired));
    assert_eq!(stands(Proof::Bearer, &link(Audience::PublicSame)), Ok(Standing::Bearer));
    let later = Link { epoch: 1, ..link(Audience::PublicSame) };
    assert_eq!(stands(Proof::Bearer, &later), Err(Stop::CodeRequired));
    assert_eq!(stands(Proof::Code, &own().deactivated()), Err(Stop::Inactive));
    let closed = Link { closings: 1, ..own() };
    assert_eq!(stands(Proof::Code, &closed), Err(Stop::Gone));
}

#[test]
fn a_browser_is_asked_for_a_code_once_anything_about_it_has_ended() {
    let code = || guest(Proof::Code);
    for ended in [
        Guest { link_id: id(2), ..code() },
        Guest { expires_at: T0, ..code() },
        Guest { contact_id: Some(id(9)), ..code() },
        Guest { contact_epoch: 1, ..code() },
        Guest { closings: 1, ..code() },
    ] {
        let stop = standing(&ended, &own(), |_, _| {});
        assert_eq!(stop, Err(Stop::CodeRequired), "{ended:?}");
    }
    let public = link(Audience::PublicSame);
    assert_eq!(standing(&code(), &public, |_, _| {}), Ok(Standing::Verified));
    let suspended = standing(&code(), &public, |who, _| who.status = ReviewStatus::Cancelled);
    assert_eq!(suspended, Err(Stop::CodeRequired));
    let closed = standing(&code(), &public, |_, given| given.state = grant::State::Removed);
    assert_eq!(closed, Err(Stop::CodeRequired));
    let ungranted = judged(
        |_, _, _, _| {},
        |around| code().standing(&public, &Around { grant: None, ..*around }, T0),
    );
    assert_eq!(ungranted, Err(Stop::CodeRequired));
}

#[test]
fn a_press_proves_nothing_where_whoever_holds_the_link_reads() {
    let press = Press { nonce: "n", way: Way::Copied };
    let opening = |link: &Link, change: fn(&mut Document, &mut Contact)| {
        judged(|_, what, who, _| change(what, who), |around| link.press(around, press, T0))
    };
    assert_eq!(opening(&link(Audience::PublicChild), |_, _| {}), Opening::Bearer);
    assert_eq!(opening(&own(), |_, who| who.email = None), Opening::Bearer);
    let first = Some(First { device_id: id(7), nonce: None, at: T0 });
    let verified = Link { first, ..own() };
    assert_eq!(opening(&verified, |_, who| who.email = None), Opening::CodeRequired);
    assert_eq!(opening(&own().deactivated(), |_, _| {}), Opening::Inactive);
    assert_eq!(opening(&own(), |what, _| what.deleted_at = Some(T0)), Opening::Gone);
    let unknown = link(Audience::Undefined);
    let of_nobody = judged(
        |_, _, _, _| {},
        |around| unknown.press(&Around { contact: None, ..*around }, press, T0),
    );
    assert_eq!(of_nobody, Opening::Bearer, "its person has not come yet");
}

#[test]
fn a_proved_address_is_its_links_own_or_nobodys() {
    let bind = |link: &Link, address: &Email, change: fn(&mut Contact)| {
        judged(|_, _, who, _| change(who), |around| link.bind(around, address, None, T0))
    };
    assert_eq!(bind(&own(), &address(0), |_| {}), Ok(Binding::Own));
    assert_eq!(bind(&own(), &address(1), |_| {}), Err(Refused));
    assert_eq!(bind(&own().deactivated(), &address(0), |_| {}), Err(Refused));
    assert_eq!(bind(&own(), &address(1), |who| who.email = None), Ok(Binding::Address));
    let first = Some(First { device_id: id(7), nonce: None, at: T0 });
    let verified = Link { first, ..own() };
    assert_eq!(bind(&verified, &address(1), |who| who.email = None), Err(Refused));
    let unowned = |audience| {
        let ask = |around: &Around<'_>| {
            let nobody = Around { contact: None, ..*around };
            link(audience).bind(&nobody, &address(1), None, T0)
        };
        judged(|_, _, _, _| {}, ask)
    };
    assert_eq!(unowned(Audience::Undefined), Ok(Binding::New));
    assert_eq!(unowned(Audience::PublicSame), Ok(Binding::New));
    assert_eq!(unowned(Audience::Contact), Err(Refused));
}

#[test]
fn who_holds_the_address_is_who_comes_unless_access_was_taken_from_them() {
    let bind = |link: &Link, change: fn(&mut Contact, &mut Grant)| {
        let mut known = contact(1);
        let mut given = grant(&known, T0);
        change(&mut known, &mut given);
        let holder = Holder { contact: &known, account: None, grant: Some(&given) };
        judged(
            |_, _, who, _| who.email = None,
            |around| link.bind(around, &address(1), Some(holder), T0),
        )
    };
    for link in [link(Audience::PublicSame), link(Audience::PublicChild), own()] {
        let known = Ok(Binding::Known(contact(1).id));
        assert_eq!(bind(&link, |_, _| {}), known);
        assert_eq!(bind(&link, |_, given| given.state = grant::State::Expired), known);
        let suspended = bind(&link, |who, _| who.status = ReviewStatus::Cancelled);
        assert_eq!(suspended, Err(Refused));
        let closed = bind(&link, |_, given| given.state = grant::State::Removed);
        assert_eq!(closed, Err(Refused));
    }
}

#[test]
fn the_first_to_verify_is_whose_the_link_is() {
    let person = Contact { epoch: 2, link_epoch: 3, ..contact(1) };
    let given = Grant { closings: 4, ..grant(&person, T0) };
    let device: DeviceId = id(7);
    let verified = link(Audience::Undefined).verified(&person, &given, device, T0);
    let expected = Link {
        version: 2,
        epoch: 1,
        first: Some(First { device_id: device, nonce: None, at: T0 }),
        contact_id: Some(person.id),
        contact_epoch: 2,
        link_epoch: 3,
        closings: 4,
        ..link(Audience::Undefined)
    };
    assert_eq!(verified, expected);
    let again = verified.clone().verified(&person, &given, id(8), T0 + HOUR);
    assert_eq!(again, verified, "nothing is to be added");
    let other = verified.clone().verified(&contact(2), &given, id(8), T0 + HOUR);
    assert_eq!((other.epoch, &other.first), (1, &verified.first), "the first stays the first");
    assert_eq!((other.contact_id, other.version), (Some(contact(2).id), 3));
    let public = link(Audience::PublicSame);
    assert_eq!(public.clone().verified(&person, &given, device, T0), public);
}

#[test]
fn every_change_of_a_link_is_one_version() {
    let end = T0 + HOUR;
    let expiry = When::Instant(end).ends(&tenant().zone, T0).ok();
    let ending = Link { expiry, ..own() };
    assert_eq!((ending.due_at(), ending.milestone(end)), (Some(end), Some(Milestone::Over)));
    let told = ending.clone().told(end);
    assert_eq!((told.version, told.due_at(), told.milestone(end)), (2, None, None));
    let stopped = ending.deactivated();
    assert_eq!((stopped.version, stopped.state), (2, State::Inactive));
    assert_eq!((stopped.due_at(), stopped.milestone(end)), (None, None));
    let back = Contact { link_epoch: 4, ..contact(0) };
    let opened = stopped.clone().activated(Some(&back));
    assert_eq!((opened.version, opened.state, opened.link_epoch), (3, State::Active, 4));
    assert_eq!(stopped.activated(None).link_epoch, 0);
    let replaced = own().replaced();
    assert_eq!((replaced.version, replaced.generation, replaced.epoch), (2, 1, 1));
    let pressed = own().pressed(id(7), Press { nonce: "n", way: Way::Mailed }, T0);
    assert_eq!((pressed.version, pressed.epoch), (2, 0));
}
