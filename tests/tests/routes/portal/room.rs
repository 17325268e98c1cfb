//! What a contact finds in the portal, and does there.

use domain::activity::{Actor, Object};
use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::activities::Home;
use tests::client::Client;
use tests::seed::pdf;
use tests::trail::{gap_free_trail, times};
use tests::world::World;

use super::{EMAIL, ada, by_code, by_link, mailed_link, open};

async fn titles(browser: &Client) -> Vec<String> {
    let portal = browser.get("/v1/portal").await.expect(200);
    let title = |document: &Value| document["title"].as_str().unwrap().to_owned();
    portal["documents"].as_array().unwrap().iter().map(title).collect()
}

#[tokio::test]
async fn a_contact_finds_what_is_shared_with_them() {
    let world = World::start().await;
    let (contact, document) = ada(&world).await;
    world.document(&world.acme, "Of others", AccessLevel::Restricted).await;
    let browser = by_link(&world, &contact).await;
    let portal = browser.get("/v1/portal").await.expect(200);
    let file = document.published.as_ref().unwrap();
    assert_eq!(
        portal,
        json!({
            "tenant": {
                "id": world.acme.id(), "name": "acme AG", "slug": "acme", "accent": "#0b5d66",
            },
            "contact": {
                "id": contact.id, "first_name": "Ada", "last_name": "Lovelace", "email": EMAIL,
            },
            "nda": null,
            "documents": [{
                "id": document.id,
                "title": "Report",
                "category": "Security",
                "access_level": "restricted",
                "rights": ["view", "download"],
                "expires_at": null,
                "needs_nda": false,
                "can_download": true,
                "files": [{
                    "id": file.id,
                    "name": "Report.pdf",
                    "media_type": "application/pdf",
                    "size_bytes": file.size_bytes,
                    "published_at": file.published_at,
                    "pages": { "state": "impossible" },
                }],
            }],
        })
    );
}

#[tokio::test]
async fn what_ended_is_gone_at_the_next_look() {
    let world = World::start().await;
    let (contact, document) = ada(&world).await;
    let browser = by_link(&world, &contact).await;
    let admin = world.admin().await;
    let path = format!("/v1/contacts/{}/documents", contact.id);
    let soon = world.document(&world.acme, "Soon over", AccessLevel::Restricted).await;
    let end = world.now() + SignedDuration::from_mins(5);
    let add = json!({ "add": [{ "document_id": soon.id, "expires_at": end }] });
    admin.patch(&path, add).await.expect(200);
    world.paper(&world.acme, "No file yet").await;
    assert_eq!(titles(&browser).await, ["Report", "Soon over"]);
    let over = format!("/v1/portal/files/{}/download", soon.published.unwrap().id);
    browser.post(&over, json!({})).await.expect(200);
    world.advance(SignedDuration::from_mins(5));
    assert_eq!(titles(&browser).await, ["Report"]);
    assert_eq!(browser.post(&over, json!({})).await.problem(404), "not-found");
    let remove = json!({ "remove": [{ "document_id": document.id }] });
    admin.patch(&path, remove).await.expect(200);
    assert_eq!(titles(&browser).await, [""; 0]);
}

#[tokio::test]
async fn a_download_is_recorded_and_opens_the_real_bytes_for_a_minute() {
    let world = World::start().await;
    let (contact, document) = ada(&world).await;
    let browser = by_link(&world, &contact).await;
    let path = format!("/v1/portal/files/{}/download", document.published.as_ref().unwrap().id);
    let first = browser.post(&path, json!({})).key("k").await;
    let again = browser.post(&path, json!({})).key("k").await;
    assert_eq!(first.body, again.body, "a repeat gets the same address");
    let url = first.expect(200)["url"].clone();
    assert!(url.as_str().unwrap().contains("X-Amz-Expires=60"), "{url}");
    let answer = world.open_url(&url).await;
    let disposition = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(disposition.starts_with("attachment") && disposition.contains("Report.pdf"));
    assert_eq!(answer.bytes().await.unwrap(), pdf("Report"));
    browser.post(&path, json!({})).await.expect(200);

    let trail = gap_free_trail(&world.store_of(&world.acme), Home::Contact(contact.id)).await;
    let views: Vec<_> = trail.iter().filter(|line| line.verb == "portal.download").collect();
    let [one, two] = views.as_slice() else { panic!("{trail:#?}") };
    assert!(matches!(one.object, Object::Device(_)) && one.object == two.object);
    assert_eq!((one.seq, two.seq), (2, 3), "after the line of the sign-in");
    assert_eq!(one.about, Some(Object::Document(document.id)));
    assert_eq!(one.actor, Actor::Contact(contact.id));
}

