//! `/v1/sessions`.

use app::house::RootSource;
use app::house::keyring::Keyring;
use app::house::roots::Roots;
use app::house::token::SessionCookie;
use app::seating::founding::{Founded, found};
use domain::document::AccessLevel;
use domain::member::{Identity, Role};
use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::client::{Client, id_of};
use tests::world::World;

const EMAIL: &str = "maya@acme.example";
const PASSWORD: &str = "a kettle sings at dawn";

async fn founded(world: &World, slug: &str) -> Founded {
    let (slug, email) = (slug.parse().unwrap(), EMAIL.parse().unwrap());
    found(&world.house, slug, None, email, "Maya Lin".parse().unwrap(), PASSWORD).await.unwrap()
}

fn sign_in(password: &str) -> Value {
    json!({ "email": EMAIL, "password": password })
}

async fn signed_in(world: &World) -> (Client, Value) {
    let browser = world.visitor();
    let session = browser.post("/v1/sessions", sign_in(PASSWORD)).await.expect(201);
    (browser, session)
}

#[tokio::test]
async fn the_right_password_begins_a_session_on_the_only_seat() {
    let world = World::start().await;
    let founded = founded(&world, "acme").await;
    let browser = world.visitor();
    let input = json!({ "email": " Maya@ACME.example ", "password": PASSWORD });
    let reply = browser.post("/v1/sessions", input).await;
    let cookie = reply.header("set-cookie").to_owned();
    assert!(cookie.contains("HttpOnly; SameSite=Lax; Max-Age=86400"), "{cookie}");
    let session = reply.expect(201);
    let seat = json!({
        "tenant_id": founded.tenant_id,
        "tenant_name": "acme AG",
        "slug": "acme",
        "member_id": founded.member_id,
        "role": "administrator",
    });
    assert_eq!((&session["seat"], &session["seats"]), (&seat, &json!([seat])));
    assert_eq!(session["identity"]["email"], EMAIL);
    assert!(!session.to_string().contains("argon2"));

    let me = browser.get("/v1/me").await.expect(200);
    assert_eq!((&me["seat"], &me["identity"]), (&seat, &session["identity"]));
    assert_eq!(browser.get("/v1/tenant").await.expect(200)["slug"], "acme");
}

#[tokio::test]
async fn wrong_unknown_and_without_a_password_sound_alike() {
    let world = World::start().await;
    founded(&world, "acme").await;
    let passwordless = world.acme.administrator.email.as_str();
    let mut answers = Vec::new();
    for (email, password) in
        [(EMAIL, "a kettle sings at noon"), ("nobody@acme.example", PASSWORD), (passwordless, "")]
    {
        let browser = world.visitor();
        let input = json!({ "email": email, "password": password });
        let reply = browser.post("/v1/sessions", input).await;
        assert_eq!(reply.problem(401), "wrong-sign-in");
        assert!(browser.cookie_names().is_empty());
        answers.push(reply.shown());
    }
    assert_eq!((&answers[0], &answers[0]), (&answers[1], &answers[2]));
}

#[tokio::test]
async fn ten_misses_keep_their_own_network_waiting_and_nobody_else() {
    let world = World::start().await;
    founded(&world, "acme").await;
    let guesser = world.visitor();
    for _ in 0..10 {
        let reply = guesser.post("/v1/sessions", sign_in("a kettle sings at noon")).await;
        assert_eq!(reply.problem(401), "wrong-sign-in");
    }
    let reply = guesser.post("/v1/sessions", sign_in(PASSWORD)).await;
    assert_eq!((reply.problem(429), reply.header("retry-after")), ("too-many-requests", "30"));
    let other = json!({ "email": "nobody@acme.example", "password": PASSWORD });
    assert_eq!(guesser.post("/v1/sessions", other).await.problem(401), "wrong-sign-in");
    signed_in(&world).await;

    world.advance(SignedDuration::from_secs(30));
    guesser.post("/v1/sessions", sign_in(PASSWORD)).await.expect(201);
    guesser.forget_cookies();
    guesser.post("/v1/sessions", sign_in("a kettle sings at noon")).await.problem(401);
    let reply = guesser.post("/v1/sessions", sign_in(PASSWORD)).await;
    assert_eq!((reply.problem(429), reply.header("retry-after")), ("too-many-requests", "60"));

    world.advance(SignedDuration::from_mins(16));
    for _ in 0..3 {
        guesser.post("/v1/sessions", sign_in("a kettle sings at noon")).await.problem(401);
    }
}

