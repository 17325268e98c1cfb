//! `/v1/password-resets` and `/v1/me/password`.

use std::future::IntoFuture;

use app::seating::founding::{Founded, found};
use domain::member::Role;
use domain::reset::RESET_MAILS_MAX;
use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::activities::Home;
use tests::client::{Client, Reply};
use tests::trail::{gap_free_trail, times};
use tests::world::{World, token_in};

const ASK: &str = "/v1/password-resets";
const COMPLETE: &str = "/v1/password-resets/complete";
const EMAIL: &str = "maya@acme.example";
const OLD: &str = "a kettle sings at dawn";
const NEW: &str = "a kettle hums at dusk";

async fn founded(world: &World, slug: &str) -> Founded {
    let (slug, email) = (slug.parse().unwrap(), EMAIL.parse().unwrap());
    found(&world.house, slug, None, email, "Maya Lin".parse().unwrap(), OLD).await.unwrap()
}

async fn sign_in(world: &World, password: &str) -> (Client, Reply) {
    let browser = world.visitor();
    let input = json!({ "email": EMAIL, "password": password });
    let reply = browser.post("/v1/sessions", input).await;
    (browser, reply)
}

/// The token that was mailed to Maya.
async fn mailed(world: &World) -> String {
    world.visitor().post(ASK, json!({ "email": EMAIL })).await.expect(202);
    world.tick().await;
    token_in(&world.last_mail(EMAIL), "/password-reset")
}

fn set(token: &str, password: &str) -> Value {
    json!({ "token": token, "password": password })
}

#[tokio::test]
async fn a_link_sets_the_password_ends_every_session_and_signs_nobody_in() {
    let world = World::start().await;
    founded(&world, "acme").await;
    founded(&world, "initech").await;
    let (session, _) = sign_in(&world, OLD).await;
    let token = mailed(&world).await;
    let mail = world.last_mail(EMAIL);
    assert!(mail.subject.starts_with("Your link to a new password at "), "{}", mail.subject);
    let browser = world.visitor();
    assert_eq!(browser.get("/password-reset").await.status, 200);
    session.get("/v1/me").await.expect(200);

    let done = browser.post(COMPLETE, set(&token, NEW)).await;
    assert_eq!((done.status, done.text.as_str()), (204, ""));
    assert!(browser.cookie_names().is_empty());
    assert_eq!(session.get("/v1/me").await.problem(401), "sign-in");
    sign_in(&world, OLD).await.1.problem(401);
    sign_in(&world, NEW).await.1.expect(201);
    for slug in ["acme", "initech"] {
        let tenant = world.house.table.tenant_at(&slug.parse().unwrap()).await.unwrap().unwrap();
        let trail = gap_free_trail(&world.house.table.tenant(tenant), Home::Tenant).await;
        assert_eq!(times(&trail, "password_resets.complete"), 1, "{slug}");
        assert!(!serde_json::to_string(&trail).unwrap().contains("argon2"));
    }
}

#[tokio::test]
async fn known_and_unknown_addresses_look_alike() {
    let world = World::start().await;
    founded(&world, "acme").await;
    founded(&world, "initech").await;
    let suspended = world.seat(world.acme.id(), Role::Member).await;
    let path = format!("/v1/members/{}", suspended.id);
    let admin = world.admin().await;
    admin.patch(path, json!({ "suspended": true })).if_match(1).await.expect(200);
    let gone = world.seat(world.acme.id(), Role::Member).await;
    admin.delete(format!("/v1/members/{}", gone.id)).await.expect(204);
    world.tick().await;

    let mut seen = Vec::new();
    let known = [EMAIL, world.acme.administrator.email.as_str()];
    let unknown = [suspended.email.as_str(), gone.email.as_str(), "nobody@nowhere.example"];
    for email in known.into_iter().chain(unknown) {
        world.faults.count();
        let reply = world.visitor().post(ASK, json!({ "email": email })).await;
        let calls = world.faults.disarm();
        let calls: Vec<(String, usize)> = calls
            .iter()
            .map(|call| {
                let sent: Value = serde_json::from_str(&call.body).unwrap_or_default();
                let steps = sent["TransactItems"].as_array().map_or(1, Vec::len);
                (call.operation.clone(), steps)
            })
            .collect();
        seen.push((reply.status, reply.text, calls));
    }
    for other in &seen {
        assert_eq!(other, &seen[0]);
    }
    assert_eq!((seen[0].0, seen[0].1.as_str()), (202, ""));
    for _ in 0..2 {
        world.tick().await;
    }
    let mut mailed: Vec<String> = world.mails().iter().map(|mail| mail.to[0].clone()).collect();
    mailed.sort_unstable();
    let mut wanted = known.map(str::to_owned).to_vec();
    wanted.sort_unstable();
    assert_eq!(mailed, wanted);
}

#[tokio::test]
async fn forged_late_used_and_replaced_links_sound_alike() {
    let world = World::start().await;
    founded(&world, "acme").await;
    let (replaced, used) = (mailed(&world).await, mailed(&world).await);
    world.visitor().post(COMPLETE, set(&used, NEW)).await.expect(204);
    let mut answers = Vec::new();
    for token in ["", "AAAA", &replaced, &used] {
        answers.push(world.visitor().post(COMPLETE, set(token, OLD)).await);
    }
    world.advance(SignedDuration::from_hours(24));
    let late = mailed(&world).await;
    world.advance(SignedDuration::from_hours(1));
    answers.push(world.visitor().post(COMPLETE, set(&late, OLD)).await);
    for reply in &answers {
        assert_eq!(reply.problem(403), "link-over");
        assert_eq!(reply.shown(), answers[0].shown());
    }
    sign_in(&world, NEW).await.1.expect(201);
}

