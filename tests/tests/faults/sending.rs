//! What guests send and accept, with every AWS call failing in turn.

use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, Document, FileState};
use domain::id::{EventId, FileId};
use domain::link::guest::Proof;
use domain::link::{Audience, Link};
use serde_json::{Value, json};
use store::activities::Home;
use tests::client::{Client, Reply};
use tests::rehearsal::rehearse;
use tests::seed::{address, pdf};
use tests::trail::{gap_free_trail, times};
use tests::uploads::claim;
use tests::world::World;

/// Somebody on their link who is asked for files.
struct Sending {
    document: Document,
    contact: Contact,
    link: Link,
    browser: Client,
    request: EventId,
}

async fn begin(world: &World) -> Sending {
    let acme = &world.acme;
    let document = world.document(acme, "Report", AccessLevel::Restricted).await;
    let contact = world.contact(acme, &address(), ReviewStatus::ToReview).await;
    let link = world.link(acme, &document, Audience::Contact, Some(&contact)).await;
    let browser = world.guest(acme, &link, Some(&contact), Proof::Code).await;
    let request = world.ask_for_files(acme, &document, &contact).await.id;
    Sending { document, contact, link, browser, request }
}

impl Sending {
    fn path(&self, rest: &str) -> String {
        format!("/v1/guest/{}/{rest}", self.link.id)
    }

    async fn announce(&self) -> Reply {
        let mut input = claim("annex.pdf", "application/pdf", &pdf("annex"));
        input["event_id"] = json!(self.request);
        self.browser.post(self.path("files"), input).key(&self.link.id.to_string()).await
    }

    /// What the sender of the link sees of the thread, by kind.
    async fn said(&self, world: &World, kind: &str) -> usize {
        let events = format!("/v1/documents/{}/events", self.document.id);
        let events = world.admin().await.get(events).await.expect(200);
        let is_it = |event: &&Value| event["kind"] == kind;
        events["items"].as_array().unwrap().iter().filter(is_it).count()
    }
}

#[tokio::test]
async fn what_a_guest_sends_is_announced_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || begin(&world).await,
        async |sending| sending.announce().await,
        async |sending, announced| {
            let store = world.store_of(&world.acme);
            let files = store.files(sending.document.id).await.unwrap();
            assert_eq!(files.iter().filter(|file| file.sent.is_some()).count(), 1);
            let lines = gap_free_trail(&store, Home::Document(sending.document.id)).await;
            assert_eq!(times(&lines, "guest.send_file"), 1);
            let upload = &announced.body["upload"];
            assert_eq!(world.put_upload(upload, &pdf("annex")).await, 200, "also in a late answer");
        },
    )
    .await;
}

#[tokio::test]
async fn what_a_guest_sends_arrives_once_and_is_told_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || {
            let sending = begin(&world).await;
            let announced = sending.announce().await;
            assert_eq!(world.put_upload(&announced.body["upload"], &pdf("annex")).await, 200);
            let file: FileId = announced.body["file"]["id"].as_str().unwrap().parse().unwrap();
            (sending, file)
        },
        async |(sending, file)| {
            let path = sending.path(&format!("files/{file}/complete"));
            sending.browser.post(path, json!({})).key(&file.to_string()).await
        },
        async |(sending, file), _| {
            let store = world.store_of(&world.acme);
            let (document, sent) = store.document_of_file(*file).await.unwrap().unwrap();
            assert_eq!((sent.state, sent.version), (FileState::Published, 2));
            assert_eq!(document.published, sending.document.published, "no version of it");
            assert_eq!(sending.said(&world, "files").await, 1);
            let lines = gap_free_trail(&store, Home::Document(document.id)).await;
            // One line of the file and one of the entry that tells of it.
            assert_eq!(times(&lines, "guest.complete_file"), 2);
        },
    )
    .await;
}

#[tokio::test]
async fn an_agreement_is_accepted_once_on_a_link() {
    let world = World::start().await;
    let text = json!({ "title": "Our NDA", "text": "Tell nobody." });
    world.admin().await.post("/v1/nda-versions", text).await.expect(201);
    rehearse(
        &world.faults,
        async || begin(&world).await,
        async |sending| {
            let version = json!({ "version": 1 });
            sending.browser.post(sending.path("nda/accept"), version).key("accept").await
        },
        async |sending, _| {
            let store = world.store_of(&world.acme);
            let folder = store.folder(sending.contact.id).await.unwrap().unwrap();
            assert_eq!(folder.acceptances.len(), 1);
            let lines = gap_free_trail(&store, Home::Contact(sending.contact.id)).await;
            assert_eq!(times(&lines, "guest.accept_nda"), 1);
        },
    )
    .await;
}
