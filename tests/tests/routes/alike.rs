//! Nobody learns by asking whose address is known: every public route that takes one, or a token
//! that was mailed to one, answers each address alike and does the same work for it.

use std::collections::BTreeSet;

use app::house::token::code_of;
use domain::account::Account;
use domain::contact::{Contact, ReviewStatus};
use domain::document::AccessLevel;
use domain::link::Audience;
use domain::member::Role;
use functions::routes::{ROUTES, openapi};
use serde_json::{Value, json};
use tests::client::{Call, Client, Reply};
use tests::faults::Call as Done;
use tests::world::World;

/// The public routes that take an address, each with its test below.
const TAKE_AN_ADDRESS: &[&str] =
    &["sessions.create", "password_resets.create", "trust.request", "portal.code", "guest.code"];

#[test]
fn every_public_route_that_takes_an_address_is_tested_here() {
    let api = openapi();
    let takes_an_address = |path: &str, method: &str| {
        let operation = &api["paths"][path][method.to_lowercase()];
        let is_public = operation["security"] == json!([]);
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        is_public && body["properties"].get("email").is_some()
    };
    let routes = ROUTES.iter().filter(|route| takes_an_address(route.path, route.method.as_str()));
    let found: BTreeSet<&str> = routes.map(|route| route.name).collect();
    assert_eq!(found, TAKE_AN_ADDRESS.iter().copied().collect(), "add a test and a line above");
}

/// Everything that a caller gets or could measure: the answer without the request's own ids and
/// times, its headers, and what was done for it.
#[derive(Debug, PartialEq)]
struct Seen {
    answer: Value,
    headers: Vec<String>,
    work: Vec<String>,
}

async fn seen(world: &World, call: Call) -> Seen {
    world.faults.count();
    let reply = call.await;
    let work = world.faults.disarm().iter().map(operation).collect();
    let mut answer = reply.shown();
    if let Some(body) = answer["body"].as_object_mut() {
        body.remove("expires_at");
    }
    Seen { answer, headers: headers(&reply), work }
}

/// Headers, cookies by their names and lengths. How long to wait tells when this address was asked
/// for before, by this very caller.
fn headers(reply: &Reply) -> Vec<String> {
    // The body is compared itself; how many digits a time in it has, nobody can help.
    let shown =
        reply.headers.iter().filter(|(name, _)| *name != "date" && *name != "content-length");
    let shown = shown.map(|(name, value)| {
        let value = value.to_str().expect("headers are text");
        let value = if *name == "retry-after" { "soon" } else { value };
        let (cookie, rest) = value.split_once("; ").unwrap_or(("", value));
        let cookie = cookie.split_once('=').map(|(name, value)| (name, value.len()));
        format!("{name}: {cookie:?} {rest}")
    });
    let mut shown: Vec<String> = shown.collect();
    shown.sort();
    shown
}

/// An operation, and how many items it is about.
fn operation(done: &Done) -> String {
    let body: Value = serde_json::from_str(&done.body).unwrap_or_default();
    let steps = body["TransactItems"].as_array().map_or(0, Vec::len);
    let tables = body["RequestItems"].as_object().into_iter().flat_map(|tables| tables.values());
    let keys: usize = tables.map(|table| table["Keys"].as_array().map_or(0, Vec::len)).sum();
    format!("{} of {}", done.operation, steps + keys)
}

/// What each call of `calls` came to is what the first came to.
async fn all_alike(world: &World, calls: Vec<(&str, Call)>) -> Seen {
    let mut first: Option<(&str, Seen)> = None;
    for (name, call) in calls {
        let other = seen(world, call).await;
        match &first {
            Some((reference, first)) => assert_eq!(other, *first, "`{name}` is not `{reference}`"),
            None => first = Some((name, other)),
        }
    }
    first.expect("at least one call").1
}

/// Contacts of every kind: each with what is wrong with it, if anything is.
async fn contacts(world: &World) -> Vec<(&'static str, Contact)> {
    let acme = &world.acme;
    let (approved, cancelled) = (ReviewStatus::Approved, ReviewStatus::Cancelled);
    let shut: Account = world.account(acme, "shut.example", cancelled).await;
    let open: Account = world.account(acme, "open.example", approved).await;
    let mut all = vec![
        ("approved", world.contact(acme, "approved@x.example", approved).await),
        ("new", world.contact(acme, "new@x.example", ReviewStatus::ToReview).await),
        ("suspended", world.contact(acme, "suspended@x.example", cancelled).await),
        ("of a company", world.contact_of(acme, "a@open.example", approved, Some(&open)).await),
        ("of a shut one", world.contact_of(acme, "a@shut.example", approved, Some(&shut)).await),
        ("deleted", world.contact(acme, "deleted@x.example", approved).await),
    ];
    let paper = world.document(acme, "Report", AccessLevel::Restricted).await;
    for (_, contact) in &all {
        world.grant(acme, contact.id, paper.id).await;
    }
    all.push(("given nothing", world.contact(acme, "nothing@x.example", approved).await));
    all
}