#[tokio::test]
async fn a_link_works_until_its_hour_is_over() {
    let world = World::start().await;
    founded(&world, "acme").await;
    let token = mailed(&world).await;
    world.advance(SignedDuration::from_mins(59));
    world.visitor().post(COMPLETE, set(&token, NEW)).await.expect(204);
}

#[tokio::test]
async fn a_weak_password_is_refused_and_the_link_goes_on() {
    let world = World::start().await;
    founded(&world, "acme").await;
    let token = mailed(&world).await;
    for weak in ["short", "passwordpassword", EMAIL, &"x".repeat(257)] {
        let reply = world.visitor().post(COMPLETE, set(&token, weak)).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["/password"]));
    }
    sign_in(&world, OLD).await.1.expect(201);
    world.visitor().post(COMPLETE, set(&token, NEW)).await.expect(204);
}

#[tokio::test]
async fn nobody_floods_a_mailbox_nor_asks_for_everybody() {
    let world = World::start().await;
    founded(&world, "acme").await;
    for _ in 0..7 {
        world.visitor().post(ASK, json!({ "email": EMAIL })).await.expect(202);
    }
    world.tick().await;
    assert_eq!(world.mails_to(EMAIL).len(), 5);
    world.advance(SignedDuration::from_hours(24));
    mailed(&world).await;
    assert_eq!(world.mails_to(EMAIL).len(), 6);

    let one = world.visitor();
    for number in 0..10 {
        one.post(ASK, json!({ "email": format!("p{number}@acme.example") })).await.expect(202);
    }
    let refused = one.post(ASK, json!({ "email": EMAIL })).await;
    assert_eq!(refused.problem(429), "too-many-requests");
    let reply = world.visitor().post(ASK, json!({ "email": "maya" })).await;
    assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["/email"]));
}

#[tokio::test]
async fn a_link_of_somebody_removed_since_says_nothing() {
    let world = World::start().await;
    let seat = world.seat(world.acme.id(), Role::Member).await;
    world.visitor().post(ASK, json!({ "email": seat.email })).await.expect(202);
    let admin = world.admin().await;
    admin.delete(format!("/v1/members/{}", seat.id)).await.expect(204);
    world.tick().await;
    assert!(world.mails_to(seat.email.as_str()).is_empty());
}

#[tokio::test]
async fn ones_own_password_changes_here_and_ends_the_other_sessions() {
    let world = World::start().await;
    let founded = founded(&world, "acme").await;
    let ((here, _), (there, _)) = (sign_in(&world, OLD).await, sign_in(&world, OLD).await);
    let path = "/v1/me/password";
    let wrong = json!({ "current_password": NEW, "password": NEW });
    let reply = here.post(path, wrong).await;
    assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["/current_password"]));
    let weak = json!({ "current_password": OLD, "password": "maya@acme.example" });
    let reply = here.post(path, weak).await;
    assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["/password"]));
    there.get("/v1/me").await.expect(200);

    let token = mailed(&world).await;
    let right = json!({ "current_password": OLD, "password": NEW });
    here.post(path, right.clone()).key("k").await.expect(204);
    here.post(path, right).key("k").await.expect(204);
    here.get("/v1/tenant").await.expect(200);
    assert_eq!(there.get("/v1/me").await.problem(401), "sign-in");
    sign_in(&world, OLD).await.1.problem(401);
    sign_in(&world, NEW).await.1.expect(201);
    // A link that was mailed for the old password is over with it.
    let over = world.visitor().post(COMPLETE, set(&token, OLD)).await;
    assert_eq!(over.problem(403), "link-over");
    let trail = gap_free_trail(&world.house.table.tenant(founded.tenant_id), Home::Tenant).await;
    assert_eq!(times(&trail, "me.password"), 1);
}

#[tokio::test]
async fn asked_for_many_times_at_once_known_and_unknown_addresses_look_alike() {
    let world = World::start().await;
    founded(&world, "acme").await;
    world.house.clock.stop();
    for email in [EMAIL, "nobody@nowhere.example"] {
        let calls =
            (0..4).map(|_| world.visitor().post(ASK, json!({ "email": email })).into_future());
        for reply in join_all(calls).await {
            assert_eq!((reply.status, reply.text.as_str()), (202, ""), "{email}");
        }
    }
    world.tick().await;
    assert_eq!(world.mails_to(EMAIL).len(), 1, "one instant, one link");
}

#[tokio::test]
async fn whoever_spends_the_budget_of_another_does_not_keep_them_out() {
    let world = World::start().await;
    founded(&world, "acme").await;
    let mut tokens = Vec::new();
    for _ in 0..RESET_MAILS_MAX {
        tokens.push(mailed(&world).await);
        world.advance(SignedDuration::from_mins(1));
    }
    world.visitor().post(ASK, json!({ "email": EMAIL })).await.expect(202);
    world.tick().await;
    assert_eq!(world.mails_to(EMAIL).len(), RESET_MAILS_MAX);
    // The last link lives until another may be mailed.
    world.advance(SignedDuration::from_hours(23) + SignedDuration::from_mins(50));
    let (last, earlier) = tokens.split_last().unwrap();
    for token in earlier {
        assert_eq!(world.visitor().post(COMPLETE, set(token, NEW)).await.problem(403), "link-over");
    }
    world.visitor().post(COMPLETE, set(last, NEW)).await.expect(204);
    world.advance(SignedDuration::from_mins(10));
    assert_ne!(mailed(&world).await, *last);
}
