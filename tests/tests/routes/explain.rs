//! `/v1/explain`.

mod states;

use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::grant::{Grant, Right};
use domain::member::Role;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::client::Client;
use tests::world::World;

async fn why(client: &Client, principal: impl ToString, action: &str, object: &str) -> Value {
    let principal = principal.to_string();
    let query = format!("principal={principal}&action={action}&object={object}");
    client.get(format!("/v1/explain?{query}")).await.expect(200)
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// Suspends a contact, and brings it back without what was shared.
async fn drop_grants(admin: &Client, contact: &str) {
    let back = json!({ "status": "approved", "keep_grants": false });
    admin.post(format!("/v1/contacts/{contact}/suspend"), json!({})).await.expect(200);
    admin.post(format!("/v1/contacts/{contact}/unsuspend"), back).await.expect(200);
}

/// Without the instants, which differ from run to run: "29 November 2026, 10:20 (UTC)" is "then".
fn timeless(text: &str) -> String {
    let (before, moment) = text.split_once(" on ").unwrap_or((text, ""));
    let after = moment.split_once("(UTC)").map_or("", |(_, after)| after);
    format!("{before} then{after}")
}

#[tokio::test]
async fn a_share_is_told_with_its_path_its_end_and_how_to_end_it() {
    let world = World::start().await;
    let admin = world.admin().await;
    let account = world.account(&world.acme, "x.example", ReviewStatus::Approved).await;
    let status = ReviewStatus::Approved;
    let contact = world.contact_of(&world.acme, "ada@x.example", status, Some(&account)).await.id;
    let document = world.document(&world.acme, "SOC 2", AccessLevel::Restricted).await.id;
    let end = (world.now() + SignedDuration::from_hours(24)).to_string();
    let share = json!({ "add": [{ "document_id": document, "expires_at": end }] });
    admin.patch(format!("/v1/contacts/{contact}/documents"), share).await.expect(200);

    let told = why(&admin, contact, "document.view", &document.to_string()).await;
    assert_eq!((&told["decision"], &told["policies"]), (&json!("allow"), &json!(["contact.view"])));
    let rule = "An approved contact views the documents they were given to view.";
    assert_eq!(texts(&told["reasons"]), [rule]);
    assert!(told["verdict"].as_str().unwrap().starts_with("Ada Lovelace may view “SOC 2”, until "));
    assert_eq!(told["until"], json!(end));
    assert_eq!(told["granted_by"], json!(world.acme.administrator.id));
    let path: Vec<&str> =
        told["facts"].as_array().unwrap().iter().map(|f| f["about"].as_str().unwrap()).collect();
    let grant = told["grant_id"].as_str().unwrap();
    assert_eq!(path, [&contact.to_string(), &account.id.to_string(), grant, &document.to_string()]);
    assert_eq!(told["facts"][2]["deciding"], true);
    assert_eq!((&told["also"], &told["lapsed"]), (&json!(["document.download"]), &json!([])));
    assert_eq!(
        texts(&told["ends"]),
        [
            "Take “SOC 2” back from Ada Lovelace: only that ends.",
            "Suspend Ada Lovelace: the portal and everything that was shared shut at once.",
        ]
    );
}

#[tokio::test]
async fn a_share_for_viewing_says_what_it_is_not_for() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@x.example", ReviewStatus::Approved).await.id;
    let document = world.document(&world.acme, "SOC 2", AccessLevel::Restricted).await.id;
    let grant = world.grant(&world.acme, contact, document).await;
    let rights = vec![Right::View].try_into().unwrap();
    let mut change = world.store_of(&world.acme).change(world.house.dice.token());
    change.save_grant(&Grant { version: 2, rights, ..grant }).unwrap();
    change.commit().await.unwrap();

    let told = why(&admin, contact, "document.download", &document.to_string()).await;
    assert_eq!((&told["decision"], &told["policies"]), (&json!("deny"), &json!([])));
    assert_eq!(texts(&told["reasons"]), ["“SOC 2” is shared for viewing, not for downloading."]);
    assert_eq!(told["verdict"], "Ada Lovelace may not download “SOC 2” now.");
    assert_eq!((&told["also"], &told["until"]), (&json!(["document.view"]), &Value::Null));
}