#[tokio::test]
async fn a_stranger_is_kept_waiting_like_somebody_known() {
    let world = World::start().await;
    let guesser = world.visitor();
    for _ in 0..10 {
        guesser.post("/v1/sessions", sign_in(PASSWORD)).await.problem(401);
    }
    assert_eq!(guesser.post("/v1/sessions", sign_in(PASSWORD)).await.header("retry-after"), "30");
}

#[tokio::test]
async fn guessing_at_once_is_no_cheaper_than_one_after_the_other() {
    let world = World::start().await;
    founded(&world, "acme").await;
    let guesser = world.visitor();
    let tries = (0..40).map(|_| guesser.post("/v1/sessions", sign_in("a kettle sings at noon")));
    let replies = join_all(tries.map(IntoFuture::into_future)).await;
    assert!(replies.iter().all(|reply| [401, 429, 503].contains(&reply.status)));
    assert!(replies.iter().filter(|reply| reply.status == 401).count() <= 10);
    assert!(guesser.cookie_names().is_empty());
}

#[tokio::test]
async fn a_right_password_costs_no_try_however_often_it_is_given() {
    let world = World::start().await;
    founded(&world, "acme").await;
    let browser = world.visitor();
    for _ in 0..12 {
        browser.post("/v1/sessions", sign_in(PASSWORD)).await.expect(201);
    }
}

#[tokio::test]
async fn a_letter_composed_otherwise_is_the_same_letter() {
    let world = World::start().await;
    let (slug, email) = ("acme".parse().unwrap(), EMAIL.parse().unwrap());
    let composed = "caf\u{e9} au lait tomorrow";
    found(&world.house, slug, None, email, "Maya".parse().unwrap(), composed).await.unwrap();
    let decomposed = sign_in("cafe\u{301} au lait tomorrow");
    world.visitor().post("/v1/sessions", decomposed).await.expect(201);
}

#[tokio::test]
async fn who_has_several_seats_chooses_one_and_gets_another_session() {
    let world = World::start().await;
    founded(&world, "acme").await;
    let globex = founded(&world, "globex").await;
    let (browser, session) = signed_in(&world).await;
    assert_eq!((&session["seat"], session["seats"].as_array().unwrap().len()), (&Value::Null, 2));
    assert_eq!(browser.get("/v1/tenant").await.problem(403), "choose-tenant");

    let before = browser.cookie("session").unwrap();
    world.advance(SignedDuration::from_mins(59));
    let choice = json!({ "tenant_id": globex.tenant_id });
    let chosen = browser.post("/v1/sessions/current/tenant", choice).await.expect(200);
    assert_eq!(chosen["seat"]["member_id"], json!(globex.member_id));
    assert_ne!(chosen["id"], session["id"]);
    assert_eq!(chosen["expires_at"], session["expires_at"], "choosing does not lengthen its life");
    assert_eq!(browser.get("/v1/tenant").await.expect(200)["slug"], "globex");

    let old = world.visitor();
    old.keep_cookie("session", &before);
    assert_eq!(old.get("/v1/me").await.problem(401), "sign-in");
}

