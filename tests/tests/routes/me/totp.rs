//! `/v1/me/totp`, `/v1/me/recovery-codes`, `/v1/sessions/current/proof`, and signing in with them.

use std::future::IntoFuture;

use app::seating::founding::found;
use domain::member::Role;
use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::authenticator::Authenticator;
use tests::client::{Client, Reply};
use tests::world::{World, token_in};

pub(crate) const EMAIL: &str = "maya@acme.example";
pub(crate) const PASSWORD: &str = "a kettle sings at dawn";
const SHORT: &str = "kettle9!dusk";
const STEP: SignedDuration = SignedDuration::from_secs(30);
const TOTP: &str = "/v1/me/totp";
const CONFIRM: &str = "/v1/me/totp/confirm";
const PROOF: &str = "/v1/sessions/current/proof";

pub(crate) async fn sign_in(world: &World, more: Value) -> (Client, Reply) {
    let browser = world.visitor();
    let mut input = json!({ "email": EMAIL, "password": PASSWORD });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let reply = browser.post("/v1/sessions", input).await;
    (browser, reply)
}

/// Maya, signed in at a company of her own.
async fn maya(world: &World) -> Client {
    let (slug, email) = ("initech".parse().unwrap(), EMAIL.parse().unwrap());
    let name = "Maya Lin".parse().unwrap();
    found(&world.house, slug, None, email, name, PASSWORD).await.unwrap();
    let (maya, reply) = sign_in(world, json!({})).await;
    reply.expect(201);
    maya
}

/// Maya with a second factor; the step that turned it on is over.
pub(crate) async fn armed(world: &World) -> (Client, Authenticator, Vec<String>) {
    let maya = maya(world).await;
    let (app, codes) = world.turn_on_second_factor(&maya).await;
    world.advance(STEP);
    (maya, app, codes)
}

pub(crate) fn totp(world: &World, app: &Authenticator) -> Value {
    json!({ "totp": app.shows(world.now()) })
}

#[tokio::test]
async fn an_app_is_enrolled_by_its_first_code_and_asked_for_from_then_on() {
    let world = World::start().await;
    let maya = maya(&world).await;
    let seed = maya.post(TOTP, json!({})).await.expect(200);
    let secret = seed["secret"].as_str().unwrap();
    let uri = seed["uri"].as_str().unwrap();
    assert!(uri.starts_with("otpauth://totp/Vestibule:maya%40acme.example?secret="), "{uri}");
    assert!(uri.contains(secret) && seed["qr"].as_str().unwrap().contains("<svg"));
    // Nothing is asked for before the app has shown what it can.
    sign_in(&world, json!({})).await.1.expect(201);
    let me = maya.get("/v1/me").await.expect(200);
    assert_eq!(
        (&me["identity"]["second_factor"], &me["recovery_codes_left"]),
        (&json!(false), &Value::Null)
    );

    let app = Authenticator::enrolled(&seed);
    let code = app.shows(world.now());
    let codes = maya.post(CONFIRM, json!({ "code": code })).await.expect(200);
    assert_eq!(codes["recovery_codes"].as_array().unwrap().len(), 8);
    let me = maya.get("/v1/me").await.expect(200);
    assert_eq!(
        (&me["identity"]["second_factor"], &me["recovery_codes_left"]),
        (&json!(true), &json!(8))
    );

    let (browser, reply) = sign_in(&world, json!({})).await;
    assert_eq!(reply.problem(401), "second-factor-required");
    assert!(browser.cookie_names().is_empty());
    // The code that turned it on is used up.
    let used = sign_in(&world, json!({ "totp": code })).await.1;
    assert_eq!(used.problem(403), "code-wrong");
    world.advance(STEP);
    let code = totp(&world, &app);
    sign_in(&world, code.clone()).await.1.expect(201);
    assert_eq!(sign_in(&world, code).await.1.problem(403), "code-wrong");
}

