//! `/v1/members`.

mod changing;
mod inviting;
mod leaving;
mod reset_mfa;

use domain::member::Role;
use serde_json::{Value, json};
use tests::client::id_of;
use tests::world::World;

#[tokio::test]
async fn reviewers_list_members_and_others_do_not() {
    let world = World::start().await;
    for role in [Role::Administrator, Role::AccountManager] {
        let client = world.member(role).await;
        client.get("/v1/members").await.expect(200);
    }
    for role in [Role::Representative, Role::Member] {
        let client = world.member(role).await;
        assert_eq!(client.get("/v1/members").await.problem(403), "forbidden");
    }
    let page = world.admin().await.get("/v1/members").await.expect(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 5);
    assert!(!page.to_string().contains("identity"));
}

#[tokio::test]
async fn members_come_in_pages() {
    let world = World::start().await;
    let admin = world.admin().await;
    world.seat(world.acme.id(), Role::Member).await;
    let all = admin.get("/v1/members").await.expect(200);
    let first = admin.get("/v1/members?limit=1").await.expect(200);
    let next = first["next"].as_str().unwrap();
    let second = admin.get(format!("/v1/members?limit=1&cursor={next}")).await.expect(200);
    let both = json!([first["items"][0], second["items"][0]]);
    assert_eq!((&all["items"], &second["next"]), (&both, &Value::Null));
    // A well-formed cursor of another list names no place here.
    let reply = admin.get("/v1/members?cursor=enp6").await;
    assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["cursor"]));
}

#[tokio::test]
async fn a_member_sees_their_own_seat_and_no_other() {
    let world = World::start().await;
    let seat = world.seat(world.acme.id(), Role::Member).await;
    let member = world.client_of(world.acme.id(), &seat).await;
    let own = member.get(format!("/v1/members/{}", seat.id)).await;
    assert_eq!((own.version(), id_of(&own.body)), (1, seat.id.to_string()));
    let colleague = world.acme.administrator.id;
    let hidden = member.get(format!("/v1/members/{colleague}")).await;
    let absent = member.get("/v1/members/mem_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9").await;
    let malformed = member.get("/v1/members/me").await;
    assert_eq!(hidden.problem(404), "not-found");
    assert_eq!((hidden.shown(), absent.shown()), (absent.shown(), malformed.shown()));
}

#[tokio::test]
async fn another_companys_members_are_not_there() {
    let world = World::start().await;
    let globex = world.company("globex").await;
    let path = format!("/v1/members/{}", globex.administrator.id);
    assert_eq!(world.admin().await.get(path).await.problem(404), "not-found");
}
