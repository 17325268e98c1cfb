//! `/v1/grants`.

use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::id::DocumentId;
use domain::member::Role;
use domain::request::Status;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::client::{Client, Reply, id_of};
use tests::world::World;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// One document, lent to one contact for ten days.
struct Lent {
    contact: String,
    grant: String,
    end: Timestamp,
}

async fn lend(world: &World, admin: &Client) -> Lent {
    let contact = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await;
    let paper = world.paper(&world.acme, "Report").await;
    let end = world.now() + DAY * 10;
    let path = format!("/v1/contacts/{}/documents", contact.id);
    let share = json!({ "add": [{ "document_id": paper, "expires_at": end }] });
    admin.patch(&path, share).await.expect(200);
    let seen = admin.get(&path).await.expect(200);
    let grant = seen["items"][0]["shared"]["grant_id"].as_str().unwrap().to_owned();
    Lent { contact: contact.id.to_string(), grant, end }
}

async fn extend(admin: &Client, lent: &Lent, more: Value) -> Reply {
    let mut input = json!({ "contact_id": lent.contact, "version": 1 });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    admin.post(format!("/v1/grants/{}/extend", lent.grant), input).await
}

#[tokio::test]
async fn access_is_extended_by_thirty_days_or_to_what_is_said() {
    let world = World::start().await;
    let admin = world.admin().await;
    let lent = lend(&world, &admin).await;
    let after = extend(&admin, &lent, json!({})).await.expect(200);
    let shared = &after["extended"][0]["shared"];
    assert_eq!(shared["expires_at"], json!(lent.end + DAY * 30));
    assert_eq!((&shared["version"], &shared["zone"]), (&json!(2), &json!("UTC")));

    let later = json!({ "version": 2, "expires_at": "2090-06-30", "zone": "Asia/Tokyo" });
    let after = extend(&admin, &lent, later).await.expect(200);
    assert_eq!(after["extended"][0]["shared"]["expires_at"], "2090-06-30T15:00:00Z");
}

#[tokio::test]
async fn what_does_not_come_later_is_refused_and_nothing_changes() {
    let world = World::start().await;
    let admin = world.admin().await;
    let lent = lend(&world, &admin).await;
    let refused = [
        (json!({ "expires_at": lent.end }), "/expires_at"),
        (json!({ "expires_at": world.now() - DAY }), "/expires_at"),
        (json!({ "expires_at": "soon" }), "/expires_at"),
        (json!({ "expires_at": "9999-12-31" }), "/expires_at"),
        (json!({ "zone": "Europe/Atlantis" }), "/zone"),
        (json!({ "version": "1" }), "/version"),
    ];
    for (more, pointer) in refused {
        let reply = extend(&admin, &lent, more.clone()).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec![pointer]), "{more}");
    }
    assert_eq!(extend(&admin, &lent, json!({ "version": 2 })).await.problem(412), "stale");
    let absent = json!({ "contact_id": "con_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9" });
    assert_eq!(extend(&admin, &lent, absent).await.problem(404), "not-found");
    let path = format!("/v1/contacts/{}/documents", lent.contact);
    let seen = admin.get(&path).await.expect(200);
    assert_eq!(seen["items"][0]["shared"]["expires_at"], json!(lent.end));
}

#[tokio::test]
async fn what_ended_lately_is_restored_and_covers_what_was_asked_for_since() {
    let world = World::start().await;
    let admin = world.admin().await;
    let lent = lend(&world, &admin).await;
    let store = world.store_of(&world.acme);
    let contact_id = lent.contact.parse().unwrap();
    world.advance(DAY * 11);
    world.tick().await;
    let folder = store.folder(contact_id).await.unwrap().unwrap();
    let document = folder.grants[0].document_id;
    let request = world.request(&world.acme, &folder.contact, &[document]).await;
    let admin = world.admin().await;
    extend(&admin, &lent, json!({ "version": 2 })).await.expect(200);
    let request = store.request(contact_id, request.id).await.unwrap().unwrap();
    assert_eq!((request.status, request.automatic), (Status::Approved, true));
}

