//! `/v1/guest`.

use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, Document};
use domain::link::{Audience, Link};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::client::{Client, Reply};
use tests::world::{World, code_in, token_in};

mod agreement;
mod audiences;
mod children;
mod codes;
mod notices;
mod opening;
mod sending;
mod signing;
mod thread;

/// One link, and whose it is.
struct Scene {
    world: World,
    admin: Client,
    document: Document,
    contact: Option<Contact>,
    link: Link,
}

const EMAIL: &str = "maya@initech.example";
const DOMAIN: &str = "initech.example";

impl Scene {
    /// A link for Maya, who has an address and works for an account.
    async fn for_maya() -> Self {
        Self::laid(Audience::Contact, Some(EMAIL), Some(DOMAIN)).await
    }

    /// A link for `audience`; for a contact, who has the address `email`, if any.
    async fn of(audience: Audience, email: Option<&str>) -> Self {
        Self::laid(audience, email, None).await
    }

    /// The same; for a contact who works for an account at `domain`, if any.
    async fn laid(audience: Audience, email: Option<&str>, domain: Option<&str>) -> Self {
        // Boxed, as a world in the making is a large future.
        let world = Box::pin(World::start()).await;
        let admin = world.admin().await;
        let document = world.document(&world.acme, "Report", AccessLevel::Restricted).await;
        let account = match domain {
            Some(domain) => Some(world.account(&world.acme, domain, ReviewStatus::Approved).await),
            None => None,
        };
        let contact = (audience == Audience::Contact).then(|| {
            let status = ReviewStatus::ToReview;
            let contact = world.new_contact(&world.acme, EMAIL, status, account.as_ref());
            Contact { email: email.map(|email| email.parse().unwrap()), ..contact }
        });
        if let Some(contact) = &contact {
            world.lay_contact(&world.acme, contact).await;
        }
        let link = world.link(&world.acme, &document, audience, contact.as_ref()).await;
        Self { world, admin, document, contact, link }
    }

    fn secret(&self) -> String {
        self.world.link_secret(&self.world.acme, &self.link)
    }

    fn path(&self, rest: &str) -> String {
        format!("/v1/guest/{}{rest}", self.link.id)
    }

    async fn open(&self, browser: &Client, nonce: char) -> Reply {
        let nonce = nonce.to_string().repeat(42) + "A";
        let input = json!({ "secret": self.secret(), "device_nonce": nonce });
        browser.post(self.path("/open"), input).await
    }

    async fn ask(&self, browser: &Client, email: &str) -> Reply {
        let input = json!({ "secret": self.secret(), "email": email });
        browser.post(self.path("/code"), input).await
    }

    async fn verify(&self, browser: &Client, code: &str) -> Reply {
        self.verify_as(browser, code, Value::Null).await
    }

    async fn verify_as(&self, browser: &Client, code: &str, details: Value) -> Reply {
        browser.post(self.path("/verify"), json!({ "code": code, "details": details })).await
    }

    /// The code that was mailed last.
    async fn mailed(&self, email: &str) -> String {
        self.world.tick().await;
        code_in(&self.world.last_mail_with(email, "code"))
    }

    /// Proves `email` in `browser`, as somebody unknown if need be.
    async fn prove(&self, browser: &Client, email: &str) -> Reply {
        self.ask(browser, email).await.expect(202);
        let code = self.mailed(email).await;
        self.verify_as(browser, &code, details()).await
    }

    /// Uses up the short codes for `email`; answers the token of the link that is mailed then.
    async fn last_resort(&self, thief: &Client, email: &str) -> String {
        for _ in 0..5 {
            self.ask(thief, email).await.expect(202);
            let code = self.mailed(email).await;
            let wrong = if code == "000000" { "000001" } else { "000000" };
            for _ in 0..5 {
                assert_eq!(self.verify(thief, wrong).await.problem(403), "code-wrong");
            }
            self.world.advance(SignedDuration::from_mins(16));
        }
        self.ask(thief, email).await.expect(202);
        self.world.tick().await;
        token_in(&self.world.last_mail(email), &format!("/g/{}/confirm", self.link.id))
    }

    async fn read(&self, browser: &Client) -> Reply {
        browser.get(self.path("")).await
    }

    async fn download(&self, browser: &Client) -> Reply {
        let file = self.document.published.as_ref().unwrap().id;
        browser.post(self.path(&format!("/files/{file}/download")), json!({})).await
    }

    /// What the document's readers get, to the byte.
    async fn sha256(&self) -> String {
        let document = self.admin.get(format!("/v1/documents/{}", self.document.id)).await;
        let document = document.expect(200);
        let newest = document["published"]["id"].clone();
        let files = document["files"].as_array().unwrap().clone();
        let file = files.into_iter().find(|file| file["id"] == newest).unwrap();
        file["sha256"].as_str().unwrap().to_owned()
    }

    async fn staff(&self, verb: &str) {
        let path = format!("/v1/links/{}/{verb}", self.link.id);
        self.admin.post(path, json!({})).await.expect(200);
    }
}

fn details() -> Value {
    json!({
        "first_name": "Tomasz",
        "last_name": "Nowak",
        "job_title": "Buyer",
        "company": "Hooli",
    })
}
