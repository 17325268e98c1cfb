//! `PATCH /v1/members/{id}`.

use std::future::IntoFuture;

use domain::member::{Member, Role};
use serde_json::{Value, json};
use store::activities::Home;
use tests::client::Client;
use tests::trail::{gap_free_trail, times};
use tests::world::World;

/// Races of two administrators; each may go either way.
const RACES: usize = 12;

fn path(member: &Member) -> String {
    format!("/v1/members/{}", member.id)
}

async fn administrators(world: &World) -> usize {
    let members = world.store_of(&world.acme).members(None, 100).await.unwrap();
    members.iter().filter(|member| member.administers()).count()
}

/// The seat in a company as `client` speaks from it.
async fn spoken_from(client: &Client) -> Value {
    client.get("/v1/me").await.expect(200)["seat"].clone()
}

#[tokio::test]
async fn another_role_takes_effect_at_the_next_request_and_is_chosen_anew() {
    let world = World::start().await;
    let admin = world.admin().await;
    let seat = world.seat(world.acme.id(), Role::Member).await;
    let member = world.client_of(world.acme.id(), &seat).await;
    member.get("/v1/contacts").await.expect(200);
    let before = member.cookie("session").unwrap();

    let raise = admin.patch(path(&seat), json!({ "role": "account_manager" })).if_match(1).await;
    assert_eq!((raise.version(), &raise.body["role"]), (2, &json!("account_manager")));
    // The session is the person's still, and speaks from no seat.
    assert_eq!(member.get("/v1/contacts").await.problem(403), "choose-tenant");
    assert_eq!(spoken_from(&member).await, Value::Null);
    let choose = json!({ "tenant_id": world.acme.id() });
    let chosen = member.post("/v1/sessions/current/tenant", choose).await.expect(200);
    assert_eq!(chosen["seat"]["role"], "account_manager");
    assert_ne!(member.cookie("session").unwrap(), before, "another role, another session");
    member.get("/v1/members").await.expect(200);

    let trail = gap_free_trail(&world.store_of(&world.acme), Home::Tenant).await;
    let line = trail.iter().find(|line| line.verb == "members.update").unwrap();
    let told = serde_json::to_value(&line.detail).unwrap();
    assert_eq!(told["plain"], json!({ "role": ["member", "account_manager"] }));
}

#[tokio::test]
async fn a_switch_ends_no_session() {
    let world = World::start().await;
    let admin = world.admin().await;
    let seat = world.seat(world.acme.id(), Role::Member).await;
    let member = world.client_of(world.acme.id(), &seat).await;
    let input = json!({ "external_communications": false, "manager_access": true });
    let changed = admin.patch(path(&seat), input).if_match(1).await.expect(200);
    assert_eq!(changed["external_communications"], false);
    assert_eq!(changed["manager_access"], true);
    member.get("/v1/contacts").await.expect(200);
}

#[tokio::test]
async fn a_suspended_member_is_out_at_once_and_comes_back_by_choosing_anew() {
    let world = World::start().await;
    let admin = world.admin().await;
    let seat = world.seat(world.acme.id(), Role::Representative).await;
    let member = world.client_of(world.acme.id(), &seat).await;
    admin.patch(path(&seat), json!({ "suspended": true })).if_match(1).await.expect(200);
    assert_eq!(member.get("/v1/contacts").await.problem(403), "choose-tenant");
    let choose = json!({ "tenant_id": world.acme.id() });
    let refused = member.post("/v1/sessions/current/tenant", choose.clone()).await;
    assert_eq!(refused.problem(400), "bad-input");
    admin.patch(path(&seat), json!({ "suspended": false })).if_match(2).await.expect(200);
    // What ended stays ended.
    assert_eq!(member.get("/v1/contacts").await.problem(403), "choose-tenant");
    member.post("/v1/sessions/current/tenant", choose).await.expect(200);
    member.get("/v1/contacts").await.expect(200);
}