#[tokio::test]
async fn before_a_seat_is_chosen_a_second_click_is_answered_like_the_first() {
    let world = World::start().await;
    founded(&world, "acme").await;
    let globex = founded(&world, "globex").await;
    let ((browser, _), (_, other)) = (signed_in(&world).await, signed_in(&world).await);
    let version = browser.get("/v1/me").await.version();
    let words = json!({ "current_password": PASSWORD, "password": "four grey geese at noon" });
    for _ in 0..2 {
        let named = browser.patch("/v1/me", json!({ "name": "Maya Chen" })).if_match(version);
        assert_eq!(named.key("name").await.expect(200)["identity"]["name"], "Maya Chen");
        let ended = browser.delete(format!("/v1/sessions/{}", id_of(&other))).key("end").await;
        assert_eq!(ended.status, 204);
        let changed = browser.post("/v1/me/password", words.clone()).key("words").await;
        assert_eq!(changed.status, 204, "{}", changed.text);
    }
    let reused = browser.patch("/v1/me", json!({ "name": "Eve" })).if_match(version).key("name");
    assert_eq!(reused.await.problem(422), "idempotency-key-reused");
    // What choosing and signing out answer with is a cookie, which is kept nowhere.
    let choice = json!({ "tenant_id": globex.tenant_id });
    let choose = browser.post("/v1/sessions/current/tenant", choice).key("choose");
    assert_eq!(choose.await.expect(200)["seat"]["member_id"], json!(globex.member_id));
    let input = json!({ "email": EMAIL, "password": "four grey geese at noon" });
    let leaving = world.visitor();
    leaving.post("/v1/sessions", input).await.expect(201);
    assert_eq!(leaving.delete("/v1/sessions/current").key("out").await.status, 204);
    assert_eq!(leaving.get("/v1/me").await.problem(401), "sign-in");
}

#[tokio::test]
async fn a_company_without_a_seat_cannot_be_chosen() {
    let world = World::start().await;
    founded(&world, "acme").await;
    let strange = world.company("globex").await;
    let (browser, session) = signed_in(&world).await;
    let choice = json!({ "tenant_id": strange.id() });
    let reply = browser.post("/v1/sessions/current/tenant", choice).await;
    assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["/tenant_id"]));
    assert_eq!(browser.get("/v1/me").await.expect(200)["seat"], session["seat"]);
}

