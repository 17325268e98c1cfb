//! The rules of links, one by one.

mod proof;

use jiff::{SignedDuration, Timestamp};
use ulid::Ulid;

use super::guest::Standing;
use super::opening::{Opening, Press, Way};
use super::{Around, Audience, Life, Link, Pause, Right, Rights, State};
use crate::contact::{Contact, ReviewStatus};
use crate::document::{AccessLevel, Document};
use crate::email::Email;
use crate::expiry::When;
use crate::grant::{self, Grant};
use crate::id::{ContactId, Id, TenantId};
use crate::invitation::NONCE_LIFE;
use crate::tenant::{FirstClick, Tenant};

const T0: Timestamp = Timestamp::UNIX_EPOCH;

fn id<I: Id>(number: usize) -> I {
    I::from_ulid(Ulid::from_parts(1, u128::try_from(number).unwrap()))
}

fn tenant() -> Tenant {
    let id: TenantId = id(1);
    Tenant::new(id, "Acme".parse().unwrap(), "acme".parse().unwrap(), T0)
}

fn document() -> Document {
    Document {
        id: id(1),
        version: 1,
        title: "SOC 2".parse().unwrap(),
        category: "Reports".parse().unwrap(),
        access_level: AccessLevel::Restricted,
        uploader_id: id(1),
        published: None,
        child_of: None,
        deleted_at: None,
        created_at: T0,
    }
}

fn address(person: usize) -> Email {
    format!("person{person}@initech.example").parse().unwrap()
}

fn contact(person: usize) -> Contact {
    Contact {
        id: id::<ContactId>(person + 1),
        email: Some(address(person)),
        // Links need no review.
        status: ReviewStatus::ToReview,
        ..Contact::sample()
    }
}

fn grant(contact: &Contact, now: Timestamp) -> Grant {
    Grant::new(contact, document().id, None, || id(1), now)
}

fn link(audience: Audience) -> Link {
    Link {
        id: id(1),
        version: 1,
        document_id: document().id,
        audience,
        made_for: None,
        contact_id: None,
        contact_epoch: 0,
        link_epoch: 0,
        closings: 0,
        event_id: id(1),
        rights: Rights::default(),
        expiry: None,
        state: State::Active,
        root: 1,
        generation: 0,
        epoch: 0,
        first: None,
        maker_id: id(1),
        maker_name: "Nina Berg".parse().unwrap(),
        sendings: 0,
        created_at: T0,
    }
}

