//! What is asked for in each row: path, body, version; things made for it first.

use app::house::token::AnswerToken;
use app::serving::route::Takes;
use domain::contact::{Contact, ReviewStatus};
use domain::document::AccessLevel;
use domain::expiry::When;
use domain::grant::Grant;
use domain::request::Request;
use domain::tenant::Zone;
use functions::routes::ROUTES;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::authenticator::Authenticator;
use tests::client::{Call, Reply};
use tests::seed::pictures::png;

use crate::permissions::asks::laid::{laid_page, publish_nda};
use crate::permissions::asks::library::library;
use crate::permissions::asks::links::{guest, links};
use crate::permissions::asks::seats::seats;
use crate::permissions::stage::{Stage, Standing};

mod laid;
mod library;
mod links;
mod seats;

/// 32 bytes in base64url.
const NONCE: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";

/// What is sent: parameters of the path in order, query, body, version.
#[derive(Default)]
pub(crate) struct Sent {
    pub(crate) parts: Vec<String>,
    pub(crate) query: String,
    body: Value,
    if_match: Option<u64>,
}

fn at(part: impl ToString) -> Sent {
    Sent { parts: vec![part.to_string()], body: json!({}), ..Sent::default() }
}

fn body(body: Value) -> Sent {
    Sent { body, ..Sent::default() }
}

impl Sent {
    fn with(self, body: Value) -> Self {
        Self { body, ..self }
    }

    fn and(mut self, part: impl ToString) -> Self {
        self.parts.push(part.to_string());
        self
    }

    fn if_match(self, version: u64) -> Self {
        Self { if_match: Some(version), ..self }
    }
}

/// Makes what a row is about, and asks for it.
pub(crate) async fn ask(stage: &Stage<'_>, name: &str, variant: &str) -> Reply {
    let sent = prepare(stage, name, variant).await;
    send(stage, name, sent).await
}

/// Makes what a row is about.
pub(crate) async fn prepare(stage: &Stage<'_>, name: &str, variant: &str) -> Sent {
    let area = name.split('.').next().unwrap_or_default();
    match area {
        "sessions" | "me" | "tenant" | "nda_versions" => house(stage, name, variant).await,
        "members" | "invitations" | "password_resets" => seats(stage, name, variant).await,
        "contacts" => contacts(stage, name, variant).await,
        "documents" | "files" => library(stage, name, variant).await,
        "accounts" | "activity" | "requests" => review(stage, name, variant).await,
        "grants" | "mails" => openings(stage, name, variant).await,
        "links" => Box::pin(links(stage, name, variant)).await,
        "guest" => Box::pin(guest(stage, name, variant)).await,
        "explain" => explain(stage, name, variant).await,
        "trust" => trust(stage, name, variant).await,
        "pages" => at(laid_page(stage, &stage.owner).await.1),
        "portal" => portal(stage, name, variant).await,
        _ => body(json!({})),
    }
}

/// Asks for what was made.
pub(crate) async fn send(stage: &Stage<'_>, name: &str, sent: Sent) -> Reply {
    let mut call = call(stage, name, &sent);
    if stage.standing == Standing::Settled {
        call = call.key("k");
    }
    if stage.world.faults.is_armed() {
        stage.world.faults.count();
    }
    call.await
}

/// Asks for what was made, under an idempotency key.
pub(crate) async fn send_under(stage: &Stage<'_>, name: &str, sent: &Sent, key: &str) -> Reply {
    call(stage, name, sent).key(key).await
}

fn call(stage: &Stage<'_>, name: &str, sent: &Sent) -> Call {
    let route = ROUTES.iter().find(|route| route.name == name).expect("a route of that name");
    let mut parts = sent.parts.iter();
    let path: Vec<&str> = route
        .path
        .split('/')
        .map(|part| {
            if part.starts_with('{') {
                parts.next().unwrap_or_else(|| panic!("`{name}` needs another part"))
            } else {
                part
            }
        })
        .collect();
    let preview = match (stage.standing, sent.query.as_str()) {
        (Standing::Foreseen, "") => "?preview=true",
        (Standing::Foreseen, _) => "&preview=true",
        _ => "",
    };
    let path = format!("{}{}{preview}", path.join("/"), sent.query);
    let method = route.method.as_str();
    let call = match route.takes {
        Takes::Json => stage.client.send(method, path, sent.body.clone()),
        Takes::Picture => stage.client.send_raw(method, path, "image/png", png(2, 2)),
    };
    match sent.if_match {
        Some(version) => call.if_match(version),
        None => call,
    }
}