#[tokio::test]
async fn a_second_factor_says_nothing_about_the_password() {
    let world = World::start().await;
    let (_, app, codes) = armed(&world).await;
    for proof in [totp(&world, &app), json!({ "recovery_code": codes[0] }), json!({})] {
        let mut input = json!({ "email": EMAIL, "password": "a kettle sings at noon" });
        input.as_object_mut().unwrap().extend(proof.as_object().unwrap().clone());
        let reply = world.visitor().post("/v1/sessions", input).await;
        assert_eq!(reply.problem(401), "wrong-sign-in");
    }
    // Neither was used up by it.
    sign_in(&world, totp(&world, &app)).await.1.expect(201);
    sign_in(&world, json!({ "recovery_code": codes[0] })).await.1.expect(201);
}

#[tokio::test]
async fn a_recovery_code_signs_in_once_however_it_is_typed() {
    let world = World::start().await;
    let (maya, _, codes) = armed(&world).await;
    let careless = codes[3].to_lowercase().replace('-', " ");
    sign_in(&world, json!({ "recovery_code": careless })).await.1.expect(201);
    let again = sign_in(&world, json!({ "recovery_code": codes[3] })).await.1;
    assert_eq!(again.problem(403), "code-wrong");
    assert_eq!(maya.get("/v1/me").await.expect(200)["recovery_codes_left"], 7);
    let reply = sign_in(&world, json!({ "recovery_code": "AAAA" })).await.1;
    assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["/recovery_code"]));

    let renewed = maya.post("/v1/me/recovery-codes", json!({})).await.expect(200);
    let old = sign_in(&world, json!({ "recovery_code": codes[0] })).await.1;
    assert_eq!(old.problem(403), "code-wrong");
    let new = json!({ "recovery_code": renewed["recovery_codes"][0] });
    sign_in(&world, new).await.1.expect(201);
}

#[tokio::test]
async fn five_wrong_codes_wait_a_quarter_of_an_hour_but_for_a_recovery_code() {
    let world = World::start().await;
    let (_, app, codes) = armed(&world).await;
    let wrong = json!({ "totp": "000000" });
    for _ in 0..5 {
        assert_eq!(sign_in(&world, wrong.clone()).await.1.problem(403), "code-wrong");
    }
    let reply = sign_in(&world, totp(&world, &app)).await.1;
    assert_eq!(reply.problem(429), "too-many-requests");
    let wait: i64 = reply.header("retry-after").parse().unwrap();
    assert!((840..=900).contains(&wait), "{wait}");
    sign_in(&world, json!({ "recovery_code": codes[0] })).await.1.expect(201);
    world.advance(SignedDuration::from_mins(15));
    sign_in(&world, totp(&world, &app)).await.1.expect(201);
}

#[tokio::test]
async fn of_many_guesses_at_once_five_are_looked_at() {
    let world = World::start().await;
    let (maya, _, _) = armed(&world).await;
    // Guessed by who sits at her browser and knows her password; no other limit is in the way.
    let guess = json!({ "password": PASSWORD, "totp": "000000" });
    let guesses = (0..40).map(|_| maya.post(PROOF, guess.clone()).into_future());
    let replies = join_all(guesses).await;
    let looked = replies.iter().filter(|reply| reply.status == 403).count();
    assert!((1..=5).contains(&looked), "{looked}");
    assert!(replies.iter().all(|reply| [403, 409, 429, 503].contains(&reply.status)));
}