#[tokio::test]
async fn a_suspended_seat_is_not_offered_and_ends_at_once() {
    let world = World::start().await;
    let founded = founded(&world, "acme").await;
    let (browser, _) = signed_in(&world).await;
    let store = world.house.table.tenant(founded.tenant_id);
    let mut member = store.member(founded.member_id).await.unwrap().unwrap();
    (member.version, member.suspended) = (member.version + 1, true);
    let mut change = store.change(world.house.dice.token());
    change.save_member(&member).unwrap();
    change.commit().await.unwrap();
    assert_eq!(browser.get("/v1/tenant").await.problem(403), "choose-tenant");
    let (_, session) = signed_in(&world).await;
    assert_eq!((&session["seat"], &session["seats"]), (&Value::Null, &json!([])));
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one() {
    let world = World::start().await;
    founded(&world, "acme").await;
    let ((one, _), (two, second)) = (signed_in(&world).await, signed_in(&world).await);
    let stranger = world.member(Role::Member).await;
    let page = one.get("/v1/sessions").await.expect(200);
    let current: Vec<_> = page["items"].as_array().unwrap().iter().map(|s| &s["current"]).collect();
    assert_eq!(current, [&json!(false), &json!(true)]);
    assert!(!page.to_string().contains("secret"));

    let path = format!("/v1/sessions/{}", id_of(&second));
    assert_eq!(stranger.delete(&path).await.problem(404), "not-found");
    two.get("/v1/me").await.expect(200);
    let ended = one.delete(&path).key("k").await;
    assert_eq!((ended.status, one.delete(&path).key("k").await.status), (204, 204));
    assert_eq!(two.get("/v1/me").await.problem(401), "sign-in");
    assert_eq!(one.delete(&path).await.problem(404), "not-found");
    assert_eq!(one.get("/v1/sessions").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_takes_the_cookie() {
    let world = World::start().await;
    founded(&world, "acme").await;
    let (browser, _) = signed_in(&world).await;
    let stolen = world.visitor();
    stolen.keep_cookie("session", &browser.cookie("session").unwrap());
    assert_eq!(browser.delete("/v1/sessions/current").await.status, 204);
    assert!(browser.cookie_names().is_empty());
    assert_eq!(stolen.get("/v1/me").await.problem(401), "sign-in");
}

#[tokio::test]
async fn signing_in_ignores_the_key_and_ends_the_session_before() {
    let world = World::start().await;
    founded(&world, "acme").await;
    let browser = world.visitor();
    let paper = world.document(&world.acme, "Report", AccessLevel::Restricted).await;
    let asking = json!({
        "email": "ada@x.example",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "company": "X",
        "job_title": "Engineer",
        "reason": "Review",
        "document_ids": [paper.id],
    });
    let asked = browser.post("/v1/trust/acme/requests", asking).key("k").await;
    assert_eq!(asked.status, 202, "the key is spent on another call: {}", asked.text);
    let first = browser.post("/v1/sessions", sign_in(PASSWORD)).key("k").await.expect(201);
    let old = world.visitor();
    old.keep_cookie("session", &browser.cookie("session").unwrap());
    let second = browser.post("/v1/sessions", sign_in(PASSWORD)).key("k").await.expect(201);
    assert_ne!(first["id"], second["id"]);
    assert_eq!(old.get("/v1/me").await.problem(401), "sign-in");
    browser.get("/v1/me").await.expect(200);
}

#[tokio::test]
async fn a_session_is_over_after_an_idle_hour_and_after_a_day_of_use() {
    let world = World::start().await;
    founded(&world, "acme").await;
    let (idle, _) = signed_in(&world).await;
    world.advance(SignedDuration::from_mins(60));
    assert_eq!(idle.get("/v1/me").await.problem(401), "sign-in");
    let (busy, _) = signed_in(&world).await;
    for _ in 0..28 {
        world.advance(SignedDuration::from_mins(50));
        busy.get("/v1/me").await.expect(200);
    }
    world.advance(SignedDuration::from_mins(40));
    assert_eq!(busy.get("/v1/me").await.problem(401), "sign-in");
}

#[tokio::test]
async fn a_higher_epoch_ends_every_session() {
    let world = World::start().await;
    founded(&world, "acme").await;
    let (browser, _) = signed_in(&world).await;
    let before = world.house.table.identity_at(&EMAIL.parse().unwrap()).await.unwrap().unwrap();
    let after = Identity { version: before.version + 1, epoch: before.epoch + 1, ..before };
    let mut change = world.house.table.change(world.house.dice.token());
    change.save_identity(&after).unwrap();
    change.commit().await.unwrap();
    assert_eq!(browser.get("/v1/me").await.problem(401), "sign-in");
}

#[tokio::test]
async fn what_is_no_sign_in_is_told_where() {
    let world = World::start().await;
    let browser = world.visitor();
    for (input, pointer) in [
        (json!({ "email": "maya", "password": "x" }), "/email"),
        (json!({ "email": EMAIL }), "/password"),
        (json!({ "email": EMAIL, "password": "x".repeat(257) }), "/password"),
        (json!({ "email": EMAIL, "password": "x", "role": "administrator" }), "/role"),
    ] {
        let reply = browser.post("/v1/sessions", input).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec![pointer]));
    }
}

#[tokio::test]
async fn a_session_under_a_new_root_key_is_heard_and_older_ones_go_on() {
    let world = World::start().await;
    let admin = world.admin().await;
    let Some(RootSource { roots: Roots::File(path), .. }) = &world.house.roots else {
        panic!("the laptop keeps its keys in a file")
    };
    // Somebody rotates; another process knows the new key already and signs with it.
    let old = std::fs::read_to_string(path).unwrap();
    std::fs::write(path, format!("2:{}\n{old}", "ab".repeat(32))).unwrap();
    let rotated = Keyring::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cookie = admin.cookie("session").unwrap();
    let cookie = SessionCookie::verify(&world.house.keys, &cookie).unwrap();
    let moved = world.visitor();
    moved.keep_cookie("session", &cookie.sign(&rotated));
    moved.get("/v1/me").await.expect(200);
    admin.get("/v1/me").await.expect(200);
    // A key that is nowhere is no reason to read them again and again.
    let unknown = Keyring::parse(&format!("9:{}", "cd".repeat(32))).unwrap();
    let forger = world.visitor();
    forger.keep_cookie("session", &cookie.sign(&unknown));
    assert_eq!(forger.get("/v1/me").await.problem(401), "sign-in");
}
