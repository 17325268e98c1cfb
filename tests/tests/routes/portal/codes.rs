//! Asking for a code.

use domain::contact::ReviewStatus;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tests::client::{Client, Reply};
use tests::world::{World, token_in};

use super::{EMAIL, ada, ask, mailed_code, type_code};

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// Everything that a browser sees of an answer, but what time and chance make of it.
fn seen(reply: &Reply) -> serde_json::Value {
    let mut headers: Vec<String> = reply
        .headers
        .iter()
        .filter(|(name, _)| !["date", "content-length"].contains(&name.as_str()))
        .map(|(name, value)| {
            let value = if name == "retry-after" { "soon" } else { value.to_str().unwrap() };
            let (cookie, rest) = value.split_once("; ").unwrap_or(("", value));
            let name_and_length = cookie.split_once('=').map(|(name, value)| (name, value.len()));
            format!("{name}: {name_and_length:?} {rest}")
        })
        .collect();
    headers.sort();
    let mut answer = reply.shown();
    if let Some(body) = answer["body"].as_object_mut() {
        body.remove("expires_at");
    }
    json!({ "answer": answer, "headers": headers })
}

fn retry_after(reply: &Reply) -> u64 {
    reply.header("retry-after").parse().unwrap()
}

/// What asking cost: each call by name, and all units.
async fn cost(world: &World, browser: &Client, email: &str) -> (Vec<(&'static str, f64)>, Reply) {
    drop(world.meter.take());
    let reply = ask(browser, email).await;
    let calls = world.meter.take();
    (calls.into_iter().map(|call| (call.doing, call.units)).collect(), reply)
}

#[tokio::test]
async fn the_mailed_code_signs_in_the_browser_that_asked_for_it() {
    let world = World::start().await;
    ada(&world).await;
    let browser = world.visitor();
    let reply = ask(&browser, " Ada@Example.COM").await;
    let cookie = reply.header("set-cookie").to_owned();
    assert!(cookie.contains("HttpOnly; SameSite=Lax; Max-Age=600"), "{cookie}");
    let sent = reply.expect(202);
    assert_eq!(sent["resend_after_seconds"], 60);
    let expires_at: Timestamp = sent["expires_at"].as_str().unwrap().parse().unwrap();
    let left = expires_at.duration_since(world.now());
    assert!(minutes(9) < left && left <= minutes(10), "{left}");
    let code = mailed_code(&world).await;
    assert_eq!(type_code(&world.visitor(), &code).await.problem(403), "code-wrong");
    let entered = json!({ "tenant_id": world.acme.id(), "tenant_name": "acme AG", "slug": "acme" });
    assert_eq!(type_code(&browser, &code).await.expect(200), entered);
    browser.get("/v1/portal").await.expect(200);
    assert_eq!(type_code(&browser, &code).await.problem(403), "code-wrong", "once");
}

#[tokio::test]
async fn asking_looks_and_costs_the_same_whoever_the_address_is() {
    let world = World::start().await;
    let account = world.account(&world.acme, "corp.example", ReviewStatus::Approved).await;
    let approved = ReviewStatus::Approved;
    world.contact_of(&world.acme, "known@corp.example", approved, Some(&account)).await;
    world.contact(&world.acme, "nocorp@else.example", approved).await;
    world.contact(&world.acme, "shutt@else.example", ReviewStatus::Cancelled).await;
    let addresses =
        ["known@corp.example", "nocorp@else.example", "shutt@else.example", "nobody@else.example"];
    let browsers: Vec<Client> = addresses.iter().map(|_| world.visitor()).collect();
    for (step, status) in [(0, 202), (30, 429), (31, 202), (61, 202), (61, 429)] {
        world.advance(SignedDuration::from_secs(step));
        let mut all = Vec::new();
        for (browser, address) in browsers.iter().zip(addresses) {
            let (calls, reply) = cost(&world, browser, address).await;
            assert_eq!(reply.status, status, "{address}: {}", reply.text);
            all.push((calls, seen(&reply)));
        }
        for (other, address) in all.iter().zip(addresses) {
            assert_eq!(*other, all[0], "{address}");
        }
        world.tick().await;
    }
    assert_eq!(world.mails_to("nobody@else.example").len(), 0);
    assert_eq!(world.mails_to("shutt@else.example").len(), 0);
    assert_eq!(world.mails_to("known@corp.example").len(), 3);
    assert_eq!(world.mails_to("nocorp@else.example").len(), 3);
}

#[tokio::test]
async fn the_last_resort_looks_and_costs_the_same_too() {
    let world = World::start().await;
    ada(&world).await;
    world.contact(&world.acme, "shut@example.com", ReviewStatus::InReview).await;
    let addresses = [EMAIL, "shut@example.com", "none@example.com"];
    let browsers: Vec<Client> = addresses.iter().map(|_| world.visitor()).collect();
    for asked in 1..=8 {
        let mut all = Vec::new();
        for (browser, address) in browsers.iter().zip(addresses) {
            let (calls, reply) = cost(&world, browser, address).await;
            assert_eq!(reply.status, if asked <= 7 { 202 } else { 429 }, "{address}");
            all.push((calls, seen(&reply)));
        }
        for (other, address) in all.iter().zip(addresses) {
            assert_eq!(*other, all[0], "{address}, asked {asked} times");
        }
        world.tick().await;
        world.advance(minutes(10));
    }
    assert_eq!(world.mails_to(EMAIL).len(), 7, "six codes, one link");
    assert_eq!(world.mails().len(), 7, "nobody else is mailed");
}

#[tokio::test]
async fn a_resend_waits_a_minute_and_replaces_the_code_before() {
    let world = World::start().await;
    ada(&world).await;
    let (browser, other) = (world.visitor(), world.visitor());
    ask(&browser, EMAIL).await.expect(202);
    let first = mailed_code(&world).await;
    world.advance(SignedDuration::from_secs(20));
    for impatient in [&browser, &other] {
        let reply = ask(impatient, EMAIL).await;
        assert_eq!((reply.problem(429), reply.header("retry-after")), ("too-many-requests", "40"));
    }
    world.advance(SignedDuration::from_secs(40));
    let old_cookie = browser.cookie("challenge").unwrap();
    ask(&browser, EMAIL).await.expect(202);
    let second = mailed_code(&world).await;
    let old = world.visitor();
    old.keep_cookie("challenge", &old_cookie);
    assert_eq!(type_code(&old, &first).await.problem(403), "code-wrong", "replaced");
    world.advance(minutes(1));
    ask(&other, EMAIL).await.expect(202);
    mailed_code(&world).await;
    type_code(&browser, &second).await.expect(200);
    world.advance(minutes(1));
    let left = retry_after(&ask(&world.visitor(), EMAIL).await);
    assert!((700..=720).contains(&left), "three in a quarter of an hour: {left}");
}

#[tokio::test]
async fn after_six_codes_in_a_day_one_link_is_mailed_instead() {
    let world = World::start().await;
    ada(&world).await;
    for _ in 0..6 {
        ask(&world.visitor(), EMAIL).await.expect(202);
        mailed_code(&world).await;
        world.advance(minutes(10));
    }
    let browser = world.visitor();
    ask(&browser, EMAIL).await.expect(202);
    world.tick().await;
    assert_eq!(world.mails_to(EMAIL).len(), 7);
    let token = token_in(&world.last_mail(EMAIL), "/p/acme");
    assert_eq!(ask(&browser, EMAIL).await.problem(429), "too-many-requests", "one at a time");
    let opener = world.visitor();
    super::open(&opener, &token, 1).await.expect(200);
    opener.get("/v1/portal").await.expect(200);
    assert_eq!(browser.get("/v1/portal").await.problem(401), "sign-in", "who asked is not in");
    world.advance(SignedDuration::from_hours(24));
    ask(&browser, EMAIL).await.expect(202);
    mailed_code(&world).await;
}

#[tokio::test]
async fn asking_takes_either_a_link_or_an_address() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    let token = super::mailed_link(&world, &contact).await;
    let browser = world.visitor();
    for (input, pointer) in [
        (json!({}), "/slug"),
        (json!({ "slug": "acme" }), "/email"),
        (json!({ "email": EMAIL }), "/slug"),
        (json!({ "token": token, "email": EMAIL }), "/token"),
        (json!({ "slug": "acme", "email": "ada" }), "/email"),
        (json!({ "slug": "acme", "email": EMAIL, "code": 1 }), "/code"),
    ] {
        let reply = browser.post("/v1/portal/code", input).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec![pointer]));
    }
    let nowhere = json!({ "slug": "nowhere", "email": EMAIL });
    assert_eq!(browser.post("/v1/portal/code", nowhere).await.problem(404), "not-found");
    world.tick().await;
    assert_eq!(world.mails_to(EMAIL).len(), 1, "only the link");
}

