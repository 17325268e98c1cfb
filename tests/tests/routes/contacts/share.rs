//! Sharing documents with a contact and taking them back.

use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::member::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::client::Client;
use tests::world::World;

async fn shared(admin: &Client, contact: &str) -> Vec<String> {
    let page = admin.get(format!("/v1/contacts/{contact}/documents")).await.expect(200);
    let mut titles: Vec<String> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| !item["shared"].is_null())
        .map(|item| item["title"].as_str().unwrap().to_owned())
        .collect();
    titles.sort();
    titles
}

fn add(document: impl ToString) -> Value {
    json!({ "add": [{ "document_id": document.to_string() }] })
}

#[tokio::test]
async fn deltas_commute_and_repeats_change_nothing() {
    let world = World::start().await;
    let admin = world.admin().await;
    let id = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await.id;
    let path = format!("/v1/contacts/{id}/documents");
    let (one, two) = (world.paper(&world.acme, "One").await, world.paper(&world.acme, "Two").await);
    let first = admin.patch(&path, add(one)).await.expect(200);
    assert_eq!(first["added"], json!([one]));
    let again = admin.patch(&path, add(one)).await.expect(200);
    assert_eq!(again["added"], json!([]));
    let swap = json!({ "add": [{ "document_id": two }], "remove": [{ "document_id": one }] });
    admin.patch(&path, swap).await.expect(200);
    assert_eq!(shared(&admin, &id.to_string()).await, ["Two"]);
    world.tick().await;
    assert!(world.mails().is_empty(), "nobody asked to notify");
}

#[tokio::test]
async fn a_removal_leaves_alone_what_changed_since_it_was_seen() {
    let world = World::start().await;
    let admin = world.admin().await;
    let id = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await.id;
    let path = format!("/v1/contacts/{id}/documents");
    let one = world.paper(&world.acme, "One").await;
    admin.patch(&path, add(one)).await.expect(200);
    let end = (world.now() + SignedDuration::from_hours(24)).to_string();
    let until = json!({ "add": [{ "document_id": one, "expires_at": end }] });
    admin.patch(&path, until).await.expect(200);
    let stale = json!({ "remove": [{ "document_id": one, "version": 1 }] });
    assert_eq!(admin.patch(&path, stale).await.expect(200)["removed"], json!([]));
    assert_eq!(shared(&admin, &id.to_string()).await, ["One"]);
    let fresh = json!({ "remove": [{ "document_id": one, "version": 2 }] });
    assert_eq!(admin.patch(&path, fresh).await.expect(200)["removed"], json!([one]));
}

#[tokio::test]
async fn sharing_approves_contact_and_account_and_revives_nobody() {
    let world = World::start().await;
    let admin = world.admin().await;
    let account = world.account(&world.acme, "initech.example", ReviewStatus::InReview).await;
    let email = "ada@initech.example";
    let contact =
        world.contact_of(&world.acme, email, ReviewStatus::ToReview, Some(&account)).await;
    let path = format!("/v1/contacts/{}/documents", contact.id);
    let one = world.paper(&world.acme, "One").await;
    let done = admin.patch(&path, add(one)).await.expect(200);
    assert_eq!(
        (&done["approved_contact"], &done["approved_account"]),
        (&json!(true), &json!(true))
    );
    admin.post(format!("/v1/contacts/{}/suspend", contact.id), json!({})).await.expect(200);
    let two = world.paper(&world.acme, "Two").await;
    assert_eq!(admin.patch(&path, add(two)).await.problem(409), "wrong-state");
}

#[tokio::test]
async fn members_share_their_own_uploads_with_their_own_contacts() {
    let world = World::start().await;
    let member = world.member(Role::Member).await;
    let input = json!({ "first_name": "Ada", "last_name": "Lovelace", "email": "a@example.com" });
    let own = member.post("/v1/contacts", input).await.expect(201);
    let own = own["id"].as_str().unwrap();
    let path = format!("/v1/contacts/{own}/documents");
    let foreign = world.paper(&world.acme, "Not theirs").await;
    let reply = member.patch(&path, add(foreign)).await;
    assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["/add/0/document_id"]));
    let admin = world.admin().await;
    assert_eq!(shared(&admin, own).await, Vec::<String>::new());
}

#[tokio::test]
async fn notifying_sends_one_mail_and_a_repeat_none() {
    let world = World::start().await;
    let admin = world.admin().await;
    let id = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await.id;
    let path = format!("/v1/contacts/{id}/documents");
    let mut input = add(world.paper(&world.acme, "One").await);
    input["notify"] = json!(true);
    admin.patch(&path, input.clone()).key("k").await.expect(200);
    admin.patch(&path, input.clone()).key("k").await.expect(200);
    admin.patch(&path, input).await.expect(200);
    world.tick().await;
    assert_eq!(world.mails_to("ada@example.com").len(), 1);
}

#[tokio::test]
async fn more_than_a_transaction_holds_is_shared_whole() {
    let world = World::start().await;
    let admin = world.admin().await;
    let id = world.contact(&world.acme, "ada@example.com", ReviewStatus::ToReview).await.id;
    let mut documents = Vec::new();
    for number in 0..90 {
        documents.push(world.paper(&world.acme, &format!("Paper {number:02}")).await);
    }
    let list: Vec<Value> = documents.iter().map(|id| json!({ "document_id": id })).collect();
    let path = format!("/v1/contacts/{id}/documents");
    let done = admin.patch(&path, json!({ "add": list })).await.expect(200);
    assert_eq!(done["added"].as_array().unwrap().len(), 90);
    let page = admin.get(format!("{path}?limit=100")).await.expect(200);
    let count = page["items"].as_array().unwrap().iter().filter(|i| !i["shared"].is_null()).count();
    assert_eq!(count, 90);
}

#[tokio::test]
async fn mistakes_are_named_and_nothing_is_shared() {
    let world = World::start().await;
    let admin = world.admin().await;
    let id = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await.id;
    let path = format!("/v1/contacts/{id}/documents");
    let one = world.paper(&world.acme, "One").await;
    // What lies in it can never be shown as pages.
    let fixed = world.document(&world.acme, "Fixed", AccessLevel::Restricted).await.id;
    let past = (world.now() - SignedDuration::from_secs(1)).to_string();
    for (input, pointer) in [
        (json!({ "add": [{ "document_id": fixed, "rights": ["view"] }] }), "/add/0/rights"),
        (json!({ "add": [{ "document_id": one, "rights": ["download"] }] }), "/add/0/rights"),
        (json!({ "add": [{ "document_id": one, "expires_at": past }] }), "/add/0/expires_at"),
        (json!({ "add": [{ "document_id": id }] }), "/add/0/document_id"),
        (
            json!({ "add": [{ "document_id": one }], "remove": [{ "document_id": one }] }),
            "/remove/0/document_id",
        ),
        (json!({ "add": [{ "document_id": one }], "why": 1 }), "/why"),
        (json!({ "add": one }), "/add"),
    ] {
        let reply = admin.patch(&path, input.clone()).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec![pointer]), "{input}");
    }
    assert_eq!(shared(&admin, &id.to_string()).await, Vec::<String>::new());
}
