use domain::document::AccessLevel;
use domain::member::Role;
use store::saved::Saved;

use super::*;
use crate::fixtures::{
    NOW, account, contact, cx, document, ends_in, grant, grant_to_view, id, link, linked,
    linked_publicly, public_link, refusal, saved_by, staff, tenant,
};

fn colleague() -> Cx<Staff> {
    cx(staff(Role::Administrator))
}

fn suspended() -> Contact {
    Contact { status: domain::contact::ReviewStatus::Cancelled, ..contact() }
}

fn new_link(audience: Audience) -> NewLink {
    NewLink { audience, rights: link().rights, expiry: Some(ends_in(24)) }
}

#[test]
fn policies_see_who_made_a_link_of_whose_document_and_who_looks_after_its_contact() {
    let seen = |linked: &Linked| match link_resource(linked) {
        Resource::Link(link) => (link.id, link.maker, link.uploader, link.owner),
        _ => panic!("a link"),
    };
    assert_eq!(seen(&linked()), (id(6), id(13), id(12), Some(id(11))));
    assert_eq!(seen(&linked_publicly()), (id(6), id(13), id(12), None));
}

#[tokio::test]
async fn a_link_that_waits_for_its_person_is_made_without_opening_anything() {
    let (cx, document) = (colleague(), document(AccessLevel::Restricted));
    let mut change = cx.store().rehearse();
    let new = new_link(Audience::Undefined);
    let seen = cx.make_link(&mut change, &document, None, new).await.unwrap();
    let saved = change.into_saved();
    assert_eq!(saved, [Saved::Link(Box::new(seen.link.clone()))]);
    assert_eq!(seen.link.audience, Audience::Undefined);
    assert_eq!((seen.link.contact_id, seen.link.made_for), (None, None));
    assert_eq!((seen.link.maker_id, seen.link.document_id), (id(10), id(4)));
    assert_eq!(seen.link.expiry, Some(ends_in(24)));
    assert_eq!((seen.contact, seen.account, seen.grant), (None, None, None));
}

#[tokio::test]
async fn a_link_that_opens_to_anybody_takes_the_plan_for_it() {
    let mut poor = colleague();
    poor.who.tenant.plan.public_links = false;
    let document = document(AccessLevel::Restricted);
    for (audience, expected) in [
        (Audience::PublicSame, Some(Kind::PlanLacks)),
        (Audience::PublicChild, Some(Kind::PlanLacks)),
        (Audience::Undefined, None),
    ] {
        let mut change = poor.store().rehearse();
        let made = poor.make_link(&mut change, &document, None, new_link(audience)).await;
        assert_eq!(refusal(made), expected, "{audience:?}");
        assert_eq!(change.into_saved().is_empty(), expected.is_some());
    }
    let rich = colleague();
    let mut change = rich.store().rehearse();
    let new = new_link(Audience::PublicSame);
    assert!(rich.make_link(&mut change, &document, None, new).await.is_ok());
}

#[tokio::test]
async fn nothing_is_opened_to_whoever_is_suspended() {
    let (cx, document) = (colleague(), document(AccessLevel::Restricted));
    let cancelled = Account { status: domain::contact::ReviewStatus::Cancelled, ..account() };
    for (contact, account) in [(suspended(), None), (contact(), Some(cancelled))] {
        let mut change = cx.store().rehearse();
        let (whom, new) = (Some((contact, account)), new_link(Audience::Contact));
        let made = cx.make_link(&mut change, &document, whom, new).await;
        assert_eq!(refusal(made), Some(Kind::WrongState));
        assert_eq!(change.into_saved(), []);
    }
    assert_eq!(refusal(require_not_suspended(&contact(), Some(&account()))), None);
}

#[tokio::test]
async fn only_a_public_link_asks_whether_everybody_gets_a_copy() {
    let document = document(AccessLevel::Restricted);
    for audience in [Audience::Contact, Audience::Undefined, Audience::PublicChild] {
        assert_eq!(colleague().audience_for(&document, audience).await.unwrap(), audience);
    }
}

#[test]
fn a_link_counts_what_its_contact_and_their_access_count_then() {
    let whom = Contact { epoch: 2, link_epoch: 3, ..contact() };
    let opened = Grant { closings: 4, ..grant() };
    let document = document(AccessLevel::Restricted);
    let made = |contact, grant| {
        colleague().new_link(&document, contact, grant, new_link(Audience::Contact))
    };
    let link = made(Some(&whom), Some(&opened));
    assert_eq!((link.contact_id, link.made_for), (Some(id(3)), Some(id(3))));
    assert_eq!((link.contact_epoch, link.link_epoch, link.closings), (2, 3, 4));
    assert_eq!((link.version, link.generation, link.state), (1, 0, State::Active));
    let link = made(None, None);
    assert_eq!((link.contact_id, link.made_for), (None, None));
    assert_eq!((link.contact_epoch, link.link_epoch, link.closings), (0, 0, 0));
}