#[tokio::test]
async fn a_save_over_another_and_a_mistake_change_nothing() {
    let world = World::start().await;
    let admin = world.admin().await;
    let seat = world.seat(world.acme.id(), Role::Member).await;
    let raise = json!({ "role": "account_manager" });
    assert_eq!(admin.patch(path(&seat), raise.clone()).await.problem(428), "if-match-missing");
    assert_eq!(admin.patch(path(&seat), raise).if_match(2).await.problem(412), "stale");
    for (field, value) in [
        ("role", json!("boss")),
        ("suspended", json!("no")),
        ("manager_access", json!(1)),
        ("email", json!("a@b.example")),
        ("name", json!("Ada")),
    ] {
        let reply = admin.patch(path(&seat), json!({ field: value })).if_match(1).await;
        assert_eq!(
            (reply.problem(400), reply.pointers()),
            ("bad-input", vec![&*format!("/{field}")])
        );
    }
    assert_eq!(world.store_of(&world.acme).member(seat.id).await.unwrap(), Some(seat));
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let world = World::start().await;
    let (admin, last) = (world.admin().await, &world.acme.administrator);
    // Neither whoever is invited nor whoever is suspended runs the company meanwhile.
    world.offer(&world.acme, Role::Administrator).await;
    let other = world.seat(world.acme.id(), Role::Administrator).await;
    admin.patch(path(&other), json!({ "suspended": true })).if_match(1).await.expect(200);
    for change in [
        json!({ "role": "account_manager" }),
        json!({ "role": "member" }),
        json!({ "suspended": true }),
        json!({ "role": "representative", "suspended": true }),
    ] {
        let refused = admin.patch(path(last), change).if_match(1).await;
        assert_eq!(refused.problem(409), "wrong-state");
    }
    assert_eq!(admin.delete(path(last)).await.problem(409), "wrong-state");
    let store = world.store_of(&world.acme);
    assert_eq!(store.member(last.id).await.unwrap().as_ref(), Some(last));
    // Their switches are no matter of who runs the company.
    admin.patch(path(last), json!({ "manager_access": true })).if_match(1).await.expect(200);
    admin.patch(path(&other), json!({ "suspended": false })).if_match(2).await.expect(200);
    admin.patch(path(last), json!({ "role": "member" })).if_match(2).await.expect(200);
    assert_eq!(administrators(&world).await, 1);
}

#[tokio::test]
async fn two_administrators_who_demote_each_other_at_once_leave_one() {
    let world = World::start().await;
    for _ in 0..RACES {
        let last = world.store_of(&world.acme).members(None, 100).await.unwrap();
        let one = last.into_iter().find(Member::administers).unwrap();
        let two = world.seat(world.acme.id(), Role::Administrator).await;
        let [first, second] = [&one, &two].map(|seat| world.client_of(world.acme.id(), seat));
        let (first, second) = tokio::join!(first, second);
        let demote = |client: &Client, seat: &Member| {
            let demote = client.patch(path(seat), json!({ "role": "member" }));
            demote.if_match(seat.version).into_future()
        };
        let (a, b) = tokio::join!(demote(&first, &two), demote(&second, &one));
        assert_eq!(administrators(&world).await, 1, "{} {}", a.text, b.text);
        let won = [a.status, b.status].iter().filter(|status| **status == 200).count();
        assert_eq!(won, 1, "{} {}", a.text, b.text);
    }
}

#[tokio::test]
async fn two_administrators_who_leave_at_once_leave_one() {
    let world = World::start().await;
    for _ in 0..RACES {
        let last = world.store_of(&world.acme).members(None, 100).await.unwrap();
        let one = last.into_iter().find(Member::administers).unwrap();
        let two = world.seat(world.acme.id(), Role::Administrator).await;
        let (first, second) = tokio::join!(
            world.client_of(world.acme.id(), &one),
            world.client_of(world.acme.id(), &two)
        );
        let (a, b) = tokio::join!(
            first.delete(path(&one)).into_future(),
            second.delete(path(&two)).into_future()
        );
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409], "{} {}", a.text, b.text);
        assert_eq!(administrators(&world).await, 1);
    }
    let trail = gap_free_trail(&world.store_of(&world.acme), Home::Tenant).await;
    assert_eq!(times(&trail, "members.delete"), RACES);
}
