//! `/v1/members/{member_id}/reset-mfa`, and the operator's way in.

use app::seating::founding::found;
use domain::member::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::authenticator::Authenticator;
use tests::client::Client;
use tests::world::{World, token_in};

use crate::routes::me::totp::{EMAIL, PASSWORD, armed, sign_in, totp};

/// Maya, who lost her app, at a company with another administrator.
async fn lost(world: &World) -> (Client, Client, Authenticator, Value) {
    let (maya, app, _) = armed(world).await;
    let seat = maya.get("/v1/me").await.expect(200)["seat"].clone();
    let tenant = seat["tenant_id"].as_str().unwrap().parse().unwrap();
    let other = world.seat(tenant, Role::Administrator).await;
    (world.client_of(tenant, &other).await, maya, app, seat["member_id"].clone())
}

#[tokio::test]
async fn who_lost_it_all_has_it_turned_off_a_day_after_a_mail() {
    let world = World::start().await;
    let (admin, maya, _, member) = lost(&world).await;
    let reset = format!("/v1/members/{}/reset-mfa", member.as_str().unwrap());
    let foreseen = admin.post(format!("{reset}?preview=true"), json!({})).await.expect(200);
    assert_eq!(foreseen["mails"][0]["purpose"], "second_factor_reset", "{foreseen}");
    admin.post(&reset, json!({})).await.expect(202);
    world.tick().await;
    let mails = world.mails_to(EMAIL).len();
    let mail = world.last_mail(EMAIL);
    assert_eq!(mail.subject, "Your second factor at initech is to be turned off");
    admin.post(&reset, json!({})).await.expect(202);
    world.tick().await;
    assert_eq!(world.mails_to(EMAIL).len(), mails, "a second click mails nothing");

    world.advance(SignedDuration::from_hours(23));
    assert_eq!(sign_in(&world, json!({})).await.1.problem(401), "second-factor-required");
    world.advance(SignedDuration::from_hours(1));
    let (browser, reply) = sign_in(&world, json!({})).await;
    assert_eq!(reply.expect(201)["identity"]["second_factor"], false);
    assert_eq!(maya.get("/v1/me").await.problem(401), "sign-in");
    browser.get("/v1/me").await.expect(200);
    sign_in(&world, json!({})).await.1.expect(201);
    world.turn_on_second_factor(&browser).await;
    assert_eq!(sign_in(&world, json!({})).await.1.problem(401), "second-factor-required");
}

#[tokio::test]
async fn who_has_it_after_all_keeps_it_by_using_it() {
    let world = World::start().await;
    let (admin, _, app, member) = lost(&world).await;
    let reset = format!("/v1/members/{}/reset-mfa", member.as_str().unwrap());
    admin.post(&reset, json!({})).await.expect(202);
    sign_in(&world, totp(&world, &app)).await.1.expect(201);
    world.tick().await;
    assert!(world.mails_to(EMAIL).is_empty(), "the order is gone before its mail left");
    world.advance(SignedDuration::from_hours(25));
    assert_eq!(sign_in(&world, json!({})).await.1.problem(401), "second-factor-required");
}

#[tokio::test]
async fn a_company_does_not_turn_off_what_another_one_relies_on() {
    let world = World::start().await;
    let (admin, maya, _, member) = lost(&world).await;
    let input = json!({
        "email": EMAIL,
        "role": Role::Member,
        "external_communications": false,
        "manager_access": false,
    });
    let offered = world.admin().await.post("/v1/members", input).await.expect(201);
    let own = format!("/v1/members/{}/reset-mfa", offered["id"].as_str().unwrap());
    assert_eq!(world.admin().await.post(own, json!({})).await.problem(409), "wrong-state");
    world.tick().await;
    let token = token_in(&world.last_mail(EMAIL), "/invitation");
    let proof = maya.post("/v1/me/recovery-codes", json!({})).await.expect(200);
    let code = &proof["recovery_codes"][0];
    let accept = json!({ "token": token, "password": PASSWORD, "recovery_code": code });
    world.visitor().post("/v1/invitations/accept", accept).await.expect(201);
    for (admin, member) in [(admin, &member), (world.admin().await, &offered["id"])] {
        let reset = format!("/v1/members/{}/reset-mfa", member.as_str().unwrap());
        assert_eq!(admin.post(reset, json!({})).await.problem(409), "wrong-state");
    }
}

#[tokio::test]
async fn the_operators_way_in_leads_past_a_lost_one() {
    let world = World::start().await;
    armed(&world).await;
    let found = async |password| {
        let (slug, email) = ("initech".parse().unwrap(), EMAIL.parse().unwrap());
        found(&world.house, slug, None, email, "Maya Lin".parse().unwrap(), password).await.unwrap()
    };
    // The same password again, as a laptop's start gives it, takes nothing away.
    found(PASSWORD).await;
    assert_eq!(sign_in(&world, json!({})).await.1.problem(401), "second-factor-required");
    found("four grey geese at noon").await;
    let again = json!({ "password": "four grey geese at noon" });
    let session = sign_in(&world, again).await.1.expect(201);
    assert_eq!(session["identity"]["second_factor"], false);
}

#[tokio::test]
async fn an_order_is_void_once_another_company_relies_on_it_or_its_seat_is_gone() {
    let world = World::start().await;
    let (admin, _, app, member) = lost(&world).await;
    let seat = format!("/v1/members/{}", member.as_str().unwrap());
    admin.post(format!("{seat}/reset-mfa"), json!({})).await.expect(202);
    // Suspended meanwhile, they are told all the same.
    let version = admin.get(&seat).await.version();
    let suspend = admin.patch(&seat, json!({ "suspended": true })).if_match(version);
    suspend.await.expect(200);
    let again = admin.post(format!("{seat}/reset-mfa"), json!({})).await;
    assert_eq!(again.problem(409), "wrong-state");
    world.tick().await;
    assert!(world.last_mail(EMAIL).subject.contains("second factor"));
    world.advance(SignedDuration::from_hours(25));
    assert_eq!(sign_in(&world, json!({})).await.1.problem(401), "second-factor-required");
    sign_in(&world, totp(&world, &app)).await.1.expect(201);
}

#[tokio::test]
async fn an_order_leaves_no_short_password_alone() {
    let world = World::start().await;
    let (admin, maya, _, member) = lost(&world).await;
    let short = json!({ "current_password": PASSWORD, "password": "kettle9!dusk" });
    maya.post("/v1/me/password", short).await.expect(204);
    let reset = format!("/v1/members/{}/reset-mfa", member.as_str().unwrap());
    admin.post(reset, json!({})).await.expect(202);
    world.advance(SignedDuration::from_hours(24));
    let short = sign_in(&world, json!({ "password": "kettle9!dusk" })).await.1;
    assert_eq!(short.problem(401), "second-factor-required");
    world.visitor().post("/v1/password-resets", json!({ "email": EMAIL })).await.expect(202);
    world.tick().await;
    let token = token_in(&world.last_mail_with(EMAIL, "/password-reset"), "/password-reset");
    let set = |password| json!({ "token": token, "password": password });
    let complete = "/v1/password-resets/complete";
    let refused = world.visitor().post(complete, set("kettle9!dawn")).await;
    assert_eq!((refused.problem(400), refused.pointers()), ("bad-input", vec!["/password"]));
    world.visitor().post(complete, set(PASSWORD)).await.expect(204);
    sign_in(&world, json!({})).await.1.expect(201);
}
