//! Opening a magic link, and renewing one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::activity::{Actor, Object};
use domain::contact::ReviewStatus;
use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::json;
use store::activities::Home;
use tests::trail::{gap_free_trail, times};
use tests::world::{World, token_in};

use super::{EMAIL, ada, by_link, mailed_link, nonce, open, opening};

/// Times that a browser asks again at the most.
const TRIES_MAX: usize = 50;

#[tokio::test]
async fn a_link_signs_in_the_browser_that_opens_it_and_proves_the_address() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    let token = mailed_link(&world, &contact).await;
    let browser = world.visitor();
    let reply = open(&browser, &token, 1).await;
    let cookie = reply.header("set-cookie").to_owned();
    assert!(cookie.contains("HttpOnly; SameSite=Lax; Max-Age=2592000"), "{cookie}");
    let entered = json!({ "tenant_id": world.acme.id(), "tenant_name": "acme AG", "slug": "acme" });
    assert_eq!(reply.expect(200), entered);
    assert_eq!(browser.get("/v1/portal").await.expect(200)["contact"]["email"], EMAIL);

    let store = world.store_of(&world.acme);
    assert!(store.contact(contact.id).await.unwrap().unwrap().proved_at.is_some());
    let trail = gap_free_trail(&store, Home::Contact(contact.id)).await;
    let line = trail.iter().find(|line| line.verb == "portal.open").unwrap();
    assert!(matches!(line.object, Object::Device(_)) && line.seq == 1, "{line:?}");
    assert_eq!(line.actor, Actor::Contact(contact.id));
    assert_eq!(times(&trail, "contacts.proved"), 1);

    by_link(&world, &contact).await;
    let trail = gap_free_trail(&store, Home::Contact(contact.id)).await;
    assert_eq!(times(&trail, "contacts.proved"), 1, "once is enough");
}

#[tokio::test]
async fn following_the_link_opens_nothing() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    let token = mailed_link(&world, &contact).await;
    let scanner = world.visitor();
    scanner.get("/p/acme").await;
    scanner.get(format!("/p/acme?token={token}")).await;
    let query = format!("/v1/portal/open?token={token}&device_nonce={}", nonce(9));
    assert_eq!(scanner.get(query).await.problem(405), "method-not-allowed");
    assert_eq!(scanner.cookie_names(), [""; 0]);
    let store = world.store_of(&world.acme);
    assert_eq!(store.contact(contact.id).await.unwrap().unwrap().proved_at, None);
    open(&world.visitor(), &token, 1).await.expect(200);
}

#[tokio::test]
async fn the_same_nonce_gets_the_same_device_for_ten_minutes() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    let token = mailed_link(&world, &contact).await;
    let first = open(&world.visitor(), &token, 1).await;
    world.advance(SignedDuration::from_secs(590));
    let browser = world.visitor();
    let again = open(&browser, &token, 1).await;
    assert_eq!((first.header("set-cookie"), 200), (again.header("set-cookie"), again.status));
    browser.get("/v1/portal").await.expect(200);
    let trail = gap_free_trail(&world.store_of(&world.acme), Home::Contact(contact.id)).await;
    assert_eq!(times(&trail, "portal.open"), 1, "no second effect");
    world.advance(SignedDuration::from_secs(10));
    assert_eq!(open(&world.visitor(), &token, 1).await.problem(409), "code-required");
}

#[tokio::test]
async fn another_browser_needs_a_code() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    let token = mailed_link(&world, &contact).await;
    open(&world.visitor(), &token, 1).await.expect(200);
    let second = world.visitor();
    let reply = open(&second, &token, 2).await;
    assert_eq!((reply.problem(409), reply.header("set-cookie")), ("code-required", ""));
    second.post("/v1/portal/code", json!({ "token": token })).await.expect(202);
    let code = super::mailed_code(&world).await;
    super::type_code(&second, &code).await.expect(200);
    second.get("/v1/portal").await.expect(200);
}

#[tokio::test]
async fn of_a_thousand_at_once_one_wins() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    let token = mailed_link(&world, &contact).await;
    let race = (0..1_000_u32).map(|number| {
        let (browser, token) = (world.visitor(), token.clone());
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        async move {
            let input = json!({ "token": token, "device_nonce": URL_SAFE_NO_PAD.encode(bytes) });
            for _ in 0..TRIES_MAX {
                // A laptop's cloud is too small for so many; who got no answer asks again.
                match browser.post("/v1/portal/open", input.clone()).await.status {
                    503 => {}
                    status => return status,
                }
            }
            503
        }
    });
    let statuses = join_all(race).await;
    let count = |status| statuses.iter().filter(|found| **found == status).count();
    assert_eq!((count(200), count(409)), (1, 999));
    let trail = gap_free_trail(&world.store_of(&world.acme), Home::Contact(contact.id)).await;
    assert_eq!(times(&trail, "portal.open"), 1);
}

