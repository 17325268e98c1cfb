//! What is said and signed on guest links costs.

use app::house::token::guest::Place;
use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, Document};
use domain::link::guest::Proof;
use domain::link::{Audience, Link};
use serde_json::{Value, json};

use crate::client::{Call, Client, id_of};
use crate::seed::{pdf, sha256};
use crate::units::Scale;
use crate::uploads::claim;
use crate::world::{code_in, token_in};

/// Somebody whom a document was sent to.
struct Sent {
    contact: Contact,
    link: Link,
    browser: Client,
    /// Where its page was told that the link lies.
    place: String,
}

impl Sent {
    fn path(&self, rest: &str) -> String {
        format!("/v1/guest/{}/{rest}", self.link.id)
    }

    fn get(&self, rest: &str) -> Call {
        self.browser.get(self.path(rest)).header("X-Vestibule-Place", &self.place)
    }

    fn post(&self, rest: &str, body: Value) -> Call {
        self.browser.post(self.path(rest), body).header("X-Vestibule-Place", &self.place)
    }
}

impl Scale<'_> {
    /// A document sent to `email`, and a browser that proved the address.
    async fn sent(&self, document: &Document, email: &str) -> Sent {
        let (world, acme) = (self.world, &self.world.acme);
        let contact = world.contact(acme, email, ReviewStatus::ToReview).await;
        let link = world.link(acme, document, Audience::Contact, Some(&contact)).await;
        let browser = world.guest(acme, &link, Some(&contact), Proof::Code).await;
        let place = Place {
            tenant: acme.id(),
            document: document.id,
            contact: Some(contact.id),
            account: contact.account_id,
            child: None,
        };
        let place = place.sign(&world.house.keys, link.id);
        Sent { contact, link, browser, place }
    }

    /// Weighs the thread of a document and its signatures, then what is told about a link.
    pub(super) async fn threads(&mut self) {
        let world = self.world;
        let admin = world.admin().await;
        let document = world.document(&world.acme, "Signed", AccessLevel::Restricted).await;
        let (ivy, joe) = (
            self.sent(&document, "ivy@example.com").await,
            self.sent(&document, "joe@example.com").await,
        );
        let home = format!("/v1/documents/{}", document.id);
        let hello = json!({ "text": "Hello.", "contact_ids": [ivy.contact.id] });
        self.weigh("documents.write", admin.post(format!("{home}/events"), hello)).await;
        self.weigh("documents.events", admin.get(format!("{home}/events"))).await;
        let text = json!({ "text": "Hello to you." });
        self.weigh("guest.write", ivy.post("messages", text)).await;
        self.weigh("guest.events", ivy.get("events")).await;

        let block = format!("{home}/signatures");
        let signer = |of: &Sent, act: &str| json!({ "contact_id": of.contact.id, "act": act });
        let signers = json!([signer(&ivy, "sign"), signer(&joe, "approve")]);
        let ask = json!({ "whom": "named", "signers": signers });
        self.weigh("documents.ask_signatures", admin.put(&block, ask).if_match(0)).await;
        self.weigh("documents.signatures", admin.get(&block)).await;
        self.weigh("guest.signatures", ivy.get("signatures")).await;
        let request = world.ask_for_files(&world.acme, &document, &ivy.contact).await;
        let annex = pdf("annex");
        let mut claim = claim("annex.pdf", "application/pdf", &annex);
        claim["event_id"] = json!(request.id);
        let new = self.weigh("guest.send_file", ivy.post("files", claim)).await.body;
        world.put_upload(&new["upload"], &annex).await;
        let complete = format!("files/{}/complete", id_of(&new["file"]));
        self.weigh("guest.complete_file", ivy.post(&complete, json!({}))).await;
        let reason = json!({ "reason": "Not yet." });
        self.weigh("guest.decline", ivy.post("decline", reason)).await;
        let exact = json!({ "sha256": sha256(&pdf("Signed")) });
        self.weigh("guest.sign", ivy.post("sign", exact.clone())).await;
        self.weigh("guest.approve", joe.post("approve", exact)).await;
        Box::pin(self.notices(&admin, &joe)).await;
    }

    /// Weighs what somebody tells about a link without being let in.
    async fn notices(&mut self, admin: &Client, joe: &Sent) {
        let (world, email) = (self.world, "joe@example.com");
        let secret = world.link_secret(&world.acme, &joe.link);
        let thief = world.visitor();
        let open = json!({ "secret": secret, "device_nonce": "A".repeat(43) });
        thief.post(joe.path("open"), open).await.expect(200);
        world.tick().await;
        let token = token_in(&world.last_mail_with(email, "did not know"), "/not-me");
        let owner = world.visitor();
        owner.post(joe.path("code"), json!({ "token": token })).await.expect(202);
        world.tick().await;
        let code = code_in(&world.last_mail_with(email, "code"));
        let not_me = json!({ "token": token, "code": code });
        self.weigh("guest.not_me", owner.post(joe.path("not-me"), not_me)).await;
        let off = format!("/v1/links/{}/deactivate", joe.link.id);
        admin.post(off, json!({})).await.expect(200);
        let again = owner.post(joe.path("ask-again"), json!({ "secret": secret }));
        self.weigh("guest.ask_again", again).await;
    }

    /// Weighs a link on which each guest gets a document of their own.
    pub(super) async fn children(&mut self) {
        let (world, email) = (self.world, "kim@example.com");
        let admin = world.admin().await;
        let document = world.document(&world.acme, "Group", AccessLevel::Restricted).await;
        let block = format!("/v1/documents/{}/signatures", document.id);
        let ask = json!({ "whom": "group", "act": "sign" });
        admin.put(block, ask).if_match(0).await.expect(200);
        let link = world.link(&world.acme, &document, Audience::PublicChild, None).await;
        let (page, browser) = (format!("/v1/guest/{}", link.id), world.visitor());
        let secret = world.link_secret(&world.acme, &link);
        let asked = json!({ "secret": secret, "email": email });
        browser.post(format!("{page}/code"), asked).await.expect(202);
        world.tick().await;
        let code = code_in(&world.last_mail_with(email, "code"));
        let details: Value =
            json!({ "first_name": "K", "last_name": "L", "job_title": "M", "company": "N" });
        let verify = json!({ "code": code, "details": details });
        let verify = browser.post(format!("{page}/verify"), verify);
        let own = self.weigh("guest.verify child", verify).await;
        let place = own.body["place"].as_str().unwrap_or_default();
        let read = browser.get(&page).header("X-Vestibule-Place", place);
        self.weigh("guest.read child", read).await;
        let board = format!("/v1/links/{}/children", link.id);
        self.weigh("links.children", admin.get(&board)).await;
        self.weigh("links.export_children", admin.get(format!("{board}/export"))).await;
    }
}
