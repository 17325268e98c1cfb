//! A guest link of each audience, from making it to its end: who reads at first, what proves them,
//! and what they may do from then on. Everything is done as people do it, over the API and by mail.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::activity::Object;
use serde_json::{Value, json};
use tests::client::{Client, Reply, id_of};
use tests::seed::pages::drawable_pdf;
use tests::uploads::new_document;
use tests::world::{World, code_in};

const ADA: &str = "ada@analytical.example";
const BOB: &str = "bob@babbage.example";

/// A document, a link to it, and its sender.
struct Story {
    world: World,
    admin: Client,
    document: String,
    link: String,
    secret: String,
}

impl Story {
    /// A published document, and a link for `audience`, for Ada if it is for a contact.
    async fn begin(audience: &str, contact: Option<Value>) -> Self {
        let world = Box::pin(World::start()).await;
        let admin = world.admin().await;
        let document = new_document(&admin, "Partner terms").await;
        world.publish(&admin, &document, &drawable_pdf(2)).await;
        world.tick().await;
        let mut facts =
            json!({ "audience": audience, "rights": ["view", "download", "write", "sign"] });
        if let Some(contact) = contact {
            let contact = admin.post("/v1/contacts", contact).await.expect(201);
            facts["contact_id"] = contact["id"].clone();
        }
        let path = format!("/v1/documents/{document}/links");
        let link = id_of(&admin.post(path, facts).await.expect(201));
        let mut story = Self { world, admin, document, link, secret: String::new() };
        story.secret = story.copied().await;
        story
    }

    /// What stands behind the `#` as staff copy it, which activates the link.
    async fn copied(&self) -> String {
        let path = format!("/v1/links/{}/copy", self.link);
        let copy = self.admin.post(path, json!({})).await.expect(200);
        copy["url"].as_str().unwrap().split('#').nth(1).unwrap().to_owned()
    }

    async fn deactivate(&self) {
        let path = format!("/v1/links/{}/deactivate", self.link);
        self.admin.post(path, json!({})).await.expect(200);
    }

    async fn close_access(&self, contact: &Value) {
        let path = format!("/v1/documents/{}/close-access", self.document);
        self.admin.post(path, json!({ "contact_id": contact })).await.expect(200);
    }

    fn path(&self, rest: &str) -> String {
        format!("/v1/guest/{}{rest}", self.link)
    }

    /// Presses *open* in a browser of its own.
    async fn press(&self) -> (Client, Reply) {
        let browser = self.world.visitor();
        let nonce = URL_SAFE_NO_PAD.encode(self.world.house.dice.secret());
        let input = json!({ "secret": self.secret, "device_nonce": nonce });
        let reply = browser.post(self.path("/open"), input).await;
        (browser, reply)
    }

    async fn ask(&self, browser: &Client, email: &str) {
        let input = json!({ "secret": self.secret, "email": email });
        browser.post(self.path("/code"), input).await.expect(202);
        self.world.tick().await;
    }

    /// Proves `email` by the code that is mailed to it, and says who reads there.
    async fn prove(&self, browser: &Client, email: &str) -> Value {
        self.ask(browser, email).await;
        let code = code_in(&self.world.last_mail_with(email, "code"));
        let details = json!({
            "first_name": "Ada", "last_name": "King", "job_title": "Countess", "company": "Engines",
        });
        let input = json!({ "code": code, "details": details });
        browser.post(self.path("/verify"), input).await.expect(200)
    }

    /// What `browser` gets for reading the page, downloading, writing and signing.
    async fn tried(&self, browser: &Client) -> [u16; 4] {
        let view = browser.get(self.path("")).await;
        let signing = browser.get(self.path("/signatures")).await;
        let file = &signing.body["newest"]["id"];
        let file = file.as_str().unwrap_or("fil_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9");
        let sha256 = signing.body["newest"]["sha256"].as_str().unwrap_or(NO_DIGEST);
        let download = self.path(&format!("/files/{file}/download"));
        let download = browser.post(download, json!({})).await;
        let message = browser.post(self.path("/messages"), json!({ "text": "Hello." })).await;
        let sign = browser.post(self.path("/sign"), json!({ "sha256": sha256 })).await;
        [view.status, download.status, message.status, sign.status]
    }

    /// Asks everybody who reads by the link to sign.
    async fn ask_signers(&self, contacts: &[&Value]) {
        let signers: Vec<Value> =
            contacts.iter().map(|id| json!({ "contact_id": id, "act": "sign" })).collect();
        let block = format!("/v1/documents/{}/signatures", self.document);
        let before = self.admin.get(&block).await;
        let version = if before.body["version"].is_null() { 0 } else { before.version() };
        let asked = json!({ "whom": "named", "signers": signers });
        self.admin.put(block, asked).if_match(version).await.expect(200);
    }