async fn house(stage: &Stage<'_>, name: &str, variant: &str) -> Sent {
    match name {
        "sessions.create" => {
            let email = &stage.owner.email;
            body(json!({ "email": email, "password": "not the password at all" }))
        }
        "sessions.end" => {
            if let (Some(own), "own") = (&stage.session, variant) {
                return at(own.id);
            }
            let (company, member) = (stage.company.id(), &stage.company.administrator);
            at(stage.world.session_of(company, member).await.1.id)
        }
        "sessions.choose" => body(json!({ "tenant_id": stage.company.id() })),
        "me.password" => {
            let present = "not the password at all";
            body(json!({ "current_password": present, "password": "four grey geese at noon" }))
        }
        "sessions.prove" => body(json!({ "password": "not the password at all" })),
        "me.confirm_totp" if stage.session.is_some() => {
            let seed = stage.client.post("/v1/me/totp", json!({})).await.expect(200);
            let app = Authenticator::enrolled(&seed);
            body(json!({ "code": app.shows(stage.world.now()) }))
        }
        "me.confirm_totp" => body(json!({ "code": "123456" })),
        "me.remove_totp" | "me.renew_recovery_codes" if stage.session.is_some() => {
            stage.world.turn_on_second_factor(&stage.client).await;
            body(json!({}))
        }
        "me.enrol_totp" | "me.renew_recovery_codes" => body(json!({})),
        "me.update" => body(json!({ "name": "Somebody" })).if_match(1),
        "tenant.update" => {
            let tenant = stage.world.house.table.tenant(stage.home).own_tenant().await;
            let version = tenant.expect("the table answers").expect("a tenant").version;
            body(json!({ "name": "New name" })).if_match(version)
        }
        "nda_versions.create" => body(json!({ "title": "NDA", "text": "Tell nobody." })),
        _ => Sent::default(),
    }
}

async fn contacts(stage: &Stage<'_>, name: &str, variant: &str) -> Sent {
    if name == "contacts.create" {
        let status = if variant == "approved" { variant } else { "to_review" };
        return body(json!({ "first_name": "A", "last_name": "B", "status": status }));
    }
    if name == "contacts.list" {
        return Sent::default();
    }
    let status = match (name, variant) {
        ("contacts.unsuspend", _) => ReviewStatus::Cancelled,
        (_, "status") => ReviewStatus::InReview,
        _ => ReviewStatus::Approved,
    };
    let contact = stage.contact(stage.whose(variant), status).await;
    let sent = at(contact.id);
    match name {
        "contacts.update" if variant == "status" => {
            sent.with(json!({ "status": "approved" })).if_match(1)
        }
        "contacts.update" => sent.with(json!({ "first_name": "New" })).if_match(1),
        "contacts.delete" => sent.if_match(1),
        "contacts.share" => {
            let other = variant == "paper";
            let uploader = if other { &stage.company.administrator } else { &stage.owner };
            let document = stage.document(uploader).await.id;
            sent.with(json!({ "add": [{ "document_id": document }] }))
        }
        "contacts.unsuspend" => sent.with(json!({ "status": "approved", "keep_grants": true })),
        _ => sent,
    }
}

async fn review(stage: &Stage<'_>, name: &str, variant: &str) -> Sent {
    match name {
        "accounts.list" | "requests.list" => Sent::default(),
        "accounts.create" => body(json!({ "name": "New", "domains": [], "status": "to_review" })),
        "accounts.update" => {
            at(stage.account().await.id).with(json!({ "name": "New" })).if_match(1)
        }
        "accounts.delete" => at(stage.account().await.id).if_match(1),
        "accounts.read" => at(stage.account().await.id),
        "activity.list" => {
            let query = match variant {
                "tenant" => format!("?object={}", stage.company.id()),
                "me" => format!("?actor={}", stage.owner.id),
                "them" => format!("?actor={}", stage.company.administrator.id),
                "guest" => format!("?actor={}", stage.contact.id),
                _ => format!("?object={}", stage.document(stage.whose(variant)).await.id),
            };
            Sent { query, ..Sent::default() }
        }
        _ => {
            let (_, request) = requested(stage, &stage.contact).await;
            let documents: Vec<_> = request.open_documents().collect();
            at(request.id).with(match name {
                "requests.ask" => json!({ "question": "Why?" }),
                "requests.decide" => json!({ "share": documents }),
                _ => json!({}),
            })
        }
    }
}

async fn openings(stage: &Stage<'_>, name: &str, variant: &str) -> Sent {
    let (world, owner) = (stage.world, stage.whose(variant));
    if variant == "request" {
        let (_, request) = requested(stage, &stage.contact).await;
        return Sent { query: format!("?object={}", request.id), ..Sent::default() };
    }
    let contact = stage.contact(owner, ReviewStatus::Approved).await;
    match name {
        "grants.extend" => {
            let document = stage.document(owner).await;
            let grant = world.grant(&stage.company, contact.id, document.id).await;
            let end = When::Instant(world.now() + SignedDuration::from_hours(24));
            let expiry = end.ends(&Zone::default(), world.now()).ok();
            let grant = Grant { version: 2, expiry, ..grant };
            let mut change = world.store_of(&stage.company).change(world.house.dice.token());
            change.save_grant(&grant).expect("a grant item");
            change.commit().await.expect("the grant is given an end");
            at(grant.id).with(json!({ "contact_id": contact.id, "version": 2 }))
        }
        "mails.resend" => at(world.settled_mail(&stage.company, &contact).await.id),
        _ => Sent { query: format!("?object={}", contact.id), ..Sent::default() },
    }
}

