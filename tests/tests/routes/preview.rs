//! `?preview=true`: what would happen is told, and nothing happens.

mod covers;
mod states;

use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::member::Role;
use functions::routes::ROUTES;
use serde_json::{Value, json};
use tests::client::Client;
use tests::world::World;

/// The kinds of effects, in their order.
fn kinds(preview: &Value) -> Vec<&str> {
    let effects = preview["effects"].as_array().unwrap();
    effects.iter().map(|effect| effect["kind"].as_str().unwrap()).collect()
}

async fn preview(client: &Client, method: &str, path: &str, body: Value) -> Value {
    let reply = client.send(method, format!("{path}?preview=true"), body).await;
    assert_eq!(reply.header("etag"), "", "nothing was saved: {}", reply.text);
    reply.expect(200)
}

#[tokio::test]
async fn sharing_tells_whom_it_approves_what_it_covers_and_who_is_mailed() {
    let world = World::start().await;
    let acme = &world.acme;
    let contact = world.contact(acme, "ada@example.com", ReviewStatus::ToReview).await;
    let report = world.document(acme, "Report", AccessLevel::Restricted).await.id;
    let request = world.request(acme, &contact, &[report]).await;
    world.tick().await;
    let mails = world.mails().len();

    let admin = world.admin().await;
    let path = format!("/v1/contacts/{}/documents", contact.id);
    let share = json!({ "add": [{ "document_id": report }], "notify": true });
    let told = preview(&admin, "PATCH", &path, share).await;
    assert_eq!(
        told,
        json!({
            "effects": [
                {
                    "kind": "contact_status", "contact_id": contact.id,
                    "from": "to_review", "to": "approved",
                    "says": "Ada Lovelace goes from `to_review` to `approved`.",
                },
                {
                    "kind": "request_status", "request_id": request.id,
                    "from": "to_review", "to": "approved", "automatic": true,
                    "says": "The request of Ada Lovelace becomes `approved`, because everything \
                             it asks for is shared.",
                },
                {
                    "kind": "shared", "contact_id": contact.id, "document_id": report,
                    "expires_at": null,
                    "says": "“Report” is shared with Ada Lovelace.",
                },
                {
                    "kind": "opens", "contact_id": contact.id, "document_id": report,
                    "says": "“Report” opens to Ada Lovelace.",
                },
            ],
            // One link, although the contact is to be notified and the request approved.
            "mails": [{ "purpose": "magic_link", "to": contact.id, "name": "Ada Lovelace" }],
            "hidden": 0,
            "complete": true,
        })
    );

    // Nothing of it happened.
    world.tick().await;
    let folder = world.store_of(acme).folder(contact.id).await.unwrap().unwrap();
    assert_eq!((folder.grants.len(), folder.contact.version), (0, 1));
    assert_eq!(folder.requests[0].version, 1);
    assert_eq!(world.mails().len(), mails);
}

#[tokio::test]
async fn a_preview_neither_uses_nor_keeps_an_idempotency_key() {
    let world = World::start().await;
    let contact = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await;
    let (admin, path) = (world.admin().await, format!("/v1/contacts/{}", contact.id));
    let suspend = format!("{path}/suspend");
    for _ in 0..2 {
        let told = admin.post(format!("{suspend}?preview=true"), json!({})).key("k").await;
        assert_eq!(kinds(&told.expect(200)), ["contact_status", "signed_out"]);
    }
    let done = admin.post(&suspend, json!({})).key("k").await.expect(200);
    assert_eq!(done["status"], "cancelled");
    // A second click would do nothing, and says so.
    let told = preview(&admin, "POST", &suspend, json!({})).await;
    assert_eq!(told, json!({ "effects": [], "mails": [], "hidden": 0, "complete": true }));
}

#[tokio::test]
async fn deleting_a_document_tells_who_loses_it_and_which_requests_it_leaves() {
    let world = World::start().await;
    let acme = &world.acme;
    let report = world.document(acme, "Report", AccessLevel::Restricted).await.id;
    let reader = world.contact(acme, "ada@example.com", ReviewStatus::Approved).await;
    world.grant(acme, reader.id, report).await;
    let asker = world.contact(acme, "bob@example.com", ReviewStatus::Approved).await;
    world.request(acme, &asker, &[report]).await;
    let told =
        preview(&world.admin().await, "DELETE", &format!("/v1/documents/{report}"), json!({}))
            .await;
    let mut kinds = kinds(&told);
    kinds.sort_unstable();
    assert_eq!(kinds, ["closes", "document_deleted", "request_status", "unshared"]);
    let withdrawn = told["effects"].to_string();
    assert!(withdrawn.contains("withdrawn"), "{withdrawn}");
    assert_eq!(told["mails"], json!([]));
}

#[tokio::test]
async fn approving_an_account_tells_what_opens_to_its_people() {
    let world = World::start().await;
    let acme = &world.acme;
    let account = world.account(acme, "globex.example", ReviewStatus::ToReview).await;
    let contact =
        world.contact_of(acme, "ada@globex.example", ReviewStatus::Approved, Some(&account)).await;
    let report = world.document(acme, "Report", AccessLevel::Restricted).await.id;
    let archived =
        world.contact_of(acme, "eve@globex.example", ReviewStatus::Approved, Some(&account)).await;
    for one in [&contact, &archived] {
        world.grant(acme, one.id, report).await;
    }
    let archive = format!("/v1/contacts/{}/archive", archived.id);
    world.admin().await.post(archive, json!({})).await.expect(200);
    let path = format!("/v1/accounts/{}?preview=true", account.id);
    let approve = json!({ "status": "approved" });
    let told = world.admin().await.patch(path, approve).if_match(1).await.expect(200);
    assert_eq!(kinds(&told), ["account_status", "opens", "opens"], "archived or not");
}

