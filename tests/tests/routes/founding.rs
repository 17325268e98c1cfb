//! What `make admin` does: founding a company and rescuing its last administrator.

use app::exchange::problem::Problem;
use app::seating::founding::{Deed, Founded, found};
use domain::member::{Member, Role};
use serde_json::json;
use tests::world::World;

const PASSWORD: &str = "a kettle sings at dawn";

async fn make_admin(
    world: &World,
    slug: &str,
    email: &str,
    password: &str,
) -> Result<Founded, Problem> {
    let (slug, email) = (slug.parse().unwrap(), email.parse().unwrap());
    found(&world.house, slug, None, email, "Maya Lin".parse().unwrap(), password).await
}

#[tokio::test]
async fn founding_twice_founds_once() {
    let world = World::start().await;
    let first = make_admin(&world, "initech", "maya@initech.example", PASSWORD).await.unwrap();
    let deeds = first.deeds;
    assert_eq!([deeds.tenant, deeds.identity, deeds.member], [Deed::Made; 3]);
    let again = make_admin(&world, "initech", "maya@initech.example", PASSWORD).await.unwrap();
    let deeds = again.deeds;
    assert_eq!([deeds.tenant, deeds.identity, deeds.member], [Deed::Found; 3]);
    assert_eq!((first.tenant_id, first.member_id), (again.tenant_id, again.member_id));

    let browser = world.visitor();
    let input = json!({ "email": "maya@initech.example", "password": PASSWORD });
    browser.post("/v1/sessions", input).await.expect(201);
    let trail = browser.get(format!("/v1/activity?object={}", first.tenant_id)).await.expect(200);
    let lines = trail["items"].as_array().unwrap();
    assert_eq!(lines.len(), 2, "{trail}");
    assert!(lines.iter().all(|line| line["actor"] == json!({ "kind": "operator" })));
    assert!(!trail.to_string().contains("argon2"));
}

#[tokio::test]
async fn a_suspended_member_is_rescued_and_old_sessions_end() {
    let world = World::start().await;
    let seat = world.seat(world.acme.id(), Role::Member).await;
    let session = world.client_of(world.acme.id(), &seat).await;
    let store = world.store_of(&world.acme);
    let suspended = Member { version: 2, suspended: true, ..seat.clone() };
    let mut change = store.change(world.house.dice.token());
    change.save_member(&suspended).unwrap();
    change.commit().await.unwrap();

    let founded = make_admin(&world, "acme", seat.email.as_str(), PASSWORD).await.unwrap();
    let deeds = founded.deeds;
    assert_eq!([deeds.tenant, deeds.identity], [Deed::Found, Deed::Changed]);
    assert_eq!((founded.member_id, deeds.member), (seat.id, Deed::Changed));
    let rescued = store.member(seat.id).await.unwrap().unwrap();
    assert_eq!((rescued.role, rescued.suspended), (Role::Administrator, false));
    assert_eq!(rescued.name, seat.name, "the name they had is kept");
    assert_eq!(session.get("/v1/me").await.problem(401), "sign-in");
}

#[tokio::test]
async fn whoever_is_invited_or_was_removed_is_let_in() {
    let world = World::start().await;
    let (invited, _) = world.offer(&world.acme, Role::Member).await;
    let email = invited.email.as_str();
    let founded = make_admin(&world, "acme", email, PASSWORD).await.unwrap();
    assert_eq!((founded.member_id, founded.deeds.member), (invited.id, Deed::Changed));
    let store = world.store_of(&world.acme);
    let seat = store.member(invited.id).await.unwrap().unwrap();
    assert!(seat.administers(), "{seat:?}");

    let gone = format!("/v1/members/{}", invited.id);
    world.admin().await.delete(gone).await.expect(204);
    let again = make_admin(&world, "acme", email, PASSWORD).await.unwrap();
    assert_eq!((again.deeds.identity, again.deeds.member), (Deed::Found, Deed::Made));
    assert_ne!(again.member_id, invited.id, "a removed seat stays removed");
    let browser = world.visitor();
    let input = json!({ "email": email, "password": PASSWORD });
    let session = browser.post("/v1/sessions", input).await.expect(201);
    assert_eq!(session["seat"]["member_id"], json!(again.member_id));
}

#[tokio::test]
async fn a_new_password_ends_sessions_and_the_old_password() {
    let world = World::start().await;
    let email = "maya@initech.example";
    make_admin(&world, "initech", email, PASSWORD).await.unwrap();
    let browser = world.visitor();
    let sign_in = |password: &str| json!({ "email": email, "password": password });
    browser.post("/v1/sessions", sign_in(PASSWORD)).await.expect(201);
    make_admin(&world, "initech", email, "a kettle hums at dusk").await.unwrap();
    assert_eq!(browser.get("/v1/me").await.problem(401), "sign-in");
    browser.forget_cookies();
    browser.post("/v1/sessions", sign_in(PASSWORD)).await.problem(401);
    browser.post("/v1/sessions", sign_in("a kettle hums at dusk")).await.expect(201);
}

#[tokio::test]
async fn a_weak_password_founds_nothing() {
    let world = World::start().await;
    for weak in ["short", "passwordpassword", "maya@initech.example"] {
        let refused = make_admin(&world, "initech", "maya@initech.example", weak).await;
        assert_eq!(refused.unwrap_err().errors[0].pointer, "/password");
    }
    assert_eq!(world.house.table.tenant_at(&"initech".parse().unwrap()).await.unwrap(), None);
}
