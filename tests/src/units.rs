//! What each route costs: AWS requests, round trips one after the other, capacity units.
//!
//! Counted, not timed, so that a change is a reviewed diff of `tests/units.table`.

mod links;
mod people;

use std::collections::BTreeSet;
use std::fmt::Write;

use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::member::Role;
use functions::routes::ROUTES;
use serde_json::{Value, json};
use store::meter::Kind;

use crate::client::{Call, Client, Reply, id_of};
use crate::faults::operations;
use crate::seed::pdf;
use crate::seed::pictures::png;
use crate::uploads::claim;
use crate::world::{World, code_in, token_in};

/// Password of the one who signs in for real.
const PASSWORD: &str = "seventeen purple walruses";

/// What one call of a route cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// Which route.
    pub route: &'static str,
    /// AWS requests.
    pub requests: usize,
    /// Round trips one after the other.
    pub rounds: usize,
    /// Read units.
    pub read: f64,
    /// Write units.
    pub write: f64,
}

impl World {
    /// Makes one call and tells what it cost.
    pub async fn weigh(&self, route: &'static str, call: Call) -> (Cost, Reply) {
        drop(self.meter.take());
        self.faults.count();
        let reply = call.await;
        let rounds = self.faults.rounds();
        let requests = operations(&self.faults.disarm());
        let calls = self.meter.take();
        let units =
            |kind| calls.iter().filter(|call| call.kind == kind).map(|call| call.units).sum();
        (
            Cost { route, requests, rounds, read: units(Kind::Read), write: units(Kind::Write) },
            reply,
        )
    }
}

/// The table as it is checked in: a line a route, in the order of `ROUTES`.
#[must_use]
pub fn table(costs: &[Cost]) -> String {
    let mut text =
        format!("{:<26} {:>8} {:>6} {:>6} {:>6}\n", "route", "requests", "rounds", "read", "write");
    for route in ROUTES {
        for cost in costs.iter().filter(|cost| is_of(cost.route, route.name)) {
            let Cost { route, requests, rounds, read, write } = cost;
            writeln!(text, "{route:<26} {requests:>8} {rounds:>6} {read:>6} {write:>6}")
                .expect("text grows");
        }
    }
    text
}

/// Whether what was weighed is a route, or a call of it that costs otherwise, as `contacts.list q`.
fn is_of(weighed: &str, route: &str) -> bool {
    weighed.strip_prefix(route).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Names of routes that were not weighed.
#[must_use]
pub fn missing(costs: &[Cost]) -> Vec<&'static str> {
    let weighed: BTreeSet<_> = costs.iter().map(|cost| cost.route).collect();
    ROUTES.iter().map(|route| route.name).filter(|name| !weighed.contains(name)).collect()
}

/// Weighs each route once, in an order in which each finds what it needs; boxed, off the stack.
pub async fn weigh_all(world: &World) -> Vec<Cost> {
    let mut scale = Scale { world, costs: Vec::new() };
    Box::pin(scale.staff()).await;
    Box::pin(scale.library()).await;
    Box::pin(scale.people()).await;
    Box::pin(scale.visitors()).await;
    Box::pin(scale.portal()).await;
    Box::pin(scale.links()).await;
    scale.costs
}

struct Scale<'a> {
    world: &'a World,
    costs: Vec<Cost>,
}

