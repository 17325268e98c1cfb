//! Guest links, with every AWS call failing in turn, and with a thousand presses at once.

use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, Document};
use domain::link::guest::Proof;
use domain::link::{Audience, Link};
use serde_json::{Value, json};
use store::activities::Home;
use tests::client::Client;
use tests::rehearsal::rehearse;
use tests::rush::{Outcome, rush};
use tests::seed::address;
use tests::trail::{gap_free_trail, times};
use tests::world::{World, code_in};

/// Browsers that press at once.
const PRESSES: usize = 1_000;

/// A link that nobody opened, and who will.
struct Scene {
    document: Document,
    contact: Contact,
    link: Link,
    browser: Client,
    body: Value,
}

async fn scene(world: &World, audience: Audience) -> Scene {
    let acme = &world.acme;
    let document = world.document(acme, "Report", AccessLevel::Restricted).await;
    let contact = world.contact(acme, &address(), ReviewStatus::ToReview).await;
    let own = Some(&contact).filter(|_| audience == Audience::Contact);
    let link = world.link(acme, &document, audience, own).await;
    let secret = world.link_secret(acme, &link);
    let body = json!({ "secret": secret, "device_nonce": nonce(0) });
    Scene { document, contact, link, browser: world.visitor(), body }
}

/// The nonce of the browser called `number`.
fn nonce(number: usize) -> String {
    format!("{number:0>42}A")
}

impl Scene {
    fn path(&self, verb: &str) -> String {
        format!("/v1/guest/{}/{verb}", self.link.id)
    }

    /// The browsers that were let in with proof.
    async fn proved(&self, world: &World) -> usize {
        let store = world.store_of(&world.acme);
        let guests = store.guests_of(self.link.id, None, 2_000).await.unwrap();
        guests.iter().filter(|(_, guest)| guest.proof != Proof::Bearer).count()
    }
}

#[tokio::test]
async fn a_link_is_opened_first_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || scene(&world, Audience::Contact).await,
        async |scene| scene.browser.post(scene.path("open"), scene.body.clone()).key("open").await,
        async |scene, _| {
            let store = world.store_of(&world.acme);
            let link = store.link(scene.document.id, scene.link.id).await.unwrap().unwrap();
            assert_eq!(link.version, 2);
            assert_eq!(scene.proved(&world).await, 1);
            scene.browser.get(format!("/v1/guest/{}", scene.link.id)).await.expect(200);
            let lines = gap_free_trail(&store, Home::Document(scene.document.id)).await;
            assert_eq!(times(&lines, "guest.open"), 1);
            let lines = gap_free_trail(&store, Home::Contact(scene.contact.id)).await;
            assert_eq!(times(&lines, "guest.open"), 1);
        },
    )
    .await;
}

/// A link without details, with a code that was mailed to somebody new.
async fn coded(world: &World) -> Scene {
    let scene = scene(world, Audience::Undefined).await;
    let email = address();
    let ask = json!({ "secret": scene.body["secret"], "email": email });
    scene.browser.post(scene.path("code"), ask).await.expect(202);
    world.tick().await;
    let details =
        json!({ "first_name": "T", "last_name": "N", "job_title": "B", "company": "Hooli" });
    let code = code_in(&world.last_mail(&email));
    Scene { body: json!({ "code": code, "details": details }), ..scene }
}

#[tokio::test]
async fn a_code_makes_one_contact_and_lets_one_browser_in() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || Box::pin(coded(&world)).await,
        async |scene| {
            scene.browser.post(scene.path("verify"), scene.body.clone()).key("verify").await
        },
        async |scene, _| {
            let store = world.store_of(&world.acme);
            let link = store.link(scene.document.id, scene.link.id).await.unwrap().unwrap();
            assert_eq!((link.version, link.epoch), (2, 1));
            assert_eq!(scene.proved(&world).await, 1);
            let contact = link.contact_id.unwrap();
            let grant = store.grant(contact, scene.document.id).await.unwrap().unwrap();
            assert_eq!(grant.version, 1);
            let lines = gap_free_trail(&store, Home::Contact(contact)).await;
            assert_eq!(lines.len(), 3, "the contact, what opens the document, the browser");
        },
    )
    .await;
}

#[tokio::test]
async fn closed_access_is_opened_again_by_one_link() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || {
            let scene = scene(&world, Audience::Contact).await;
            let whose = json!({ "contact_id": scene.contact.id });
            let close = format!("/v1/documents/{}/close-access", scene.document.id);
            let browser = world.admin().await;
            browser.post(close, whose.clone()).await.expect(200);
            Scene { browser, body: whose, ..scene }
        },
        async |scene| {
            let path = format!("/v1/documents/{}/reopen-access", scene.document.id);
            scene.browser.post(path, scene.body.clone()).key(&scene.document.id.to_string()).await
        },
        async |scene, _| {
            let store = world.store_of(&world.acme);
            assert_eq!(store.links_of(scene.document.id, None, 9).await.unwrap().len(), 2);
            let grant = store.grant(scene.contact.id, scene.document.id).await.unwrap().unwrap();
            assert_eq!((grant.version, grant.closings), (3, 1));
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_thousand_presses_at_once_one_is_first_though_replies_are_lost() {
    let world = World::start().await;
    assert_eq!(rush(&world, PRESSES).await, Outcome::of_one_winner(PRESSES));
}