#[tokio::test]
async fn a_repeat_under_the_same_key_mails_one_code_and_binds_the_same_browser() {
    let world = World::start().await;
    ada(&world).await;
    let browser = world.visitor();
    let input = json!({ "slug": "acme", "email": EMAIL });
    let first = browser.post("/v1/portal/code", input.clone()).key("k").await;
    browser.forget_cookies();
    let again = browser.post("/v1/portal/code", input).key("k").await;
    assert_eq!((again.status, &again.text), (202, &first.text));
    assert_eq!(again.header("set-cookie"), first.header("set-cookie"));
    let code = mailed_code(&world).await;
    assert_eq!(world.mails_to(EMAIL).len(), 1);
    let right = json!({ "code": code });
    let entered = browser.post("/v1/portal/verify", right.clone()).key("v").await;
    let again = browser.post("/v1/portal/verify", right.clone()).key("v").await;
    assert_eq!((entered.status, again.status), (200, 200));
    assert_eq!(entered.header("set-cookie"), again.header("set-cookie"));
    let stranger = world.visitor().from_network("198.51.100.1");
    let reply = stranger.post("/v1/portal/verify", right).key("v").await;
    assert_eq!(reply.problem(403), "code-wrong", "the key alone opens nothing");
}

#[tokio::test]
async fn a_code_that_a_link_asks_for_is_mailed_once_under_its_key() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    let input = json!({ "token": super::mailed_link(&world, &contact).await });
    let browser = world.visitor();
    let first = browser.post("/v1/portal/code", input.clone()).key("k").await;
    let again = browser.post("/v1/portal/code", input).key("k").await;
    assert_eq!((first.status, again.status), (202, 202));
    assert_eq!(again.header("set-cookie"), first.header("set-cookie"));
    let code = mailed_code(&world).await;
    assert_eq!(world.mails_to(EMAIL).len(), 2, "the link and one code");
    type_code(&browser, &code).await.expect(200);
}
