//! `/v1/documents`.

use std::future::IntoFuture;

use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::id::DocumentId;
use domain::member::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::activities::Home;
use tests::client::{Client, id_of};
use tests::uploads::new_document;
use tests::world::World;

/// The trail of a document, oldest first, as verb and number.
async fn trail(world: &World, document: &str) -> Vec<(String, u64)> {
    let id: DocumentId = document.parse().unwrap();
    let store = world.store_of(&world.acme);
    let mut lines = store.activities_at(Home::Document(id), None, 100).await.unwrap();
    lines.reverse();
    lines.into_iter().map(|line| (line.verb, line.seq)).collect()
}

async fn titles(client: &Client, query: &str) -> Vec<Value> {
    let list = client.get(format!("/v1/documents{query}")).await.expect(200);
    list["items"].as_array().unwrap().iter().map(|item| item["title"].clone()).collect()
}

#[tokio::test]
async fn a_document_is_made_read_changed_and_deleted_each_with_its_line() {
    let world = World::start().await;
    let admin = world.admin().await;
    let input = json!({ "title": "SOC 2", "category": "Reports", "access_level": "restricted" });
    let made = admin.post("/v1/documents", input).await;
    let id = id_of(&made.body);
    assert_eq!((made.status, made.version()), (201, 1));
    assert_eq!(made.header("location"), format!("/v1/documents/{id}"));
    assert_eq!(made.body["uploader_id"], world.acme.administrator.id.to_string());
    assert_eq!((&made.body["published"], &made.body["files"]), (&Value::Null, &json!([])));
    let path = format!("/v1/documents/{id}");
    assert_eq!(admin.get(&path).await.expect(200), made.body);

    let change = json!({ "category": "Audits", "access_level": "nda" });
    assert_eq!(admin.patch(&path, change.clone()).await.problem(428), "if-match-missing");
    assert_eq!(admin.patch(&path, change.clone()).if_match(7).await.problem(412), "stale");
    let changed = admin.patch(&path, change).if_match(1).await;
    assert_eq!((changed.status, changed.version()), (200, 2));
    assert_eq!(changed.body["title"], "SOC 2");
    assert_eq!(changed.body["access_level"], "nda");
    assert_eq!(titles(&admin, "?category=Reports").await, Vec::<Value>::new());
    assert_eq!(titles(&admin, "?category=Audits").await, [json!("SOC 2")]);

    admin.delete(&path).await.expect(204);
    assert_eq!(admin.get(&path).await.problem(404), "not-found");
    assert_eq!(admin.delete(&path).await.problem(404), "not-found");
    assert_eq!(admin.patch(&path, json!({})).if_match(3).await.problem(404), "not-found");
    assert_eq!(titles(&admin, "").await, Vec::<Value>::new());
    let lines = [("documents.create", 1), ("documents.update", 2), ("documents.delete", 3)];
    assert_eq!(trail(&world, &id).await, lines.map(|(verb, seq)| (verb.to_owned(), seq)));
    assert!(world.mails().is_empty());
}

#[tokio::test]
async fn a_mistake_is_named_by_its_place_and_nothing_is_made() {
    let world = World::start().await;
    let admin = world.admin().await;
    let right = json!({ "title": "SOC 2", "category": "Reports", "access_level": "public" });
    let cases = [
        ("title", json!(""), "/title"),
        ("title", json!("x".repeat(201)), "/title"),
        ("title", json!("a\nb"), "/title"),
        ("title", json!("evil\u{202E}fdp"), "/title"),
        ("title", json!(7), "/title"),
        ("category", json!("c".repeat(61)), "/category"),
        ("category", Value::Null, "/category"),
        ("access_level", json!("secret"), "/access_level"),
        ("vault_id", json!("vlt_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9"), "/vault_id"),
        ("uploader_id", json!(world.acme.administrator.id.to_string()), "/uploader_id"),
    ];
    for (field, value, pointer) in cases {
        let mut input = right.clone();
        input[field] = value;
        let reply = admin.post("/v1/documents", input).await;
        assert_eq!(reply.problem(400), "bad-input");
        assert_eq!(reply.pointers(), [pointer], "{}", reply.text);
    }
    let reply = admin.post("/v1/documents", json!({ "title": "SOC 2" })).await;
    assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["/category"]));
    assert_eq!(titles(&admin, "").await, Vec::<Value>::new());

    for query in ["?sort=title", "?limit=0", "?limit=101", "?cursor=%F0", "?q=soc"] {
        let reply = admin.get(format!("/v1/documents{query}")).await;
        assert_eq!(reply.problem(400), "bad-input", "{query}");
    }
}

#[tokio::test]
async fn a_repeat_under_the_same_key_makes_one_document() {
    let world = World::start().await;
    let admin = world.admin().await;
    let input = json!({ "title": "SOC 2", "category": "Reports", "access_level": "public" });
    let first = admin.post("/v1/documents", input.clone()).key("once").await;
    let again = admin.post("/v1/documents", input).key("once").await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.header("etag"), first.header("etag"));
    let other = json!({ "title": "Other", "category": "Reports", "access_level": "public" });
    let other = admin.post("/v1/documents", other).key("once").await;
    assert_eq!(other.problem(422), "idempotency-key-reused");
    assert_eq!(titles(&admin, "").await, [json!("SOC 2")]);
}

