//! `/v1/invitations`, and the page that leads there.

use domain::email::Email;
use domain::member::{Member, Role};
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::activities::Home;
use tests::client::Reply;
use tests::seed::Company;
use tests::trail::{gap_free_trail, times};
use tests::world::{World, token_in};

const PASSWORD: &str = "four grey geese at noon";
const ACCEPT: &str = "/v1/invitations/accept";

fn taking(token: &str) -> Value {
    json!({ "token": token, "name": "Grace Hopper", "password": PASSWORD })
}

/// The seat that `company` offers to `email`, and the token that was mailed.
async fn invited(world: &World, company: &Company, email: &str, role: Role) -> (Value, String) {
    let input = json!({
        "email": email,
        "role": role,
        "external_communications": false,
        "manager_access": false,
    });
    let admin = world.admin_of(company).await;
    let seat = admin.post("/v1/members", input).await.expect(201);
    world.tick().await;
    (seat, token_in(&world.last_mail(email), "/invitation"))
}

#[tokio::test]
async fn somebody_new_chooses_a_name_and_a_password_and_is_in() {
    let world = World::start().await;
    let email = "grace@navy.example";
    let (seat, token) = invited(&world, &world.acme, email, Role::AccountManager).await;
    let browser = world.visitor();
    let page = browser.get("/invitation").await;
    assert_eq!(page.status, 200);
    let cover = browser.post("/v1/invitations/cover", json!({ "token": token })).await.expect(200);
    assert_eq!((&cover["email"], &cover["has_password"]), (&json!(email), &json!(false)));
    assert_eq!(
        (&cover["role"], &cover["tenant"]["name"]),
        (&json!("account_manager"), &json!("acme AG"))
    );
    assert_eq!(cover["invited_by"], json!(world.acme.administrator.name));
    assert!(browser.cookie_names().is_empty(), "looking takes nothing");

    let reply = browser.post(ACCEPT, taking(&token)).await;
    assert!(reply.header("set-cookie").contains("HttpOnly; SameSite=Lax; Max-Age=86400"));
    let session = reply.expect(201);
    let mine = json!({
        "tenant_id": world.acme.id(),
        "tenant_name": "acme AG",
        "slug": "acme",
        "member_id": seat["id"],
        "role": "account_manager",
    });
    assert_eq!((&session["seat"], &session["seats"]), (&mine, &json!([mine])));
    assert_eq!(session["identity"]["name"], "Grace Hopper");
    assert_eq!(browser.get("/v1/me").await.expect(200)["seat"], mine);
    browser.get("/v1/members").await.expect(200);

    let path = format!("/v1/members/{}", seat["id"].as_str().unwrap());
    let own = browser.get(path).await.expect(200);
    assert_eq!((&own["name"], &own["invitation"]), (&json!("Grace Hopper"), &Value::Null));
    let input = json!({ "email": email, "password": PASSWORD });
    world.visitor().post("/v1/sessions", input).await.expect(201);
    let trail = gap_free_trail(&world.store_of(&world.acme), Home::Tenant).await;
    let line = trail.iter().find(|line| line.verb == "invitations.accept").unwrap();
    assert_eq!(json!(line.actor), json!({ "member": seat["id"] }));
    assert!(!serde_json::to_string(&trail).unwrap().contains("argon2"));
}

#[tokio::test]
async fn what_somebody_new_left_out_is_named_and_nothing_is_taken() {
    let world = World::start().await;
    let (seat, token) = world.offer(&world.acme, Role::Member).await;
    let cases = [
        (json!({ "token": token }), vec!["/name", "/password"]),
        (json!({ "token": token, "name": "Grace" }), vec!["/password"]),
        (json!({ "token": token, "password": PASSWORD }), vec!["/name"]),
        (json!({ "token": token, "name": "", "password": PASSWORD }), vec!["/name"]),
        (json!({ "token": token, "name": "Grace", "password": "short" }), vec!["/password"]),
        (
            json!({ "token": token, "name": "Grace", "password": "passwordpassword" }),
            vec!["/password"],
        ),
        (json!({ "token": token, "name": "Grace", "password": seat.email }), vec!["/password"]),
        (json!({ "token": 7, "name": "Grace", "password": PASSWORD }), vec!["/token"]),
        (json!({ "token": token, "role": "administrator" }), vec!["/role"]),
    ];
    for (body, pointers) in cases {
        let reply = world.visitor().post(ACCEPT, body).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", pointers));
    }
    let store = world.store_of(&world.acme);
    assert_eq!(store.member(seat.id).await.unwrap().as_ref(), Some(&seat));
    world.visitor().post(ACCEPT, taking(&token)).await.expect(201);
}

