//! Approving, rejecting, and both at once.

use std::future::IntoFuture;

use domain::activity::{Detail, Object};
use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::id::{ContactId, RequestId};
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::activities::Home;
use tests::client::Client;
use tests::world::{World, token_in};

use super::{ASK, MAYA, asked, at, maya, papers, stand};

/// What `contact` may read: document, rights and end of each share.
async fn shares(admin: &Client, contact: &Value) -> Vec<Value> {
    let path = format!("/v1/contacts/{}/documents", contact.as_str().unwrap());
    let seen = admin.get(path).await.expect(200);
    let items = seen["items"].as_array().unwrap().iter();
    items.filter(|item| !item["shared"].is_null()).cloned().collect()
}

#[tokio::test]
async fn approving_shares_everything_open_and_mails_one_link() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 3).await;
    let path = asked(&world, &admin, &papers).await;
    let approved = admin.post(format!("{path}/approve"), json!({})).key("k").await;
    assert_eq!((approved.status, approved.version()), (200, 2));
    assert_eq!(
        (&approved.body["status"], &approved.body["automatic"]),
        (&json!("approved"), &json!(false))
    );
    assert_eq!((&approved.body["shared"], &approved.body["total"]), (&json!(3), &json!(3)));
    let again = admin.post(format!("{path}/approve"), json!({})).key("k").await;
    assert_eq!((again.status, &again.body), (200, &approved.body));
    for _ in 0..2 {
        world.tick().await;
    }
    let mails = world.mails_to(MAYA);
    assert_eq!(mails.len(), 2);
    let _ = token_in(&mails[1], "/p/acme");
    assert_eq!(shares(&admin, &approved.body["contact"]["id"]).await.len(), 3);
    // It has ended: nothing more is decided.
    let refused = admin.post(format!("{path}/reject"), json!({ "notify": true })).await;
    assert_eq!(refused.problem(409), "wrong-state");
    let refused = admin.post(format!("{path}/approve"), json!({})).await;
    assert_eq!(refused.problem(409), "wrong-state");
    world.tick().await;
    assert_eq!(world.mails_to(MAYA).len(), 2);
}

#[tokio::test]
async fn a_decision_is_one_line_of_the_requests_trail_and_a_line_for_each_grant() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 2).await;
    let path = asked(&world, &admin, &papers).await;
    let decision = json!({ "share": [papers[0]], "decline": [papers[1]] });
    let decided = admin.post(format!("{path}/decide"), decision).await.expect(200);
    let request: RequestId = decided["id"].as_str().unwrap().parse().unwrap();
    let contact: ContactId = decided["contact"]["id"].as_str().unwrap().parse().unwrap();
    let store = world.store_of(&world.acme);
    let lines = store.activities_at(Home::Contact(contact), None, 100).await.unwrap();
    let of = |object: Object| -> Vec<(u64, String)> {
        let mut lines: Vec<_> = lines.iter().filter(|line| line.object == object).collect();
        lines.sort_by_key(|line| line.seq);
        lines.into_iter().map(|line| (line.seq, line.verb.clone())).collect()
    };
    let told = |seq, verb: &str| (seq, verb.to_owned());
    assert_eq!(of(request.into()), [told(1, "trust.request"), told(2, "requests.decide")]);
    assert_eq!(of(contact.into()), [told(1, "trust.request"), told(2, "requests.decide")]);
    let grants = lines.iter().filter(|line| matches!(line.object, Object::Grant(_)));
    assert_eq!(grants.count(), 1);
    let line = lines.iter().find(|line| line.object == request.into() && line.seq == 2).unwrap();
    let detail = json!({ "status": ["to_review", "approved"], "shared": [papers[0]], "declined": [papers[1]] });
    assert_eq!(line.detail, Detail::Plain(detail));
    // What the visitor typed is sealed.
    let line = lines.iter().find(|line| line.object == request.into() && line.seq == 1).unwrap();
    assert!(matches!(line.detail, Detail::Sealed { .. }), "{line:?}");
}