#[tokio::test]
async fn members_see_what_they_uploaded_and_nothing_tells_them_of_the_rest() {
    let world = World::start().await;
    let (admin, member) = (world.admin().await, world.member(Role::Member).await);
    let theirs = new_document(&member, "Theirs").await;
    world.advance(SignedDuration::from_secs(1));
    let ours = new_document(&admin, "Ours").await;
    assert_eq!(titles(&member, "").await, [json!("Theirs")]);
    assert_eq!(titles(&admin, "").await, [json!("Ours"), json!("Theirs")]);
    assert_eq!(titles(&admin, "?sort=created").await, [json!("Theirs"), json!("Ours")]);

    let ours = format!("/v1/documents/{ours}");
    let absent = member.get("/v1/documents/doc_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9").await.shown();
    assert_eq!(member.get(&ours).await.shown(), absent);
    assert_eq!(member.get("/v1/documents/nonsense").await.shown(), absent);
    assert_eq!(member.patch(&ours, json!({})).if_match(1).await.shown(), absent);
    assert_eq!(member.delete(&ours).await.shown(), absent);
    assert_eq!(member.get(format!("{ours}/access")).await.shown(), absent);
    admin.get(&ours).await.expect(200);
    admin
        .patch(format!("/v1/documents/{theirs}"), json!({ "title": "Both" }))
        .if_match(1)
        .await
        .expect(200);
    assert_eq!(titles(&member, "").await, [json!("Both")]);

    let elsewhere = world.company("globex").await;
    assert_eq!(world.admin_of(&elsewhere).await.get(&ours).await.shown(), absent);
    assert_eq!(world.visitor().get(&ours).await.problem(401), "sign-in");
}

#[tokio::test]
async fn a_list_is_read_page_by_page() {
    let world = World::start().await;
    let admin = world.admin().await;
    for title in ["A", "B", "C"] {
        new_document(&admin, title).await;
        world.advance(SignedDuration::from_secs(1));
    }
    let first = admin.get("/v1/documents?limit=2").await.expect(200);
    let next = first["next"].as_str().expect("another page follows").to_owned();
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let rest = admin.get(format!("/v1/documents?limit=2&cursor={next}")).await.expect(200);
    assert_eq!((&rest["items"][0]["title"], rest.get("next")), (&json!("A"), None));
}

#[tokio::test]
async fn who_may_open_a_document_is_told_and_why_not() {
    let world = World::start().await;
    let (acme, admin) = (&world.acme, world.admin().await);
    let document = world.document(acme, "SOC 2", AccessLevel::Restricted).await;
    let approved = world.contact(acme, "ada@example.com", ReviewStatus::Approved).await;
    let waiting = world.contact(acme, "bob@example.com", ReviewStatus::ToReview).await;
    let cancelled = world.account(acme, "gone.example", ReviewStatus::Cancelled).await;
    let shut =
        world.contact_of(acme, "eve@gone.example", ReviewStatus::Approved, Some(&cancelled)).await;
    let mut ids = Vec::new();
    for contact in [&approved, &waiting, &shut] {
        world.grant(acme, contact.id, document.id).await;
        ids.push(contact.id.to_string());
    }
    let path = format!("/v1/documents/{}/access", document.id);
    let list = admin.get(&path).await.expect(200);
    assert_eq!(list.get("next"), None);
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    let of = |id: &str| items.iter().find(|item| item["contact_id"] == id).unwrap();
    let open = |id: &str| of(id)["open"].as_bool().unwrap();
    assert_eq!(ids.iter().map(|id| open(id)).collect::<Vec<_>>(), [true, false, false]);
    let ada = of(&ids[0]);
    assert_eq!((&ada["name"], &ada["email"]), (&json!("Ada Lovelace"), &json!("ada@example.com")));
    assert_eq!((&ada["status"], &ada["state"]), (&json!("approved"), &json!("live")));
    assert_eq!((&ada["rights"], &ada["version"]), (&json!(["view", "download"]), &json!(1)));
    assert_eq!(ada["granted_by"], acme.administrator.id.to_string());

    let mut seen = Vec::new();
    let mut query = "?limit=1".to_owned();
    for _ in 0..3 {
        let page = admin.get(format!("{path}{query}")).await.expect(200);
        seen.push(page["items"][0]["contact_id"].as_str().unwrap().to_owned());
        query = match page["next"].as_str() {
            Some(next) => format!("?limit=1&cursor={next}"),
            None => break,
        };
    }
    ids.sort();
    assert_eq!(seen, ids);
    // `act#…` is a place in the same index, but in no list of readers.
    for cursor in ["YWN0IzAxSjla", "Z3J0I2Nvbl8", "%21"] {
        let reply = admin.get(format!("{path}?cursor={cursor}")).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["cursor"]));
    }
}

#[tokio::test]
async fn of_many_deletions_at_once_one_is_recorded() {
    let world = World::start().await;
    let admin = world.admin().await;
    let id = new_document(&admin, "Gone").await;
    let path = format!("/v1/documents/{id}");
    let all = futures_util::future::join_all((0..8).map(|_| admin.delete(&path).into_future()));
    let mut statuses: Vec<u16> = all.await.into_iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 404, 404, 404, 404, 404, 404, 404]);
    assert_eq!(trail(&world, &id).await.len(), 2);
}