impl Scale<'_> {
    /// Weighs a call that must succeed.
    async fn weigh(&mut self, route: &'static str, call: Call) -> Reply {
        let (cost, reply) = self.world.weigh(route, call).await;
        assert!(reply.status < 300, "{route}: {} {}", reply.status, reply.text);
        self.costs.push(cost);
        reply
    }

    async fn staff(&mut self) {
        let anyone = self.world.visitor();
        self.weigh("health.read", anyone.get("/v1/health")).await;
        self.weigh("openapi.read", anyone.get("/v1/openapi.json")).await;

        let house = &self.world.house;
        let (slug, email) = ("hooli".parse().unwrap(), "boss@hooli.example".parse().unwrap());
        let name = "Gavin Belson".parse().unwrap();
        app::seating::founding::found(house, slug, None, email, name, PASSWORD).await.unwrap();
        let boss = self.world.visitor();
        let input = json!({ "email": "boss@hooli.example", "password": PASSWORD });
        let seat = self.weigh("sessions.create", boss.post("/v1/sessions", input.clone())).await;
        let hooli = seat.body["seat"]["tenant_id"].clone();
        let other = self.world.visitor();
        let other = other.post("/v1/sessions", input).await.expect(201);
        self.weigh("sessions.list", boss.get("/v1/sessions")).await;
        let end = format!("/v1/sessions/{}", id_of(&other));
        self.weigh("sessions.end", boss.delete(end)).await;
        let choose = boss.post("/v1/sessions/current/tenant", json!({ "tenant_id": hooli }));
        self.weigh("sessions.choose", choose).await;
        self.me(&boss).await;
        let tenant = self.weigh("tenant.read", boss.get("/v1/tenant")).await;
        let rename = boss.patch("/v1/tenant", json!({ "name": "Hooli Inc" }));
        self.weigh("tenant.update", rename.if_match(tenant.version())).await;
        let logo = boss.send_raw("PUT", "/v1/tenant/logo", "image/png", png(2, 2));
        self.weigh("tenant.set_logo", logo).await;
        self.weigh("tenant.remove_logo", boss.delete("/v1/tenant/logo")).await;
        let nda = json!({ "title": "NDA", "text": "Keep it to yourself." });
        self.weigh("nda_versions.create", boss.post("/v1/nda-versions", nda)).await;
        self.weigh("nda_versions.list", boss.get("/v1/nda-versions")).await;
        self.weigh("sessions.end_current", boss.delete("/v1/sessions/current")).await;

        let admin = self.world.admin().await;
        self.world.seat(self.world.acme.id(), Role::Member).await;
        let members = self.weigh("members.list", admin.get("/v1/members")).await;
        let member = id_of(&members.body["items"][0]);
        self.weigh("members.read", admin.get(format!("/v1/members/{member}"))).await;
        self.seats(&admin).await;
        let input = json!({ "name": "Initech", "domains": ["initech.example"], "status": "approved", "auto_approval": false });
        let account = self.weigh("accounts.create", admin.post("/v1/accounts", input)).await;
        let path = format!("/v1/accounts/{}", id_of(&account.body));
        self.weigh("accounts.list", admin.get("/v1/accounts")).await;
        self.weigh("accounts.read", admin.get(&path)).await;
        let rename = admin.patch(&path, json!({ "name": "Initech AG" })).if_match(1);
        self.weigh("accounts.update", rename).await;
        self.weigh("accounts.delete", admin.delete(&path)).await;
    }

    async fn library(&mut self) {
        let admin = self.world.admin().await;
        let input = json!({ "title": "Report", "category": "Audit", "access_level": "restricted" });
        let document = self.weigh("documents.create", admin.post("/v1/documents", input)).await;
        let path = format!("/v1/documents/{}", id_of(&document.body));
        let bytes = pdf("Report");
        let announce = claim("report.pdf", "application/pdf", &bytes);
        let file = self.weigh("files.create", admin.post(format!("{path}/files"), announce)).await;
        assert_eq!(self.world.put_upload(&file.body["upload"], &bytes).await, 200);
        let file = format!("/v1/files/{}", id_of(&file.body["file"]));
        self.weigh("files.complete", admin.post(format!("{file}/complete"), json!({}))).await;
        self.weigh("files.download", admin.post(format!("{file}/download"), json!({}))).await;
        let seen = self.weigh("documents.read", admin.get(&path)).await;
        let rename = admin.patch(&path, json!({ "title": "Audit report" }));
        self.weigh("documents.update", rename.if_match(seen.version())).await;
        self.weigh("documents.list", admin.get("/v1/documents")).await;
        self.weigh("documents.access", admin.get(format!("{path}/access"))).await;
        self.weigh("files.delete", admin.delete(&file)).await;
        self.weigh("documents.delete", admin.delete(&path)).await;
    }

    async fn people(&mut self) {
        let admin = self.world.admin().await;
        let paper = self.world.paper(&self.world.acme, "Paper").await;
        let input = json!({ "email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace", "status": "approved" });
        let contact = self.weigh("contacts.create", admin.post("/v1/contacts", input)).await;
        let path = format!("/v1/contacts/{}", id_of(&contact.body));
        self.weigh("contacts.list", admin.get("/v1/contacts")).await;
        self.world.tick().await;
        self.weigh("contacts.list q", admin.get("/v1/contacts?q=love")).await;
        self.weigh("contacts.read", admin.get(&path)).await;
        let rename = admin.patch(&path, json!({ "first_name": "Augusta" })).if_match(1);
        self.weigh("contacts.update", rename).await;
        self.weigh("contacts.documents", admin.get(format!("{path}/documents"))).await;
        let share = json!({ "add": [{ "document_id": paper }] });
        self.weigh("contacts.share", admin.patch(format!("{path}/documents"), share)).await;
        self.weigh("contacts.requests", admin.get(format!("{path}/requests"))).await;
        self.weigh("contacts.activity", admin.get(format!("{path}/activity"))).await;
        self.weigh("activity.list", admin.get(format!("/v1/activity?object={paper}"))).await;
        let id = id_of(&contact.body);
        let why = format!("/v1/explain?principal={id}&action=document.view&object={paper}");
        self.weigh("explain.read", admin.get(why)).await;
        let open = format!("/v1/explain/open?principal={id}");
        self.weigh("explain.open", admin.get(open)).await;
        self.extend(&admin, &path).await;
        let link = admin.post(format!("{path}/magic-link"), json!({}));
        self.weigh("contacts.magic_link", link).await;
        self.world.tick().await;
        let mails = admin.get(format!("/v1/mails?object={}", id_of(&contact.body)));
        let mails = self.weigh("mails.list", mails).await;
        let resend = format!("/v1/mails/{}/resend", id_of(&mails.body["items"][0]));
        self.weigh("mails.resend", admin.post(resend, json!({}))).await;
        self.weigh("contacts.suspend", admin.post(format!("{path}/suspend"), json!({}))).await;
        let back = json!({ "status": "approved", "keep_grants": true });
        self.weigh("contacts.unsuspend", admin.post(format!("{path}/unsuspend"), back)).await;
        let picture = admin.send_raw("PUT", format!("{path}/picture"), "image/png", png(2, 2));
        self.weigh("contacts.set_picture", picture).await;
        let remove = admin.delete(format!("{path}/picture"));
        self.weigh("contacts.remove_picture", remove).await;
        let archive = admin.post(format!("{path}/archive"), json!({}));
        self.weigh("contacts.archive", archive).await;
        let unarchive = admin.post(format!("{path}/unarchive"), json!({}));
        self.weigh("contacts.unarchive", unarchive).await;
        self.weigh("contacts.delete", admin.delete(&path)).await;
    }

    /// Weighs an extension of what is shared for a day.
    async fn extend(&mut self, admin: &Client, contact: &str) {
        let paper = self.world.paper(&self.world.acme, "Lent").await;
        let end = self.world.now() + jiff::SignedDuration::from_hours(24);
        let share = json!({ "add": [{ "document_id": paper, "expires_at": end }] });
        admin.patch(format!("{contact}/documents"), share).await.expect(200);
        let seen = admin.get(format!("{contact}/documents")).await.expect(200);
        let shared = seen["items"].as_array().expect("documents");
        let lent = shared.iter().find(|item| item["document_id"] == json!(paper));
        let grant = lent.expect("the paper").get("shared").cloned().expect("a share");
        let contact = contact.rsplit('/').next().unwrap_or_default();
        let input = json!({ "contact_id": contact, "version": grant["version"] });
        let path = format!("/v1/grants/{}/extend", grant["grant_id"].as_str().unwrap_or_default());
        self.weigh("grants.extend", admin.post(path, input)).await;
    }

    async fn visitors(&mut self) {
        let admin = self.world.admin().await;
        let mut open = Vec::new();
        for number in 0..4 {
            let title = format!("Open {number}");
            open.push(self.world.document(&self.world.acme, &title, AccessLevel::Restricted).await);
        }
        let public = self.world.document(&self.world.acme, "Public", AccessLevel::Public).await;
        let file = public.published.map(|file| file.id.to_string()).unwrap_or_default();
        let visitor = self.world.visitor();
        self.weigh("trust.read", visitor.get("/v1/trust/acme")).await;
        let download = visitor.post(format!("/v1/trust/acme/files/{file}/download"), json!({}));
        self.weigh("trust.download", download).await;
        let ask = |documents: &[usize]| {
            let ids: Vec<_> = documents.iter().map(|index| open[*index].id).collect();
            visitor.post("/v1/trust/acme/requests", asking("tomasz@hooli.example", &json!(ids)))
        };
        self.weigh("trust.request", ask(&[0, 1])).await;
        self.world.tick().await;
        let queue = self.weigh("requests.list", admin.get("/v1/requests")).await;
        let path = format!("/v1/requests/{}", id_of(&queue.body["items"][0]));
        self.weigh("requests.read", admin.get(&path)).await;
        let start = admin.post(format!("{path}/start-review"), json!({}));
        self.weigh("requests.start_review", start).await;
        let question = json!({ "question": "Which team reads it?" });
        self.weigh("requests.ask", admin.post(format!("{path}/ask"), question)).await;
        self.world.tick().await;
        let token = token_in(&self.world.last_mail("tomasz@hooli.example"), "/t/acme/answer");
        let answer = json!({ "token": token, "answer": "Risk." });
        self.weigh("trust.answer", visitor.post("/v1/trust/acme/requests/answer", answer)).await;
        let decide = json!({ "share": [open[0].id], "decline": [open[1].id] });
        self.weigh("requests.decide", admin.post(format!("{path}/decide"), decide)).await;

        for (documents, verb, route) in
            [([1], "approve", "requests.approve"), ([2], "reject", "requests.reject")]
        {
            ask(&documents).await;
            self.world.tick().await;
            let path = newest_pending(&admin).await;
            self.weigh(route, admin.post(format!("{path}/{verb}"), json!({}))).await;
        }
        ask(&[3]).await;
        self.world.tick().await;
        let path = newest_pending(&admin).await;
        admin.post(format!("{path}/ask"), json!({ "question": "Why?" })).await.expect(200);
        self.world.tick().await;
        let token = token_in(&self.world.last_mail("tomasz@hooli.example"), "/t/acme/answer");
        let withdraw = visitor.post("/v1/trust/acme/requests/withdraw", json!({ "token": token }));
        self.weigh("trust.withdraw", withdraw).await;
    }

    async fn portal(&mut self) {
        let (world, email) = (self.world, "mia@example.com");
        let admin = world.admin().await;
        let nda = json!({ "title": "NDA", "text": "Keep it to yourself." });
        admin.post("/v1/nda-versions", nda).await.expect(201);
        let contact = world.contact(&world.acme, email, ReviewStatus::Approved).await;
        let document = world.document(&world.acme, "Shared", AccessLevel::Restricted).await;
        let wanted = world.document(&world.acme, "Wanted", AccessLevel::Restricted).await;
        world.grant(&world.acme, contact.id, document.id).await;
        let link = format!("/v1/contacts/{}/magic-link", contact.id);
        admin.post(link, json!({})).await.expect(202);
        world.tick().await;
        let token = token_in(&world.last_mail(email), "/p/acme");

        let browser = world.visitor();
        let nonce = "A".repeat(43);
        let open = json!({ "token": token, "device_nonce": nonce });
        self.weigh("portal.open", browser.post("/v1/portal/open", open)).await;
        self.weigh("portal.read", browser.get("/v1/portal")).await;
        let document = world.lay_page(&world.acme, &document).await;
        let shown = format!("/v1/pages/{}", world.page_token(&world.acme, &document, email));
        self.weigh("pages.read", browser.get(shown)).await;
        let file = document.published.map(|file| file.id.to_string()).unwrap_or_default();
        let page = format!("files/{file}/pages/1");
        self.weigh("files.page", admin.get(format!("/v1/{page}"))).await;
        self.weigh("portal.page", browser.get(format!("/v1/portal/{page}"))).await;
        let download = browser.post(format!("/v1/portal/files/{file}/download"), json!({}));
        self.weigh("portal.download", download).await;
        self.weigh("portal.sign_out", browser.delete("/v1/portal/session")).await;

        let ask = json!({ "slug": "acme", "email": email });
        self.weigh("portal.code", browser.post("/v1/portal/code", ask)).await;
        world.tick().await;
        let code = code_in(&world.last_mail(email));
        let verify = browser.post("/v1/portal/verify", json!({ "code": code }));
        self.weigh("portal.verify", verify).await;
        let accept = browser.post("/v1/portal/nda/accept", json!({ "version": 1 }));
        self.weigh("portal.accept_nda", accept).await;
        let renew = browser.post("/v1/portal/renew", json!({ "token": token }));
        self.weigh("portal.renew", renew).await;

        let asked = asking(email, &json!([wanted.id]));
        browser.post("/v1/trust/acme/requests", asked).await.expect(202);
        world.tick().await;
        let path = newest_pending(&admin).await;
        admin.post(format!("{path}/ask"), json!({ "question": "Why?" })).await.expect(200);
        let own = self.weigh("portal.requests", browser.get("/v1/portal/requests")).await;
        let own = format!("/v1/portal/requests/{}", id_of(&own.body["items"][0]));
        let answer = json!({ "answer": "Because." });
        self.weigh("portal.answer", browser.post(format!("{own}/answer"), answer)).await;
        self.weigh("portal.withdraw", browser.post(format!("{own}/withdraw"), json!({}))).await;
    }
}

/// What a visitor sends.
fn asking(email: &str, documents: &Value) -> Value {
    json!({
        "email": email,
        "first_name": "Tomasz",
        "last_name": "Wrona",
        "company": "Hooli",
        "job_title": "Risk",
        "reason": "Yearly review",
        "document_ids": documents,
    })
}

/// The path of the newest request that waits.
async fn newest_pending(admin: &Client) -> String {
    let queue = admin.get("/v1/requests?status=to_review").await.expect(200);
    format!("/v1/requests/{}", id_of(&queue["items"][0]))
}