#[tokio::test]
async fn only_what_is_shared_or_public_is_handed_out() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    let browser = by_link(&world, &contact).await;
    let path = |document: &domain::document::Document| {
        format!("/v1/portal/files/{}/download", document.published.as_ref().unwrap().id)
    };
    let others = world.document(&world.acme, "Of others", AccessLevel::Restricted).await;
    assert_eq!(browser.post(path(&others), json!({})).await.problem(404), "not-found");
    let globex = world.company("globex").await;
    let foreign = world.document(&globex, "Of globex", AccessLevel::Public).await;
    assert_eq!(browser.post(path(&foreign), json!({})).await.problem(404), "not-found");
    for id in ["fil_x", "fil_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9", &contact.id.to_string()] {
        let reply = browser.post(format!("/v1/portal/files/{id}/download"), json!({})).await;
        assert_eq!(reply.problem(404), "not-found");
    }
    let public = world.document(&world.acme, "For all", AccessLevel::Public).await;
    let address = browser.post(path(&public), json!({})).await.expect(200);
    assert_eq!(world.open_url(&address["url"]).await.bytes().await.unwrap(), pdf("For all"));
    let trail = gap_free_trail(&world.store_of(&world.acme), Home::Contact(contact.id)).await;
    assert_eq!(times(&trail, "portal.download"), 1, "refusals are no views");
}

#[tokio::test]
async fn without_a_proof_nothing_opens_and_a_suspension_ends_it_at_once() {
    let world = World::start().await;
    let (contact, document) = ada(&world).await;
    let wanted = world.paper(&world.acme, "Wanted").await;
    let request = world.request(&world.acme, &contact, &[wanted]).await;
    let calls = [
        ("GET", "/v1/portal".to_owned(), json!({})),
        ("GET", "/v1/portal/requests".to_owned(), json!({})),
        (
            "POST",
            format!("/v1/portal/files/{}/download", document.published.unwrap().id),
            json!({}),
        ),
        ("POST", format!("/v1/portal/requests/{}/answer", request.id), json!({ "answer": "x" })),
        ("POST", format!("/v1/portal/requests/{}/withdraw", request.id), json!({})),
        ("POST", "/v1/portal/nda/accept".to_owned(), json!({ "version": 1 })),
        ("DELETE", "/v1/portal/session".to_owned(), json!({})),
    ];
    let stranger = world.visitor();
    for (method, path, body) in &calls {
        assert_eq!(stranger.send(method, path, body.clone()).await.problem(401), "sign-in");
    }
    let browser = by_link(&world, &contact).await;
    let suspend = format!("/v1/contacts/{}/suspend", contact.id);
    world.admin().await.post(suspend, json!({})).await.expect(200);
    for (method, path, body) in calls {
        assert_eq!(browser.send(method, &path, body).await.problem(403), "access-ended");
    }
    let store = world.store_of(&world.acme);
    let trail = gap_free_trail(&store, Home::Contact(contact.id)).await;
    assert_eq!(times(&trail, "portal.download") + times(&trail, "portal.withdraw"), 0);
    assert_eq!(store.request(contact.id, request.id).await.unwrap().unwrap().version, 1);
}

