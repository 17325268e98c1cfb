//! From asking to reading to being cut off.

use std::time::Duration;

use domain::document::AccessLevel;
use domain::id::DocumentId;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::activities::Home;
use tests::client::{Client, id_of};
use tests::seed::pdf;
use tests::trail::{gap_free_trail, times};
use tests::world::{World, code_in, token_in};

const VISITOR: &str = "ada@analytical.example";
const NONCE: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";
const TITLES: [&str; 3] = ["Audit report", "Penetration test", "Continuity plan"];

/// What the story is about.
struct Story {
    world: World,
    documents: Vec<DocumentId>,
    contact: String,
    request: String,
}

impl Story {
    /// A visitor asks for three documents.
    async fn begin() -> Self {
        let world = World::start().await;
        let mut documents = Vec::new();
        for title in TITLES {
            documents.push(world.document(&world.acme, title, AccessLevel::Restricted).await.id);
        }
        let asked = json!({
            "email": VISITOR,
            "first_name": "Ada",
            "last_name": "Lovelace",
            "company": "Analytical Engines",
            "job_title": "Countess",
            "reason": "We want to buy.",
            "document_ids": documents,
        });
        let reply = world.visitor().post("/v1/trust/acme/requests", asked).await;
        assert_eq!((reply.status, reply.text.as_str()), (202, ""));
        world.tick().await;
        let admin = world.admin().await;
        let list = admin.get("/v1/requests?status=to_review").await.expect(200);
        let [row] = list["items"].as_array().unwrap().as_slice() else { panic!("{list}") };
        let (contact, request) = (row["contact_id"].as_str().unwrap().to_owned(), id_of(row));
        Self { world, documents, contact, request }
    }

    async fn share(&self, documents: &[DocumentId]) -> Value {
        let add: Vec<Value> =
            documents.iter().map(|document| json!({ "document_id": document })).collect();
        let path = format!("/v1/contacts/{}/documents", self.contact);
        let reply = self.world.admin().await.patch(path, json!({ "add": add })).await.expect(200);
        self.world.tick().await;
        reply
    }

    async fn standing(&self) -> Value {
        let path = format!("/v1/requests/{}", self.request);
        let request = self.world.admin().await.get(path).await.expect(200);
        json!([request["status"], request["shared"], request["total"], request["automatic"]])
    }

    /// Magic links mailed so far.
    fn links(&self) -> usize {
        let mails = self.world.mails_to(VISITOR);
        mails.iter().filter(|mail| mail.text.contains("/p/acme#")).count()
    }

    /// The browser that opened the mailed link.
    async fn open_link(&self) -> Client {
        let token = token_in(&self.world.last_mail(VISITOR), "/p/acme");
        let browser = self.world.visitor();
        let opening = json!({ "token": token, "device_nonce": NONCE });
        browser.post("/v1/portal/open", opening).await.expect(200);
        browser
    }

    /// Another browser, let in by a code.
    async fn open_by_code(&self) -> Client {
        let browser = self.world.visitor();
        let asked = json!({ "slug": "acme", "email": VISITOR });
        browser.post("/v1/portal/code", asked).await.expect(202);
        self.world.tick().await;
        let code = code_in(&self.world.last_mail(VISITOR));
        browser.post("/v1/portal/verify", json!({ "code": code })).await.expect(200);
        browser
    }

    /// Files open to `browser`: title and id of each.
    async fn open_files(&self, browser: &Client) -> Vec<(String, String)> {
        let portal = browser.get("/v1/portal").await.expect(200);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let documents = portal["documents"].as_array().unwrap();
        documents.iter().map(|d| (text(&d["title"]), text(&d["files"][0]["id"]))).collect()
    }
}

