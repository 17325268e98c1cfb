//! Typing a code, right or wrong.

use domain::challenge::standing::MISSES_MAX;
use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::json;
use store::activities::Home;
use tests::trail::{gap_free_trail, times};
use tests::world::{World, token_in};

use super::{EMAIL, ada, ask, by_code, mailed_code, open, type_code, wrong};

#[tokio::test]
async fn wrong_late_spent_and_unknown_codes_sound_alike() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    let browser = world.visitor();
    let unknown = type_code(&browser, "123456").await;
    assert_eq!(unknown.problem(403), "code-wrong");
    ask(&browser, EMAIL).await.expect(202);
    let code = mailed_code(&world).await;
    assert_eq!(type_code(&browser, &wrong(&code)).await.shown(), unknown.shown());
    world.advance(SignedDuration::from_mins(10));
    assert_eq!(type_code(&browser, &code).await.shown(), unknown.shown(), "late");
    ask(&browser, EMAIL).await.expect(202);
    let code = mailed_code(&world).await;
    type_code(&browser, &code).await.expect(200);
    assert_eq!(type_code(&browser, &code).await.shown(), unknown.shown(), "spent");
    let stranger = world.visitor();
    ask(&stranger, "nobody@example.com").await.expect(202);
    assert_eq!(type_code(&stranger, "123456").await.shown(), unknown.shown());
    let reply = type_code(&browser, "12345").await;
    assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["/code"]));
    let trail = gap_free_trail(&world.store_of(&world.acme), Home::Contact(contact.id)).await;
    assert_eq!(times(&trail, "portal.verify"), 1);
}

#[tokio::test]
async fn a_challenge_takes_five_guesses() {
    let world = World::start().await;
    ada(&world).await;
    let browser = world.visitor();
    ask(&browser, EMAIL).await.expect(202);
    let code = mailed_code(&world).await;
    for _ in 0..5 {
        assert_eq!(type_code(&browser, &wrong(&code)).await.problem(403), "code-wrong");
    }
    assert_eq!(type_code(&browser, &code).await.problem(403), "code-wrong", "however right");
    assert_eq!(browser.get("/v1/portal").await.problem(401), "sign-in");
}

#[tokio::test]
async fn guesses_at_once_are_each_paid_for_and_the_fifth_may_be_right() {
    let world = World::start().await;
    ada(&world).await;
    let browser = world.visitor();
    ask(&browser, EMAIL).await.expect(202);
    let code = mailed_code(&world).await;
    let guesses = (0..4).map(|_| type_code(&browser, &code));
    let statuses: Vec<u16> = join_all(guesses).await.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");

    let browser = world.visitor();
    world.advance(SignedDuration::from_mins(1));
    ask(&browser, EMAIL).await.expect(202);
    let code = mailed_code(&world).await;
    let miss = wrong(&code);
    join_all((0..4).map(|_| type_code(&browser, &miss))).await;
    type_code(&browser, &code).await.expect(200);
}

#[tokio::test]
async fn after_25_misses_one_long_link_replaces_codes_for_good() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    for round in 0..MISSES_MAX / 5 {
        let guesser = world.visitor();
        ask(&guesser, EMAIL).await.expect(202);
        let code = mailed_code(&world).await;
        for _ in 0..5 {
            assert_eq!(type_code(&guesser, &wrong(&code)).await.status, 403, "round {round}");
        }
        world.advance(SignedDuration::from_mins(10));
    }
    let owner = world.visitor();
    ask(&owner, EMAIL).await.expect(202);
    world.tick().await;
    let mails = world.mails_to(EMAIL).len();
    let token = token_in(&world.last_mail(EMAIL), "/p/acme");
    world.advance(SignedDuration::from_hours(23));
    assert_eq!(ask(&owner, EMAIL).await.problem(429), "too-many-requests");
    open(&owner, &token, 1).await.expect(200);
    owner.get("/v1/portal").await.expect(200);

    // The link was used, so the next need not wait for its end; codes never come back.
    ask(&world.visitor(), EMAIL).await.expect(202);
    world.tick().await;
    assert_eq!(world.mails_to(EMAIL).len(), mails + 1);
    let second = token_in(&world.last_mail(EMAIL), "/p/acme");
    world.advance(SignedDuration::from_hours(24 * 400));
    ask(&world.visitor(), EMAIL).await.expect(202);
    world.tick().await;
    let third = token_in(&world.last_mail(EMAIL), "/p/acme");
    assert!(token != second && second != third, "each opens once");
    gap_free_trail(&world.store_of(&world.acme), Home::Contact(contact.id)).await;
}

#[tokio::test]
async fn a_code_dies_with_access_and_with_a_new_address() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    let path = format!("/v1/contacts/{}", contact.id);
    let admin = world.admin().await;
    let browser = world.visitor();
    ask(&browser, EMAIL).await.expect(202);
    let code = mailed_code(&world).await;
    admin.post(format!("{path}/suspend"), json!({})).await.expect(200);
    assert_eq!(type_code(&browser, &code).await.problem(403), "code-wrong");
    let back = json!({ "status": "approved", "keep_grants": true });
    admin.post(format!("{path}/unsuspend"), back).await.expect(200);
    assert_eq!(type_code(&browser, &code).await.problem(403), "code-wrong");

    world.advance(SignedDuration::from_mins(1));
    ask(&browser, EMAIL).await.expect(202);
    let code = mailed_code(&world).await;
    let version = admin.get(&path).await.version();
    let moved = json!({ "email": "ada@elsewhere.example" });
    admin.patch(&path, moved).if_match(version).await.expect(200);
    assert_eq!(type_code(&browser, &code).await.problem(403), "code-wrong");
    assert_eq!(browser.get("/v1/portal").await.problem(401), "sign-in");
}

#[tokio::test]
async fn a_right_code_refunds_its_own_guess_and_no_other() {
    let world = World::start().await;
    ada(&world).await;
    let store = world.store_of(&world.acme);
    let tenant = world.acme.id().to_string();
    let hash = world.house.keys.blind(&["portal", &tenant, EMAIL]);
    let browser = world.visitor();
    ask(&browser, EMAIL).await.expect(202);
    let code = mailed_code(&world).await;
    type_code(&browser, &wrong(&code)).await;
    assert_eq!(store.misses_of(&hash).await.unwrap().value.misses, 1);
    type_code(&browser, &code).await.expect(200);
    assert_eq!(store.misses_of(&hash).await.unwrap().value.misses, 1);
    world.advance(SignedDuration::from_mins(1));
    by_code(&world).await;
    assert_eq!(store.misses_of(&hash).await.unwrap().value.misses, 1);
}
