//! What somebody asks for and was given before: it is approved once nothing stands in its way any
//! more, as the preview said, and the mail of it goes out.

use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::grant::Grant;
use domain::id::{AccountId, ContactId, DocumentId};
use domain::request::Request;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::client::{Call, Client};
use tests::world::World;

use super::preview;

const EMAIL: &str = "ada@globex.example";

/// Somebody of an account, who has proved nothing yet, asks for what they were given before.
struct Waiting {
    admin: Client,
    account: AccountId,
    contact: ContactId,
    grant: Grant,
    /// Another document.
    plan: DocumentId,
    request: Request,
    world: World,
}

/// What stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Obstacle {
    /// The contact, or its account, is not approved.
    Gate(ReviewStatus, ReviewStatus),
    /// Something else is asked for besides.
    More,
    /// What was given has ended.
    End,
}

impl Waiting {
    async fn behind(obstacle: Obstacle) -> Self {
        let world = World::start().await;
        let acme = &world.acme;
        let (contact, account) = match obstacle {
            Obstacle::Gate(contact, account) => (contact, account),
            _ => (ReviewStatus::Approved, ReviewStatus::Approved),
        };
        let account = world.account(acme, "globex.example", account).await;
        let contact = world.contact_of(acme, EMAIL, contact, Some(&account)).await;
        let report = world.document(acme, "Report", AccessLevel::Restricted).await.id;
        let hour = SignedDuration::from_hours(1);
        let end = (obstacle == Obstacle::End).then(|| world.now() + hour);
        let grant = world.new_grant(acme, contact.id, report, end);
        world.lay_grants(acme, std::slice::from_ref(&grant)).await;
        world.advance(hour);
        world.tick().await;
        let plan = world.document(acme, "Plan", AccessLevel::Restricted).await.id;
        let besides = (obstacle == Obstacle::More).then_some(plan);
        let documents: Vec<_> = [report].into_iter().chain(besides).collect();
        let request = world.request(acme, &contact, &documents).await;
        let (admin, account, contact) = (world.admin().await, account.id, contact.id);
        let grant = world.store_of(acme).grant(contact, report).await.unwrap().unwrap();
        Self { admin, account, contact, grant, plan, request, world }
    }

    /// Previews an act and does it; the request is approved and one mail leaves.
    async fn ends_with(&self, method: &str, path: &str, body: Value, version: Option<u64>) {
        let Self { world, admin, .. } = self;
        world.tick().await;
        let request = format!("/v1/requests/{}", self.request.id);
        let before = admin.get(&request).await.expect(200);
        assert_eq!(before["status"], "to_review", "{path}");
        let mails = world.mails_to(EMAIL).len();
        let call = |query: &str| -> Call {
            let call = admin.send(method, format!("{path}{query}"), body.clone());
            if let Some(version) = version { call.if_match(version) } else { call }
        };
        let told = call("?preview=true").await.expect(200);
        let approval = json!([self.request.id, "approved"]);
        let effects = told["effects"].as_array().unwrap();
        let moved = effects.iter().map(|effect| json!([effect["request_id"], effect["to"]]));
        assert!(moved.clone().any(|moved| moved == approval), "{path}: {told:#}");
        let purposes: Vec<&Value> =
            told["mails"].as_array().unwrap().iter().map(|mail| &mail["purpose"]).collect();
        assert_eq!(purposes, ["magic_link"], "{path}: {told:#}");

        let done = call("").await;
        assert!(done.status < 300, "{path}: {}", done.text);
        // A company's people may be many: what follows for them is the worker's.
        if path.contains("/accounts/") || path.contains("/documents/") {
            world.tick().await;
        }
        let after = admin.get(&request).await.expect(200);
        assert_eq!(after["status"], "approved", "{path}");
        world.tick().await;
        assert_eq!(world.mails_to(EMAIL).len(), mails + 1, "{path}");
    }
}

#[tokio::test]
async fn a_gate_that_opens_approves_what_was_given_behind_it() {
    use ReviewStatus::{Approved, Cancelled, ToReview};

    let waiting = Waiting::behind(Obstacle::Gate(Cancelled, Approved)).await;
    let path = format!("/v1/contacts/{}/unsuspend", waiting.contact);
    let back = json!({ "status": "approved", "keep_grants": true });
    waiting.ends_with("POST", &path, back, None).await;

    let waiting = Waiting::behind(Obstacle::Gate(ToReview, Approved)).await;
    let path = format!("/v1/contacts/{}", waiting.contact);
    waiting.ends_with("PATCH", &path, json!({ "status": "approved" }), Some(1)).await;

    let waiting = Waiting::behind(Obstacle::Gate(ToReview, Approved)).await;
    let path = format!("/v1/contacts/{}/documents", waiting.contact);
    let share = json!({ "add": [{ "document_id": waiting.plan }], "notify": false });
    waiting.ends_with("PATCH", &path, share, None).await;

    let waiting = Waiting::behind(Obstacle::Gate(Approved, ToReview)).await;
    let path = format!("/v1/accounts/{}", waiting.account);
    waiting.ends_with("PATCH", &path, json!({ "status": "approved" }), Some(1)).await;
}

#[tokio::test]
async fn an_extension_approves_what_had_ended() {
    let waiting = Waiting::behind(Obstacle::End).await;
    let path = format!("/v1/grants/{}/extend", waiting.grant.id);
    let body = json!({ "contact_id": waiting.contact, "version": waiting.grant.version });
    waiting.ends_with("POST", &path, body, None).await;
}

#[tokio::test]
async fn once_the_rest_is_decided_what_was_given_before_is_approved() {
    for act in ["approve", "share", "decline", "reject", "delete"] {
        let waiting = Waiting::behind(Obstacle::More).await;
        let (plan, at) = (waiting.plan, format!("/v1/requests/{}", waiting.request.id));
        let (method, path, body) = match act {
            "approve" | "reject" => {
                ("POST", format!("{at}/{act}"), json!({ "document_ids": [plan] }))
            }
            "share" | "decline" => ("POST", format!("{at}/decide"), json!({ act: [plan] })),
            _ => ("DELETE", format!("/v1/documents/{plan}"), json!({})),
        };
        waiting.ends_with(method, &path, body, None).await;
    }
}

#[tokio::test]
async fn a_decision_that_approves_an_account_tells_what_opens_to_its_people() {
    for (act, list) in [("approve", "document_ids"), ("decide", "share")] {
        let gate = Obstacle::Gate(ReviewStatus::Approved, ReviewStatus::ToReview);
        let Waiting { world, admin, contact, grant, request, .. } = Waiting::behind(gate).await;
        let path = format!("/v1/requests/{}/{act}", request.id);
        let told = preview(&admin, "POST", &path, json!({ list: [grant.document_id] })).await;
        let effects = told["effects"].as_array().unwrap();
        let of = |kind: &str| effects.iter().find(|effect| effect["kind"] == kind);
        assert_eq!(of("account_status").unwrap()["to"], "approved", "{told:#}");
        assert_eq!(of("opens").unwrap()["contact_id"], json!(contact), "{told:#}");
        assert_eq!(world.mails_to(EMAIL).len(), 0);
    }
}
