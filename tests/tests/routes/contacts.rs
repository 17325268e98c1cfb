//! `/v1/contacts`.

mod archive;
mod review;
mod search;
mod share;

use domain::contact::ReviewStatus;
use domain::member::Role;
use serde_json::{Value, json};
use tests::client::id_of;
use tests::world::World;

fn ada() -> Value {
    json!({ "email": "Ada@Example.com", "first_name": "Ada", "last_name": "Lovelace" })
}

#[tokio::test]
async fn a_member_makes_a_contact_and_owns_it() {
    let world = World::start().await;
    let member = world.member(Role::Member).await;
    let contact = member.post("/v1/contacts", ada()).await.expect(201);
    assert_eq!(contact["email"], "ada@example.com");
    assert_eq!(contact["status"], "to_review");

    let seen = member.get("/v1/contacts").await.expect(200);
    assert_eq!(seen["items"][0]["id"], contact["id"]);
    let others = world.member(Role::Member).await.get("/v1/contacts").await.expect(200);
    assert_eq!(others["items"], json!([]));
    assert!(world.mails().is_empty());
}

#[tokio::test]
async fn a_member_may_not_approve_by_making() {
    let world = World::start().await;
    let member = world.member(Role::Representative).await;
    let mut input = ada();
    input["status"] = json!("approved");
    assert_eq!(member.post("/v1/contacts", input.clone()).await.problem(403), "forbidden");
    assert_eq!(member.get("/v1/contacts").await.expect(200)["items"], json!([]));
    let contact = world.admin().await.post("/v1/contacts", input).await.expect(201);
    assert_eq!(contact["status"], "approved");
}