#[tokio::test]
async fn what_lapsed_is_told_with_when_and_why() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@x.example", ReviewStatus::Approved).await.id;
    let mut papers = Vec::new();
    for title in ["Taken", "Expired", "Deleted", "Dropped"] {
        papers.push(world.document(&world.acme, title, AccessLevel::Restricted).await.id);
    }
    let path = format!("/v1/contacts/{contact}/documents");
    let end = world.now() + SignedDuration::from_mins(5);
    let share = json!({ "add": [
        { "document_id": papers[0] },
        { "document_id": papers[1], "expires_at": end.to_string() },
        { "document_id": papers[2] },
        { "document_id": papers[3] },
    ] });
    admin.patch(&path, share).await.expect(200);
    world.advance(SignedDuration::from_mins(1));
    let taken_at = world.now();
    admin.patch(&path, json!({ "remove": [{ "document_id": papers[0] }] })).await.expect(200);
    admin.delete(format!("/v1/documents/{}", papers[2])).await.expect(204);
    world.advance(SignedDuration::from_mins(10));
    world.tick().await;
    drop_grants(&admin, &contact.to_string()).await;

    let name = &world.acme.administrator.name;
    let said = [
        ("removed", format!("The share of “Taken” was taken back then by {name}.")),
        ("expired", "The share of “Expired” expired then.".to_owned()),
        (
            "document_deleted",
            "The share of “Deleted” ended when the document was deleted then.".to_owned(),
        ),
        (
            "dropped",
            format!(
                "The share of “Dropped” was dropped when Ada Lovelace came back from a suspension \
                 then by {name}."
            ),
        ),
    ];
    let list = admin.get(format!("/v1/explain/open?principal={contact}")).await.expect(200);
    assert_eq!((&list["items"], &list["held"]), (&json!([]), &json!([])), "{list:#}");
    for (at, (kind, sentence)) in said.iter().enumerate() {
        let told = why(&admin, contact, "document.view", &papers[at].to_string()).await;
        assert_eq!(told["decision"], "deny");
        let lapsed = &told["lapsed"][0];
        assert_eq!(lapsed["why"], json!(kind));
        assert_eq!(timeless(lapsed["says"].as_str().unwrap()), *sentence);
        assert!(texts(&told["reasons"]).contains(&lapsed["says"].as_str().unwrap()), "{told:#}");
        let listed = list["lapsed"].as_array().unwrap();
        assert!(listed.contains(lapsed), "{lapsed} in {list:#}");
    }
    for (paper, at) in [(papers[0], taken_at), (papers[1], end)] {
        let told = why(&admin, contact, "document.view", &paper.to_string()).await;
        let told: Timestamp = told["lapsed"][0]["at"].as_str().unwrap().parse().unwrap();
        assert!(at <= told && told < at + SignedDuration::from_secs(50), "{told}, not {at}");
    }
}

#[tokio::test]
async fn every_obstacle_is_named_at_once() {
    let world = World::start().await;
    let admin = world.admin().await;
    let account = world.account(&world.acme, "x.example", ReviewStatus::InReview).await;
    let status = ReviewStatus::Cancelled;
    let contact = world.contact_of(&world.acme, "ada@x.example", status, Some(&account)).await.id;
    let nda = json!({ "title": "NDA", "text": "Keep it to yourself." });
    admin.post("/v1/nda-versions", nda).await.expect(201);
    let document = world.document(&world.acme, "SOC 2", AccessLevel::Nda).await.id;
    let told = why(&admin, contact, "document.view", &document.to_string()).await;
    assert_eq!(
        texts(&told["reasons"]),
        [
            "Access of Ada Lovelace is suspended.",
            "x.example Ltd is in review and not approved yet.",
            "“SOC 2” was never shared with Ada Lovelace.",
            "Ada Lovelace has not accepted text 1 of the non-disclosure agreement, which is in force.",
        ]
    );
    let told = why(&admin, contact, "portal.open", &world.acme.id().to_string()).await;
    assert_eq!(told["decision"], "deny");
    assert_eq!(texts(&told["reasons"]).len(), 2);

    // Approved and shared with, the agreement alone is left, and the policy that asks for it.
    let contact = world.contact(&world.acme, "bob@x.example", ReviewStatus::Approved).await.id;
    world.grant(&world.acme, contact, document).await;
    let told = why(&admin, contact, "document.view", &document.to_string()).await;
    assert_eq!(told["policies"], json!(["nda.first"]));
    assert_eq!(texts(&told["reasons"]).len(), 2);
    let list = admin.get(format!("/v1/explain/open?principal={contact}")).await.expect(200);
    assert_eq!(list["held"][0]["document_id"], json!(document));
    assert_eq!(list["held"][0]["policies"], json!(["nda.first"]));
}

