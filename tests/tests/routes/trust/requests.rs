//! Asking for documents on the trust page.

use std::future::IntoFuture;

use domain::account::Account;
use domain::contact::{Contact, ReviewStatus};
use domain::document::AccessLevel;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::contacts::Folder;
use tests::client::Reply;
use tests::world::World;

pub(super) const ASK: &str = "/v1/trust/acme/requests";
pub(super) const MAYA: &str = "maya@globex.example";

/// What Maya sends to ask for `documents`.
pub(super) fn maya(documents: &[String]) -> Value {
    asker(MAYA, documents)
}

pub(super) fn asker(email: &str, documents: &[String]) -> Value {
    json!({
        "email": email,
        "first_name": "Maya",
        "last_name": "Lindqvist",
        "company": "Globex",
        "job_title": "Security analyst",
        "reason": "We renew our vendor file.",
        "document_ids": documents,
    })
}

pub(super) async fn papers(world: &World, count: usize) -> Vec<String> {
    let mut papers = Vec::new();
    for number in 1..=count {
        let title = format!("Paper {number}");
        papers.push(world.document(&world.acme, &title, AccessLevel::Nda).await.id.to_string());
    }
    papers
}

/// Everything about the contact at `email`.
pub(super) async fn folder(world: &World, email: &str) -> Folder {
    let store = world.store_of(&world.acme);
    let contact = store.contact_at(&email.parse().unwrap()).await.unwrap().unwrap();
    store.folder(contact).await.unwrap().unwrap()
}

async fn account_of(world: &World, contact: &Contact) -> Account {
    let store = world.store_of(&world.acme);
    store.account(contact.account_id.unwrap()).await.unwrap().unwrap()
}

/// An approved account that approves its own people on arrival.
pub(super) async fn trusting(world: &World, domain: &str) -> Account {
    let account = world.account(&world.acme, domain, ReviewStatus::Approved).await;
    let account = Account { version: 2, auto_approval: true, ..account };
    let mut change = world.store_of(&world.acme).change(world.house.dice.token());
    change.save_account(&account).unwrap();
    change.commit().await.unwrap();
    account
}

/// What a visitor sees of an answer.
fn seen(reply: &Reply) -> (u16, String, Vec<String>) {
    let mut names: Vec<String> = reply.headers.keys().map(ToString::to_string).collect();
    names.sort_unstable();
    (reply.status, reply.text.clone(), names)
}

#[tokio::test]
async fn a_stranger_becomes_a_contact_of_a_new_account() {
    let world = World::start().await;
    let papers = papers(&world, 2).await;
    let twice = [papers.clone(), papers.clone()].concat();
    let reply = world.visitor().post(ASK, asker(" Maya@Globex.Example ", &twice)).await;
    assert_eq!((reply.status, reply.text.as_str()), (202, ""));
    let Folder { contact, requests, grants, .. } = folder(&world, MAYA).await;
    assert_eq!((contact.status, contact.reviewed), (ReviewStatus::ToReview, false));
    assert_eq!((contact.owner_id, contact.proved_at), (None, None));
    assert_eq!((requests.len(), requests[0].items.len(), grants.len()), (1, 2, 0));
    assert!(!requests[0].on_arrival);
    let account = account_of(&world, &contact).await;
    assert_eq!((account.name.as_str(), account.status), ("Globex", ReviewStatus::ToReview));
    assert_eq!(account.domains, ["globex.example".parse().unwrap()]);
    assert!(!account.auto_approval);

    world.tick().await;
    let mails = world.mails_outside();
    assert_eq!((mails.len(), &mails[0].to), (1, &vec![MAYA.to_owned()]));
    for typed in ["Maya", "Lindqvist", "Globex", "analyst", "vendor"] {
        assert!(!mails[0].text.contains(typed) && !mails[0].html.contains(typed), "{typed}");
    }
    let admin = world.admin().await;
    let listed = admin.get("/v1/contacts").await.expect(200);
    assert_eq!(listed["items"][0]["account_name"], "Globex");
    assert_eq!(admin.get("/v1/accounts").await.expect(200)["items"][0]["name"], "Globex");
}