#[tokio::test]
async fn a_forged_token_costs_no_call() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    let token = mailed_link(&world, &contact).await;
    let end = if token.ends_with('A') { 'B' } else { 'A' };
    let changed = format!("{}{end}", &token[..token.len() - 1]);
    let browser = world.visitor();
    world.faults.count();
    for forged in ["", "x", &changed, &token[1..], &format!("{token}A")] {
        for (path, body) in [
            ("/v1/portal/open", opening(forged, 1)),
            ("/v1/portal/code", json!({ "token": forged })),
            ("/v1/portal/renew", json!({ "token": forged })),
        ] {
            assert_eq!(browser.post(path, body).key("k").await.problem(404), "not-found");
        }
    }
    browser.keep_cookie("challenge", &token);
    let reply = browser.post("/v1/portal/verify", json!({ "code": "123456" })).key("k").await;
    assert_eq!(reply.problem(403), "code-wrong");
    assert_eq!(world.faults.disarm(), []);
}

#[tokio::test]
async fn a_first_opening_takes_two_round_trips() {
    let world = World::start().await;
    let account = world.account(&world.acme, "example.com", ReviewStatus::Approved).await;
    let approved = ReviewStatus::Approved;
    let contact = world.contact_of(&world.acme, EMAIL, approved, Some(&account)).await;
    let token = mailed_link(&world, &contact).await;
    world.faults.count();
    world.visitor().post("/v1/portal/open", opening(&token, 1)).key("k").await.expect(200);
    let rounds = world.faults.rounds();
    world.faults.disarm();
    assert_eq!(rounds, 2);
}

#[tokio::test]
async fn a_nonce_is_32_bytes_and_a_key_belongs_to_one_body() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    let token = mailed_link(&world, &contact).await;
    let browser = world.visitor();
    for nonce in ["", "short", &nonce(1)[1..], &format!("{}=", nonce(1))] {
        let input = json!({ "token": token, "device_nonce": nonce });
        let reply = browser.post("/v1/portal/open", input).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["/device_nonce"]));
    }
    browser.post("/v1/portal/open", opening(&token, 1)).key("k").await.expect(200);
    let other = browser.post("/v1/portal/open", opening(&token, 2)).key("k").await;
    assert_eq!(other.problem(422), "idempotency-key-reused");
}

#[tokio::test]
async fn a_link_that_has_run_out_is_renewed_three_times_a_day() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    let token = mailed_link(&world, &contact).await;
    world.advance(SignedDuration::from_hours(7 * 24));
    let browser = world.visitor();
    assert_eq!(open(&browser, &token, 1).await.problem(403), "link-over");
    for asked in 1..=5 {
        let reply = browser.post("/v1/portal/renew", json!({ "token": token })).await;
        assert_eq!((reply.status, reply.text.as_str()), (202, ""));
        world.tick().await;
        assert_eq!(world.mails_to(EMAIL).len(), 1 + asked.min(3));
    }
    let renewed = token_in(&world.last_mail(EMAIL), "/p/acme");
    open(&browser, &renewed, 1).await.expect(200);
    gap_free_trail(&world.store_of(&world.acme), Home::Contact(contact.id)).await;
}

#[tokio::test]
async fn nothing_is_renewed_for_whom_nothing_is_open() {
    let world = World::start().await;
    let (contact, document) = ada(&world).await;
    let token = mailed_link(&world, &contact).await;
    let browser = world.visitor();
    let remove = json!({ "remove": [{ "document_id": document.id }] });
    let admin = world.admin().await;
    admin.patch(format!("/v1/contacts/{}/documents", contact.id), remove).await.expect(200);
    browser.post("/v1/portal/renew", json!({ "token": token })).await.expect(202);
    let add = json!({ "add": [{ "document_id": document.id }] });
    admin.patch(format!("/v1/contacts/{}/documents", contact.id), add).await.expect(200);
    admin.post(format!("/v1/contacts/{}/suspend", contact.id), json!({})).await.expect(200);
    browser.post("/v1/portal/renew", json!({ "token": token })).await.expect(202);
    world.tick().await;
    assert_eq!(world.mails_to(EMAIL).len(), 1, "only the first link");
}

#[tokio::test]
async fn a_link_dies_with_access() {
    let world = World::start().await;
    let account = world.account(&world.acme, "example.com", ReviewStatus::Approved).await;
    let approved = ReviewStatus::Approved;
    let contact = world.contact_of(&world.acme, EMAIL, approved, Some(&account)).await;
    let token = mailed_link(&world, &contact).await;
    let admin = world.admin().await;
    let path = format!("/v1/accounts/{}", account.id);
    admin.patch(&path, json!({ "status": "cancelled" })).if_match(1).await.expect(200);
    let reply = open(&world.visitor(), &token, 1).await;
    assert_eq!((reply.problem(403), reply.header("set-cookie")), ("link-over", ""));
    let store = world.store_of(&world.acme);
    assert_eq!(store.contact(contact.id).await.unwrap().unwrap().proved_at, None);

    let grace = world.contact(&world.acme, "grace@example.org", approved).await;
    let token = mailed_link(&world, &grace).await;
    let path = format!("/v1/contacts/{}", grace.id);
    admin.post(format!("{path}/suspend"), json!({})).await.expect(200);
    assert_eq!(open(&world.visitor(), &token, 1).await.problem(403), "link-over");
    let back = json!({ "status": "approved", "keep_grants": true });
    admin.post(format!("{path}/unsuspend"), back).await.expect(200);
    let reply = open(&world.visitor(), &token, 1).await;
    assert_eq!(reply.problem(403), "link-over", "what was mailed before the suspension is dead");
}
