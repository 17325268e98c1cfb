//! Ways into the portal, and what is signed there, with every AWS call failing in turn.

use domain::contact::{Contact, ReviewStatus};
use domain::document::AccessLevel;
use serde_json::{Value, json};
use store::activities::Home;
use tests::client::Client;
use tests::rehearsal::rehearse;
use tests::seed::address;
use tests::trail::{gap_free_trail, times};
use tests::world::{World, code_in, token_in};

/// Somebody at the door, with what lets them in.
struct Guest {
    contact: Contact,
    browser: Client,
    body: Value,
}

impl Guest {
    fn email(&self) -> &str {
        self.contact.email.as_ref().unwrap().as_str()
    }
}

async fn guest(world: &World) -> Guest {
    let contact = world.contact(&world.acme, &address(), ReviewStatus::Approved).await;
    let document = world.document(&world.acme, "Report", AccessLevel::Restricted).await;
    world.grant(&world.acme, contact.id, document.id).await;
    Guest { contact, browser: world.visitor(), body: json!({}) }
}

/// With a magic link, opened by nobody.
async fn linked(world: &World) -> Guest {
    let guest = guest(world).await;
    let path = format!("/v1/contacts/{}/magic-link", guest.contact.id);
    world.admin().await.post(path, json!({})).await.expect(202);
    world.tick().await;
    let token = token_in(&world.last_mail(guest.email()), "/p/acme");
    let nonce = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";
    Guest { body: json!({ "token": token, "device_nonce": nonce }), ..guest }
}

/// With a code, typed by nobody.
async fn coded(world: &World) -> Guest {
    let guest = guest(world).await;
    let ask = json!({ "slug": "acme", "email": guest.email() });
    guest.browser.post("/v1/portal/code", ask).await.expect(202);
    world.tick().await;
    let code = code_in(&world.last_mail(guest.email()));
    Guest { body: json!({ "code": code }), ..guest }
}

/// One browser is in, by one line of the trail, and knows what is shared.
async fn is_in_once(world: &World, guest: &Guest, verb: &str) {
    let portal = guest.browser.get("/v1/portal").await.expect(200);
    assert_eq!(portal["documents"].as_array().unwrap().len(), 1);
    let home = Home::Contact(guest.contact.id);
    let trail = gap_free_trail(&world.store_of(&world.acme), home).await;
    assert_eq!((times(&trail, verb), times(&trail, "contacts.proved")), (1, 1));
}

#[tokio::test]
async fn a_link_opens_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || linked(&world).await,
        async |guest| guest.browser.post("/v1/portal/open", guest.body.clone()).key("open").await,
        async |guest, _| is_in_once(&world, guest, "portal.open").await,
    )
    .await;
}

#[tokio::test]
async fn a_code_is_mailed_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || guest(&world).await,
        async |guest| {
            let ask = json!({ "slug": "acme", "email": guest.email() });
            guest.browser.post("/v1/portal/code", ask).key("code").await
        },
        async |guest, _| {
            world.tick().await;
            assert_eq!(world.mails_to(guest.email()).len(), 1);
            let code = code_in(&world.last_mail(guest.email()));
            let right = json!({ "code": code });
            guest.browser.post("/v1/portal/verify", right).await.expect(200);
        },
    )
    .await;
}

#[tokio::test]
async fn a_code_lets_in_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || coded(&world).await,
        async |guest| {
            guest.browser.post("/v1/portal/verify", guest.body.clone()).key("verify").await
        },
        async |guest, _| is_in_once(&world, guest, "portal.verify").await,
    )
    .await;
}

#[tokio::test]
async fn a_link_is_renewed_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || linked(&world).await,
        async |guest| {
            let input = json!({ "token": guest.body["token"] });
            guest.browser.post("/v1/portal/renew", input).key("renew").await
        },
        async |guest, _| {
            world.tick().await;
            assert_eq!(world.mails_to(guest.email()).len(), 2);
            let home = Home::Contact(guest.contact.id);
            let trail = gap_free_trail(&world.store_of(&world.acme), home).await;
            assert_eq!(times(&trail, "portal.renew"), 1);
        },
    )
    .await;
}

#[tokio::test]
async fn an_agreement_is_accepted_once() {
    let world = World::start().await;
    let text = json!({ "title": "Our NDA", "text": "Tell nobody." });
    world.admin().await.post("/v1/nda-versions", text).await.expect(201);
    rehearse(
        &world.faults,
        async || {
            let guest = coded(&world).await;
            guest.browser.post("/v1/portal/verify", guest.body.clone()).await.expect(200);
            guest
        },
        async |guest| {
            let version = json!({ "version": 1 });
            guest.browser.post("/v1/portal/nda/accept", version).key("accept").await
        },
        async |guest, _| {
            let store = world.store_of(&world.acme);
            let folder = store.folder(guest.contact.id).await.unwrap().unwrap();
            assert_eq!(folder.acceptances.len(), 1);
            assert_eq!(folder.contact.accepted_nda, Some(1));
            let trail = gap_free_trail(&store, Home::Contact(guest.contact.id)).await;
            assert_eq!(times(&trail, "portal.accept_nda"), 1);
        },
    )
    .await;
}
