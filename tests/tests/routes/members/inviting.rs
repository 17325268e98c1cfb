//! `POST /v1/members` and `POST /v1/members/{id}/invite`.

use std::future::IntoFuture;

use domain::member::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::activities::Home;
use tests::client::id_of;
use tests::trail::{gap_free_trail, times};
use tests::world::{World, token_in};

const GRACE: &str = "grace@navy.example";

fn seat(email: &str) -> Value {
    json!({
        "email": email,
        "role": "account_manager",
        "external_communications": true,
        "manager_access": false,
    })
}

#[tokio::test]
async fn an_invitation_is_mailed_and_opens_nothing_until_it_is_accepted() {
    let world = World::start().await;
    let admin = world.admin().await;
    let reply = admin.post("/v1/members", seat(GRACE)).await;
    let path = format!("/v1/members/{}", id_of(&reply.body));
    assert_eq!((reply.status, reply.header("location")), (201, path.as_str()));
    let invited = world.acme.administrator.id;
    let end = world.now() + SignedDuration::from_hours(7 * 24);
    assert_eq!(reply.body["email"], GRACE);
    assert_eq!(reply.body["name"], "grace");
    assert_eq!(reply.body["role"], "account_manager");
    assert_eq!(reply.body["external_communications"], true);
    assert_eq!(reply.body["invitation"]["invited_by"], json!(invited));
    let until: jiff::Timestamp =
        reply.body["invitation"]["expires_at"].as_str().unwrap().parse().unwrap();
    assert!(end.duration_since(until) < SignedDuration::from_mins(1));
    assert_eq!(admin.get(&path).await.expect(200), reply.body);
    let list = admin.get("/v1/members").await.expect(200);
    assert!(list["items"].as_array().unwrap().contains(&reply.body));

    world.tick().await;
    let mail = world.last_mail(GRACE);
    assert_eq!(mail.subject, "You are invited to work with acme AG");
    assert!(mail.text.contains("Staff 1 invites you") || mail.text.contains("invites you to acme"));
    assert!(mail.text.contains("as an account manager"));
    assert!(!token_in(&mail, "/invitation").is_empty());
    // Nobody signs in with an address alone.
    let empty = json!({ "email": GRACE, "password": "" });
    let refused = world.visitor().post("/v1/sessions", empty).await;
    assert_eq!(refused.problem(401), "wrong-sign-in");
    let identity = world.house.table.identity_at(&GRACE.parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(identity.password, None);
    assert!(world.house.live_seats(&identity).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_address_is_invited_once() {
    let world = World::start().await;
    let admin = world.admin().await;
    let member = id_of(&admin.post("/v1/members", seat(GRACE)).await.expect(201));
    let again = admin.post("/v1/members", seat(" Grace@NAVY.example ")).await;
    assert_eq!((again.problem(409), again.pointers()), ("wrong-state", vec!["/email"]));
    assert!(again.text.contains(&format!("/v1/members/{member}/invite")), "{}", again.text);
    let colleague = world.acme.administrator.email.as_str();
    let seated = admin.post("/v1/members", seat(colleague)).await;
    assert_eq!((seated.problem(409), seated.pointers()), ("wrong-state", vec!["/email"]));
    world.tick().await;
    assert_eq!(world.mails().len(), 1);
}

#[tokio::test]
async fn of_two_invitations_at_once_one_makes_the_seat() {
    let world = World::start().await;
    let globex = world.company("globex").await;
    // A stranger, and somebody who sits elsewhere already.
    for email in [GRACE, globex.administrator.email.as_str()] {
        let (one, two) = (world.admin().await, world.admin().await);
        let (one, two) = tokio::join!(
            one.post("/v1/members", seat(email)).into_future(),
            two.post("/v1/members", seat(email)).into_future(),
        );
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{} {}", one.text, two.text);
    }
    world.tick().await;
    assert_eq!(world.mails().len(), 2);
}

#[tokio::test]
async fn nobody_learns_by_inviting_whether_an_address_is_known() {
    let world = World::start().await;
    let admin = world.admin().await;
    let globex = world.company("globex").await;
    let mut seats = Vec::new();
    for email in [globex.administrator.email.as_str(), "nobody-0@nowhere.example"] {
        let mut made = admin.post("/v1/members", seat(email)).await.expect(201);
        let local = email.split('@').next().unwrap();
        assert_eq!((&made["email"], &made["name"]), (&json!(email), &json!(local)));
        for field in ["id", "email", "name", "created_at", "invitation"] {
            made.as_object_mut().unwrap().remove(field);
        }
        seats.push(made);
    }
    assert_eq!(seats[0], seats[1]);
}

#[tokio::test]
async fn inviting_again_mails_a_new_link_and_ends_the_one_before() {
    let world = World::start().await;
    let admin = world.admin().await;
    let member = id_of(&admin.post("/v1/members", seat(GRACE)).await.expect(201));
    world.tick().await;
    let first = token_in(&world.last_mail(GRACE), "/invitation");
    world.advance(SignedDuration::from_hours(8 * 24));
    let admin = world.admin().await;
    let path = format!("/v1/members/{member}");
    let again = admin.post(format!("{path}/invite"), json!({})).await;
    assert_eq!((again.status, again.text.as_str()), (202, ""));
    world.tick().await;
    let second = token_in(&world.last_mail(GRACE), "/invitation");
    assert_ne!(first, second);

    let cover = async |token: &str| {
        world.visitor().post("/v1/invitations/cover", json!({ "token": token })).await
    };
    assert_eq!(cover(&first).await.problem(403), "link-over");
    assert_eq!(cover(&second).await.expect(200)["email"], GRACE);
    let trail = gap_free_trail(&world.store_of(&world.acme), Home::Tenant).await;
    assert_eq!((times(&trail, "members.create"), times(&trail, "members.invite")), (1, 1));

    // Whoever sits needs no invitation, and a suspended seat offers none.
    let colleague = world.seat(world.acme.id(), Role::Member).await;
    let seated = admin.post(format!("/v1/members/{}/invite", colleague.id), json!({})).await;
    assert_eq!(seated.problem(409), "wrong-state");
    admin.patch(&path, json!({ "suspended": true })).if_match(2).await.expect(200);
    let refused = admin.post(format!("{path}/invite"), json!({})).await;
    assert_eq!(refused.problem(409), "wrong-state");
    assert_eq!(cover(&second).await.problem(403), "link-over");
    world.tick().await;
    assert_eq!(world.mails_to(GRACE).len(), 2);
}

#[tokio::test]
async fn a_mistake_is_named_and_nobody_is_invited() {
    let world = World::start().await;
    let admin = world.admin().await;
    for (field, value, pointer) in [
        ("email", json!("grace"), "/email"),
        ("email", json!("grace@navy.example\r\nBcc: eve@example.com"), "/email"),
        ("email", Value::Null, "/email"),
        ("role", json!("owner"), "/role"),
        ("role", Value::Null, "/role"),
        ("external_communications", json!("yes"), "/external_communications"),
        ("name", json!("Gra\nce"), "/name"),
        ("suspended", json!(false), "/suspended"),
    ] {
        let mut body = seat(GRACE);
        body[field] = value;
        let reply = admin.post("/v1/members", body).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec![pointer]));
    }
    world.tick().await;
    assert!(world.mails().is_empty());
    let known = world.house.table.identity_at(&GRACE.parse().unwrap()).await.unwrap();
    assert_eq!(known, None);
}