#[tokio::test]
async fn an_address_belongs_to_one_contact() {
    let world = World::start().await;
    let admin = world.admin().await;
    admin.post("/v1/contacts", ada()).await.expect(201);
    let again = admin.post("/v1/contacts", ada()).await;
    assert_eq!((again.problem(409), again.pointers()), ("email-taken", vec!["/email"]));
    assert_eq!(admin.get("/v1/contacts").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_repeat_under_the_same_key_makes_one_contact() {
    let world = World::start().await;
    let admin = world.admin().await;
    let first = admin.post("/v1/contacts", ada()).key("k1").await;
    let again = admin.post("/v1/contacts", ada()).key("k1").await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(first.header("location"), again.header("location"));
    let other = json!({ "first_name": "Grace", "last_name": "Hopper" });
    let reused = admin.post("/v1/contacts", other).key("k1").await;
    assert_eq!(reused.problem(422), "idempotency-key-reused");
    assert_eq!(admin.get("/v1/contacts").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_strange_domain_is_a_warning_and_an_unknown_account_a_mistake() {
    let world = World::start().await;
    let admin = world.admin().await;
    let account = world.account(&world.acme, "initech.example", ReviewStatus::Approved).await;
    let mut input = ada();
    input["account_id"] = json!(account.id);
    let contact = admin.post("/v1/contacts", input).await.expect(201);
    assert_eq!(contact["warnings"], json!(["domain_is_not_the_accounts"]));

    let unknown = json!({ "first_name": "A", "last_name": "B", "account_id": "acc_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9" });
    let reply = admin.post("/v1/contacts", unknown).await;
    assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["/account_id"]));
}

#[tokio::test]
async fn lists_page_filter_and_sort() {
    let world = World::start().await;
    let admin = world.admin().await;
    let mut made = Vec::new();
    for (number, status) in
        [ReviewStatus::ToReview, ReviewStatus::Approved, ReviewStatus::ToReview].iter().enumerate()
    {
        let email = format!("p{number}@example.com");
        made.push(world.contact(&world.acme, &email, *status).await.id.to_string());
    }
    let ids = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(id_of).collect()
    };

    let newest = admin.get("/v1/contacts?limit=2").await.expect(200);
    assert_eq!(ids(&newest), [made[2].clone(), made[1].clone()]);
    let cursor = newest["next"].as_str().unwrap();
    let rest = admin.get(format!("/v1/contacts?limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!((ids(&rest), &rest["next"]), (vec![made[0].clone()], &Value::Null));

    let oldest = admin.get("/v1/contacts?sort=created&status=to_review").await.expect(200);
    assert_eq!(ids(&oldest), [made[0].clone(), made[2].clone()]);
    let active = admin.get("/v1/contacts?sort=-activity&limit=2").await.expect(200);
    assert_eq!(ids(&active), [made[2].clone(), made[1].clone()]);
    let cursor = active["next"].as_str().unwrap();
    let rest = admin.get(format!("/v1/contacts?sort=-activity&cursor={cursor}")).await.expect(200);
    assert_eq!(ids(&rest), [made[0].clone()]);

    for (query, named) in [
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("cursor=!", "cursor"),
        ("sort=up", "sort"),
        ("colour=red", "colour"),
        ("limit=1&limit=2", "limit"),
    ] {
        let reply = admin.get(format!("/v1/contacts?{query}")).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec![named]), "{query}");
    }
}

#[tokio::test]
async fn saving_needs_the_version_that_was_read() {
    let world = World::start().await;
    let admin = world.admin().await;
    let id = world.contact(&world.acme, "ada@example.com", ReviewStatus::ToReview).await.id;
    let path = format!("/v1/contacts/{id}");
    let name = |name: &str| json!({ "first_name": name });
    assert_eq!(admin.patch(&path, name("Grace")).await.problem(428), "if-match-missing");
    admin.patch(&path, name("Grace")).if_match(1).await.expect(200);
    assert_eq!(admin.patch(&path, name("Edith")).if_match(1).await.problem(412), "stale");
    let seen = admin.get(&path).await;
    assert_eq!((seen.version(), &seen.body["first_name"]), (2, &json!("Grace")));
    // A repeat under the key is the answer it got, though the version has moved on.
    let saved = admin.patch(&path, name("Edith")).if_match(2).key("k").await;
    let again = admin.patch(&path, name("Edith")).if_match(2).key("k").await;
    assert_eq!((saved.expect(200), again.status), (again.body.clone(), 200));
}

#[tokio::test]
async fn a_moved_contact_is_found_under_its_new_account_only() {
    let world = World::start().await;
    let admin = world.admin().await;
    let account = world.account(&world.acme, "initech.example", ReviewStatus::Approved).await;
    let id = world.contact(&world.acme, "ada@example.com", ReviewStatus::ToReview).await.id;
    let moved = json!({ "account_id": account.id });
    admin.patch(format!("/v1/contacts/{id}"), moved).if_match(1).await.expect(200);
    let list = format!("/v1/contacts?account_id={}", account.id);
    let row = admin.get(&list).await.expect(200)["items"][0].clone();
    assert_eq!(
        (id_of(&row), &row["account_name"]),
        (id.to_string(), &json!("initech.example Ltd"))
    );
    let none = json!({ "account_id": null });
    admin.patch(format!("/v1/contacts/{id}"), none).if_match(2).await.expect(200);
    assert_eq!(admin.get(&list).await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn a_deleted_contact_is_gone_and_its_address_free() {
    let world = World::start().await;
    let admin = world.admin().await;
    let id = id_of(&admin.post("/v1/contacts", ada()).await.expect(201));
    let path = format!("/v1/contacts/{id}");
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(admin.get(&path).await.problem(404), "not-found");
    assert_eq!(admin.delete(&path).await.problem(404), "not-found");
    assert_eq!(admin.get("/v1/contacts").await.expect(200)["items"], json!([]));
    admin.post("/v1/contacts", ada()).await.expect(201);
}

#[tokio::test]
async fn the_trail_has_no_gap_and_says_what_changed() {
    let world = World::start().await;
    let admin = world.admin().await;
    let id = id_of(&admin.post("/v1/contacts", ada()).await.expect(201));
    let path = format!("/v1/contacts/{id}");
    admin.patch(&path, json!({ "first_name": "Grace" })).if_match(1).await.expect(200);
    admin.post(format!("{path}/suspend"), json!({})).await.expect(200);
    let trail = admin.get(format!("{path}/activity")).await.expect(200);
    let lines: Vec<(u64, &str)> = trail["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["seq"].as_u64().unwrap(), line["verb"].as_str().unwrap()))
        .collect();
    assert_eq!(lines, [(3, "contacts.suspend"), (2, "contacts.update"), (1, "contacts.create")]);
    assert_eq!(trail["items"][1]["detail"], json!({ "first_name": ["Ada", "Grace"] }));
    // Another member does not see it, in the same words as for a contact that never was.
    let other = world.member(Role::Member).await;
    let hidden = other.get(format!("{path}/activity")).await.shown();
    let absent = other.get("/v1/contacts/con_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9/activity").await.shown();
    assert_eq!(hidden, absent);
}