#[tokio::test]
async fn a_members_role_is_told_and_what_would_have_to_be_true_of_them() {
    let world = World::start().await;
    let admin = world.admin().await;
    let seat = world.seat(world.acme.id(), Role::Representative).await;
    let others = world.document(&world.acme, "SOC 2", AccessLevel::Restricted).await.id.to_string();
    let told = why(&admin, seat.id, "document.edit", &others).await;
    assert_eq!(told["decision"], "deny");
    assert_eq!(
        texts(&told["reasons"]),
        [
            format!("{} is a representative.", seat.name).as_str(),
            "Administrators and account managers read, change, share and delete every document.",
            "Every member reads, changes, shares and deletes the documents they uploaded.",
        ]
    );
    let level = AccessLevel::Restricted;
    let own = world.document_by(&world.acme, &seat, "Own", level).await.id.to_string();
    let told = why(&admin, seat.id, "document.edit", &own).await;
    assert_eq!(told["policies"], json!(["uploader.documents"]));
    assert!(texts(&told["also"]).contains(&"document.share"), "{told:#}");
    let told = why(&admin, seat.id, "portal.open", &world.acme.id().to_string()).await;
    assert_eq!(told["decision"], "deny");

    let list = admin.get(format!("/v1/explain/open?principal={}", seat.id)).await.expect(200);
    let items = list["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["title"]), (1, &json!("Own")));
}

#[tokio::test]
async fn pages_of_what_is_open_go_through_grants_and_then_through_what_is_public() {
    let world = World::start().await;
    let seat = world.seat(world.acme.id(), Role::Representative).await;
    let rep = world.client_of(world.acme.id(), &seat).await;
    let mut contact = world.new_contact(&world.acme, "a@x.example", ReviewStatus::Approved, None);
    contact.owner_id = Some(seat.id);
    world.lay_contact(&world.acme, &contact).await;
    let (acme, restricted, public) = (&world.acme, AccessLevel::Restricted, AccessLevel::Public);
    let mut open = Vec::new();
    for title in ["One", "Two", "Three"] {
        let document = world.document_by(acme, &seat, title, restricted).await;
        world.grant(acme, contact.id, document.id).await;
        open.push(document.id.to_string());
    }
    let hidden = world.document(acme, "Not the member's to see", restricted).await;
    world.grant(acme, contact.id, hidden.id).await;
    for title in ["Public", "Public too"] {
        open.push(world.document(acme, title, public).await.id.to_string());
    }
    let shared = world.document(acme, "Public and shared", public).await;
    world.grant(acme, contact.id, shared.id).await;
    open.push(shared.id.to_string());

    let (mut found, mut hidden, mut cursor) = (Vec::new(), 0, String::new());
    for _ in 0..20 {
        let path = format!("/v1/explain/open?principal={}&limit=2{cursor}", contact.id);
        let page = rep.get(path).await.expect(200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        found.extend(items.iter().map(|item| item["document_id"].as_str().unwrap().to_owned()));
        hidden += page["hidden"].as_u64().unwrap();
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    found.sort_unstable();
    open.sort_unstable();
    assert_eq!((found, hidden), (open, 1));

    let anyone = rep.get("/v1/explain/open?principal=anyone").await.expect(200);
    assert_eq!(anyone["items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn what_cannot_be_asked_is_named() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@x.example", ReviewStatus::Approved).await.id;
    let absent = "doc_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9";
    for (query, named) in [
        ("", "principal"),
        ("principal=anyone", "action"),
        ("principal=anyone&action=trust.read", "object"),
        (&format!("principal=anyone&action=fly&object={contact}"), "action"),
        (&format!("principal=nobody&action=contact.read&object={contact}"), "principal"),
        (&format!("principal={absent}&action=contact.read&object={contact}"), "principal"),
        ("principal=anyone&action=contact.read&object=x", "object"),
        (&format!("principal=anyone&action=document.view&object={contact}"), "action"),
        (&absent.replace("doc_", "principal=anyone&action=contact.read&object=grt_"), "object"),
    ] {
        let reply = admin.get(format!("/v1/explain?{query}")).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec![named]), "{query}");
    }
    let query = format!("principal={contact}&action=document.view&object={absent}");
    assert_eq!(admin.get(format!("/v1/explain?{query}")).await.problem(404), "not-found");
    for (query, named) in [("", "principal"), ("?principal=anyone&cursor=eA", "cursor")] {
        let reply = admin.get(format!("/v1/explain/open{query}")).await;
        assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec![named]), "{query}");
    }
}

