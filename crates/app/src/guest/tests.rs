use std::sync::Arc;

use domain::document::AccessLevel;
use domain::link::guest::Proof;
use domain::link::{Link, State};
use domain::member::Role;

use super::*;
use crate::fixtures::{
    DAY, NOW, browser, cx, document, guest, house, id, linked, linked_publicly, looking, member,
    refusal, visit, visit_with,
};

/// The link with the browser that was read on it.
fn known(browser: Browser) -> Linked {
    Linked { device: Some(browser), ..linked() }
}

fn deactivated(seen: Linked) -> Linked {
    Linked { link: Link { state: State::Inactive, ..seen.link }, ..seen }
}

fn deleted(seen: Linked) -> Linked {
    let document = document(AccessLevel::Restricted);
    let document = domain::document::Document { deleted_at: Some(NOW), ..document };
    Linked { document, ..seen }
}

/// A link that gives each guest their own copy, with the browser of one who proved an address.
fn copying() -> Linked {
    let link = Link { audience: Audience::PublicChild, ..linked_publicly().link };
    Linked { link, device: Some(browser()), ..linked_publicly() }
}

#[test]
fn a_member_without_the_secret_reads_the_link_only_if_it_is_theirs_to_read() {
    let by = |number, role| {
        let member = Member { id: id(number), ..member(role) };
        refusal(require_reader(&member, &linked()))
    };
    assert_eq!(by(10, Role::Administrator), None);
    assert_eq!(by(10, Role::AccountManager), None);
    assert_eq!(by(10, Role::Member), Some(Kind::NotFound), "what they may not read is not there");
    for (who, number) in [("owner", 11), ("uploader", 12), ("maker", 13)] {
        assert_eq!(by(number, Role::Member), None, "{who}");
    }
}

#[test]
fn a_link_that_does_not_open_opens_to_nobody() {
    assert_eq!(refusal(require_open(&linked(), NOW)), None);
    assert_eq!(refusal(require_open(&deactivated(linked()), NOW)), Some(Kind::LinkInactive));
    assert_eq!(refusal(require_open(&deleted(linked()), NOW)), Some(Kind::NotFound));
}

#[test]
fn a_browser_stands_as_it_proved_itself_and_an_unknown_one_asks_for_a_code() {
    let pressed = Browser { proof: Proof::FirstPress, ..browser() };
    assert_eq!(standing(&known(browser()), NOW).unwrap(), Standing::Verified);
    assert_eq!(standing(&known(pressed), NOW).unwrap(), Standing::Trusted);
    let late = standing(&known(browser()), NOW + DAY);
    assert_eq!(refusal(late), Some(Kind::CodeRequired));
    assert_eq!(refusal(standing(&linked(), NOW)), Some(Kind::CodeRequired));
}

#[test]
fn a_link_that_is_shut_says_so_to_known_and_unknown_browsers_alike() {
    for seen in [known(browser()), linked()] {
        let inactive = standing(&deactivated(seen.clone()), NOW);
        assert_eq!(refusal(inactive), Some(Kind::LinkInactive));
        assert_eq!(refusal(standing(&deleted(seen), NOW)), Some(Kind::NotFound));
    }
}

#[test]
fn a_guest_who_lacks_their_copy_proves_themselves_again_once_there_is_something_to_copy() {
    let copy = document(AccessLevel::Restricted);
    let (lacking, nobody) = (copying(), Browser { contact_id: None, ..browser() });
    let unpublished = domain::document::Document { published: None, ..copy.clone() };
    assert_eq!(refusal(require_own_copy(&lacking)), Some(Kind::CodeRequired));
    for fine in [
        Linked { child: Some(copy), ..copying() },
        Linked { device: Some(nobody), ..copying() },
        Linked { device: None, ..copying() },
        Linked { document: unpublished, ..copying() },
        known(browser()),
    ] {
        assert_eq!(refusal(require_own_copy(&fine)), None, "{:?}", fine.link.audience);
    }
}

#[test]
fn a_guest_whose_own_copy_was_deleted_finds_nothing() {
    let copy = document(AccessLevel::Restricted);
    let copy = domain::document::Document { deleted_at: Some(NOW), ..copy };
    let seen = Linked { child: Some(copy), ..copying() };
    assert_eq!(refusal(require_own_copy(&seen)), Some(Kind::NotFound));
}

