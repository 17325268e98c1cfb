//! `/v1/accounts`.

use domain::contact::ReviewStatus;
use domain::member::Role;
use serde_json::{Value, json};
use tests::client::{Client, id_of};
use tests::world::World;

fn initech() -> Value {
    json!({ "name": "Initech", "domains": ["Initech.Example", "initech.test"] })
}

async fn ids(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(format!("/v1/accounts{query}")).await.expect(200);
    page["items"].as_array().unwrap().iter().map(id_of).collect()
}

#[tokio::test]
async fn an_account_is_made_and_read_back() {
    let world = World::start().await;
    let admin = world.admin().await;
    let made = admin.post("/v1/accounts", initech()).await;
    let path = made.header("location").to_owned();
    let made = made.expect(201);
    assert_eq!(made["domains"], json!(["initech.example", "initech.test"]));
    assert_eq!((&made["status"], &made["auto_approval"]), (&json!("to_review"), &json!(false)));
    let read = admin.get(&path).await;
    assert_eq!((read.version(), &read.body), (1, &made));

    let twin = json!({ "name": "Initech" });
    let twin = admin.post("/v1/accounts", twin).await.expect(201);
    assert_eq!(ids(&admin, "").await, [id_of(&twin), id_of(&made)], "names may be alike");
}

#[tokio::test]
async fn only_reviewers_see_accounts() {
    let world = World::start().await;
    let account = world.account(&world.acme, "initech.example", ReviewStatus::Approved).await;
    let path = format!("/v1/accounts/{}", account.id);
    world.member(Role::AccountManager).await.get(&path).await.expect(200);
    let stranger = world.company("globex").await;
    let stranger = world.admin_of(&stranger).await;
    for role in [Role::Representative, Role::Member] {
        let member = world.member(role).await;
        assert_eq!(member.get("/v1/accounts").await.problem(403), "forbidden");
        assert_eq!(member.post("/v1/accounts", initech()).await.problem(403), "forbidden");
        let hidden = member.get(&path).await;
        assert_eq!(hidden.problem(404), "not-found");
        assert_eq!(hidden.shown(), stranger.get(&path).await.shown());
        assert_eq!(member.delete(&path).await.problem(404), "not-found");
    }
    assert_eq!(ids(&world.admin().await, "").await, [account.id.to_string()]);
}

#[tokio::test]
async fn a_domain_belongs_to_one_account_and_never_to_a_mailbox_provider() {
    let world = World::start().await;
    let admin = world.admin().await;
    let owner = admin.post("/v1/accounts", initech()).await.expect(201);
    for (domains, status, slug, pointer) in [
        (json!(["a.example", "initech.example"]), 409, "domain-taken", "/domains/1"),
        (json!(["a.example", "gmail.com"]), 400, "bad-input", "/domains/1"),
        (json!(["a.example", "A.example"]), 400, "bad-input", "/domains/1"),
        (json!(["localhost"]), 400, "bad-input", "/domains/0"),
    ] {
        let input = json!({ "name": "Other", "domains": domains });
        let reply = admin.post("/v1/accounts", input).await;
        assert_eq!((reply.problem(status), reply.pointers()), (slug, vec![pointer]));
    }
    let many: Vec<String> = (0..21).map(|number| format!("d{number}.example")).collect();
    let reply = admin.post("/v1/accounts", json!({ "name": "Many", "domains": many })).await;
    assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["/domains"]));
    assert_eq!(ids(&admin, "").await, [id_of(&owner)]);

    // Nothing that was refused holds a domain.
    let free = json!({ "name": "Other", "domains": ["a.example"] });
    admin.post("/v1/accounts", free).await.expect(201);
}

#[tokio::test]
async fn domains_move_with_the_save() {
    let world = World::start().await;
    let admin = world.admin().await;
    let path = format!("/v1/accounts/{}", id_of(&admin.post("/v1/accounts", initech()).await.body));
    let input = json!({ "domains": ["new.example", "initech.test"] });
    admin.patch(&path, input).if_match(1).await.expect(200);
    let at = async |domain: &str| {
        let found = world.store_of(&world.acme).account_at(&domain.parse().unwrap()).await;
        found.unwrap().map(|account| format!("/v1/accounts/{}", account.id))
    };
    assert_eq!(at("new.example").await, Some(path.clone()));
    assert_eq!((at("initech.test").await, at("initech.example").await), (Some(path.clone()), None));

    let other = json!({ "name": "Other", "domains": ["initech.example"] });
    let other = admin.post("/v1/accounts", other).await;
    let path_of_other = other.header("location").to_owned();
    let steal = json!({ "domains": ["initech.example", "new.example"] });
    let reply = admin.patch(path_of_other, steal).if_match(1).await;
    assert_eq!((reply.problem(409), reply.pointers()), ("domain-taken", vec!["/domains/1"]));
    assert_eq!(at("new.example").await, Some(path));
}