#[tokio::test]
async fn a_mistaken_decision_is_named_by_its_place_and_changes_nothing() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 2).await;
    let stranger = world.document(&world.acme, "Other", AccessLevel::Restricted).await.id;
    let path = asked(&world, &admin, &papers).await;
    let past = world.now() - SignedDuration::from_secs(1);
    let (a, b) = (&papers[0], &papers[1]);
    let cases = [
        ("decide", json!({}), ""),
        ("decide", json!({ "share": [a], "decline": [a] }), "/decline/0"),
        ("decide", json!({ "share": [a, a] }), "/share/1"),
        ("decide", json!({ "decline": [b, a, b] }), "/decline/2"),
        ("decide", json!({ "share": [a, stranger] }), "/share/1"),
        ("decide", json!({ "share": ["doc_x"] }), "/share/0"),
        (
            "decide",
            json!({ "share": [{ "document_id": a, "rights": ["view"] }] }),
            "/share/0/rights",
        ),
        (
            "decide",
            json!({ "share": [{ "document_id": a, "expires_at": past }] }),
            "/share/0/expires_at",
        ),
        ("decide", json!({ "share": [{ "document_id": a, "for": "ever" }] }), "/share/0"),
        ("approve", json!({ "rights": ["view"] }), "/rights"),
        ("approve", json!({ "rights": ["download"] }), "/rights"),
        ("approve", json!({ "expires_at": past }), "/expires_at"),
        ("approve", json!({ "document_ids": [stranger] }), "/document_ids/0"),
        ("approve", json!({ "document_ids": [] }), ""),
        ("approve", json!({ "notify": true }), "/notify"),
        ("reject", json!({ "document_ids": [b, stranger] }), "/document_ids/1"),
        ("ask", json!({ "question": " " }), "/question"),
        ("ask", json!({}), "/question"),
    ];
    for (deed, body, pointer) in cases {
        let reply = admin.post(format!("{path}/{deed}"), body.clone()).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec![pointer]), "{body}");
    }
    world.tick().await;
    assert_eq!(stand(&admin, &path).await, at("to_review", 0, 2));
    assert_eq!(admin.get(&path).await.version(), 1);
    assert_eq!(world.mails_to(MAYA).len(), 1);
}

#[tokio::test]
async fn a_rejection_mails_nobody_unless_it_is_ticked() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 2).await;
    for (body, mails) in [(json!({}), 1), (json!({ "notify": true }), 3)] {
        let path = asked(&world, &admin, &papers).await;
        let rejected = admin.post(format!("{path}/reject"), body).await.expect(200);
        assert_eq!((&rejected["status"], &rejected["shared"]), (&json!("rejected"), &json!(0)));
        assert_eq!(rejected["contact"]["status"], "to_review", "declining reviews nobody");
        for _ in 0..2 {
            world.tick().await;
        }
        assert_eq!(world.mails_to(MAYA).len(), mails);
    }
    assert!(!world.last_mail(MAYA).text.contains("Maya"), "nobody has proved the address");
    // Ticked, but something is shared: the link says it all.
    let path = asked(&world, &admin, &papers).await;
    let before = world.mails_to(MAYA).len();
    let decision = json!({ "share": [papers[0]], "decline": [papers[1]], "notify": true });
    admin.post(format!("{path}/decide"), decision).await.expect(200);
    world.tick().await;
    assert_eq!(world.mails_to(MAYA).len(), before + 1);
    let _ = token_in(&world.last_mail(MAYA), "/p/acme");
}

#[tokio::test]
async fn declining_the_rest_of_what_is_shared_already_approves_the_request() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 3).await;
    let path = asked(&world, &admin, &papers).await;
    admin.post(format!("{path}/approve"), json!({ "document_ids": [papers[0]] })).await.expect(200);
    assert_eq!(stand(&admin, &path).await, at("in_review", 1, 3));
    admin.post(format!("{path}/reject"), json!({ "document_ids": [papers[1]] })).await.expect(200);
    assert_eq!(stand(&admin, &path).await, at("in_review", 1, 3));
    let ended = admin.post(format!("{path}/reject"), json!({ "notify": true })).await.expect(200);
    assert_eq!((&ended["status"], &ended["automatic"]), (&json!("approved"), &json!(false)));
    world.tick().await;
    assert_eq!(world.mails_to(MAYA).len(), 2, "one magic link, no rejection");
}

#[tokio::test]
async fn shares_carry_an_end_and_keep_the_one_they_have() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 2).await;
    let path = asked(&world, &admin, &papers).await;
    let end = world.now() + SignedDuration::from_hours(24);
    let share =
        json!([{ "document_id": papers[0], "rights": ["download", "view"], "expires_at": end }]);
    let decided = admin.post(format!("{path}/decide"), json!({ "share": share })).await.expect(200);
    let contact = &decided["contact"]["id"];
    let given = shares(&admin, contact).await;
    assert_eq!(given[0]["shared"]["expires_at"], json!(end));
    assert_eq!(given[0]["shared"]["rights"], json!(["view", "download"]));

    // Approving another request for the same document does not make it last for good.
    let again = asked(&world, &admin, &papers).await;
    admin.post(format!("{again}/approve"), json!({})).await.expect(200);
    let given = shares(&admin, contact).await;
    let of =
        |paper: &String| given.iter().find(|item| item["document_id"] == json!(paper)).unwrap();
    assert_eq!(of(&papers[0])["shared"]["expires_at"], json!(end));
    assert_eq!(of(&papers[0])["shared"]["version"], 1);
    assert_eq!(of(&papers[1])["shared"]["expires_at"], Value::Null);
    // It covered the first request too.
    assert_eq!(stand(&admin, &path).await, at("approved", 2, 2));
}