#[tokio::test]
async fn a_contact_answers_and_withdraws_their_own_requests_only() {
    let world = World::start().await;
    let (contact, document) = ada(&world).await;
    let wanted = world.document(&world.acme, "Wanted", AccessLevel::Restricted).await;
    let request = world.request(&world.acme, &contact, &[document.id, wanted.id]).await;
    let grace = world.contact(&world.acme, "grace@example.com", ReviewStatus::Approved).await;
    let hers = world.request(&world.acme, &grace, &[wanted.id]).await;
    let (browser, at) = (by_link(&world, &contact).await, request.created_at);
    let path = format!("/v1/portal/requests/{}", request.id);
    let answer = json!({ "answer": " Zürich. " });
    let early = browser.post(format!("{path}/answer"), answer.clone()).await;
    assert_eq!(early.problem(409), "wrong-state");
    let ask = json!({ "question": "Which region?" });
    let asking = format!("/v1/requests/{}/ask", request.id);
    world.admin().await.post(asking, ask.clone()).await.expect(200);

    let mut page = browser.get("/v1/portal/requests").await.expect(200);
    let item = page["items"][0].take();
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    let items = json!([
        { "document_id": document.id, "title": "Report", "state": "shared" },
        { "document_id": wanted.id, "title": "Wanted", "state": "open" },
    ]);
    assert_eq!((&item["id"], &item["items"]), (&json!(request.id), &items));
    assert_eq!(
        (&item["status"], &item["reason"]),
        (&json!("info_needed"), &json!("Due diligence"))
    );
    assert_eq!((&item["question"], &item["created_at"]), (&ask["question"], &json!(at)));
    let timeline = item["timeline"].as_array().unwrap();
    assert_eq!(timeline[0], json!({ "at": at, "what": "created" }));
    assert_eq!(timeline[1]["what"], "asked");
    assert_eq!(timeline[1].get("by"), None, "who asked stays inside the company");

    let reply = browser.post(format!("{path}/answer"), answer.clone()).key("a").await;
    assert_eq!((reply.status, reply.text.as_str()), (202, ""));
    browser.post(format!("{path}/answer"), answer.clone()).key("a").await.expect(202);
    let again = browser.post(format!("{path}/answer"), answer.clone()).await;
    assert_eq!(again.problem(409), "wrong-state", "answered already");
    browser.post(format!("{path}/withdraw"), json!({})).await.expect(204);
    assert_eq!(
        browser.post(format!("{path}/withdraw"), json!({})).await.problem(409),
        "wrong-state"
    );
    for act in ["answer", "withdraw"] {
        let body = if act == "answer" { answer.clone() } else { json!({}) };
        let reply = browser.post(format!("/v1/portal/requests/{}/{act}", hers.id), body).await;
        assert_eq!(reply.problem(404), "not-found");
    }
    let store = world.store_of(&world.acme);
    let saved = store.request(contact.id, request.id).await.unwrap().unwrap();
    assert_eq!(saved.questions[0].answer.as_ref().unwrap().as_str(), "Zürich.");
    assert_eq!(store.request(grace.id, hers.id).await.unwrap().unwrap().version, 1);
    let trail = gap_free_trail(&store, Home::Contact(contact.id)).await;
    assert_eq!((times(&trail, "portal.answer"), times(&trail, "portal.withdraw")), (1, 1));
    let line = trail.iter().find(|line| line.verb == "portal.answer").unwrap();
    assert_eq!(line.actor, Actor::Contact(contact.id));
    assert!(!format!("{:?}", line.detail).contains("rich"), "what was said is sealed");
}

#[tokio::test]
async fn signing_out_ends_one_browser() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    let (browser, other) = (by_link(&world, &contact).await, by_code(&world).await);
    let thief = world.visitor();
    let [name] = browser.cookie_names().try_into().unwrap();
    thief.keep_cookie(&name, &browser.cookie(&name).unwrap());
    let reply = browser.delete("/v1/portal/session").await;
    assert_eq!(reply.status, 204);
    assert_eq!(browser.cookie_names(), [""; 0]);
    assert_eq!(browser.get("/v1/portal").await.problem(401), "sign-in");
    assert_eq!(thief.get("/v1/portal").await.problem(403), "access-ended");
    other.get("/v1/portal").await.expect(200);
    let trail = gap_free_trail(&world.store_of(&world.acme), Home::Contact(contact.id)).await;
    assert_eq!(times(&trail, "portal.sign_out"), 1);
}

#[tokio::test]
async fn a_browser_that_knows_two_companies_names_one() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    let browser = by_link(&world, &contact).await;
    let globex = world.company("globex").await;
    let there = world.contact(&globex, EMAIL, ReviewStatus::Approved).await;
    let path = format!("/v1/contacts/{}/magic-link", there.id);
    world.admin_of(&globex).await.post(path, json!({})).await.expect(202);
    world.tick().await;
    let token = tests::world::token_in(&world.last_mail(EMAIL), "/p/globex");
    open(&browser, &token, 1).await.expect(200);
    let reply = browser.get("/v1/portal").await;
    assert_eq!((reply.problem(400), reply.pointers()), ("bad-input", vec!["X-Vestibule-Tenant"]));
    assert_eq!(titles(&browser.in_portal_of(world.acme.id())).await, ["Report"]);
    assert_eq!(titles(&browser.in_portal_of(globex.id())).await, [""; 0]);
}

#[tokio::test]
async fn a_browser_is_known_for_thirty_days() {
    let world = World::start().await;
    let (contact, _) = ada(&world).await;
    let token = mailed_link(&world, &contact).await;
    let browser = world.visitor();
    open(&browser, &token, 1).await.expect(200);
    world.advance(SignedDuration::from_hours(30 * 24) - SignedDuration::from_mins(1));
    browser.get("/v1/portal").await.expect(200);
    world.advance(SignedDuration::from_mins(1));
    assert_eq!(browser.get("/v1/portal").await.problem(403), "access-ended");
}