#[tokio::test]
async fn how_one_signs_in_is_changed_only_after_a_fresh_proof() {
    let world = World::start().await;
    let maya = maya(&world).await;
    world.advance(SignedDuration::from_mins(5));
    let acts = [
        maya.post(TOTP, json!({})),
        maya.post(CONFIRM, json!({ "code": "123456" })),
        maya.post("/v1/me/recovery-codes", json!({})),
        maya.delete(TOTP),
    ];
    for act in acts {
        assert_eq!(act.await.problem(403), "proof-required");
    }
    let wrong = maya.post(PROOF, json!({ "password": "a kettle sings at noon" })).await;
    assert_eq!((wrong.problem(400), wrong.pointers()), ("bad-input", vec!["/password"]));
    maya.post(PROOF, json!({ "password": PASSWORD })).await.expect(204);
    let (app, _) = world.turn_on_second_factor(&maya).await;

    world.advance(SignedDuration::from_mins(5));
    let password = maya.post(PROOF, json!({ "password": PASSWORD })).await;
    assert_eq!(password.problem(401), "second-factor-required");
    let both = json!({ "password": PASSWORD, "totp": app.shows(world.now()) });
    maya.post(PROOF, both.clone()).key("k").await.expect(204);
    // The lost reply: the code is used up, and the repeat is answered all the same.
    maya.post(PROOF, both.clone()).key("k").await.expect(204);
    assert_eq!(maya.post(PROOF, both).await.problem(403), "code-wrong");
    maya.delete(TOTP).await.expect(204);
}

#[tokio::test]
async fn turning_it_on_or_off_ends_every_other_session_and_is_in_the_trail() {
    let world = World::start().await;
    let maya = maya(&world).await;
    let (elsewhere, reply) = sign_in(&world, json!({})).await;
    let member = reply.expect(201)["seat"]["member_id"].clone();
    let (app, _) = world.turn_on_second_factor(&maya).await;
    assert_eq!(elsewhere.get("/v1/me").await.problem(401), "sign-in");
    world.advance(STEP);
    let (elsewhere, reply) = sign_in(&world, totp(&world, &app)).await;
    reply.expect(201);
    maya.delete(TOTP).await.expect(204);
    assert_eq!(elsewhere.get("/v1/me").await.problem(401), "sign-in");
    maya.delete(TOTP).await.expect(204);
    sign_in(&world, json!({})).await.1.expect(201);

    let trail = format!("/v1/activity?object={}", member.as_str().unwrap());
    let trail = maya.get(trail).await.expect(200);
    let told: Vec<_> = trail["items"].as_array().unwrap().iter().take(2).collect();
    let verbs: Vec<_> = told.iter().map(|line| (&line["verb"], &line["detail"])).collect();
    let (off, on) = (json!({ "second_factor": "off" }), json!({ "second_factor": "on" }));
    assert_eq!(verbs, [(&json!("me.remove_totp"), &off), (&json!("me.confirm_totp"), &on)]);
}

#[tokio::test]
async fn another_app_takes_over_only_once_it_has_shown_a_code() {
    let world = World::start().await;
    let (maya, app, codes) = armed(&world).await;
    let another = Authenticator::enrolled(&maya.post(TOTP, json!({})).await.expect(200));
    assert_eq!(maya.post(CONFIRM, totp_as_code(&world, &app)).await.problem(403), "code-wrong");
    sign_in(&world, totp(&world, &app)).await.1.expect(201);
    let given = maya.post(CONFIRM, totp_as_code(&world, &another)).await.expect(200);
    world.advance(STEP);
    assert_eq!(sign_in(&world, totp(&world, &app)).await.1.problem(403), "code-wrong");
    sign_in(&world, totp(&world, &another)).await.1.expect(201);
    let old = sign_in(&world, json!({ "recovery_code": codes[0] })).await.1;
    assert_eq!(old.problem(403), "code-wrong");
    assert_ne!(given["recovery_codes"][0], codes[0].as_str());
    assert_eq!(
        maya.post(CONFIRM, totp_as_code(&world, &another)).await.problem(409),
        "wrong-state"
    );
}

fn totp_as_code(world: &World, app: &Authenticator) -> Value {
    json!({ "code": app.shows(world.now()) })
}