#[tokio::test]
async fn the_account_is_found_by_the_exact_domain_and_never_by_a_typed_name() {
    let world = World::start().await;
    let papers = papers(&world, 1).await;
    let initech = world.account(&world.acme, "initech.example", ReviewStatus::Approved).await;
    let visitor = world.visitor();
    let homes = [
        ("ada@initech.example", Some(initech.id)),
        ("ada@mail.initech.example", None),
        ("ada@initech.example.org", None),
        ("ada@gmail.com", None),
        ("grace@gmail.com", None),
        ("maya@globex.example", None),
    ];
    for (email, account) in homes {
        let mut body = asker(email, &papers);
        body["company"] = json!("initech.example Ltd");
        visitor.post(ASK, body).await.expect(202);
        let contact = folder(&world, email).await.contact;
        let found = account_of(&world, &contact).await;
        match account {
            Some(account) => assert_eq!(found.id, account),
            None => assert_ne!(found.id, initech.id, "{email}"),
        }
        assert!(!found.domains.iter().any(domain::email::Domain::is_public_mailbox), "{email}");
    }
    let account = async |email: &str| folder(&world, email).await.contact.account_id;
    assert_ne!(account("ada@gmail.com").await, account("grace@gmail.com").await);
    visitor.post(ASK, asker("theo@globex.example", &papers)).await.expect(202);
    assert_eq!(account("theo@globex.example").await, account(MAYA).await);
}

#[tokio::test]
async fn the_answer_is_alike_whoever_the_address_belongs_to_and_overwrites_nothing() {
    let world = World::start().await;
    let papers = papers(&world, 1).await;
    let known = world.contact(&world.acme, "known@globex.example", ReviewStatus::Approved).await;
    world.contact(&world.acme, "gone@globex.example", ReviewStatus::Cancelled).await;
    let shut = world.account(&world.acme, "shut.example", ReviewStatus::Cancelled).await;
    trusting(&world, "initech.example").await;
    let addresses = [
        "nobody@nowhere.example",
        "known@globex.example",
        "gone@globex.example",
        "new@shut.example",
        "new@initech.example",
    ];
    let mut answers = Vec::new();
    let mut reads = Vec::new();
    for email in addresses {
        world.faults.count();
        answers.push(seen(&world.visitor().post(ASK, asker(email, &papers)).await));
        let calls = world.faults.disarm();
        let begun = calls.iter().take_while(|call| call.operation != "dynamodb.TransactWriteItems");
        reads.push(begun.map(|call| call.operation.clone()).collect::<Vec<_>>());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(answers[0].0, 202);
    // A known address is looked for in as many steps as a stranger's of a strange domain.
    assert_eq!(reads[1], reads[0]);
    assert_eq!(reads[2], reads[0]);

    let after = folder(&world, "known@globex.example").await;
    assert_eq!((after.contact, after.requests.len()), (known, 1));
    let gone = folder(&world, "gone@globex.example").await;
    assert_eq!((gone.contact.status, gone.requests.len()), (ReviewStatus::Cancelled, 1));
    let new = folder(&world, "new@shut.example").await;
    assert_eq!((new.contact.account_id, new.requests.len()), (Some(shut.id), 1));
    for _ in 0..2 {
        world.tick().await;
    }
    let mut mailed: Vec<String> =
        world.mails_outside().iter().map(|mail| mail.to[0].clone()).collect();
    mailed.sort_unstable();
    assert_eq!(mailed, ["known@globex.example", "new@initech.example", "nobody@nowhere.example"]);
}

#[tokio::test]
async fn a_mistake_is_named_by_its_place_and_nothing_is_made() {
    let world = World::start().await;
    let papers = papers(&world, 1).await;
    let public =
        world.document(&world.acme, "Certificate", AccessLevel::Public).await.id.to_string();
    let draft = world.paper(&world.acme, "Draft").await.to_string();
    let globex = world.company("globex").await;
    let theirs = world.document(&globex, "Theirs", AccessLevel::Nda).await.id.to_string();
    let paper = &papers[0];
    let many: Vec<&String> = std::iter::repeat_n(paper, 51).collect();
    let cases = [
        ("email", json!("maya"), "/email"),
        ("email", json!("m\u{e4}ya@globex.example"), "/email"),
        ("email", json!("a@b\r\nBcc: c@d.example"), "/email"),
        ("first_name", json!(""), "/first_name"),
        ("last_name", json!("a\nb"), "/last_name"),
        ("company", json!("x".repeat(201)), "/company"),
        ("job_title", Value::Null, "/job_title"),
        ("reason", json!("r".repeat(2001)), "/reason"),
        ("document_ids", json!([]), "/document_ids"),
        ("document_ids", json!(many), "/document_ids"),
        ("document_ids", json!([paper, public]), "/document_ids/1"),
        ("document_ids", json!([draft]), "/document_ids/0"),
        ("document_ids", json!([paper, paper, theirs]), "/document_ids/2"),
        ("document_ids", json!(["doc_x"]), "/document_ids/0"),
        ("status", json!("approved"), "/status"),
    ];
    for (field, value, pointer) in cases {
        let mut body = maya(&papers);
        body[field] = value;
        let reply = world.visitor().post(ASK, body.clone()).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec![pointer]), "{body}");
    }
    world.tick().await;
    let store = world.store_of(&world.acme);
    assert_eq!(store.contact_at(&MAYA.parse().unwrap()).await.unwrap(), None);
    assert!(world.mails().is_empty());
}