#[tokio::test]
async fn what_ended_long_ago_or_has_no_end_or_was_taken_back_is_not_extended() {
    let world = World::start().await;
    let admin = world.admin().await;
    let lent = lend(&world, &admin).await;
    world.advance(DAY * 40);
    world.tick().await;
    let admin = world.admin().await;
    let late = extend(&admin, &lent, json!({ "version": 2 })).await;
    assert_eq!(late.problem(409), "wrong-state");

    let contact = world.contact(&world.acme, "bob@example.com", ReviewStatus::Approved).await;
    let paper = world.paper(&world.acme, "Plan").await;
    let grant = world.grant(&world.acme, contact.id, paper).await;
    let lent =
        Lent { contact: contact.id.to_string(), grant: grant.id.to_string(), end: world.now() };
    assert_eq!(extend(&admin, &lent, json!({})).await.problem(409), "wrong-state");
    let path = format!("/v1/contacts/{}/documents", contact.id);
    let remove = json!({ "remove": [{ "document_id": paper }] });
    admin.patch(path, remove).await.expect(200);
    let removed = extend(&admin, &lent, json!({ "version": 2 })).await;
    assert_eq!(removed.problem(409), "wrong-state");
}

#[tokio::test]
async fn a_zone_without_an_end_is_a_mistake() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await;
    let paper = world.paper(&world.acme, "Report").await;
    let share = json!({ "add": [{ "document_id": paper, "zone": "Asia/Tokyo" }] });
    let reply = admin.patch(format!("/v1/contacts/{}/documents", contact.id), share).await;
    assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["/add/0/zone"]));
}

#[tokio::test]
async fn what_goes_along_is_only_what_is_there_and_ones_own_to_share() {
    let world = World::start().await;
    let acme = &world.acme;
    let (admin, seat) = (world.admin().await, world.seat(acme.id(), Role::Representative).await);
    let representative = world.client_of(acme.id(), &seat).await;
    let contact = json!({ "email": "ann@example.com", "first_name": "Ann", "last_name": "Lee" });
    let contact = representative.post("/v1/contacts", contact).await.expect(201);
    let path = format!("/v1/contacts/{}/documents", id_of(&contact));
    let mine = world.document_by(acme, &seat, "Mine", AccessLevel::Restricted).await.id;
    let end = world.now() + DAY * 10;
    let until = |id: DocumentId| json!({ "add": [{ "document_id": id, "expires_at": end }] });
    representative.patch(&path, until(mine)).await.expect(200);
    let theirs = world.document(acme, "Theirs", AccessLevel::Restricted).await.id;
    let gone = world.document(acme, "Gone", AccessLevel::Restricted).await.id;
    for id in [theirs, gone] {
        admin.patch(&path, until(id)).await.expect(200);
    }
    let folder = world.store_of(acme).folder(id_of(&contact).parse().unwrap()).await;
    let grants = folder.unwrap().unwrap().grants;
    let lent = |id: DocumentId| {
        let grant = grants.iter().find(|grant| grant.document_id == id).unwrap();
        Lent { contact: id_of(&contact), grant: grant.id.to_string(), end }
    };
    let extended = |reply: Value| -> Vec<Value> {
        let items = reply["extended"].as_array().unwrap();
        items.iter().map(|item| item["document_id"].clone()).collect()
    };

    let along = json!({ "same_end": true });
    let after = extend(&representative, &lent(mine), along.clone()).await.expect(200);
    assert_eq!(extended(after), [json!(mine)]);
    // Ended by time, then deleted: it comes back to nobody and stops nobody.
    world.advance(DAY * 11);
    world.tick().await;
    let admin = world.admin().await;
    admin.delete(format!("/v1/documents/{gone}")).await.expect(204);
    let along = json!({ "same_end": true, "version": 2 });
    let after = extend(&admin, &lent(theirs), along).await.expect(200);
    assert_eq!(extended(after), [json!(theirs)]);
}