#[tokio::test]
async fn whoever_has_a_password_proves_it_and_keeps_their_name() {
    let world = World::start().await;
    let globex = world.company("globex").await;
    let email = "grace@navy.example";
    let (_, token) = invited(&world, &world.acme, email, Role::Member).await;
    world.visitor().post(ACCEPT, taking(&token)).await.expect(201);

    let (seat, token) = invited(&world, &globex, email, Role::Administrator).await;
    let browser = world.visitor();
    let cover = browser.post("/v1/invitations/cover", json!({ "token": token })).await.expect(200);
    assert_eq!(cover["has_password"], true);
    // The mailbox alone does not enter a company in their name, nor replace their password.
    let nothing = browser.post(ACCEPT, json!({ "token": token })).await;
    assert_eq!((nothing.problem(400), nothing.pointers()), ("bad-input", vec!["/password"]));
    let wrong = json!({ "token": token, "name": "Eve", "password": "five green geese at noon" });
    for _ in 0..9 {
        let refused = world.visitor().post(ACCEPT, wrong.clone()).await;
        assert_eq!(refused.problem(401), "wrong-sign-in");
    }
    let right = json!({ "token": token, "name": "Eve", "password": PASSWORD });
    let session = browser.post(ACCEPT, right).await.expect(201);
    assert_eq!(session["identity"]["name"], "Grace Hopper");
    assert_eq!(
        (&session["seat"]["member_id"], &session["seat"]["slug"]),
        (&seat["id"], &json!("globex"))
    );
    assert_eq!(session["seats"].as_array().unwrap().len(), 2);
    let own = browser.get("/v1/members").await.expect(200);
    assert!(own.to_string().contains("Grace Hopper") && !own.to_string().contains("Eve"));
}

#[tokio::test]
async fn wrong_passwords_count_as_at_signing_in() {
    let world = World::start().await;
    let globex = world.company("globex").await;
    let email = "grace@navy.example";
    let (_, token) = invited(&world, &world.acme, email, Role::Member).await;
    world.visitor().post(ACCEPT, taking(&token)).await.expect(201);
    let (_, token) = invited(&world, &globex, email, Role::Member).await;
    let guesser = world.visitor();
    let wrong = json!({ "token": token, "password": "five green geese at noon" });
    for _ in 0..10 {
        guesser.post(ACCEPT, wrong.clone()).await.problem(401);
    }
    let waits = guesser.post(ACCEPT, json!({ "token": token, "password": PASSWORD })).await;
    assert_eq!(waits.problem(429), "too-many-requests");
    // The tenth miss waits half a minute, of which some may have passed.
    let wait: u64 = waits.header("retry-after").parse().unwrap();
    assert!((20..=30).contains(&wait), "{wait}");
    let input = json!({ "email": email, "password": PASSWORD });
    assert_eq!(guesser.post("/v1/sessions", input).await.problem(429), "too-many-requests");
}

