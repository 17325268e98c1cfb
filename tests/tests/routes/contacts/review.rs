//! Status, suspension and the way back.

use domain::contact::ReviewStatus;
use domain::member::Role;
use serde_json::json;
use tests::world::World;

#[tokio::test]
async fn only_reviewers_set_a_status() {
    let world = World::start().await;
    let seat = world.seat(world.acme.id(), Role::Member).await;
    let member = world.client_of(world.acme.id(), &seat).await;
    let input = json!({ "first_name": "Ada", "last_name": "Lovelace" });
    let contact = member.post("/v1/contacts", input).await.expect(201);
    let path = format!("/v1/contacts/{}", contact["id"].as_str().unwrap());
    let approve = json!({ "status": "approved" });
    assert_eq!(member.patch(&path, approve.clone()).if_match(1).await.problem(403), "forbidden");
    let manager = world.member(Role::AccountManager).await;
    assert_eq!(manager.patch(&path, approve).if_match(1).await.expect(200)["status"], "approved");
}

#[tokio::test]
async fn a_status_that_may_not_follow_is_refused_with_both_words() {
    let world = World::start().await;
    let admin = world.admin().await;
    let id = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await.id;
    let back = admin.patch(format!("/v1/contacts/{id}"), json!({ "status": "to_review" }));
    let reply = back.if_match(1).await;
    assert_eq!((reply.problem(409), reply.pointers()), ("wrong-state", vec!["/status"]));
    assert!(reply.text.contains("approved") && reply.text.contains("to_review"));
}

#[tokio::test]
async fn suspending_twice_is_suspending_once() {
    let world = World::start().await;
    let admin = world.admin().await;
    let id = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await.id;
    let path = format!("/v1/contacts/{id}");
    let first = admin.post(format!("{path}/suspend"), json!({})).await.expect(200);
    let again = admin.post(format!("{path}/suspend"), json!({})).await.expect(200);
    assert_eq!((&first["status"], &first["version"]), (&json!("cancelled"), &again["version"]));
}

#[tokio::test]
async fn a_contact_comes_back_with_or_without_what_was_shared() {
    let world = World::start().await;
    let admin = world.admin().await;
    let id = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await.id;
    let document = world.paper(&world.acme, "Report").await;
    world.grant(&world.acme, id, document).await;
    let path = format!("/v1/contacts/{id}");
    let shared = async || {
        let page = admin.get(format!("{path}/documents")).await.expect(200);
        !page["items"][0]["shared"].is_null()
    };
    let unsuspend = |keep: bool| json!({ "status": "approved", "keep_grants": keep });

    let early = admin.post(format!("{path}/unsuspend"), unsuspend(true)).await;
    assert_eq!(early.problem(409), "wrong-state");
    admin.post(format!("{path}/suspend"), json!({})).await.expect(200);
    admin.post(format!("{path}/unsuspend"), unsuspend(true)).await.expect(200);
    assert!(shared().await);
    admin.post(format!("{path}/suspend"), json!({})).await.expect(200);
    admin.post(format!("{path}/unsuspend"), unsuspend(false)).await.expect(200);
    assert!(!shared().await);
    let wrong = json!({ "status": "in_review", "keep_grants": true });
    admin.post(format!("{path}/suspend"), json!({})).await.expect(200);
    assert_eq!(admin.post(format!("{path}/unsuspend"), wrong).await.problem(409), "wrong-state");
}

#[tokio::test]
async fn a_magic_link_goes_only_to_who_could_use_it() {
    let world = World::start().await;
    let admin = world.admin().await;
    let send = |id| admin.post(format!("/v1/contacts/{id}/magic-link"), json!({}));
    let waiting = world.contact(&world.acme, "new@example.com", ReviewStatus::ToReview).await.id;
    assert_eq!(send(waiting).await.problem(409), "wrong-state");
    let input = json!({ "first_name": "A", "last_name": "B", "status": "approved" });
    let nameless = admin.post("/v1/contacts", input).await.expect(201);
    let nameless = nameless["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(send(nameless).await.problem(409), "wrong-state");
    let approved = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await.id;
    assert_eq!(send(approved).await.status, 202);
    world.tick().await;
    assert_eq!(world.mails().len(), 1);
    assert!(world.last_mail("ada@example.com").text.contains("/p/acme#"));
}