async fn explain(stage: &Stage<'_>, name: &str, variant: &str) -> Sent {
    let query = match (name, variant) {
        ("explain.read", "tenant") => {
            let tenant = stage.company.id();
            format!("?principal=anyone&action=trust.read&object={tenant}")
        }
        ("explain.open", "anyone") => "?principal=anyone".to_owned(),
        ("explain.open", "seat") => format!("?principal={}", stage.owner.id),
        _ => {
            // `paper`: one's own contact, and somebody else's document.
            let whose = if variant == "paper" { "own" } else { variant };
            let contact = stage.contact(stage.whose(whose), ReviewStatus::Approved).await.id;
            let whose = if variant == "paper" { "other" } else { variant };
            let document = stage.document(stage.whose(whose)).await.id;
            stage.world.grant(&stage.company, contact, document).await;
            match name {
                "explain.open" => format!("?principal={contact}"),
                _ => format!("?principal={contact}&action=document.view&object={document}"),
            }
        }
    };
    Sent { query, ..Sent::default() }
}

/// A request of `contact` for a document, waiting for its review.
async fn requested(stage: &Stage<'_>, contact: &Contact) -> (Contact, Request) {
    let document = stage.document(&stage.company.administrator).await;
    let request = stage.world.request(&stage.company, contact, &[document.id]).await;
    (contact.clone(), request)
}

/// A request that waits for the answer to a question.
async fn questioned(stage: &Stage<'_>, contact: &Contact) -> Request {
    let (_, request) = requested(stage, contact).await;
    let by = stage.company.administrator.id;
    let question = "Why?".parse().expect("a question");
    let asked = request.ask(question, contact.epoch, by, stage.world.now()).expect("a question");
    let mut change = stage.world.store_of(&stage.company).change(stage.world.house.dice.token());
    change.save_request(&asked).expect("a request item");
    change.commit().await.expect("the question is asked");
    asked
}

async fn trust(stage: &Stage<'_>, name: &str, variant: &str) -> Sent {
    let slug = stage.company.tenant.slug.to_string();
    let world = stage.world;
    match name {
        "trust.request" => {
            let level = AccessLevel::Restricted;
            let document = world.document(&stage.company, "Report", level).await;
            at(slug).with(json!({
                "email": "new@outside.example",
                "first_name": "Grace",
                "last_name": "Hopper",
                "company": "Outside",
                "job_title": "Admiral",
                "reason": "Review",
                "document_ids": [document.id],
            }))
        }
        "trust.download" => {
            let level =
                if variant == "public" { AccessLevel::Public } else { AccessLevel::Restricted };
            let document = world.document(&stage.company, "Report", level).await;
            let file = document.published.expect("a published file").id.to_string();
            Sent { parts: vec![slug, file], body: json!({}), ..Sent::default() }
        }
        "trust.answer" | "trust.withdraw" => {
            let contact = stage.contact(&stage.owner, ReviewStatus::ToReview).await;
            let request = questioned(stage, &contact).await;
            let (tenant, contact, request) = (stage.company.id(), contact.id, request.id);
            let token = AnswerToken { tenant, contact, request, round: 0 };
            let token = token.sign(&world.house.keys);
            match name {
                "trust.answer" => at(slug).with(json!({ "token": token, "answer": "Because." })),
                _ => at(slug).with(json!({ "token": token })),
            }
        }
        _ => at(slug),
    }
}

async fn portal(stage: &Stage<'_>, name: &str, variant: &str) -> Sent {
    let world = stage.world;
    let other = stage.contact(&stage.owner, ReviewStatus::Approved).await;
    let whose = if variant == "other" { &other } else { &stage.contact };
    match name {
        "portal.open" => {
            let token = world.magic_link(&stage.company, &other).await;
            body(json!({ "token": token, "device_nonce": NONCE }))
        }
        "portal.code" => body(json!({ "slug": stage.company.tenant.slug, "email": other.email })),
        "portal.verify" => body(json!({ "code": "123456" })),
        "portal.renew" => body(json!({ "token": world.magic_link(&stage.company, &other).await })),
        "portal.answer" => {
            at(questioned(stage, whose).await.id).with(json!({ "answer": "Because." }))
        }
        "portal.withdraw" => at(requested(stage, whose).await.1.id),
        "portal.download" => {
            let document = stage.document(&stage.owner).await;
            world.grant(&stage.company, whose.id, document.id).await;
            at(document.published.expect("a published file").id)
        }
        "portal.page" => {
            let (document, _) = laid_page(stage, &stage.owner).await;
            world.grant(&stage.company, whose.id, document.id).await;
            at(document.published.expect("a published file").id).and("1")
        }
        "portal.accept_nda" => {
            publish_nda(stage).await;
            body(json!({ "version": 1 }))
        }
        _ => body(json!({})),
    }
}