    /// What `browser` sees of the thread, newest first.
    async fn said(&self, browser: &Client) -> Vec<String> {
        let events = browser.get(self.path("/events")).await.expect(200);
        let items = events["items"].as_array().unwrap().iter();
        items.map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
    }
}

const NO_DIGEST: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// What who may do everything gets, and what who only reads does.
const EVERYTHING: [u16; 4] = [200, 200, 201, 200];
const READS: [u16; 4] = [200, 409, 409, 409];
const NOT_KNOWN: [u16; 4] = [409; 4];
const INACTIVE: [u16; 4] = [403; 4];
const GONE: [u16; 4] = [404; 4];

fn person(email: Option<&str>) -> Value {
    json!({ "first_name": "Ada", "last_name": "King", "email": email })
}

#[tokio::test]
async fn a_contact_with_an_address_opens_by_a_press_and_elsewhere_by_a_code() {
    let story = Story::begin("contact", Some(person(Some(ADA)))).await;
    let send = format!("/v1/links/{}/send", story.link);
    story.admin.post(send, json!({})).await.expect(202);
    story.world.tick().await;
    let mail = story.world.last_mail(ADA);
    assert!(mail.text.contains(&format!("/g/{}#", story.link)), "{}", mail.text);

    let (first, opened) = story.press().await;
    let opened = opened.expect(200);
    assert_eq!(opened["standing"], "trusted");
    let contact = opened["contact"]["id"].clone();
    story.ask_signers(&[&contact]).await;
    assert_eq!(story.tried(&first).await, [200, 200, 201, 409], "signing asks for a code once");
    let (forwarded, refused) = story.press().await;
    assert_eq!(refused.problem(409), "code-required");
    assert_eq!(story.tried(&forwarded).await, NOT_KNOWN);
    let second = story.world.visitor();
    assert_eq!(story.prove(&second, ADA).await["standing"], "verified");
    assert_eq!(story.tried(&second).await, EVERYTHING);

    story.deactivate().await;
    for browser in [&first, &second, &forwarded] {
        assert_eq!(story.tried(browser).await, INACTIVE);
    }
    assert_eq!(story.copied().await, story.secret, "the same address");
    assert_eq!(story.tried(&first).await[..3], [200, 200, 201]);
    story.close_access(&contact).await;
    for browser in [&first, &second, &forwarded] {
        assert_eq!(story.tried(browser).await, GONE);
    }
}

#[tokio::test]
async fn a_contact_without_an_address_is_read_by_whoever_holds_it_until_one_is_proved() {
    let story = Story::begin("contact", Some(person(None))).await;
    let ((one, opened), (two, _)) = (story.press().await, story.press().await);
    assert_eq!(opened.expect(200)["standing"], "bearer");
    for browser in [&one, &two] {
        assert_eq!(story.tried(browser).await, READS);
    }
    let proved = story.prove(&one, ADA).await;
    assert_eq!(
        (&proved["standing"], &proved["contact"]["email"]),
        (&json!("verified"), &json!(ADA))
    );
    story.ask_signers(&[&proved["contact"]["id"]]).await;
    assert_eq!(story.tried(&one).await, EVERYTHING);
    assert_eq!(story.tried(&two).await, NOT_KNOWN, "open reading ends");
    assert_eq!(story.press().await.1.problem(409), "code-required");
    story.ask(&two, BOB).await;
    assert_eq!(story.world.mails_to(BOB).len(), 0, "bound to one address");
    let three = story.world.visitor();
    story.world.advance(jiff::SignedDuration::from_mins(2));
    story.prove(&three, ADA).await;
    assert_eq!(story.tried(&three).await[..3], [200, 200, 201], "other browsers by code");
}

#[tokio::test]
async fn a_link_without_details_becomes_the_contact_who_proves_an_address() {
    let story = Story::begin("undefined", None).await;
    let (reader, opened) = story.press().await;
    assert_eq!(opened.expect(200)["contact"], Value::Null);
    assert_eq!(story.tried(&reader).await, READS);
    let person = story.world.visitor();
    let proved = story.prove(&person, ADA).await;
    let contact = proved["contact"]["id"].as_str().unwrap();
    let made = story.admin.get(format!("/v1/contacts/{contact}")).await.expect(200);
    assert_eq!((&made["email"], &made["job_title"]), (&json!(ADA), &json!("Countess")));
    let account = made["account_id"].as_str().unwrap();
    let account = story.admin.get(format!("/v1/accounts/{account}")).await.expect(200);
    assert_eq!(account["name"], "Engines");
    story.ask_signers(&[&json!(contact)]).await;
    assert_eq!(story.tried(&person).await, EVERYTHING);
    assert_eq!(story.tried(&reader).await, NOT_KNOWN);
    story.ask(&reader, BOB).await;
    assert_eq!(story.world.mails_to(BOB).len(), 0);
    story.close_access(&json!(contact)).await;
    assert_eq!(story.tried(&person).await, GONE);
}

