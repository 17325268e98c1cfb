//! Accepting the agreement.

use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::id::FileId;
use jiff::SignedDuration;
use serde_json::json;
use store::activities::Home;
use tests::client::Client;
use tests::trail::{gap_free_trail, times};
use tests::world::World;

use super::{EMAIL, ada, by_code, by_link};

async fn publish(world: &World, title: &str) {
    let text = json!({ "title": title, "text": "Tell nobody.\n\nReally." });
    world.admin().await.post("/v1/nda-versions", text).await.expect(201);
}

async fn accept(browser: &Client, version: u32) -> tests::client::Reply {
    browser.post("/v1/portal/nda/accept", json!({ "version": version })).await
}

/// A document under the agreement, shared with Ada; its file.
async fn secret(world: &World, contact: domain::id::ContactId) -> FileId {
    let document = world.document(&world.acme, "Audit", AccessLevel::Nda).await;
    world.grant(&world.acme, contact, document.id).await;
    document.published.unwrap().id
}

async fn needs_nda(browser: &Client) -> Vec<bool> {
    let portal = browser.get("/v1/portal").await.expect(200);
    let documents = portal["documents"].as_array().unwrap();
    documents.iter().map(|document| document["needs_nda"].as_bool().unwrap()).collect()
}

#[tokio::test]
async fn accepting_takes_a_code_and_opens_until_a_new_text_is_published() {
    let world = World::start().await;
    let contact = world.contact(&world.acme, EMAIL, ReviewStatus::Approved).await;
    let file = secret(&world, contact.id).await;
    publish(&world, "Our NDA").await;
    let path = format!("/v1/portal/files/{file}/download");
    let linked = by_link(&world, &contact).await;
    let portal = linked.get("/v1/portal").await.expect(200);
    let nda = json!({
        "version": 1, "title": "Our NDA", "text": "Tell nobody.\n\nReally.", "accepted_at": null,
    });
    assert_eq!((&portal["nda"], needs_nda(&linked).await), (&nda, vec![true]));
    assert_eq!(linked.post(&path, json!({})).await.problem(403), "nda-required");
    assert_eq!(accept(&linked, 1).await.problem(409), "code-required");
    let store = world.store_of(&world.acme);
    assert!(store.folder(contact.id).await.unwrap().unwrap().acceptances.is_empty());

    let browser = by_code(&world).await;
    assert_eq!(accept(&browser, 2).await.problem(412), "stale");
    for _ in 0..2 {
        accept(&browser, 1).await.expect(204);
    }
    let portal = browser.get("/v1/portal").await.expect(200);
    assert!(portal["nda"]["accepted_at"].is_string(), "{portal}");
    for reader in [&browser, &linked] {
        assert_eq!(needs_nda(reader).await, [false]);
        reader.post(&path, json!({})).await.expect(200);
    }
    let folder = store.folder(contact.id).await.unwrap().unwrap();
    let [acceptance] = folder.acceptances.as_slice() else { panic!("{:?}", folder.acceptances) };
    let text = store.nda(1).await.unwrap().unwrap();
    assert_eq!((acceptance.version, &acceptance.sha256), (1, &text.sha256));
    assert_eq!(acceptance.network, "198.18.0.3");
    let trail = gap_free_trail(&store, Home::Contact(contact.id)).await;
    assert_eq!(times(&trail, "portal.accept_nda"), 1);
    assert_eq!(times(&trail, "portal.download"), 2);

    publish(&world, "Our new NDA").await;
    assert_eq!(browser.post(&path, json!({})).await.problem(403), "nda-required");
    assert_eq!(accept(&browser, 1).await.problem(412), "stale");
    accept(&browser, 2).await.expect(204);
    browser.post(&path, json!({})).await.expect(200);
    assert_eq!(store.folder(contact.id).await.unwrap().unwrap().acceptances.len(), 2);
}

#[tokio::test]
async fn without_an_agreement_there_is_nothing_to_accept() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    let file = secret(&world, contact.id).await;
    let browser = by_code(&world).await;
    assert_eq!(browser.get("/v1/portal").await.expect(200)["nda"], json!(null));
    assert_eq!(accept(&browser, 1).await.problem(412), "stale");
    browser.post(format!("/v1/portal/files/{file}/download"), json!({})).await.expect(200);
}

#[tokio::test]
async fn the_link_that_stands_in_for_a_code_proves_as_much() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    publish(&world, "Our NDA").await;
    for _ in 0..6 {
        super::ask(&world.visitor(), EMAIL).await.expect(202);
        world.advance(SignedDuration::from_mins(10));
    }
    super::ask(&world.visitor(), EMAIL).await.expect(202);
    world.tick().await;
    let token = tests::world::token_in(&world.last_mail(EMAIL), "/p/acme");
    let browser = world.visitor();
    super::open(&browser, &token, 1).await.expect(200);
    accept(&browser, 1).await.expect(204);
    let store = world.store_of(&world.acme);
    assert_eq!(store.contact(contact.id).await.unwrap().unwrap().accepted_nda, Some(1));
}
