use domain::challenge::ATTEMPTS_MAX;
use domain::challenge::standing::{BURST_WINDOW, CONFIRMATION_LIFE, MISSES_MAX};
use store::challenges::OnLink;
use store::saved::Saved;

use super::*;
use crate::fixtures::{NANO, NOW, contact, cx, house, id, saved_by, tenant, visit_with};

fn budget(mails: usize) -> SendBudget {
    SendBudget { sends: vec![NOW; mails] }
}

fn code(on_link: Option<OnLink>) -> IssuedCode {
    let challenge = Challenge::new(NOW);
    let standing = "standing".to_owned();
    let contact_id = Some(id(3));
    IssuedCode { id: id(16), challenge, contact_id, epoch: 0, standing, on_link }
}

fn on_link() -> OnLink {
    OnLink {
        link_id: id(6),
        document_id: id(4),
        email: "maya@initech.example".parse().unwrap(),
        is_mailed: true,
        is_to_disown: false,
    }
}

#[test]
fn a_code_is_mailed_while_pace_and_mails_allow_it() {
    let Paced::Code(standing, spent) = paced(&Standing::default(), &budget(9), NOW) else {
        panic!("a code")
    };
    assert_eq!((standing.sends, spent.sends.len()), (vec![NOW], 10));
    let just_now = Standing { sends: vec![NOW], ..Standing::default() };
    let until = NOW + RESEND_AFTER;
    assert_eq!(paced(&just_now, &budget(0), NOW), Paced::Wait { until });
}

#[test]
fn without_a_mail_left_or_a_miss_left_one_link_of_last_resort_is_mailed() {
    let guessed = Standing { misses: MISSES_MAX, ..Standing::default() };
    for (standing, mails) in [(Standing::default(), ADDRESS_MAILS_MAX), (guessed, 0)] {
        let Paced::Confirmation(next) = paced(&standing, &budget(mails), NOW) else {
            panic!("a confirmation")
        };
        let until = NOW + CONFIRMATION_LIFE;
        assert_eq!(next.confirmation_until, Some(until));
        assert_eq!(next.sends, [], "no code was sent");
        assert_eq!(paced(&next, &budget(mails), NOW), Paced::Wait { until });
    }
}

#[test]
fn whoever_comes_too_soon_hears_in_whole_seconds_when_asking_helps() {
    for (left, seconds) in [
        (RESEND_AFTER, 60),
        (RESEND_AFTER - NANO, 60),
        (SignedDuration::from_secs(59), 59),
        (NANO, 1),
        (BURST_WINDOW, 900),
    ] {
        let problem = too_soon(NOW + left, NOW);
        assert_eq!((problem.kind, problem.retry_after), (Kind::TooMany, Some(seconds)));
    }
}

#[test]
fn a_guess_is_paid_by_code_and_address_alike_and_only_where_the_code_was_asked_for() {
    let (here, link) = ("standing", Some(id(6)));
    let (counted_code, missed) =
        counted(&code(None), &Standing::default(), (here, None), NOW).unwrap();
    assert_eq!((counted_code.challenge.attempts, missed.misses), (1, 1));
    let on = code(Some(on_link()));
    assert!(counted(&on, &Standing::default(), (here, link), NOW).is_ok());
    for (why, code, hash, link) in [
        ("on a portal", &code(None), here, link),
        ("on a link", &on, here, None),
        ("on another link", &on, here, Some(id(60))),
        ("of another address", &on, "other", link),
    ] {
        let paid = counted(code, &Standing::default(), (hash, link), NOW);
        assert_eq!(paid, Err(Denied), "{why}");
    }
}

#[test]
fn a_guess_that_cannot_be_paid_is_denied() {
    let guess = |attempts, misses, now| {
        let challenge = Challenge { attempts, ..Challenge::new(NOW) };
        let standing = Standing { misses, ..Standing::default() };
        let code = IssuedCode { challenge, ..code(None) };
        counted(&code, &standing, ("standing", None), now).is_ok()
    };
    assert!(guess(ATTEMPTS_MAX - 1, MISSES_MAX - 1, NOW));
    assert!(!guess(ATTEMPTS_MAX, 0, NOW));
    assert!(!guess(0, MISSES_MAX, NOW));
    assert!(!guess(0, 0, NOW + CODE_LIFE));
}

#[test]
fn a_contact_counts_under_their_address_or_else_under_their_id() {
    assert_eq!(place(&contact()), "maya@initech.example");
    let without = Contact { email: None, ..contact() };
    assert_eq!(place(&without), without.id.to_string());
}

#[test]
fn what_is_counted_is_counted_by_purpose_company_and_address() {
    let (house, email) = (house(), "maya@initech.example".parse().unwrap());
    let portal = standing_hash(&house, &tenant(), &contact());
    assert_eq!(portal, hash(&house, "portal", id(1), "maya@initech.example"));
    let unproved = unproved_hash(&house, id(1), &email);
    assert_ne!(portal, unproved);
    assert_ne!(unproved, unproved_hash(&house, id(10), &email));
    assert_ne!(unproved, unproved_hash(&house, id(1), &"leo@initech.example".parse().unwrap()));
    assert_eq!(portal.len(), 32, "a cookie carries its 16 bytes");
}

#[test]
fn a_code_is_owed_for_as_long_as_it_works() {
    let saved = saved_by(|change| cx(Bearer).owe_code(change, &code(None)).unwrap());
    let purpose = Purpose::Code { challenge_id: id(16) };
    assert_eq!(saved, [Saved::Mail(Box::new(Mail::new(purpose, NOW, NOW + CODE_LIFE)))]);
}

#[test]
fn whoever_asked_gets_a_cookie_for_the_code_which_a_repeat_makes_again() {
    let mut cx = cx(Bearer);
    let (store, standing) = (cx.store_of(id(1)), "ab".repeat(16));
    let (budget, link) = (String::new(), Some(id(6)));
    let asker = Asker { standing: standing.clone(), budget, link };
    let sent = cx.code_sent(&store, id(16), &asker);
    let view = &sent.answer.body;
    assert_eq!((view.resend_after_seconds, view.expires_at), (60, NOW + CODE_LIFE));
    let again =
        Reissue::Challenge { tenant: id(1), challenge: id(16), standing: standing.clone(), link };
    assert_eq!(sent.reissue, Some(again));
    let expected = ChallengeCookie::new(id(1), id(16), &standing);
    assert_eq!(sent.cookies, [cx.house.challenge_cookie(&expected, link)]);
    let value = expected.sign(&cx.house.keys);
    cx.visit = std::sync::Arc::new(visit_with(&challenge_name(link), &value));
    assert_eq!(cx.challenge_cookie(link), Some(expected));
    assert_eq!(cx.challenge_cookie(None), None, "a portal's is another");
}
