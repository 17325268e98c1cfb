//! `/v1/activity`.

use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::member::Role;
use serde_json::{Value, json};
use tests::client::{Client, id_of};
use tests::world::World;

async fn verbs(client: &Client, object: impl ToString) -> Vec<String> {
    let trail = client.get(format!("/v1/activity?object={}", object.to_string())).await.expect(200);
    let lines = trail["items"].as_array().unwrap();
    lines.iter().map(|line| line["verb"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_contacts_trail_tells_who_did_what_and_reveals_its_values() {
    let world = World::start().await;
    let seat = world.seat(world.acme.id(), Role::Member).await;
    let member = world.client_of(world.acme.id(), &seat).await;
    let input = json!({ "email": "ada@x.example", "first_name": "Ada", "last_name": "Lovelace" });
    let contact = id_of(&member.post("/v1/contacts", input).await.expect(201));
    let rename = json!({ "first_name": "Augusta" });
    member.patch(format!("/v1/contacts/{contact}"), rename).if_match(1).await.expect(200);

    let trail = member.get(format!("/v1/activity?object={contact}")).await.expect(200);
    let line = &trail["items"][0];
    assert_eq!((&line["verb"], &line["seq"]), (&json!("contacts.update"), &json!(2)));
    assert_eq!(line["detail"], json!({ "first_name": ["Ada", "Augusta"] }));
    assert_eq!(line["actor"], json!({ "kind": "member", "id": seat.id, "name": seat.name }));
    assert_eq!((&line["object"], line["network"].is_string()), (&json!(contact), true));
    assert_eq!(trail["items"][1]["detail"]["email"], "ada@x.example");
    assert_eq!(verbs(&member, &contact).await, ["contacts.update", "contacts.create"]);
}

#[tokio::test]
async fn a_documents_trail_joins_what_happened_to_it_and_what_was_shared_of_it() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = world.document(&world.acme, "Report", AccessLevel::Restricted).await;
    let contact = world.contact(&world.acme, "ada@x.example", ReviewStatus::Approved).await;
    let path = format!("/v1/documents/{}", document.id);
    admin.patch(&path, json!({ "title": "Report 2" })).if_match(1).await.expect(200);
    let share = json!({ "add": [{ "document_id": document.id }] });
    admin.patch(format!("/v1/contacts/{}/documents", contact.id), share).await.expect(200);
    admin.patch(&path, json!({ "title": "Report 3" })).if_match(2).await.expect(200);

    let all = ["documents.update", "contacts.share", "documents.update"];
    assert_eq!(verbs(&admin, document.id).await, all);
    let first = admin.get(format!("/v1/activity?object={}&limit=2", document.id)).await.expect(200);
    let next = first["next"].as_str().unwrap();
    let path = format!("/v1/activity?object={}&limit=2&cursor={next}", document.id);
    let second = admin.get(path).await.expect(200);
    assert_eq!((first["items"].as_array().unwrap().len(), &second["next"]), (2, &Value::Null));
    assert_eq!(second["items"][0]["detail"]["title"], json!(["Report", "Report 2"]));
}

#[tokio::test]
async fn each_reads_the_trail_of_what_they_reach() {
    let world = World::start().await;
    let seat = world.seat(world.acme.id(), Role::Representative).await;
    let member = world.client_of(world.acme.id(), &seat).await;
    let (acme, level) = (&world.acme, AccessLevel::Restricted);
    let own = world.document_by(acme, &seat, "Own", level).await.id.to_string();
    let others = world.document(acme, "Others'", level).await.id.to_string();
    let contact = world.contact(acme, "ada@x.example", ReviewStatus::Approved).await.id.to_string();
    let account = world.account(acme, "x.example", ReviewStatus::Approved).await.id.to_string();
    let tenant = acme.id().to_string();
    let manager = world.member(Role::AccountManager).await;
    for object in [&own, &others, &contact, &account, &tenant] {
        verbs(&manager, object).await;
    }
    verbs(&member, &own).await;
    for hidden in [&others, &contact, &account] {
        let reply = member.get(format!("/v1/activity?object={hidden}")).await;
        assert_eq!(reply.problem(404), "not-found", "{hidden}");
    }
    for seen in [&tenant, &seat.id.to_string()] {
        let reply = member.get(format!("/v1/activity?object={seen}")).await;
        assert_eq!(reply.problem(403), "forbidden", "{seen}");
    }
    let stranger = world.company("globex").await;
    let stranger = world.admin_of(&stranger).await;
    for object in [&own, &others, &contact, &account, &tenant, &seat.id.to_string()] {
        let reply = stranger.get(format!("/v1/activity?object={object}")).await;
        assert_eq!(reply.problem(404), "not-found", "{object}");
    }
}

#[tokio::test]
async fn what_has_no_trail_of_its_own_is_not_there() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@x.example", ReviewStatus::Approved).await.id;
    let paper = world.paper(&world.acme, "Paper").await;
    let grant = world.grant(&world.acme, contact, paper).await.id;
    let reply = admin.get(format!("/v1/activity?object={grant}")).await;
    assert_eq!(reply.problem(404), "not-found");
    for (query, named) in [
        ("", "object"),
        ("?object=x", "object"),
        (&format!("?object={contact}&cursor=enp6"), "cursor"),
        (&format!("?object={contact}&limit=101"), "limit"),
    ] {
        let reply = admin.get(format!("/v1/activity{query}")).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec![named]), "{query}");
    }
}

#[tokio::test]
async fn a_deleted_contacts_trail_stays_for_reviewers() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@x.example", ReviewStatus::Approved).await.id;
    let path = format!("/v1/contacts/{contact}");
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(admin.get(&path).await.problem(404), "not-found");
    assert_eq!(verbs(&admin, contact).await, ["contacts.delete"]);
}