#[tokio::test]
async fn a_public_link_is_read_by_anybody_and_signed_by_whoever_proves_who_they_are() {
    let story = Story::begin("public_same", None).await;
    let ((reader, opened), (ada, _), (bob, _)) =
        (story.press().await, story.press().await, story.press().await);
    assert_eq!(opened.expect(200)["standing"], "bearer");
    assert_eq!(story.tried(&reader).await, READS);
    let hers = story.prove(&ada, ADA).await["contact"]["id"].clone();
    let his = story.prove(&bob, BOB).await["contact"]["id"].clone();
    assert_ne!(hers, his);
    story.ask_signers(&[&hers, &his]).await;
    story.world.tick().await;
    for email in [ADA, BOB] {
        let mail = story.world.last_mail_with(email, "sign");
        assert!(mail.text.contains(&format!("/g/{}#", story.link)), "{}", mail.text);
    }
    assert_eq!(story.tried(&ada).await, EVERYTHING);
    assert_eq!(story.tried(&bob).await, EVERYTHING, "in the same document");
    assert_eq!(story.tried(&reader).await, READS, "whoever proved what");
    assert_eq!(story.said(&ada).await.iter().filter(|kind| *kind == "message").count(), 1);
    let block = format!("/v1/documents/{}/signatures", story.document);
    let block = story.admin.get(block).await.expect(200);
    assert!(block["completed_at"].is_string(), "{block}");

    story.close_access(&hers).await;
    assert_eq!(story.tried(&ada).await, NOT_KNOWN, "it ends her browsers, and not the link");
    assert_eq!(story.tried(&bob).await[..3], [200, 200, 201]);
    assert_eq!(story.tried(&reader).await, READS);
    story.deactivate().await;
    for browser in [&reader, &ada, &bob] {
        assert_eq!(story.tried(browser).await, INACTIVE);
    }
    story.copied().await;
    assert_eq!(story.tried(&reader).await, READS);
}

#[tokio::test]
async fn where_each_guest_gets_a_document_nobody_sees_what_another_does() {
    let story = Story::begin("public_child", None).await;
    let ((reader, _), (ada, _), (bob, _)) =
        (story.press().await, story.press().await, story.press().await);
    assert_eq!(story.tried(&reader).await, READS);
    let (hers, his) = (story.prove(&ada, ADA).await, story.prove(&bob, BOB).await);
    assert_eq!((&hers["is_own_copy"], &his["is_own_copy"]), (&json!(true), &json!(true)));
    assert_ne!(hers["file"]["id"], his["file"]["id"]);
    let asked_nothing = [200, 200, 201, 409];
    assert_eq!(story.tried(&ada).await, asked_nothing);
    assert_eq!(story.said(&ada).await, ["message", "share"]);
    assert_eq!(story.said(&bob).await, ["share"]);
    let theirs = his["file"]["id"].as_str().unwrap();
    let stolen = ada.post(story.path(&format!("/files/{theirs}/download")), json!({})).await;
    assert_eq!(stolen.problem(404), "not-found");
    let board = format!("/v1/links/{}/children", story.link);
    let board = story.admin.get(board).await.expect(200);
    let emails: Vec<_> =
        board["items"].as_array().unwrap().iter().map(|row| &row["email"]).collect();
    assert!(emails.contains(&&json!(ADA)) && emails.contains(&&json!(BOB)), "{board}");
    story.close_access(&hers["contact"]["id"]).await;
    assert_eq!(story.tried(&ada).await, NOT_KNOWN);
    assert_eq!(story.tried(&bob).await, asked_nothing);
}

#[tokio::test]
async fn closing_one_entry_or_one_file_hides_only_that() {
    let story = Story::begin("contact", Some(person(Some(ADA)))).await;
    let (browser, opened) = story.press().await;
    let contact = opened.expect(200)["contact"]["id"].clone();
    let events = format!("/v1/documents/{}/events", story.document);
    let message = json!({ "text": "For you alone.", "contact_ids": [contact] });
    let message = id_of(&story.admin.post(events, message).await.expect(201));
    assert_eq!(story.said(&browser).await, ["message", "share"]);
    let hidden: Object = message.parse().unwrap();
    let close = format!("/v1/documents/{}/close-access", story.document);
    let entry = json!({ "contact_id": contact, "event_id": hidden });
    story.admin.post(close, entry).await.expect(200);
    assert_eq!(story.said(&browser).await, ["share"]);
    assert_eq!(story.tried(&browser).await[..3], [200, 200, 201]);
}