async fn address(browser: &Client, file: &str) -> String {
    let path = format!("/v1/portal/files/{file}/download");
    let answer = browser.post(path, json!({})).await.expect(200);
    answer["url"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_request_is_approved_once_when_the_last_document_is_shared() {
    let story = Story::begin().await;
    assert_eq!(story.standing().await, json!(["to_review", 0, 3, false]));
    story.share(&story.documents[..2]).await;
    assert_eq!(story.standing().await, json!(["to_review", 2, 3, false]));
    assert_eq!(story.links(), 0, "nothing is mailed while one document is open");

    story.share(&story.documents[2..]).await;
    assert_eq!(story.standing().await, json!(["approved", 3, 3, true]));
    assert_eq!(story.links(), 1);
    story.share(&story.documents).await;
    assert_eq!(story.links(), 1, "sharing again approves and mails nothing more");
    let store = story.world.store_of(&story.world.acme);
    let lines = gap_free_trail(&store, Home::Contact(story.contact.parse().unwrap())).await;
    assert_eq!(times(&lines, "requests.cover"), 1);
}

#[tokio::test]
async fn a_link_does_nothing_until_it_is_pressed_and_then_lets_one_browser_in() {
    let story = Story::begin().await;
    story.share(&story.documents).await;
    let world = &story.world;

    // Scanners fetch what is linked; they never see what stands behind the `#`.
    let scanner = world.visitor();
    for _ in 0..5 {
        assert_eq!(scanner.get("/p/acme").await.status, 200);
        assert_eq!(scanner.get("/v1/portal/open").await.problem(405), "method-not-allowed");
        assert_eq!(scanner.get("/v1/portal").await.problem(401), "sign-in");
    }
    assert!(scanner.cookie_names().is_empty());

    let browser = story.open_link().await;
    let files = story.open_files(&browser).await;
    let mut titles: Vec<&str> = files.iter().map(|(title, _)| title.as_str()).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["Audit report", "Continuity plan", "Penetration test"]);
    for (title, file) in &files {
        let url = address(&browser, file).await;
        assert_eq!(world.fetch(&url).await, (200, pdf(title)));
    }
    let store = world.store_of(&world.acme);
    let lines = gap_free_trail(&store, Home::Contact(story.contact.parse().unwrap())).await;
    assert_eq!(times(&lines, "portal.download"), 3, "each view is on record");

    // The same link elsewhere is worth no more than a code asked for.
    let token = token_in(&world.last_mail(VISITOR), "/p/acme");
    let second = world.visitor();
    let opening = json!({ "token": token, "device_nonce": NONCE.replace("AQEB", "AgIC") });
    let refused = second.post("/v1/portal/open", opening).await;
    assert_eq!(refused.problem(409), "code-required");
    assert_eq!(second.get("/v1/portal").await.problem(401), "sign-in");
    let by_code = story.open_by_code().await;
    assert_eq!(story.open_files(&by_code).await.len(), 3);
}

#[tokio::test]
async fn a_suspension_ends_everything_at_once() {
    let story = Story::begin().await;
    story.share(&story.documents).await;
    let world = &story.world;
    let browsers = [story.open_link().await, story.open_by_code().await];
    let files = story.open_files(&browsers[0]).await;
    let url = address(&browsers[0], &files[0].1).await;

    let path = format!("/v1/contacts/{}/suspend", story.contact);
    world.admin().await.post(path, json!({})).await.expect(200);
    for browser in &browsers {
        for (_, file) in &files {
            let path = format!("/v1/portal/files/{file}/download");
            let refused = browser.post(path, json!({})).await;
            assert_eq!(refused.problem(403), "access-ended");
        }
        assert_eq!(browser.get("/v1/portal").await.problem(403), "access-ended");
    }
    // Neither the mailed link nor a code lets anybody in again.
    let token = token_in(&world.last_mail_with(VISITOR, "/p/acme#"), "/p/acme");
    let opening = json!({ "token": token, "device_nonce": NONCE });
    assert_eq!(world.visitor().post("/v1/portal/open", opening).await.status, 403);
    let mails = world.mails_to(VISITOR).len();
    // One code a minute: the one asked for above still counts.
    world.advance(SignedDuration::from_mins(1));
    let asked = json!({ "slug": "acme", "email": VISITOR });
    world.visitor().post("/v1/portal/code", asked).await.expect(202);
    world.tick().await;
    assert_eq!(world.mails_to(VISITOR).len(), mails);

    // An address issued before lives for a minute, whatever somebody signs into it.
    assert!(url.contains("X-Amz-Expires=60&"), "{url}");
    assert_eq!(world.fetch(&url).await.0, 200);
    let late = world.signed_ago(&url, Duration::from_secs(61)).await;
    assert_eq!(world.fetch(&late).await.0, 403);
}

#[tokio::test]
async fn an_expiry_ends_access_whether_or_not_the_worker_has_seen_it() {
    let story = Story::begin().await;
    story.share(&story.documents).await;
    let world = &story.world;
    let end = (world.now() + SignedDuration::from_hours(2)).to_string();
    let until = json!({ "add": [{ "document_id": story.documents[0], "expires_at": end }] });
    let path = format!("/v1/contacts/{}/documents", story.contact);
    world.admin().await.patch(&path, until).await.expect(200);
    world.tick().await;
    let browser = story.open_link().await;
    let files = story.open_files(&browser).await;
    let (_, file) = files.iter().find(|(title, _)| title == TITLES[0]).unwrap();
    address(&browser, file).await;

    let download = format!("/v1/portal/files/{file}/download");
    let mails = world.mails_to(VISITOR).len();
    world.advance(SignedDuration::from_hours(2));
    assert_eq!(browser.post(&download, json!({})).await.problem(404), "not-found");
    assert_eq!(story.open_files(&browser).await.len(), 2);
    world.tick().await;
    assert_eq!(browser.post(&download, json!({})).await.problem(404), "not-found");
    assert_eq!(story.open_files(&browser).await.len(), 2);

    let store = world.store_of(&world.acme);
    let contact = story.contact.parse().unwrap();
    let grant = store.grant(contact, story.documents[0]).await.unwrap().unwrap();
    assert_eq!(grant.state, domain::grant::State::Expired);
    world.tick().await;
    assert_eq!(world.mails_to(VISITOR).len(), mails + 1, "told once that access has ended");
    gap_free_trail(&store, Home::Contact(contact)).await;
    // What was approved stays approved.
    assert_eq!(story.standing().await[0], "approved");
}