#[tokio::test]
async fn guest_links_are_told_beside_what_the_portal_decides() {
    let world = World::start().await;
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, "ada@x.example", ReviewStatus::ToReview).await.id;
    let document = world.document(&world.acme, "SOC 2", AccessLevel::Restricted).await.id;
    let links = format!("/v1/documents/{document}/links");
    let facts =
        json!({ "audience": "contact", "contact_id": contact, "rights": ["view", "write"] });
    let refused = admin.post(&links, facts).await;
    assert_eq!(refused.pointers(), ["/rights"], "the file has no pages");
    let facts = json!({ "audience": "contact", "contact_id": contact });
    let own = admin.post(&links, facts).await.expect(201)["id"].as_str().unwrap().to_owned();

    let object = document.to_string();
    let told = why(&admin, contact, "document.view", &object).await;
    assert_eq!(told["decision"], "deny", "the portal is shut to who was not reviewed");
    let way = &told["links"][0];
    assert_eq!((&way["link_id"], &way["opens"]), (&json!(own), &json!(true)));
    let says = way["says"].as_str().unwrap();
    let (whom, what) = ("opens “SOC 2” to Ada Lovelace", "to view and download.");
    assert!(says.contains(whom) && says.ends_with(what), "{says}");
    assert!(texts(&told["reasons"]).contains(&says));
    let sign = why(&admin, "anyone", "document.download", &object).await;
    assert_eq!(sign["links"], Value::Null, "Ada's link is nobody else's");

    let public = admin.post(&links, json!({ "audience": "public_same" })).await.expect(201);
    admin.post(format!("/v1/links/{own}/deactivate"), json!({})).await.expect(200);
    let told = why(&admin, contact, "document.view", &object).await;
    let ways = told["links"].as_array().unwrap();
    let opens: Vec<_> = ways.iter().map(|way| (&way["link_id"], &way["opens"])).collect();
    assert_eq!(opens, [(&public["id"], &json!(true)), (&json!(own), &json!(false))]);
    assert_eq!(ways[1]["pause"], "deactivated");
    let anyone = why(&admin, "anyone", "document.download", &object).await;
    assert_eq!(anyone["links"].as_array().unwrap().len(), 1);

    let path = format!("/v1/explain/open?principal={contact}");
    let open = admin.get(path).await.expect(200);
    assert_eq!(open["links"][0]["link_id"], json!(own));
    assert_eq!(open["links"][0]["document_id"], json!(document));
}

#[tokio::test]
async fn a_guest_link_to_a_document_under_the_agreement_says_what_comes_first() {
    let world = World::start().await;
    let admin = world.admin().await;
    let text = json!({ "title": "Our NDA", "text": "Tell nobody." });
    admin.post("/v1/nda-versions", text).await.expect(201);
    let contact = world.contact(&world.acme, "ada@x.example", ReviewStatus::ToReview).await.id;
    let document = world.document(&world.acme, "SOC 2", AccessLevel::Nda).await.id;
    let links = format!("/v1/documents/{document}/links");
    let facts = json!({ "audience": "contact", "contact_id": contact });
    admin.post(&links, facts).await.expect(201);
    let told = why(&admin, contact, "document.view", &document.to_string()).await;
    let way = &told["links"][0];
    assert_eq!((&way["opens"], &way["needs_nda"]), (&json!(true), &json!(true)));
    let says = way["says"].as_str().unwrap();
    assert!(says.ends_with(", once they accept the agreement."), "{says}");
    assert!(!texts(&told["reasons"]).contains(&says), "nothing opens it yet");
}

#[tokio::test]
async fn a_link_that_waits_for_whoever_proves_an_address_opens_to_anybody() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = world.document(&world.acme, "SOC 2", AccessLevel::Restricted).await.id;
    let links = format!("/v1/documents/{document}/links");
    admin.post(&links, json!({ "audience": "undefined" })).await.expect(201);
    let told = why(&admin, "anyone", "document.download", &document.to_string()).await;
    assert_eq!(told["links"][0]["audience"], "undefined");
    assert!(told["links"][0]["says"].as_str().unwrap().contains("to anybody who holds it"));
}