#[tokio::test]
async fn forged_late_used_replaced_and_taken_back_sound_alike() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (_, used) = world.offer(&world.acme, Role::Member).await;
    world.visitor().post(ACCEPT, taking(&used)).await.expect(201);
    let (seat, replaced) = world.offer(&world.acme, Role::Member).await;
    admin.post(format!("/v1/members/{}/invite", seat.id), json!({})).await.expect(202);
    let (seat, back) = world.offer(&world.acme, Role::Member).await;
    admin.delete(format!("/v1/members/{}", seat.id)).await.expect(204);
    let magic = {
        let contact = world.new_contact(
            &world.acme,
            "ada@example.com",
            domain::contact::ReviewStatus::Approved,
            None,
        );
        world.lay_contact(&world.acme, &contact).await;
        world.magic_link(&world.acme, &contact).await
    };
    let mut answers: Vec<Reply> = Vec::new();
    for token in ["", "AAAA", "!", &magic, &used, &replaced, &back] {
        answers.push(world.visitor().post(ACCEPT, taking(token)).await);
    }
    let (seat, late) = world.offer(&world.acme, Role::Member).await;
    world.advance(SignedDuration::from_hours(7 * 24) - SignedDuration::from_mins(1));
    let cover = json!({ "token": late });
    world.visitor().post("/v1/invitations/cover", cover.clone()).await.expect(200);
    world.advance(SignedDuration::from_mins(1));
    answers.push(world.visitor().post(ACCEPT, taking(&late)).await);
    for reply in &answers {
        assert_eq!(reply.problem(403), "link-over");
        assert_eq!(reply.shown(), answers[0].shown());
    }
    let refused = world.visitor().post("/v1/invitations/cover", cover).await;
    assert_eq!(refused.shown(), answers[0].shown());
    let store = world.store_of(&world.acme);
    assert_eq!(store.member(seat.id).await.unwrap(), Some(seat));
}

#[tokio::test]
async fn a_second_click_under_the_same_key_is_the_same_session() {
    let world = World::start().await;
    let (seat, token) = world.offer(&world.acme, Role::Member).await;
    let lost = world.visitor();
    let first = lost.post(ACCEPT, taking(&token)).key("k").await.expect(201);
    lost.forget_cookies();
    let again = lost.post(ACCEPT, taking(&token)).key("k").await.expect(201);
    assert_eq!(first, again);
    assert_eq!(lost.get("/v1/me").await.expect(200)["seat"]["member_id"], json!(seat.id));
    // Who knows the key and not the rest gets nothing.
    let other = json!({ "token": token, "name": "Eve", "password": "another grey goose" });
    let other = world.visitor().post(ACCEPT, other).key("k").await;
    assert_eq!(other.problem(422), "idempotency-key-reused");
    let trail = gap_free_trail(&world.store_of(&world.acme), Home::Tenant).await;
    assert_eq!(times(&trail, "invitations.accept"), 1);
}

#[tokio::test]
async fn joining_ends_the_session_that_the_browser_came_with() {
    let world = World::start().await;
    let (_, token) = world.offer(&world.acme, Role::Member).await;
    let browser = world.admin().await;
    let before = browser.cookie("session").unwrap();
    browser.post(ACCEPT, taking(&token)).await.expect(201);
    let old = world.visitor();
    old.keep_cookie("session", &before);
    assert_eq!(old.get("/v1/me").await.problem(401), "sign-in");
}

#[tokio::test]
async fn an_invitation_by_somebody_who_left_since_still_counts() {
    let world = World::start().await;
    let other = world.seat(world.acme.id(), Role::Administrator).await;
    let email: Email = "grace@navy.example".parse().unwrap();
    let input = json!({
        "email": email,
        "role": "member",
        "external_communications": false,
        "manager_access": false,
    });
    let inviter = world.client_of(world.acme.id(), &other).await;
    inviter.post("/v1/members", input).await.expect(201);
    inviter.delete(format!("/v1/members/{}", other.id)).await.expect(204);
    world.tick().await;
    let mail = world.last_mail(email.as_str());
    assert!(mail.text.contains("acme AG invites you, as a member."), "{}", mail.text);
    let token = token_in(&mail, "/invitation");
    world.visitor().post(ACCEPT, taking(&token)).await.expect(201);
    let kept: Option<Member> = world.store_of(&world.acme).member(other.id).await.unwrap();
    assert!(kept.is_some_and(|member| member.removal.is_some()));
}