/// What opens the document after a link that was `seen` became `after`, if that changes.
fn followed(seen: &Linked, after: &Link) -> Option<Grant> {
    let saved = saved_by(|change| colleague().grant_follows(change, seen, after).unwrap());
    match saved.as_slice() {
        [] => None,
        [Saved::Grant(grant)] => Some((**grant).clone()),
        _ => panic!("{saved:?}"),
    }
}

#[test]
fn what_opens_the_document_comes_to_allow_what_the_link_does() {
    let narrow = Linked { grant: Some(grant_to_view()), ..linked() };
    let wider = followed(&narrow, &link()).unwrap();
    assert_eq!(wider, Grant { version: 2, ..grant() });
    assert_eq!(followed(&linked(), &link()), None, "it allows that already");
    let to_view = Link { rights: vec![domain::link::Right::View].try_into().unwrap(), ..link() };
    assert_eq!(followed(&linked(), &to_view), None, "a link takes nothing away");
}

#[test]
fn what_ended_with_the_link_ends_with_it_and_what_had_an_end_of_its_own_keeps_it() {
    let ending = |link_hours: Option<i64>, grant_hours: Option<i64>| Linked {
        link: Link { expiry: link_hours.map(ends_in), ..link() },
        grant: Some(Grant { expiry: grant_hours.map(ends_in), ..grant() }),
        ..linked()
    };
    let after = Link { expiry: Some(ends_in(72)), ..link() };
    let end = |seen: &Linked| followed(seen, &after).map(|grant| (grant.version, grant.ends_at()));
    assert_eq!(end(&ending(Some(24), Some(24))), Some((2, Some(ends_in(72).at))));
    assert_eq!(end(&ending(None, None)), Some((2, Some(ends_in(72).at))));
    assert_eq!(end(&ending(Some(24), Some(48))), None);
    assert_eq!(end(&ending(Some(24), None)), None);
}

#[test]
fn what_is_over_or_nobodys_does_not_follow() {
    let over = Grant { expiry: Some(ends_in(-1)), ..grant_to_view() };
    assert_eq!(followed(&Linked { grant: Some(over), ..linked() }, &link()), None);
    let nobody = Linked { contact: None, grant: Some(grant_to_view()), ..linked() };
    assert_eq!(followed(&nobody, &link()), None);
    assert_eq!(followed(&linked_publicly(), &public_link()), None);
}

#[test]
fn a_link_that_is_saved_is_saved_as_it_is_then() {
    let after = link().deactivated();
    let saved = saved_by(|change| {
        colleague().save_link(change, &after, Detail::None).unwrap();
    });
    assert_eq!(saved, [Saved::Link(Box::new(after))]);
}

#[test]
fn news_of_a_link_go_to_who_made_it_for_three_days() {
    let mail = news_of(&link(), LinkNews::Lapsed { version: 2 }, NOW);
    let news = LinkNews::Lapsed { version: 2 };
    let purpose = Purpose::LinkNews { member_id: id(13), document_id: id(4), news };
    assert_eq!((mail.purpose, mail.expires_at), (purpose, NOW + NOTICE_LIFE));
}

#[test]
fn nothing_is_done_to_a_link_that_is_gone() {
    let closed = Linked { grant: Some(grant().ended(domain::grant::State::Removed)), ..linked() };
    let inactive = Linked { link: link().deactivated(), ..linked() };
    assert_eq!(refusal(require_not_gone(&closed, NOW)), Some(Kind::WrongState));
    assert_eq!(refusal(require_not_gone(&inactive, NOW)), None);
    assert_eq!(refusal(require_not_gone(&linked(), NOW)), None);
}

#[test]
fn a_link_to_hand_out_must_open_once_it_is_active_or_one_hears_what_to_do_first() {
    let lapsing = |grant| Linked { grant: Some(grant), ..linked() };
    let ended = Link { expiry: Some(ends_in(-1)), ..link() };
    let poor = domain::tenant::Plan { public_links: false };
    let poor = domain::tenant::Tenant { plan: poor, ..tenant() };
    let over = Grant { expiry: Some(ends_in(-1)), ..grant() };
    for (seen, kind, word) in [
        (lapsing(grant().ended(domain::grant::State::Removed)), Kind::WrongState, "for good"),
        (Linked { tenant: poor, ..linked_publicly() }, Kind::PlanLacks, "plan"),
        (Linked { link: ended, ..linked() }, Kind::WrongState, "later end"),
        (Linked { contact: Some(suspended()), ..linked() }, Kind::WrongState, "Unsuspend"),
        (lapsing(over), Kind::WrongState, "Share it again"),
    ] {
        let refused = require_to_open(&seen, NOW).unwrap_err();
        assert_eq!(refused.kind, kind);
        assert!(refused.detail.contains(word), "{}", refused.detail);
    }
    let back = Linked { contact: Some(Contact { link_epoch: 1, ..contact() }), ..linked() };
    for fine in [linked(), back, Linked { link: link().deactivated(), ..linked() }] {
        assert_eq!(refusal(require_to_open(&fine, NOW)), None, "activating it is enough");
    }
}