#[tokio::test]
async fn a_refusal_is_the_same_and_what_cannot_be_previewed_says_so() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@example.com", ReviewStatus::Cancelled).await;
    let paper = world.paper(&world.acme, "Report").await;
    let path = format!("/v1/contacts/{}/documents", contact.id);
    let share = json!({ "add": [{ "document_id": paper }] });
    let real = admin.patch(&path, share.clone()).await;
    let told = admin.patch(format!("{path}?preview=true"), share).await;
    assert_eq!((real.shown(), told.problem(409)), (told.shown(), "wrong-state"));

    let bad = admin.post(format!("{path}?preview=perhaps"), json!({})).await;
    assert_eq!((bad.problem(400), bad.pointers()), ("bad-input", vec!["preview"]));
    let read = admin.get(format!("{path}?preview=true")).await;
    assert_eq!((read.problem(400), read.pointers()), ("bad-input", vec!["preview"]));
    // Signing in is done, or not.
    let input = json!({ "email": "ada@example.com", "password": "seventeen purple walruses" });
    let sessions = world.visitor().post("/v1/sessions?preview=true", input).await;
    assert_eq!((sessions.problem(400), sessions.pointers()), ("bad-input", vec!["preview"]));
    let off = admin.post(
        format!("/v1/contacts/{}/unsuspend?preview=false", contact.id),
        json!({
            "status": "approved", "keep_grants": true,
        }),
    );
    assert_eq!(off.await.expect(200)["status"], "approved");
}

#[tokio::test]
async fn every_route_that_opens_closes_or_mails_previews() {
    use app::exchange::cx::Previews;

    let previewing: Vec<_> = ROUTES
        .iter()
        .filter(|route| route.previews == Previews::Yes)
        .map(|route| route.name)
        .collect();
    for name in [
        "contacts.share",
        "contacts.update",
        "contacts.delete",
        "contacts.suspend",
        "contacts.unsuspend",
        "contacts.magic_link",
        "accounts.update",
        "documents.update",
        "documents.delete",
        "files.delete",
        "grants.extend",
        "mails.resend",
        "requests.approve",
        "requests.reject",
        "requests.decide",
        "requests.ask",
        "nda_versions.create",
        "tenant.update",
    ] {
        assert!(previewing.contains(&name), "{name}");
    }
}

#[tokio::test]
async fn a_preview_shows_nobody_more_than_the_things_themselves_would() {
    let world = World::start().await;
    let acme = &world.acme;
    let seat = world.seat(acme.id(), Role::Representative).await;
    let representative = world.client_of(acme.id(), &seat).await;
    let mine = world.document_by(acme, &seat, "Mine", AccessLevel::Restricted).await.id;
    let theirs = world.document(acme, "Takeover plan", AccessLevel::Restricted).await.id;

    // Somebody else's contact asks for the representative's document, and another one reads it.
    let asker = world.contact(acme, "bob@example.com", ReviewStatus::Approved).await;
    world.request(acme, &asker, &[mine]).await;
    let reader = world.contact(acme, "eve@example.com", ReviewStatus::Approved).await;
    world.grant(acme, reader.id, mine).await;
    let path = format!("/v1/documents/{mine}");
    let told = preview(&representative, "DELETE", &path, json!({})).await;
    let mut seen = kinds(&told);
    seen.sort_unstable();
    assert_eq!(seen, ["closes", "document_deleted", "unshared"], "requests are for reviewers");
    assert!(!told.to_string().contains(&asker.id.to_string()), "{told}");
    assert_eq!(told["hidden"], 1);

    // The representative's own contact reads somebody else's document.
    let own = json!({ "email": "ann@example.com", "first_name": "Ann", "last_name": "Lee" });
    let own = representative.post("/v1/contacts", own).await.expect(201);
    let id = own["id"].as_str().unwrap().parse().unwrap();
    world.grant(acme, id, theirs).await;
    let path = format!("/v1/contacts/{id}");
    let told = preview(&representative, "DELETE", &path, json!({})).await;
    assert!(!told.to_string().contains("Takeover"), "{told}");
    assert_eq!((kinds(&told), &told["hidden"]), (vec!["contact_deleted", "signed_out"], &json!(1)));
    let told = preview(&world.admin().await, "DELETE", &path, json!({})).await;
    assert!(told.to_string().contains("Takeover"), "{told}");
    assert_eq!(told["hidden"], 0);
}

#[tokio::test]
async fn an_end_is_told_as_it_was_meant() {
    let world = World::start().await;
    let contact = world.contact(&world.acme, "ada@example.com", ReviewStatus::Approved).await;
    let report = world.document(&world.acme, "Report", AccessLevel::Restricted).await.id;
    let (admin, path) = (world.admin().await, format!("/v1/contacts/{}/documents", contact.id));
    for (when, words) in [
        ("2090-03-31", "until the end of 31 March 2090 (Sydney)"),
        ("2090-03-31T01:30:00Z", "until 31 March 2090, 12:30 (Sydney)"),
    ] {
        let add = json!({ "document_id": report, "expires_at": when, "zone": "Australia/Sydney" });
        let told = preview(&admin, "PATCH", &path, json!({ "add": [add] })).await;
        assert!(told["effects"][0]["says"].as_str().unwrap().contains(words), "{told}");
    }
}
