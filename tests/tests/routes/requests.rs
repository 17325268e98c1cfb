//! `/v1/requests`.

mod deciding;
mod mailed;

use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::member::Role;
use serde_json::{Value, json};
use tests::client::{Client, id_of};
use tests::world::World;

/// The trust page's way to ask.
pub(super) const ASK: &str = "/v1/trust/acme/requests";
/// Who asks.
pub(super) const MAYA: &str = "maya@globex.example";

/// What Maya sends to ask for `documents`.
pub(super) fn maya(documents: &[String]) -> Value {
    json!({
        "email": MAYA,
        "first_name": "Maya",
        "last_name": "Lindqvist",
        "company": "Globex",
        "job_title": "Security analyst",
        "reason": "We renew our vendor file.",
        "document_ids": documents,
    })
}

/// `count` restricted documents on acme's trust page.
pub(super) async fn papers(world: &World, count: usize) -> Vec<String> {
    let mut papers = Vec::new();
    for number in 1..=count {
        let title = format!("Paper {number}");
        let document = world.document(&world.acme, &title, AccessLevel::Restricted).await;
        papers.push(document.id.to_string());
    }
    papers
}

/// Maya asks for `documents`, and the mail that says so has arrived; answers the request's path.
pub(super) async fn asked(world: &World, admin: &Client, documents: &[String]) -> String {
    let reply = world.visitor().post(ASK, maya(documents)).await;
    assert_eq!((reply.status, reply.text.as_str()), (202, ""));
    world.tick().await;
    let queue = admin.get("/v1/requests").await.expect(200);
    format!("/v1/requests/{}", id_of(&queue["items"][0]))
}

/// Where the request at `path` stands: its status, how many documents are shared, of how many.
pub(super) async fn stand(client: &Client, path: &str) -> (String, u64, u64) {
    let seen = client.get(path).await.expect(200);
    let number = |name: &str| seen[name].as_u64().unwrap();
    (seen["status"].as_str().unwrap().to_owned(), number("shared"), number("total"))
}

pub(super) fn at(status: &str, shared: u64, total: u64) -> (String, u64, u64) {
    (status.to_owned(), shared, total)
}

#[tokio::test]
async fn a_request_is_read_with_all_that_is_needed_to_decide_it() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 3).await;
    let path = asked(&world, &admin, &papers).await;

    let seen = admin.get(&path).await;
    assert_eq!((seen.status, seen.version()), (200, 1));
    let seen = seen.body;
    assert_eq!((&seen["status"], &seen["automatic"]), (&json!("to_review"), &json!(false)));
    assert_eq!(seen["contact"]["name"], "Maya Lindqvist");
    assert_eq!(
        (&seen["contact"]["email"], &seen["contact"]["status"]),
        (&json!(MAYA), &json!("to_review"))
    );
    assert_eq!(seen["contact"]["account_name"], "Globex");
    assert_eq!(
        (&seen["company"], &seen["job_title"]),
        (&json!("Globex"), &json!("Security analyst"))
    );
    assert_eq!((&seen["shared"], &seen["total"]), (&json!(0), &json!(3)));
    assert_eq!(
        seen["items"][0],
        json!({ "document_id": papers[0], "title": "Paper 1", "access_level": "restricted", "state": "open" })
    );
    assert_eq!(seen["timeline"][0]["what"], "created");
    assert_eq!((&seen["questions"], &seen["history"]), (&json!([]), &json!([])));

    // A repeat request is accepted and shows the history.
    world.visitor().post(ASK, maya(&papers[..1])).await.expect(202);
    let again = admin.get("/v1/requests?limit=1").await.expect(200);
    let again = admin.get(format!("/v1/requests/{}", id_of(&again["items"][0]))).await.expect(200);
    assert_eq!(
        (&again["history"][0]["id"], &again["history"][0]["status"]),
        (&seen["id"], &json!("to_review"))
    );
    assert_eq!(again["contact"]["id"], seen["contact"]["id"]);
}

#[tokio::test]
async fn the_queue_pages_filters_and_sorts() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 1).await;
    let first = asked(&world, &admin, &papers).await;
    let second = asked(&world, &admin, &papers).await;
    let ids = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|item| format!("/v1/requests/{}", id_of(item))).collect()
    };
    let newest = admin.get("/v1/requests?limit=1").await.expect(200);
    assert_eq!(ids(&newest), std::slice::from_ref(&second));
    assert_eq!(
        (&newest["items"][0]["company"], &newest["items"][0]["total"]),
        (&json!("Globex"), &json!(1))
    );
    let rest = format!("/v1/requests?cursor={}", newest["next"].as_str().unwrap());
    assert_eq!(ids(&admin.get(rest).await.expect(200)), std::slice::from_ref(&first));
    let oldest = admin.get("/v1/requests?sort=created").await.expect(200);
    assert_eq!(ids(&oldest), [first.clone(), second.clone()]);

    admin.post(format!("{first}/start-review"), json!({})).await.expect(200);
    world.tick().await;
    let looked_at = admin.get("/v1/requests?status=in_review").await.expect(200);
    assert_eq!(ids(&looked_at), [first]);
    assert_eq!(ids(&admin.get("/v1/requests?status=to_review").await.expect(200)), [second]);
    assert_eq!(admin.get("/v1/requests?status=new").await.pointers(), ["status"]);
    assert_eq!(admin.get("/v1/requests?sort=activity").await.pointers(), ["sort"]);
}