#[tokio::test]
async fn a_network_asks_ten_times_an_hour() {
    let world = World::start().await;
    let papers = papers(&world, 1).await;
    let visitor = world.visitor();
    for number in 0..10 {
        visitor.post(ASK, asker(&format!("p{number}@globex.example"), &papers)).await.expect(202);
    }
    let refused = visitor.post(ASK, maya(&papers)).await;
    assert_eq!(refused.problem(429), "too-many-requests");
    let wait: i64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=3600).contains(&wait), "{wait}");
    let store = world.store_of(&world.acme);
    assert_eq!(store.contact_at(&MAYA.parse().unwrap()).await.unwrap(), None);
    world.visitor().post(ASK, maya(&papers)).await.expect(202);
    world.advance(SignedDuration::from_secs(wait));
    visitor.post(ASK, maya(&papers)).await.expect(202);
}

#[tokio::test]
async fn nobody_floods_a_mailbox_that_is_not_theirs() {
    let world = World::start().await;
    let papers = papers(&world, 1).await;
    let ask = async |times: usize| {
        for _ in 0..times {
            world.visitor().post(ASK, maya(&papers)).await.expect(202);
        }
        world.tick().await;
        world.mails_to(MAYA).len()
    };
    assert_eq!(ask(5).await, 3);
    assert_eq!(folder(&world, MAYA).await.requests.len(), 5, "all are recorded");
    world.advance(SignedDuration::from_hours(23));
    assert_eq!(ask(1).await, 3);
    world.advance(SignedDuration::from_hours(1));
    assert_eq!(ask(1).await, 4);
    // Another company has a budget of its own.
    let globex = world.company("globex").await;
    let theirs = world.document(&globex, "Theirs", AccessLevel::Nda).await.id.to_string();
    world.visitor().post("/v1/trust/globex/requests", maya(&[theirs])).await.expect(202);
    world.tick().await;
    assert_eq!(world.mails_to(MAYA).len(), 5);
}

#[tokio::test]
async fn a_repeat_under_the_same_key_is_one_request() {
    let world = World::start().await;
    let papers = papers(&world, 1).await;
    let visitor = world.visitor();
    let first = visitor.post(ASK, maya(&papers)).key("k").await;
    let again = visitor.post(ASK, maya(&papers)).key("k").await;
    assert_eq!((first.status, seen(&again).1), (202, seen(&first).1));
    let other = visitor.post(ASK, asker("theo@globex.example", &papers)).key("k").await;
    assert_eq!(other.problem(422), "idempotency-key-reused");
    world.tick().await;
    assert_eq!((folder(&world, MAYA).await.requests.len(), world.mails_outside().len()), (1, 1));
}

#[tokio::test]
async fn first_requests_at_the_same_instant_make_one_contact_and_one_account() {
    let world = World::start().await;
    let papers = papers(&world, 1).await;
    let ask = |email: &str| world.visitor().post(ASK, asker(email, &papers)).into_future();
    let theo = "theo@globex.example";
    let (a, b, c, d) = tokio::join!(ask(MAYA), ask(MAYA), ask(theo), ask(theo));
    assert_eq!([a.status, b.status, c.status, d.status], [202; 4]);
    let (maya, theo) = (folder(&world, MAYA).await, folder(&world, theo).await);
    assert_eq!((maya.requests.len(), theo.requests.len()), (2, 2));
    assert_eq!(maya.contact.account_id, theo.contact.account_id);
    world.tick().await;
    let admin = world.admin().await;
    let count = async |list: &str| {
        let page = admin.get(list).await.expect(200);
        page["items"].as_array().unwrap().len()
    };
    assert_eq!((count("/v1/contacts").await, count("/v1/accounts").await), (2, 1));
    assert_eq!((count("/v1/requests").await, world.mails_outside().len()), (4, 4));
}