/// Judges a link of person 0 that `tenant` made, after `change` to everything around it.
fn judged<T>(
    change: impl FnOnce(&mut Tenant, &mut Document, &mut Contact, &mut Grant),
    ask: impl FnOnce(&Around<'_>) -> T,
) -> T {
    let (mut tenant, mut document, mut contact) = (tenant(), document(), contact(0));
    let mut given = grant(&contact, T0);
    change(&mut tenant, &mut document, &mut contact, &mut given);
    ask(&Around {
        tenant: &tenant,
        document: &document,
        contact: Some(&contact),
        account: None,
        grant: Some(&given),
    })
}

#[test]
fn a_link_dies_the_instant_it_ends_and_lives_again_when_the_end_is_moved() {
    let end = T0 + SignedDuration::from_hours(1);
    let ending = Link {
        contact_id: Some(contact(0).id),
        expiry: When::Instant(end).ends(&tenant().zone, T0).ok(),
        ..link(Audience::Contact)
    };
    let milli = SignedDuration::from_millis(1);
    judged(
        |_, _, _, _| {},
        |around| {
            let life = |at| ending.life(around, at);
            assert_eq!(
                [life(end - milli), life(end), life(end + milli)],
                [Life::Open, Life::Inactive(Pause::Over), Life::Inactive(Pause::Over)]
            );
            let moved = Link { expiry: None, ..ending.clone() };
            assert_eq!(moved.life(around, end), Life::Open);
        },
    );
}

#[test]
fn what_is_paused_comes_back_and_what_is_taken_away_does_not() {
    let own = Link { contact_id: Some(contact(0).id), ..link(Audience::Contact) };
    let public = link(Audience::PublicSame);
    let life = |link: &Link, change: fn(&mut Document, &mut Contact, &mut Grant)| {
        let change =
            |_: &mut Tenant, document: &mut Document, who: &mut Contact, given: &mut Grant| {
                change(document, who, given);
            };
        judged(change, |around| link.life(around, T0))
    };
    assert_eq!(life(&own, |_, _, _| {}), Life::Open);
    let paused = |change: fn(&mut Document, &mut Contact, &mut Grant)| match life(&own, change) {
        Life::Inactive(pause) => Some(pause),
        Life::Open | Life::Gone => None,
    };
    assert_eq!(paused(|_, who, _| who.status = ReviewStatus::Cancelled), Some(Pause::Suspended));
    assert_eq!(paused(|_, who, _| who.grant_epoch = 1), Some(Pause::GrantOver));
    assert_eq!(paused(|_, who, _| who.link_epoch = 1), Some(Pause::NotRestored));
    assert_eq!(paused(|_, _, given| given.state = grant::State::Expired), Some(Pause::GrantOver));
    assert_eq!(life(&own, |_, _, given| given.state = grant::State::Removed), Life::Gone);
    assert_eq!(life(&own, |_, _, given| given.state = grant::State::DocumentDeleted), Life::Gone);
    assert_eq!(life(&own, |_, _, given| given.closings = 1), Life::Gone);
    assert_eq!(life(&own, |_, who, _| who.deleted_at = Some(T0)), Life::Gone);
    assert_eq!(life(&own, |document, _, _| document.deleted_at = Some(T0)), Life::Gone);
    assert_eq!(life(&public, |document, _, _| document.deleted_at = Some(T0)), Life::Gone);
    // A public link goes on, whatever becomes of one of its guests.
    assert_eq!(life(&public, |_, who, _| who.status = ReviewStatus::Cancelled), Life::Open);
    assert_eq!(life(&public, |_, _, given| given.state = grant::State::Removed), Life::Open);
}

#[test]
fn the_companys_policy_says_which_first_press_is_believed() {
    let own = Link { contact_id: Some(contact(0).id), ..link(Audience::Contact) };
    let opening = |policy, way| {
        let press = Press { nonce: "n", way };
        judged(|tenant, _, _, _| tenant.first_click = policy, |around| own.press(around, press, T0))
    };
    let both = |policy| [opening(policy, Way::Mailed), opening(policy, Way::Copied)];
    assert_eq!(both(FirstClick::AnyLink), [Opening::First, Opening::First]);
    assert_eq!(both(FirstClick::MailedLink), [Opening::First, Opening::CodeRequired]);
    assert_eq!(both(FirstClick::Never), [Opening::CodeRequired, Opening::CodeRequired]);
}

#[test]
fn a_changed_address_is_asked_for_a_code_even_by_the_first_press() {
    let own = Link { contact_id: Some(contact(0).id), ..link(Audience::Contact) };
    let press = Press { nonce: "n", way: Way::Mailed };
    let change = |_: &mut Tenant, _: &mut Document, who: &mut Contact, _: &mut Grant| {
        *who = who.clone().with_email(Some(address(1)));
    };
    assert_eq!(judged(change, |around| own.press(around, press, T0)), Opening::CodeRequired);
}

#[test]
fn a_link_that_opens_to_anybody_waits_for_the_plan() {
    let life = |audience| {
        judged(
            |tenant, _, _, _| tenant.plan.public_links = false,
            |around| Link { contact_id: None, ..link(audience) }.life(around, T0),
        )
    };
    for audience in [Audience::PublicSame, Audience::PublicChild] {
        assert_eq!(life(audience), Life::Inactive(Pause::Plan));
    }
    assert_eq!(life(Audience::Undefined), Life::Open);
}

#[test]
fn a_bearer_looks_a_first_browser_acts_and_a_proved_one_signs() {
    let allowed = |standing: Standing| {
        [Right::View, Right::Download, Right::Write, Right::Sign]
            .map(|right| standing.allows(right))
    };
    assert_eq!(allowed(Standing::Bearer), [true, false, false, false]);
    assert_eq!(allowed(Standing::Trusted), [true, true, true, false]);
    assert_eq!(allowed(Standing::Verified), [true, true, true, true]);
}

#[test]
fn rights_hold_view_and_give_a_grant_what_is_about_reading() {
    let rights = |list: &[Right]| Rights::try_from(list.to_vec());
    assert_eq!(rights(&[Right::Sign]), Err(crate::rights::RightsError::NoView));
    let all = rights(&[Right::Sign, Right::Write, Right::View, Right::View]).unwrap();
    assert!(all.allows(Right::Sign) && !all.allows(Right::Download));
    let view_only = grant::Rights::try_from(vec![grant::Right::View]).unwrap();
    assert_eq!(all.of_grant(), view_only);
    assert_eq!(Rights::default().of_grant(), grant::Rights::default());
}

#[test]
fn the_first_browser_gets_its_own_device_again_and_for_ten_minutes_only() {
    let (tenant, document, own) = (tenant(), document(), contact(0));
    let given = grant(&own, T0);
    let link = Link { contact_id: Some(own.id), ..link(Audience::Contact) };
    let press = |nonce: &'static str| Press { nonce, way: Way::Copied };
    let link = link.pressed(id(7), press("a number"), T0);
    let around = Around {
        tenant: &tenant,
        document: &document,
        contact: Some(&own),
        account: None,
        grant: Some(&given),
    };
    let again = |nonce, after| link.press(&around, press(nonce), T0 + after);
    let milli = SignedDuration::from_millis(1);
    assert_eq!(again("a number", NONCE_LIFE - milli), Opening::Again(id(7)));
    assert_eq!(again("a number", NONCE_LIFE), Opening::CodeRequired);
    assert_eq!(again("another", milli), Opening::CodeRequired);
}
