//! `/v1/me`.

pub(crate) mod totp;

use domain::member::Role;
use serde_json::json;
use tests::world::World;

#[tokio::test]
async fn a_new_name_shows_on_the_seat_and_in_the_trail() {
    let world = World::start().await;
    let admin = world.admin().await;
    let seat = world.seat(world.acme.id(), Role::Member).await;
    let member = world.client_of(world.acme.id(), &seat).await;
    let me = member.get("/v1/me").await;
    assert_eq!((me.version(), &me.body["seat"]["role"]), (1, &json!("member")));

    let saved = member.patch("/v1/me", json!({ "name": " Grace Hopper " })).if_match(1).await;
    assert_eq!(saved.version(), 2);
    assert_eq!(saved.expect(200)["identity"]["name"], "Grace Hopper");
    let seen = admin.get(format!("/v1/members/{}", seat.id)).await.expect(200);
    assert_eq!((&seen["name"], &seen["version"]), (&json!("Grace Hopper"), &json!(2)));

    let trail = admin.get(format!("/v1/activity?object={}", seat.id)).await.expect(200);
    let line = &trail["items"][0];
    assert_eq!(line["verb"], "me.update");
    assert_eq!(line["detail"], json!({ "name": [seat.name, "Grace Hopper"] }));
    assert_eq!(line["actor"], json!({ "kind": "member", "id": seat.id, "name": "Grace Hopper" }));
    assert_eq!(trail["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_name_is_saved_over_the_one_that_was_read() {
    let world = World::start().await;
    let member = world.member(Role::Member).await;
    let name = |name: &str| json!({ "name": name });
    assert_eq!(member.patch("/v1/me", name("Grace")).await.problem(428), "if-match-missing");
    member.patch("/v1/me", name("Grace")).if_match(1).key("k").await.expect(200);
    member.patch("/v1/me", name("Grace")).if_match(1).key("k").await.expect(200);
    assert_eq!(member.patch("/v1/me", name("Edith")).if_match(1).await.problem(412), "stale");
    let reply = member.patch("/v1/me", name("")).if_match(2).await;
    assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["/name"]));
    let me = member.get("/v1/me").await;
    assert_eq!((me.version(), &me.body["identity"]["name"]), (2, &json!("Grace")));
}

#[tokio::test]
async fn nobody_is_anybody_without_a_session() {
    let world = World::start().await;
    assert_eq!(world.visitor().get("/v1/me").await.problem(401), "sign-in");
    let forged = world.visitor();
    forged.keep_cookie("session", &"A".repeat(120));
    assert_eq!(forged.get("/v1/me").await.problem(401), "sign-in");
}