#[test]
fn a_browsers_secret_is_32_bytes_in_the_cookie_and_nothing_else() {
    let known = |value: &str| known_secret(&visit_with(cookie::DEVICE, value));
    assert_eq!(known(&URL_SAFE_NO_PAD.encode([7; 32])), Some([7; 32]));
    for value in ["", "AAAA", "not base64!", &URL_SAFE_NO_PAD.encode([7; 33])] {
        assert_eq!(known(value), None, "{value}");
    }
    let elsewhere = visit_with("session", &URL_SAFE_NO_PAD.encode([7; 32]));
    assert_eq!(known_secret(&elsewhere), None);
}

#[test]
fn what_a_browser_has_on_one_link_tells_nothing_of_another() {
    let sha = sha_on(id(6), &[7; 32]);
    assert_eq!(sha, sha_on(id(6), &[7; 32]));
    assert_ne!(sha, sha_on(id(60), &[7; 32]));
    assert_ne!(sha, sha_on(id(6), &[8; 32]));
    assert_eq!(sha.len(), 64);
}

#[test]
fn a_browser_is_trusted_for_as_many_days_as_the_company_says() {
    let mut seen = linked();
    seen.tenant.device_days = 3;
    assert_eq!(device_life(&seen), SignedDuration::from_hours(72));
}

#[test]
fn a_place_is_believed_beside_its_own_link_alone() {
    let house = house();
    let place = Place { tenant: id(1), document: id(4), contact: None, account: None, child: None };
    let told = Visit { place: Some(place.sign(&house.keys, id(6))), ..visit() };
    assert_eq!(told_place(&house, &told, id(6)), Some(place));
    assert_eq!(told_place(&house, &told, id(60)), None);
    assert_eq!(told_place(&house, &visit(), id(6)), None);
}

#[tokio::test]
async fn a_browser_without_a_session_is_no_colleagues() {
    let found = colleague(&Arc::new(house()), &visit(), id(1), NOW).await;
    assert!(found.unwrap().is_none());
    // A forged session is none, too, and nothing is read for it.
    let forged = visit_with(cookie::SESSION, "forged");
    let found = colleague(&Arc::new(house()), &forged, id(1), NOW).await;
    assert!(found.unwrap().is_none());
}

#[test]
fn the_trail_names_a_guest_by_their_contact_and_a_colleague_by_their_seat() {
    let named =
        |guest: &Guest| (guest.actor(), guest.device(), guest.repeats_as(&visit()), guest.tenant());
    let (browser_id, seat): (DeviceId, domain::id::MemberId) = (id(8), id(10));
    let own = guest(linked(), Standing::Verified);
    let expected = (Actor::Contact(id(3)), Some(browser_id), browser_id.to_string(), Some(id(1)));
    assert_eq!(named(&own), expected);
    let expected = (Actor::Member(seat), None, seat.to_string(), Some(id(1)));
    assert_eq!(named(&looking(linked())), expected);
    let mut bearer = own;
    if let Comer::Browser { browser, .. } = &mut bearer.comer {
        browser.contact_id = None;
    }
    assert_eq!(bearer.actor(), Actor::Anyone);
}

#[tokio::test]
async fn a_guest_who_looks_first_is_seen_as_they_came() {
    let cx = cx(guest(linked(), Standing::Trusted));
    let seen = cx.guest_at(0).await.unwrap();
    assert!(matches!(seen, Cow::Borrowed(_)));
    assert_eq!(refusal(cx.allow(Action::DocumentView)), None);
    assert_eq!(refusal(cx.allow(Action::DocumentSign)), Some(Kind::CodeRequired));
    assert_eq!(cx.store().tenant_id(), id(1));
}

#[tokio::test]
async fn views_of_a_browser_nobody_knows_are_none() {
    let store = house().table.tenant(id(1));
    assert_eq!(views_of(&store, id(6), None).await.unwrap(), 0);
}

#[tokio::test]
async fn a_path_without_a_link_leads_to_no_guest() {
    let entered = Guest::enter(&Arc::new(house()), &visit(), NOW).await;
    assert_eq!(refusal(entered), Some(Kind::NotFound));
}
