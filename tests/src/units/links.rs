//! What guest links cost.

mod threads;

use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use serde_json::json;

use super::Scale;
use crate::client::{Call, Client, id_of};
use crate::world::{code_in, token_in};

impl Scale<'_> {
    /// Weighs a guest link: made, handed out, opened, proved and ended.
    pub(super) async fn links(&mut self) {
        let (world, email) = (self.world, "gail@example.com");
        let admin = world.admin().await;
        let contact = world.contact(&world.acme, email, ReviewStatus::ToReview).await;
        let document = world.document(&world.acme, "Linked", AccessLevel::Restricted).await;
        let document = world.lay_page(&world.acme, &document).await;
        let all = format!("/v1/documents/{}/links", document.id);
        let input = json!({ "audience": "contact", "contact_id": contact.id });
        let link = id_of(&self.weigh("links.create", admin.post(&all, input)).await.body);
        let path = format!("/v1/links/{link}");
        self.weigh("links.list", admin.get(&all)).await;
        self.weigh("links.read", admin.get(&path)).await;
        let rights = json!({ "rights": ["view", "download", "sign"] });
        self.weigh("links.update", admin.patch(&path, rights).if_match(1)).await;
        let copy = self.weigh("links.copy", admin.post(format!("{path}/copy"), json!({}))).await;
        self.weigh("links.send", admin.post(format!("{path}/send"), json!({}))).await;
        let url = copy.body["url"].as_str().unwrap_or_default();
        let secret = url.split('#').nth(1).unwrap_or_default();

        let (page, browser) = (format!("/v1/guest/{link}"), world.visitor());
        let cover = browser.post(format!("{page}/cover"), json!({ "secret": secret }));
        self.weigh("guest.cover", cover).await;
        let open = json!({ "secret": secret, "device_nonce": "A".repeat(43) });
        let opened = self.weigh("guest.open", browser.post(format!("{page}/open"), open)).await;
        let place = opened.body["place"].as_str().unwrap_or_default();
        let known = |call: Call| call.header("X-Vestibule-Place", place);
        self.weigh("guest.read", known(browser.get(&page))).await;
        let file = document.published.map(|file| file.id.to_string()).unwrap_or_default();
        let download = browser.post(format!("{page}/files/{file}/download"), json!({}));
        self.weigh("guest.download", known(download)).await;

        let first = browser.get(format!("{page}/files/{file}/pages/1"));
        self.weigh("guest.page", known(first)).await;

        let other = world.visitor();
        let ask = other.post(format!("{page}/code"), json!({ "secret": secret }));
        self.weigh("guest.code", ask).await;
        world.tick().await;
        let code = code_in(&world.last_mail_with(email, "code"));
        let verify = other.post(format!("{page}/verify"), json!({ "code": code }));
        self.weigh("guest.verify", verify).await;
        self.weigh("guest.agreement", known(other.get(format!("{page}/nda")))).await;
        let accept = other.post(format!("{page}/nda/accept"), json!({ "version": 1 }));
        self.weigh("guest.accept_nda", known(accept)).await;
        let devices = self.weigh("links.devices", admin.get(format!("{path}/devices"))).await;
        let device = id_of(&devices.body["items"][0]);
        self.weigh("links.revoke", admin.delete(format!("{path}/devices/{device}"))).await;
        self.weigh("links.replace", admin.post(format!("{path}/replace"), json!({}))).await;
        let off = admin.post(format!("{path}/deactivate"), json!({}));
        self.weigh("links.deactivate", off).await;
        let whose = json!({ "contact_id": contact.id });
        let document = format!("/v1/documents/{}", document.id);
        let close = admin.post(format!("{document}/close-access"), whose.clone());
        self.weigh("documents.close_access", close).await;
        let reopen = admin.post(format!("{document}/reopen-access"), whose);
        self.weigh("documents.reopen_access", reopen).await;
        Box::pin(self.proofs(&admin, &all)).await;
        Box::pin(self.threads()).await;
        Box::pin(self.children()).await;
    }

    /// Weighs the two ways to prove an address without a code.
    async fn proofs(&mut self, admin: &Client, links: &str) {
        let (world, email) = (self.world, "hugo@example.com");
        let link = admin.post(links, json!({ "audience": "public_same" })).await.expect(201);
        let link = id_of(&link);
        let copy = admin.post(format!("/v1/links/{link}/copy"), json!({})).await.expect(200);
        let url = copy["url"].as_str().unwrap_or_default().to_owned();
        let secret = url.split('#').nth(1).unwrap_or_default();
        let page = format!("/v1/guest/{link}");
        let details =
            json!({ "first_name": "H", "last_name": "P", "job_title": "J", "company": "Hooli" });
        let elsewhere = world.company("elsewhere").await;
        let account = world.admin_of(&elsewhere).await;
        let input = json!({ "secret": secret, "details": details });
        let with_account = account.post(format!("{page}/verify-with-account"), input);
        self.weigh("guest.verify_with_account", with_account).await;

        let browser = world.visitor();
        for _ in 0..7 {
            let ask = json!({ "secret": secret, "email": email });
            browser.post(format!("{page}/code"), ask).await.expect(202);
            world.tick().await;
            world.advance(jiff::SignedDuration::from_mins(16));
        }
        let token = token_in(&world.last_mail(email), &format!("/g/{link}/confirm"));
        let confirm = json!({ "token": token, "details": details });
        let confirm = browser.post(format!("{page}/confirm"), confirm);
        self.weigh("guest.confirm", confirm).await;
    }
}