#[tokio::test]
async fn only_reviewers_see_requests_and_another_company_sees_none() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 1).await;
    let path = asked(&world, &admin, &papers).await;
    let globex = world.company("globex").await;
    let stranger = world.admin_of(&globex).await;
    let absent = stranger.get("/v1/requests/req_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9").await.shown();
    let deeds = [
        ("start-review", json!({})),
        ("ask", json!({ "question": "Why?" })),
        ("approve", json!({})),
        ("reject", json!({})),
        ("decide", json!({ "decline": papers })),
    ];
    for client in
        [stranger, world.member(Role::Representative).await, world.member(Role::Member).await]
    {
        assert_eq!(client.get(&path).await.shown(), absent);
        for (deed, body) in &deeds {
            assert_eq!(
                client.post(format!("{path}/{deed}"), body.clone()).await.shown(),
                absent,
                "{deed}"
            );
        }
    }
    assert_eq!(
        world.member(Role::Member).await.get("/v1/requests").await.problem(403),
        "forbidden"
    );
    assert_eq!(world.visitor().get(&path).await.problem(401), "sign-in");
    assert_eq!(stand(&admin, &path).await, at("to_review", 0, 1));
    let manager = world.member(Role::AccountManager).await;
    manager.post(format!("{path}/approve"), json!({})).await.expect(200);
    assert_eq!(stand(&admin, &path).await, at("approved", 1, 1));
}

#[tokio::test]
async fn a_review_starts_once() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 1).await;
    let path = asked(&world, &admin, &papers).await;
    let started = admin.post(format!("{path}/start-review"), json!({})).key("k").await;
    assert_eq!((started.status, started.version()), (200, 2));
    assert_eq!(started.body["status"], "in_review");
    let by = world.acme.administrator.id.to_string();
    assert_eq!(
        (&started.body["timeline"][1]["what"], &started.body["timeline"][1]["by"]),
        (&json!("started_review"), &json!(by))
    );
    // The same act again is the same answer, another one a refusal.
    let again = admin.post(format!("{path}/start-review"), json!({})).key("k").await;
    assert_eq!((again.status, &again.body), (200, &started.body));
    assert_eq!(
        admin.post(format!("{path}/start-review"), json!({})).await.problem(409),
        "wrong-state"
    );
    assert_eq!(
        admin.post(format!("{path}/start-review"), json!({ "x": 1 })).await.pointers(),
        ["/x"]
    );
    world.tick().await;
    assert_eq!(world.mails_to(MAYA).len(), 1, "only that the request was received");
}

#[tokio::test]
async fn two_of_three_leave_it_open_and_the_third_approves_it_once() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 3).await;
    let path = asked(&world, &admin, &papers).await;

    let decision = json!({ "share": &papers[..2], "decline": [] });
    let decided = admin.post(format!("{path}/decide"), decision).await.expect(200);
    assert_eq!((&decided["status"], &decided["shared"]), (&json!("in_review"), &json!(2)));
    assert_eq!(decided["contact"]["status"], "approved", "sharing approves the contact");
    let account = format!("/v1/accounts/{}", decided["contact"]["account_id"].as_str().unwrap());
    assert_eq!(admin.get(account).await.expect(200)["status"], "approved", "and the account");
    world.tick().await;
    assert_eq!(stand(&admin, &path).await, at("in_review", 2, 3));
    assert_eq!(world.mails_to(MAYA).len(), 1, "nothing but that it was received");

    // The third is shared on the contact's own page.
    let contact = decided["contact"]["id"].as_str().unwrap();
    let share = json!({ "add": [{ "document_id": papers[2] }] });
    admin.patch(format!("/v1/contacts/{contact}/documents"), share).await.expect(200);
    for _ in 0..3 {
        world.tick().await;
    }
    let seen = admin.get(&path).await.expect(200);
    assert_eq!((&seen["status"], &seen["automatic"]), (&json!("approved"), &json!(true)));
    let last = seen["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["what"], &last["automatic"]), (&json!("approved"), &json!(true)));
    assert_eq!(stand(&admin, &path).await, at("approved", 3, 3));
    let mails = world.mails_to(MAYA);
    assert_eq!(mails.len(), 2, "one magic link");
    let _ = tests::world::token_in(&mails[1], "/p/acme");
}

#[tokio::test]
async fn an_open_item_that_is_shared_counts_as_shared_before_the_gate_opens() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, MAYA, ReviewStatus::ToReview).await;
    let document = world.document(&world.acme, "SOC 2", AccessLevel::Restricted).await.id;
    let other = world.document(&world.acme, "Plan", AccessLevel::Nda).await.id;
    world.grant(&world.acme, contact.id, document).await;
    let path = asked(&world, &admin, &[document.to_string(), other.to_string()]).await;
    assert_eq!(stand(&admin, &path).await, at("to_review", 1, 2));
    let states = admin.get(&path).await.expect(200)["items"].clone();
    assert_eq!((&states[0]["state"], &states[1]["state"]), (&json!("shared"), &json!("open")));
}
