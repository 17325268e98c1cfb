use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::document::{AccessLevel, Document};
use domain::link::opening::Way;
use domain::link::{First, State};
use domain::tenant::FirstClick;
use jiff::SignedDuration;
use store::saved::Saved;

use super::*;
use crate::exchange::answer::Done;
use crate::exchange::problem::Kind;
use crate::fixtures::{
    DAY, NOW, browser, contact, cx, document, grant, guest, id, linked, linked_publicly, looking,
    refusal, saved_by, visit_with,
};

const PRESS: Press<'static> = Press { nonce: "nonce", way: Way::Mailed };

fn arriving() -> Arriving {
    cx(Bearer).arriving(id(6), "nonce")
}

/// What a press by a browser that nobody knows comes to, and what it saves.
async fn pressed(seen: &Linked) -> Result<(Guest, Admission, Vec<Saved>), Problem> {
    let cx = cx(Bearer);
    let store = cx.store_of(id(1));
    let mut change = store.rehearse();
    let (guest, admission) = cx.pressed(&store, &mut change, seen, PRESS, &arriving()).await?;
    Ok((guest, admission, change.into_saved()))
}

fn taken(nonce: &str, at: Timestamp) -> Linked {
    let first = First { device_id: id(80), nonce: Some(nonce.to_owned()), at };
    Linked { link: Link { first: Some(first), ..linked().link }, ..linked() }
}

#[tokio::test]
async fn the_first_press_is_trusted_and_keeps_the_link() {
    let (guest, admission, saved) = pressed(&linked()).await.unwrap();
    assert_eq!(admission, Admission::New);
    let Comer::Browser { browser, standing, sha, views } = &guest.comer else { panic!("it came") };
    assert_eq!((*standing, *views, sha), (Standing::Trusted, 0, &arriving().sha));
    assert_eq!((browser.proof, browser.contact_id), (Proof::FirstPress, Some(id(3))));
    let first = guest.seen.link.first.clone().unwrap();
    assert_eq!((first.device_id, first.nonce.as_deref()), (browser.id, Some("nonce")));
    assert_eq!(saved, [Saved::Link(Box::new(guest.seen.link.clone()))]);
}

#[tokio::test]
async fn whoever_holds_a_public_link_reads_and_is_nobody() {
    let (guest, admission, saved) = pressed(&linked_publicly()).await.unwrap();
    assert_eq!((admission, saved), (Admission::New, Vec::new()));
    let Comer::Browser { browser, standing, .. } = &guest.comer else { panic!("it came") };
    assert_eq!(*standing, Standing::Bearer);
    assert_eq!((browser.proof, browser.contact_id), (Proof::Bearer, None));
}

#[tokio::test]
async fn the_same_number_soon_after_is_the_first_again_and_any_other_asks_for_a_code() {
    let (guest, admission, saved) = pressed(&taken("nonce", NOW)).await.unwrap();
    assert_eq!((admission, saved), (Admission::New, Vec::new()), "it has another cookie");
    assert!(matches!(guest.comer, Comer::Browser { standing: Standing::Trusted, .. }));
    let other = pressed(&taken("other", NOW)).await;
    assert_eq!(refusal(other), Some(Kind::CodeRequired));
    let late = pressed(&taken("nonce", NOW - DAY)).await;
    assert_eq!(refusal(late), Some(Kind::CodeRequired));
}

#[tokio::test]
async fn a_link_that_does_not_open_is_pressed_in_vain() {
    let inactive = Link { state: State::Inactive, ..linked().link };
    let inactive = pressed(&Linked { link: inactive, ..linked() }).await;
    assert_eq!(refusal(inactive), Some(Kind::LinkInactive));
    let gone = Document { deleted_at: Some(NOW), ..document(AccessLevel::Public) };
    let gone = pressed(&Linked { document: gone, ..linked() }).await;
    assert_eq!(refusal(gone), Some(Kind::NotFound));
}

