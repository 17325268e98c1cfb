//! Sharing and approving, with every AWS call failing in turn.

use domain::contact::{Contact, ReviewStatus};
use domain::id::{ContactId, DocumentId};
use domain::request::{Request, Status};
use serde_json::json;
use store::activities::Home;
use tests::client::Client;
use tests::rehearsal::rehearse;
use tests::seed::address;
use tests::trail::{gap_free_trail, times};
use tests::world::World;

/// Somebody who waits for two documents, and who decides.
struct Waiting {
    contact: Contact,
    documents: [DocumentId; 2],
    request: Request,
    admin: Client,
}

async fn begin(world: &World) -> Waiting {
    let acme = &world.acme;
    let contact = world.contact(acme, &address(), ReviewStatus::ToReview).await;
    let documents = [world.paper(acme, "One").await, world.paper(acme, "Two").await];
    let request = world.request(acme, &contact, &documents).await;
    Waiting { contact, documents, request, admin: world.admin().await }
}

/// Exactly one of everything that an approval leaves.
async fn is_approved_once(world: &World, waiting: &Waiting) {
    world.tick().await;
    let store = world.store_of(&world.acme);
    let contact: ContactId = waiting.contact.id;
    let folder = store.folder(contact).await.unwrap().unwrap();
    assert_eq!(folder.contact.status, ReviewStatus::Approved);
    assert_eq!(folder.contact.version, 2);
    assert_eq!(folder.grants.len(), 2);
    assert!(folder.grants.iter().all(|grant| grant.version == 1), "{:?}", folder.grants);
    let request = &folder.requests[0];
    assert_eq!((request.id, request.status), (waiting.request.id, Status::Approved));
    assert_eq!(request.version, 2);
    gap_free_trail(&store, Home::Contact(contact)).await;
    let mails = world.mails_to(waiting.contact.email.as_ref().unwrap().as_str());
    assert_eq!(mails.len(), 1, "{mails:#?}");
}

#[tokio::test]
async fn sharing_covers_a_request_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || begin(&world).await,
        async |waiting| {
            let [one, two] = waiting.documents;
            let input = json!({ "add": [{ "document_id": one }, { "document_id": two }] });
            let path = format!("/v1/contacts/{}/documents", waiting.contact.id);
            waiting.admin.patch(path, input).key(&waiting.contact.id.to_string()).await
        },
        async |waiting, _| {
            is_approved_once(&world, waiting).await;
            let store = world.store_of(&world.acme);
            let lines = gap_free_trail(&store, Home::Contact(waiting.contact.id)).await;
            assert_eq!(times(&lines, "requests.cover"), 1);
        },
    )
    .await;
}

#[tokio::test]
async fn approving_a_request_approves_it_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || begin(&world).await,
        async |waiting| {
            let path = format!("/v1/requests/{}/approve", waiting.request.id);
            waiting.admin.post(path, json!({})).key(&waiting.request.id.to_string()).await
        },
        async |waiting, _| is_approved_once(&world, waiting).await,
    )
    .await;
}