/// Deletes the contact whose links are out.
async fn delete(world: &World, contacts: &[(&'static str, Contact)]) {
    let (_, contact) = contacts.iter().find(|(name, _)| *name == "deleted").expect("one to delete");
    let gone = world.admin().await.delete(format!("/v1/contacts/{}", contact.id)).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
}

fn addresses(contacts: &[(&'static str, Contact)]) -> Vec<(&'static str, String)> {
    let known = contacts.iter().map(|(name, contact)| {
        (*name, contact.email.as_ref().map(ToString::to_string).unwrap_or_default())
    });
    let mut all = vec![("a stranger", "nobody@nowhere.example".to_owned())];
    all.extend(known);
    all
}

#[tokio::test]
async fn a_sign_in_that_fails_is_alike_for_every_address() {
    let world = World::start().await;
    let house = &world.house;
    let (slug, email) = ("hooli".parse().unwrap(), "boss@hooli.example".parse().unwrap());
    let name = "Gavin Belson".parse().unwrap();
    app::seating::founding::found(house, slug, None, email, name, "a kettle sings at noon")
        .await
        .unwrap();
    let without_password = world.seat(world.acme.id(), Role::Member).await.email.to_string();
    let sign_in = |email: &str| {
        let input = json!({ "email": email, "password": "seventeen purple walruses" });
        world.visitor().post("/v1/sessions", input)
    };
    let calls = vec![
        ("a stranger", sign_in("nobody@nowhere.example")),
        ("a member", sign_in("boss@hooli.example")),
        ("a member without a password", sign_in(&without_password)),
    ];
    let seen = all_alike(&world, calls).await;
    assert_eq!(seen.answer["status"], 401);
}

#[tokio::test]
async fn a_new_password_is_asked_for_alike_for_every_address() {
    let world = World::start().await;
    let contacts = contacts(&world).await;
    let removed = world.seat(world.acme.id(), Role::Member).await;
    world.admin().await.delete(format!("/v1/members/{}", removed.id)).await.expect(204);
    let invited = world.offer(&world.acme, Role::Member).await.0;
    let mut all = addresses(&contacts[..2]);
    all.push(("an administrator", world.acme.administrator.email.to_string()));
    all.push(("who has left", removed.email.to_string()));
    all.push(("who is invited", invited.email.to_string()));
    // Asked often enough that the address has been mailed all it may be.
    for _ in 0..4 {
        let ask =
            |email: &str| world.visitor().post("/v1/password-resets", json!({ "email": email }));
        let calls = all.iter().map(|(name, email)| (*name, ask(email))).collect();
        assert_eq!(all_alike(&world, calls).await.answer["status"], 202);
        world.tick().await;
    }
}

#[tokio::test]
async fn a_request_is_alike_for_every_address() {
    let world = World::start().await;
    let contacts = contacts(&world).await;
    delete(&world, &contacts).await;
    let paper = world.document(&world.acme, "SOC 2", AccessLevel::Restricted).await.id;
    let trusting = json!({
        "name": "Initech", "domains": ["initech.example"], "status": "approved",
        "auto_approval": true,
    });
    world.admin().await.post("/v1/accounts", trusting).await.expect(201);
    let mut all = addresses(&contacts);
    for (name, email) in [
        ("a stranger with a public mailbox", "nobody@gmail.com"),
        ("a stranger of a known company", "nobody@open.example"),
        ("a stranger of a shut company", "nobody@shut.example"),
        ("a stranger of a trusting company", "nobody@initech.example"),
    ] {
        all.push((name, email.to_owned()));
    }
    // Asked often enough that the address has been mailed all it may be.
    for _ in 0..4 {
        let ask = |email: &str| {
            let body = json!({
                "email": email, "first_name": "Maya", "last_name": "Lindt", "company": "Globex",
                "job_title": "Buyer", "reason": "Yearly review", "document_ids": [paper],
            });
            world.visitor().post("/v1/trust/acme/requests", body)
        };
        let calls = all.iter().map(|(name, email)| (*name, ask(email))).collect();
        let seen = all_alike(&world, calls).await;
        assert_eq!(seen.answer["status"], 202);
        world.tick().await;
    }
}

#[tokio::test]
async fn a_code_is_asked_for_and_missed_alike_for_every_address() {
    let world = World::start().await;
    let contacts = contacts(&world).await;
    delete(&world, &contacts).await;
    let all = addresses(&contacts);
    let browsers: Vec<Client> = all.iter().map(|_| world.visitor()).collect();
    let ask = |browser: &Client, email: &str| {
        browser.post("/v1/portal/code", json!({ "slug": "acme", "email": email }))
    };
    // The second one comes too soon.
    for status in [202, 429] {
        let calls = browsers.iter().zip(&all);
        let calls = calls.map(|(browser, (name, email))| (*name, ask(browser, email))).collect();
        assert_eq!(all_alike(&world, calls).await.answer["status"], status);
    }
    let miss = |browser: &Client| browser.post("/v1/portal/verify", json!({ "code": "000000" }));
    for _ in 0..6 {
        let calls = browsers.iter().zip(&all);
        let calls = calls.map(|(browser, (name, _))| (*name, miss(browser))).collect();
        assert_eq!(all_alike(&world, calls).await.answer["status"], 403);
    }
}

#[tokio::test]
async fn the_right_code_of_a_stranger_opens_nothing_and_sounds_like_a_wrong_one() {
    let world = World::start().await;
    world.contact(&world.acme, "ada@x.example", ReviewStatus::Approved).await;
    let browsers = [world.visitor(), world.visitor()];
    for (browser, email) in browsers.iter().zip(["nobody@nowhere.example", "ada@x.example"]) {
        let ask = json!({ "slug": "acme", "email": email });
        browser.post("/v1/portal/code", ask).await.expect(202);
    }
    let cookie = browsers[0].cookie("challenge").unwrap();
    let keys = &world.house.keys;
    let challenge = app::house::token::ChallengeCookie::verify(keys, &cookie).unwrap();
    let code = code_of(keys, challenge.tenant, challenge.challenge).unwrap().value();
    let right = format!("{code:06}");
    let type_it =
        |browser: &Client, code: &str| browser.post("/v1/portal/verify", json!({ "code": code }));
    let calls = vec![
        ("a wrong code", type_it(&browsers[1], "000000")),
        ("a stranger's right code", type_it(&browsers[0], &right)),
    ];
    assert_eq!(all_alike(&world, calls).await.answer["status"], 403);
}

#[tokio::test]
async fn a_token_is_answered_alike_whatever_became_of_whom_it_was_mailed_to() {
    let world = World::start().await;
    let contacts = contacts(&world).await;
    let mut tokens = Vec::new();
    for (name, contact) in &contacts {
        tokens.push((*name, world.magic_link(&world.acme, contact).await));
    }
    delete(&world, &contacts).await;
    // Pressed often enough that the address has been mailed all it may be.
    for _ in 0..4 {
        let renew =
            |token: &String| world.visitor().post("/v1/portal/renew", json!({ "token": token }));
        let calls = tokens.iter().map(|(name, token)| (*name, renew(token))).collect();
        assert_eq!(all_alike(&world, calls).await.answer["status"], 202);
        world.tick().await;
    }
    let ask = |token: &String| world.visitor().post("/v1/portal/code", json!({ "token": token }));
    let calls = tokens.iter().map(|(name, token)| (*name, ask(token))).collect();
    assert_eq!(all_alike(&world, calls).await.answer["status"], 202);
    let mailed: BTreeSet<String> = world.mails().iter().map(|mail| mail.to[0].clone()).collect();
    assert_eq!(Vec::from_iter(mailed), ["a@open.example", "approved@x.example"]);
}

#[tokio::test]
async fn a_code_on_a_guest_link() {
    let world = World::start().await;
    let acme = &world.acme;
    let contacts = contacts(&world).await;
    let maya = world.contact(acme, "maya@x.example", ReviewStatus::Approved).await;
    let paper = world.document(acme, "Linked", AccessLevel::Restricted).await;
    let public = world.link(acme, &paper, Audience::PublicSame, None).await;
    let own = world.link(acme, &paper, Audience::Contact, Some(&maya)).await;
    for link in [&public, &own] {
        let path = format!("/v1/guest/{}/code", link.id);
        for secret in [json!(world.link_secret(acme, link)), Value::Null] {
            let ask = |email: &str| {
                let input = json!({ "secret": secret, "email": email });
                world.visitor().post(&path, input)
            };
            let known = contacts.iter().map(|(name, contact)| {
                let email = contact.email.as_ref().expect("an address").to_string();
                (*name, ask(&email))
            });
            let mut calls: Vec<(&str, Call)> = known.collect();
            calls.push(("whose it is", ask("maya@x.example")));
            calls.push(("nobody", ask("nobody@x.example")));
            all_alike(&world, calls).await;
            world.advance(jiff::SignedDuration::from_mins(2));
        }
        world.advance(jiff::SignedDuration::from_mins(20));
    }
}