#[test]
fn a_cover_tells_who_is_known_who_may_press_and_who_needs_a_code() {
    let opens = |seen: &Linked, way| Opens::of(seen, &LinkToken::of(id(1), &seen.link, way), NOW);
    let known = Linked { device: Some(browser()), ..linked() };
    assert_eq!(opens(&known, Way::Mailed), Opens::Known);
    assert_eq!(opens(&linked(), Way::Mailed), Opens::Press);
    assert_eq!(opens(&linked_publicly(), Way::Copied), Opens::Press);
    assert_eq!(opens(&taken("other", NOW), Way::Mailed), Opens::Code);
    let mut careful = linked();
    careful.tenant.first_click = FirstClick::MailedLink;
    assert_eq!(opens(&careful, Way::Copied), Opens::Code);
    assert_eq!(opens(&careful, Way::Mailed), Opens::Press);
}

#[test]
fn a_browser_is_let_in_as_things_stand_then() {
    let copy = Document { id: id(40), ..document(AccessLevel::Restricted) };
    let seen = Linked {
        link: Link { epoch: 2, ..linked().link },
        contact: Some(domain::contact::Contact { epoch: 3, ..contact() }),
        grant: Some(domain::grant::Grant { closings: 4, ..grant() }),
        child: Some(copy),
        ..linked()
    };
    let own = cx(Bearer).browser(&seen, id(8), Some(id(3)), Proof::Code);
    assert_eq!((own.epoch, own.contact_epoch, own.closings), (2, 3, 4));
    assert_eq!((own.id, own.link_id, own.child_id), (id(8), id(6), Some(id(40))));
    assert_eq!((own.expires_at, own.created_at), (NOW + DAY * 90, NOW));
    assert_eq!((own.network.as_str(), own.agent.as_deref()), ("192.0.2.7", Some("Firefox")));
    let bare = cx(Bearer).browser(&linked_publicly(), id(8), None, Proof::Bearer);
    assert_eq!((bare.contact_epoch, bare.closings, bare.child_id), (0, 0, None));
    let stranger = cx(Bearer).browser(&seen, id(8), Some(id(30)), Proof::Code);
    assert_eq!(stranger.contact_epoch, 0, "the epoch is the contact's own");
}

/// The mails that letting `guest` in owes.
fn mails(guest: &Guest, admission: Admission) -> Vec<Purpose> {
    let values = json!({});
    let saved = saved_by(|change| {
        cx(Bearer).admit_guest(change, guest, admission, &values).unwrap();
    });
    let mail = |saved| match saved {
        Saved::Mail(mail) => Some(mail.purpose),
        _ => None,
    };
    saved.into_iter().filter_map(mail).collect()
}

fn proved_by(proof: Proof) -> Guest {
    let mut guest = guest(linked(), Standing::Verified);
    if let Comer::Browser { browser, .. } = &mut guest.comer {
        browser.proof = proof;
    }
    guest
}

#[test]
fn a_new_browser_is_told_to_who_made_the_link_and_to_whose_mailbox_it_is() {
    for (proof, is_proved) in [(Proof::Code, true), (Proof::FirstPress, false)] {
        let owed = mails(&proved_by(proof), Admission::New);
        let [
            Purpose::LinkNews {
                member_id, news: LinkNews::Opened { proved, device_id, .. }, ..
            },
            Purpose::NewDevice { contact_id, sha, .. },
        ] = owed.as_slice()
        else {
            panic!("{owed:?}")
        };
        assert_eq!((*member_id, *device_id, *proved), (id(13), id(8), is_proved));
        assert_eq!((*contact_id, sha.as_str()), (id(3), "sha"));
    }
    for admission in [Admission::Raised, Admission::Known] {
        assert_eq!(mails(&proved_by(Proof::Code), admission), [], "{admission:?} is no news");
    }
    assert_eq!(mails(&looking(linked()), Admission::New), []);
}