#[tokio::test]
async fn an_app_that_was_not_confirmed_within_half_an_hour_is_none() {
    let world = World::start().await;
    let maya = maya(&world).await;
    assert_eq!(maya.post(CONFIRM, json!({ "code": "123456" })).await.problem(409), "wrong-state");
    let app = Authenticator::enrolled(&maya.post(TOTP, json!({})).await.expect(200));
    world.advance(SignedDuration::from_mins(30));
    maya.post(PROOF, json!({ "password": PASSWORD })).await.expect(204);
    let late = maya.post(CONFIRM, totp_as_code(&world, &app)).await;
    assert_eq!(late.problem(409), "wrong-state");
    assert_eq!(maya.post("/v1/me/recovery-codes", json!({})).await.problem(409), "wrong-state");
}

#[tokio::test]
async fn the_lost_reply_is_given_again_and_lies_nowhere_as_it_was_given() {
    let world = World::start().await;
    let maya = maya(&world).await;
    let seed = maya.post(TOTP, json!({})).key("seed").await.expect(200);
    assert_eq!(maya.post(TOTP, json!({})).key("seed").await.expect(200), seed);
    let app = Authenticator::enrolled(&seed);
    let code = totp_as_code(&world, &app);
    let codes = maya.post(CONFIRM, code.clone()).key("codes").await.expect(200);
    assert_eq!(maya.post(CONFIRM, code).key("codes").await.expect(200), codes);
    let table = world.everything().await;
    let signs = codes["recovery_codes"][0].as_str().unwrap();
    for secret in [seed["secret"].as_str().unwrap(), signs, &signs.replace('-', "")] {
        assert!(!table.contains(secret), "a secret lies in the table");
    }
    world.advance(STEP);
    sign_in(&world, json!({ "recovery_code": signs })).await.1.expect(201);
}

#[tokio::test]
async fn with_a_second_factor_a_password_may_be_shorter_and_then_keeps_it() {
    let world = World::start().await;
    let maya = maya(&world).await;
    let short = |present: &str| json!({ "current_password": present, "password": SHORT });
    let refused = maya.post("/v1/me/password", short(PASSWORD)).await;
    assert_eq!((refused.problem(400), refused.pointers()), ("bad-input", vec!["/password"]));
    world.turn_on_second_factor(&maya).await;
    maya.post("/v1/me/password", short(PASSWORD)).await.expect(204);
    assert_eq!(maya.delete(TOTP).await.problem(409), "wrong-state");
    let long = json!({ "current_password": SHORT, "password": "a kettle hums at dusk" });
    maya.post("/v1/me/password", long).await.expect(204);
    maya.delete(TOTP).await.expect(204);
}

#[tokio::test]
async fn another_password_does_not_lead_past_it() {
    let world = World::start().await;
    let (_, app, _) = armed(&world).await;
    world.visitor().post("/v1/password-resets", json!({ "email": EMAIL })).await.expect(202);
    world.tick().await;
    let token = token_in(&world.last_mail(EMAIL), "/password-reset");
    let set = json!({ "token": token, "password": PASSWORD });
    world.visitor().post("/v1/password-resets/complete", set).await.expect(204);
    assert_eq!(sign_in(&world, json!({})).await.1.problem(401), "second-factor-required");
    sign_in(&world, totp(&world, &app)).await.1.expect(201);
}

#[tokio::test]
async fn nor_does_a_seat_that_another_company_offers() {
    let world = World::start().await;
    let (_, app, _) = armed(&world).await;
    let input = json!({
        "email": EMAIL,
        "role": Role::Member,
        "external_communications": false,
        "manager_access": false,
    });
    world.admin().await.post("/v1/members", input).await.expect(201);
    world.tick().await;
    let token = token_in(&world.last_mail(EMAIL), "/invitation");
    let accept = json!({ "token": token, "password": PASSWORD });
    let browser = world.visitor();
    let refused = browser.post("/v1/invitations/accept", accept.clone()).await;
    assert_eq!(refused.problem(401), "second-factor-required");
    let mut accept = accept;
    accept["totp"] = json!(app.shows(world.now()));
    let session = browser.post("/v1/invitations/accept", accept.clone()).await.expect(201);
    assert_eq!(session["seat"]["slug"], "acme");
}
