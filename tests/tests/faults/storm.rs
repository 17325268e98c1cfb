//! A thousand callers at once.

use domain::contact::{Contact, ReviewStatus};
use domain::grant::State;
use domain::member::Role;
use domain::request::{Request, Status};
use futures_util::future::join_all;
use serde_json::json;
use store::activities::Home;
use tests::client::{Client, Reply};
use tests::faults::Fault;
use tests::seed::address;
use tests::trail::{gap_free_trail, times};
use tests::world::World;

/// Documents that the request names: the most that one may.
const DOCUMENTS: usize = 50;
/// Staff who share each of them, all at once.
const CALLERS: usize = 20;
/// Times somebody tries who is told to try again.
const TRIES_MAX: usize = 5;
/// Every so many transactions one is cancelled by a conflict before it is done, or told to have
/// been although it was.
const CONFLICT_EVERY: usize = 7;
const CONFLICT_THOUGH_DONE_EVERY: usize = 11;

/// Shares as a page does it: the same key for each try of one press.
async fn share(client: &Client, path: &str, document: &str, key: &str) -> Reply {
    for _ in 1..TRIES_MAX {
        let input = json!({ "add": [{ "document_id": document }] });
        let reply = client.patch(path, input).key(key).await;
        if !matches!(reply.status, 409 | 503) {
            return reply;
        }
    }
    client.patch(path, json!({ "add": [{ "document_id": document }] })).key(key).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_shares_at_once_approve_once_and_mail_once() {
    let world = World::start().await;
    let acme = &world.acme;
    let contact = world.contact(acme, &address(), ReviewStatus::ToReview).await;
    let mut documents = Vec::new();
    for number in 0..DOCUMENTS {
        documents.push(world.paper(acme, &format!("Paper {number}")).await);
    }
    let request = world.request(acme, &contact, &documents).await;
    let mut callers = Vec::new();
    for _ in 0..CALLERS {
        callers.push(world.member(Role::Administrator).await);
    }

    let mut transactions = 0_usize;
    world.faults.arm(move |call| {
        if !call.operation.ends_with("TransactWriteItems") {
            return None;
        }
        transactions += 1;
        match transactions {
            count if count % CONFLICT_EVERY == 0 => Some(Fault::Conflict),
            count if count % CONFLICT_THOUGH_DONE_EVERY == 0 => Some(Fault::ConflictThoughDone),
            _ => None,
        }
    });
    let path = format!("/v1/contacts/{}/documents", contact.id);
    let calls = documents.iter().enumerate().flat_map(|(place, document)| {
        let (path, document) = (&path, document.to_string());
        callers.iter().enumerate().map(move |(number, caller)| {
            let (document, key) = (document.clone(), format!("{place}-{number}"));
            async move { share(caller, path, &document, &key).await }
        })
    });
    let replies = join_all(calls).await;
    let transactions = world.faults.disarm();
    assert_eq!(replies.len(), DOCUMENTS * CALLERS);
    for reply in &replies {
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
    let added = replies.iter().flat_map(|reply| reply.body["added"].as_array().unwrap()).count();
    eprintln!("{} calls of AWS, {added} documents added", transactions.len());
    world.tick().await;

    is_approved_once(&world, &contact, &request).await;
}

/// Every grant, approval and mail there is once.
async fn is_approved_once(world: &World, contact: &Contact, request: &Request) {
    let store = world.store_of(&world.acme);
    let folder = store.folder(contact.id).await.unwrap().unwrap();
    assert_eq!(folder.contact.status, ReviewStatus::Approved);
    assert_eq!(folder.contact.version, 2, "approved by the first share, and by no other");
    assert_eq!(folder.grants.len(), DOCUMENTS);
    for grant in &folder.grants {
        assert_eq!((grant.state, grant.version), (State::Live, 1), "{grant:?}");
    }
    let [found] = folder.requests.as_slice() else { panic!("{:?}", folder.requests) };
    assert_eq!((found.id, found.status, found.version), (request.id, Status::Approved, 2));
    assert!(found.automatic);
    let lines = gap_free_trail(&store, Home::Contact(contact.id)).await;
    assert_eq!(times(&lines, "requests.cover"), 1);
    // A line for each grant, and one for the contact's approval.
    assert_eq!(times(&lines, "contacts.share"), DOCUMENTS + 1);
    let mails = world.mails_to(contact.email.as_ref().unwrap().as_str());
    assert_eq!(mails.len(), 1, "{mails:#?}");
}