#[test]
fn who_only_holds_a_link_is_no_news_and_who_proves_it_now_need_not_hear_of_it() {
    let mut bearer = proved_by(Proof::Bearer);
    if let Comer::Browser { browser, .. } = &mut bearer.comer {
        browser.contact_id = None;
    }
    assert_eq!(mails(&bearer, Admission::New), []);
    let just_now = domain::contact::Contact { proved_at: Some(NOW), ..contact() };
    let without = domain::contact::Contact { email: None, ..contact() };
    for contact in [just_now, without] {
        let guest = guest(Linked { contact: Some(contact), ..linked() }, Standing::Verified);
        let owed = mails(&guest, Admission::New);
        assert!(matches!(owed.as_slice(), [Purpose::LinkNews { .. }]), "{owed:?}");
    }
}

#[test]
fn what_the_trail_keeps_of_somebody_is_sealed_and_of_nobody_is_not() {
    let cx = cx(Bearer);
    let kept = |guest: &Guest| cx.personal_of(guest, &json!({ "by": "press" }));
    assert!(matches!(kept(&proved_by(Proof::Code)), Detail::Sealed { .. }));
    assert_eq!(kept(&looking(linked())), Detail::Plain(json!({ "by": "press" })));
    let mut bearer = proved_by(Proof::Bearer);
    if let Comer::Browser { browser, .. } = &mut bearer.comer {
        browser.contact_id = None;
    }
    assert!(matches!(kept(&bearer), Detail::Plain(_)));
}

#[test]
fn a_browser_keeps_the_secret_it_has_and_a_new_one_gets_one_that_can_be_made_again() {
    let mut known = cx(Bearer);
    let cookie = visit_with(crate::house::cookie::DEVICE, &URL_SAFE_NO_PAD.encode([7; 32]));
    known.visit = std::sync::Arc::new(cookie);
    let kept = known.arriving(id(6), "nonce");
    assert_eq!((kept.secret, kept.reissue, kept.sha), ([7; 32], None, sha_on(id(6), &[7; 32])));
    let new = arriving();
    assert_eq!(new.secret, arriving().secret);
    assert_ne!(new.secret, cx(Bearer).arriving(id(6), "other").secret);
    let nonce_sha = "nonce".to_owned();
    assert_eq!(new.reissue, Some(Reissue::Guest { link: id(6), nonce_sha, life: 0 }));
}

#[test]
fn the_cookie_lives_as_long_as_the_company_trusts_a_browser_and_so_does_its_repeat() {
    let mut guest = proved_by(Proof::Code);
    guest.seen.tenant.device_days = 2;
    let seconds = SignedDuration::from_hours(48).as_secs();
    let answer = cx(Bearer).with_device(&guest, &arriving(), Done);
    let life = format!("Max-Age={seconds};");
    assert!(answer.cookies.iter().all(|cookie| cookie.header.contains(&life)));
    assert_eq!(answer.cookies.len(), 1);
    assert!(matches!(answer.reissue, Some(Reissue::Guest { life, .. }) if life == seconds));
}

#[test]
fn a_secret_of_another_generation_opens_nothing() {
    let token = LinkToken::of(id(1), &linked().link, Way::Mailed);
    assert!(current(Some(linked()), &token).is_ok());
    let replaced = Linked { link: linked().link.replaced(), ..linked() };
    assert_eq!(refusal(current(Some(replaced), &token)), Some(Kind::LinkInactive));
    assert_eq!(refusal(current(None, &token)), Some(Kind::NotFound));
}

#[test]
fn a_secret_is_read_for_its_own_link_and_a_forged_one_is_absent() {
    let cx = cx(Bearer);
    let token = LinkToken::of(id(1), &linked().link, Way::Copied);
    let secret = token.sign(&cx.house.keys, 1, id(6));
    assert_eq!(cx.link_token(id(6), &secret).unwrap(), token);
    assert_eq!(refusal(cx.link_token(id(60), &secret)), Some(Kind::NotFound));
    assert_eq!(refusal(cx.link_token(id(6), "forged")), Some(Kind::NotFound));
}
