//! `POST /v1/contacts/{id}/archive` and `/unarchive`.

use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::member::Role;
use serde_json::{Value, json};
use tests::client::{Client, id_of};
use tests::world::World;

async fn listed(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(format!("/v1/contacts?{query}")).await.expect(200);
    page["items"].as_array().unwrap().iter().map(id_of).collect()
}

#[tokio::test]
async fn an_archived_contact_is_in_the_archived_lists_only_and_back_again() {
    let world = World::start().await;
    let account = world.account(&world.acme, "initech.example", ReviewStatus::Approved).await;
    let member = world.member(Role::Member).await;
    let input = json!({
        "email": "ada@initech.example", "first_name": "Ada", "last_name": "Lovelace",
        "account_id": account.id,
    });
    let id = id_of(&member.post("/v1/contacts", input).await.expect(201));
    let other = world.contact(&world.acme, "bob@x.example", ReviewStatus::ToReview).await;
    let other = other.id.to_string();
    world.tick().await;
    let admin = world.admin().await;
    let queries = [
        format!("account_id={}", account.id),
        "status=to_review&sort=-activity".to_owned(),
        "sort=created".to_owned(),
        "q=ada".to_owned(),
        format!("q=lovelace&account_id={}", account.id),
    ];
    let path = format!("/v1/contacts/{id}");

    let archived = member.post(format!("{path}/archive"), json!({})).await;
    assert_eq!((archived.version(), &archived.body["archived"]), (2, &json!(true)));
    let again = member.post(format!("{path}/archive"), json!({})).await;
    assert_eq!((again.version(), again.status), (2, 200), "the second click changes nothing");
    // Words follow off the stream, lists do not wait.
    assert!(!listed(&admin, "sort=created").await.contains(&id));
    world.tick().await;
    for query in &queries {
        assert!(!listed(&admin, query).await.contains(&id), "{query}");
        let (hidden, shown) = (format!("{query}&archived=true"), format!("{query}&archived=false"));
        assert_eq!(listed(&admin, &hidden).await, std::slice::from_ref(&id), "{hidden}");
        assert!(!listed(&admin, &shown).await.contains(&id), "{shown}");
        assert_eq!(listed(&member, &hidden).await, std::slice::from_ref(&id), "{hidden}");
        assert!(listed(&member, query).await.is_empty(), "{query}");
    }
    assert_eq!(listed(&admin, "sort=created").await, std::slice::from_ref(&other));
    assert_eq!(admin.get(&path).await.expect(200)["status"], "to_review");

    let back = member.post(format!("{path}/unarchive"), json!({})).await;
    assert_eq!((back.version(), &back.body["archived"]), (3, &json!(false)));
    assert_eq!(member.post(format!("{path}/unarchive"), json!({})).await.version(), 3);
    world.tick().await;
    for query in &queries {
        assert!(listed(&admin, query).await.contains(&id), "{query}");
        assert!(listed(&admin, &format!("{query}&archived=true")).await.is_empty(), "{query}");
    }
    let trail = admin.get(format!("{path}/activity")).await.expect(200);
    let lines: Vec<(&Value, &Value)> = trail["items"]
        .as_array()
        .unwrap()
        .iter()
        .take(2)
        .map(|line| (&line["verb"], &line["detail"]))
        .collect();
    let (archive, unarchive) = (json!("contacts.archive"), json!("contacts.unarchive"));
    let (away, here) = (json!({ "archived": [false, true] }), json!({ "archived": [true, false] }));
    assert_eq!(lines, [(&unarchive, &here), (&archive, &away)]);
}

#[tokio::test]
async fn archiving_changes_no_access() {
    let world = World::start().await;
    let acme = &world.acme;
    let contact = world.contact(acme, "ada@initech.example", ReviewStatus::Approved).await;
    let paper = world.document(acme, "Report", AccessLevel::Restricted).await.id;
    world.grant(acme, contact.id, paper).await;
    let portal = world.portal_of(acme, &contact).await;
    let path = format!("/v1/contacts/{}/archive", contact.id);
    world.admin().await.post(path, json!({})).await.expect(200);
    world.tick().await;
    let room = portal.get("/v1/portal").await.expect(200);
    assert_eq!(room["documents"][0]["id"], json!(paper));
    assert!(world.mails().is_empty());
}

#[tokio::test]
async fn an_archived_contact_still_belongs_to_its_account() {
    let world = World::start().await;
    let acme = &world.acme;
    let account = world.account(acme, "initech.example", ReviewStatus::Approved).await;
    let email = "ada@initech.example";
    let contact = world.contact_of(acme, email, ReviewStatus::Approved, Some(&account)).await;
    let admin = world.admin().await;
    let path = format!("/v1/contacts/{}", contact.id);
    admin.post(format!("{path}/archive"), json!({})).await.expect(200);

    let account = format!("/v1/accounts/{}", account.id);
    assert_eq!(admin.delete(&account).await.problem(409), "wrong-state");
    admin.patch(&account, json!({ "name": "Hooli XYZ" })).if_match(1).await.expect(200);
    world.tick().await;
    let row = admin.get("/v1/contacts?archived=true&q=xyz").await.expect(200)["items"][0].clone();
    assert_eq!(row["account_name"], "Hooli XYZ");

    admin.patch(&path, json!({ "account_id": null })).if_match(2).await.expect(200);
    assert_eq!(listed(&admin, "archived=true").await, [contact.id.to_string()]);
    admin.delete(&account).await.expect(204);
    admin.delete(&path).await.expect(204);
    world.tick().await;
    assert!(listed(&admin, "archived=true").await.is_empty());
    assert!(listed(&admin, "archived=true&q=ada").await.is_empty());
}

#[tokio::test]
async fn the_archive_filter_is_true_or_false() {
    let world = World::start().await;
    let reply = world.admin().await.get("/v1/contacts?archived=yes").await;
    assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["archived"]));
}
