//! `/v1/mails`.

use domain::contact::ReviewStatus;
use domain::member::Role;
use serde_json::json;
use tests::client::id_of;
use tests::world::{World, token_in};

#[tokio::test]
async fn a_link_that_was_used_is_mailed_again_with_another() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await;
    let send = format!("/v1/contacts/{}/magic-link", contact.id);
    admin.post(send, json!({})).await.expect(202);
    world.tick().await;
    let list = format!("/v1/mails?object={}", contact.id);
    let first = admin.get(&list).await.expect(200)["items"][0].clone();
    let used = token_in(&world.last_mail("ada@example.com"), "/p/acme");
    let open = json!({ "token": used, "device_nonce": "A".repeat(43) });
    world.visitor().post("/v1/portal/open", open).await.expect(200);

    let resend = format!("/v1/mails/{}/resend", id_of(&first));
    let again = admin.post(&resend, json!({})).key("again").await.expect(201);
    assert_eq!(admin.post(&resend, json!({})).key("again").await.expect(201), again);
    // Without the key, the second click sends nothing more.
    assert_eq!(admin.post(&resend, json!({})).await.problem(409), "wrong-state");
    world.tick().await;
    assert_eq!(world.mails_to("ada@example.com").len(), 2);
    let fresh = token_in(&world.last_mail("ada@example.com"), "/p/acme");
    let open = json!({ "token": fresh, "device_nonce": "A".repeat(43) });
    world.visitor().post("/v1/portal/open", open).await.expect(200);

    let mails = admin.get(&list).await.expect(200);
    let rounds: Vec<_> = mails["items"].as_array().unwrap().iter().map(|m| &m["round"]).collect();
    assert_eq!(rounds, [&json!(1), &json!(0)], "newest first");
    let trail = admin.get(format!("/v1/activity?object={}", contact.id)).await.expect(200);
    let verbs: Vec<_> = trail["items"].as_array().unwrap().iter().map(|l| &l["verb"]).collect();
    assert!(verbs.contains(&&json!("mails.resend")), "{verbs:?}");
}

#[tokio::test]
async fn what_is_on_its_way_is_not_sent_twice() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await;
    admin.post(format!("/v1/contacts/{}/magic-link", contact.id), json!({})).await.expect(202);
    let mails = admin.get(format!("/v1/mails?object={}", contact.id)).await.expect(200);
    let owed = &mails["items"][0];
    assert_eq!((&owed["state"], &owed["resendable"]), (&json!("queued"), &json!(false)));
    let reply = admin.post(format!("/v1/mails/{}/resend", id_of(owed)), json!({})).await;
    assert_eq!(reply.problem(409), "wrong-state");
}

#[tokio::test]
async fn a_request_lists_the_mails_it_caused_and_no_others() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await;
    admin.post(format!("/v1/contacts/{}/magic-link", contact.id), json!({})).await.expect(202);
    let paper = world.paper(&world.acme, "Report").await;
    let request = world.request(&world.acme, &contact, &[paper]).await;
    let path = format!("/v1/requests/{}", request.id);
    admin.post(format!("{path}/ask"), json!({ "question": "Why?" })).await.expect(200);
    admin.post(format!("{path}/approve"), json!({})).await.expect(200);
    world.tick().await;
    let mails = admin.get(format!("/v1/mails?object={}", request.id)).await.expect(200);
    let purposes: Vec<_> =
        mails["items"].as_array().unwrap().iter().map(|mail| &mail["purpose"]).collect();
    assert_eq!(purposes, [&json!("magic_link"), &json!("question")]);
    // Answered by being approved, the question had nothing to say any more.
    assert_eq!(mails["items"][1]["state"], "moot");
    let all = admin.get(format!("/v1/mails?object={}", contact.id)).await.expect(200);
    assert_eq!(all["items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn reviewers_are_mailed_about_a_request_once_and_others_are_not() {
    let world = World::start().await;
    let manager = world.seat(world.acme.id(), Role::AccountManager).await;
    let member = world.seat(world.acme.id(), Role::Member).await;
    let contact = world.contact(&world.acme, "ada@example.com", ReviewStatus::ToReview).await;
    let paper = world.paper(&world.acme, "Report").await;
    world.request(&world.acme, &contact, &[paper]).await;
    world.tick().await;
    world.tick().await;
    for reviewer in [&world.acme.administrator, &manager] {
        let mails = world.mails_to(reviewer.email.as_str());
        assert_eq!(mails.len(), 1);
        assert!(mails[0].text.contains("Report"), "{}", mails[0].text);
    }
    assert!(world.mails_to(member.email.as_str()).is_empty());
    let admin = world.admin().await;
    let mails = admin.get(format!("/v1/mails?object={}", manager.id)).await.expect(200);
    assert_eq!(mails["items"][0]["purpose"], "request_arrived");

    let mail = mails["items"][0]["id"].as_str().unwrap();
    admin.post(format!("/v1/mails/{mail}/resend"), json!({})).await.expect(201);
    world.tick().await;
    assert_eq!(world.mails_to(manager.email.as_str()).len(), 2, "sent again, to them alone");
    assert_eq!(world.mails_to(world.acme.administrator.email.as_str()).len(), 1);
}

#[tokio::test]
async fn a_code_is_listed_nowhere_and_other_objects_have_no_mails() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await;
    let ask = json!({ "slug": "acme", "email": "ada@example.com" });
    world.visitor().post("/v1/portal/code", ask).await.expect(202);
    world.tick().await;
    let mails = admin.get(format!("/v1/mails?object={}", contact.id)).await.expect(200);
    assert_eq!(mails["items"], json!([]));
    let reply = admin.get(format!("/v1/mails?object={}", world.acme.id())).await;
    assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["object"]));
}

#[tokio::test]
async fn a_link_is_mailed_again_only_to_whom_one_would_be_sent() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await;
    let path = format!("/v1/contacts/{}", contact.id);
    admin.post(format!("{path}/magic-link"), json!({})).await.expect(202);
    world.tick().await;
    admin.post(format!("{path}/suspend"), json!({})).await.expect(200);
    let back = json!({ "status": "to_review", "keep_grants": true, "keep_links": true });
    admin.post(format!("{path}/unsuspend"), back).await.expect(200);
    let mails = admin.get(format!("/v1/mails?object={}", contact.id)).await.expect(200);
    let resend = format!("/v1/mails/{}/resend", id_of(&mails["items"][0]));
    assert_eq!(admin.post(resend, json!({})).await.problem(409), "wrong-state");
    assert_eq!(
        admin.post(format!("{path}/magic-link"), json!({})).await.problem(409),
        "wrong-state"
    );
    world.tick().await;
    assert_eq!(world.mails_to("ada@example.com").len(), 1);
}