#[tokio::test]
async fn nothing_revives_a_cancelled_contact_or_account() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 2).await;
    let account = world.account(&world.acme, "globex.example", ReviewStatus::Cancelled).await;
    let path = asked(&world, &admin, &papers).await;
    let refused = admin.post(format!("{path}/approve"), json!({})).await;
    assert_eq!(refused.problem(409), "wrong-state");
    let seen = admin.get(&path).await.expect(200);
    assert_eq!(
        (&seen["contact"]["status"], &seen["status"]),
        (&json!("to_review"), &json!("to_review"))
    );
    assert_eq!(seen["contact"]["account_id"], json!(account.id));

    let contact = seen["contact"]["id"].as_str().unwrap();
    admin.post(format!("/v1/contacts/{contact}/suspend"), json!({})).await.expect(200);
    assert_eq!(admin.post(format!("{path}/approve"), json!({})).await.problem(409), "wrong-state");
    let decision = json!({ "share": [papers[0]], "decline": [papers[1]] });
    assert_eq!(admin.post(format!("{path}/decide"), decision).await.problem(409), "wrong-state");
    // A question is noted; a rejection is possible; neither mails.
    let asked = admin.post(format!("{path}/ask"), json!({ "question": "Why?" })).await.expect(200);
    assert_eq!(asked["status"], "info_needed");
    admin.post(format!("{path}/reject"), json!({ "notify": true })).await.expect(200);
    world.tick().await;
    assert_eq!(world.mails(), Vec::new());
    assert!(shares(&admin, &json!(contact)).await.is_empty());
    assert_eq!(admin.get(&path).await.expect(200)["contact"]["status"], "cancelled");
}

#[tokio::test]
async fn fifty_documents_are_approved_as_one() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 50).await;
    let path = asked(&world, &admin, &papers).await;
    let approved = admin.post(format!("{path}/approve"), json!({})).await.expect(200);
    assert_eq!((&approved["status"], &approved["shared"]), (&json!("approved"), &json!(50)));
    for _ in 0..2 {
        world.tick().await;
    }
    assert_eq!(shares(&admin, &approved["contact"]["id"]).await.len(), 50);
    assert_eq!(stand(&admin, &path).await, at("approved", 50, 50));
    assert_eq!(world.mails_to(MAYA).len(), 2);
}

#[tokio::test]
async fn many_reviewers_who_approve_at_once_approve_it_once() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 3).await;
    let path = asked(&world, &admin, &papers).await;
    let one = || admin.post(format!("{path}/decide"), json!({ "share": papers })).into_future();
    let (a, b, c, d) = tokio::join!(one(), one(), one(), one());
    let statuses = [a.status, b.status, c.status, d.status];
    assert!(statuses.contains(&200), "{statuses:?}");
    // Whoever comes late either finds what was wanted or that the request has ended.
    assert!(statuses.iter().all(|status| [200, 409].contains(status)), "{statuses:?}");
    for _ in 0..2 {
        world.tick().await;
    }
    let seen = admin.get(&path).await;
    assert_eq!((&seen.body["status"], seen.version()), (&json!("approved"), 2));
    assert_eq!(world.mails_to(MAYA).len(), 2);
}

#[tokio::test]
async fn approving_what_was_approved_meanwhile_by_coverage_is_a_success() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 2).await;
    let path = asked(&world, &admin, &papers).await;
    let contact = admin.get(&path).await.expect(200)["contact"]["id"].clone();
    let add = json!([{ "document_id": papers[0] }, { "document_id": papers[1] }]);
    let documents = format!("/v1/contacts/{}/documents", contact.as_str().unwrap());
    admin.patch(&documents, json!({ "add": add })).await.expect(200);
    assert_eq!(stand(&admin, &path).await, at("approved", 2, 2));

    for body in [json!({}), json!({ "document_ids": [papers[1]] })] {
        let approved = admin.post(format!("{path}/approve"), body).await.expect(200);
        assert_eq!(
            (&approved["status"], &approved["automatic"]),
            (&json!("approved"), &json!(true))
        );
    }
    // Other terms, or a decline, are not what happened.
    let end = world.now() + SignedDuration::from_hours(1);
    let other = admin.post(format!("{path}/approve"), json!({ "expires_at": end })).await;
    assert_eq!(other.problem(409), "wrong-state");
    let other = admin.post(format!("{path}/reject"), json!({})).await;
    assert_eq!(other.problem(409), "wrong-state");
    world.tick().await;
    assert_eq!((admin.get(&path).await.version(), world.mails_to(MAYA).len()), (2, 2));
}

#[tokio::test]
async fn approving_one_request_covers_the_others_that_ask_for_the_same() {
    let world = World::start().await;
    let admin = world.admin().await;
    let papers = papers(&world, 2).await;
    let first = asked(&world, &admin, &papers[..1]).await;
    world.visitor().post(ASK, maya(&papers)).await.expect(202);
    let both = admin.get("/v1/requests?limit=1").await.expect(200);
    let second = format!("/v1/requests/{}", tests::client::id_of(&both["items"][0]));
    admin.post(format!("{second}/approve"), json!({})).await.expect(200);
    assert_eq!(stand(&admin, &first).await, at("approved", 1, 1));
    assert_eq!(admin.get(&first).await.expect(200)["automatic"], true);
    assert_eq!(admin.get(&second).await.expect(200)["automatic"], false);
}