#[tokio::test]
async fn a_review_goes_forward_and_starts_anew_after_a_cancellation() {
    let world = World::start().await;
    let admin = world.admin().await;
    let path = format!("/v1/accounts/{}", id_of(&admin.post("/v1/accounts", initech()).await.body));
    let status = |status: &str| json!({ "status": status });
    admin.patch(&path, status("approved")).if_match(1).await.expect(200);
    let back = admin.patch(&path, status("in_review")).if_match(2).await;
    assert_eq!((back.problem(409), back.pointers()), ("wrong-state", vec!["/status"]));
    admin.patch(&path, status("cancelled")).if_match(2).await.expect(200);
    admin.patch(&path, status("approved")).if_match(3).await.problem(409);
    admin.patch(&path, status("to_review")).if_match(3).await.expect(200);
    assert_eq!(admin.patch(&path, status("approved")).if_match(3).await.problem(412), "stale");
    assert_eq!(admin.patch(&path, status("approved")).await.problem(428), "if-match-missing");

    let object = path.rsplit('/').next().unwrap();
    let trail = admin.get(format!("/v1/activity?object={object}")).await.expect(200);
    let lines = trail["items"].as_array().unwrap();
    let seqs: Vec<_> = lines.iter().filter_map(|line| line["seq"].as_u64()).collect();
    assert_eq!(seqs, [4, 3, 2, 1]);
    assert_eq!(lines[1]["detail"], json!({ "status": ["approved", "cancelled"] }));
}

#[tokio::test]
async fn access_may_end_and_be_for_good_again() {
    let world = World::start().await;
    let admin = world.admin().await;
    let path = format!("/v1/accounts/{}", id_of(&admin.post("/v1/accounts", initech()).await.body));
    let until = json!({ "access_expires_at": "2031-01-01T00:00:00Z" });
    let saved = admin.patch(&path, until).if_match(1).await.expect(200);
    assert_eq!(saved["access_expires_at"], "2031-01-01T00:00:00Z");
    let named = admin.patch(&path, json!({ "name": "Initrode" })).if_match(2).await.expect(200);
    assert_eq!(named["access_expires_at"], "2031-01-01T00:00:00Z");
    let never = json!({ "access_expires_at": null });
    let saved = admin.patch(&path, never).if_match(3).await.expect(200);
    assert_eq!(saved["access_expires_at"], Value::Null);
}

#[tokio::test]
async fn a_list_filters_sorts_and_pages() {
    let world = World::start().await;
    let admin = world.admin().await;
    let mut made = Vec::new();
    for (domain, status) in [
        ("a.example", ReviewStatus::Approved),
        ("b.example", ReviewStatus::ToReview),
        ("c.example", ReviewStatus::Approved),
    ] {
        made.push(world.account(&world.acme, domain, status).await.id.to_string());
    }
    let [a, b, c] = <[String; 3]>::try_from(made).unwrap();
    assert_eq!(ids(&admin, "?sort=created").await, [a.clone(), b.clone(), c.clone()]);
    assert_eq!(ids(&admin, "?status=approved").await, [c.clone(), a.clone()]);
    let page = admin.get("/v1/accounts?limit=2").await.expect(200);
    let next = page["next"].as_str().unwrap();
    assert_eq!(ids(&admin, &format!("?limit=2&cursor={next}")).await, [a]);
    for (query, named) in [("sort=name", "sort"), ("status=new", "status"), ("q=a", "q")] {
        let reply = admin.get(format!("/v1/accounts?{query}")).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec![named]));
    }
}

#[tokio::test]
async fn an_account_goes_when_nobody_belongs_to_it_and_frees_its_domains() {
    let world = World::start().await;
    let admin = world.admin().await;
    let account = world.account(&world.acme, "initech.example", ReviewStatus::Approved).await;
    let path = format!("/v1/accounts/{}", account.id);
    let email = "ada@initech.example";
    let contact =
        world.contact_of(&world.acme, email, ReviewStatus::Approved, Some(&account)).await;
    let used = admin.delete(&path).await;
    assert_eq!(used.problem(409), "wrong-state");
    assert!(
        used.body["detail"].as_str().unwrap().starts_with("1 contact belongs"),
        "{}",
        used.text
    );
    admin.get(&path).await.expect(200);

    let contact = format!("/v1/contacts/{}", contact.id);
    admin.patch(&contact, json!({ "account_id": null })).if_match(1).await.expect(200);
    let gone = admin.delete(&path).key("k").await;
    assert_eq!((gone.status, admin.delete(&path).key("k").await.status), (204, 204));
    assert_eq!(admin.get(&path).await.problem(404), "not-found");
    assert!(ids(&admin, "").await.is_empty());
    let heir = json!({ "name": "Heir", "domains": ["initech.example"] });
    admin.post("/v1/accounts", heir).await.expect(201);

    let trail = admin.get(format!("/v1/activity?object={}", account.id)).await.expect(200);
    assert_eq!(trail["items"][0]["verb"], "accounts.delete", "the trail outlives the account");
}
