//! What the rows of guest links are about.

use app::house::token::guest::{LastResortToken, NotMeToken};
use domain::challenge::Challenge;
use domain::contact::{Contact, ReviewStatus};
use domain::document::Document;
use domain::link::guest::Proof;
use domain::link::{Audience, Link};
use domain::signature::Act;
use serde_json::{Value, json};
use store::challenges::{IssuedCode, OnLink};
use store::item::Versioned;
use tests::seed::pdf;
use tests::uploads::claim;

use super::{NONCE, Sent, at};
use crate::permissions::stage::{Stage, Standing};

/// What staff do with links.
pub(crate) async fn links(stage: &Stage<'_>, name: &str, variant: &str) -> Sent {
    let (world, company) = (stage.world, &stage.company);
    let owner = stage.whose(variant);
    // `kept`: made by somebody else, of somebody else's document, for one's own contact.
    let uploader = if variant == "kept" { &company.administrator } else { owner };
    let document = stage.document(uploader).await;
    let is_known = stage.standing != Standing::New;
    let status = if is_known { ReviewStatus::Approved } else { ReviewStatus::ToReview };
    let contact = stage.contact(owner, status).await;
    match name {
        "links.create" if variant == "public" => {
            return at(document.id).with(json!({ "audience": "public_same" }));
        }
        "links.create" => {
            let body = json!({ "audience": "contact", "contact_id": contact.id });
            return at(document.id).with(body);
        }
        "links.list" if !is_known => return at(document.id),
        _ => {}
    }
    let link = world.link(company, &document, Audience::Contact, Some(&contact)).await;
    if is_known {
        world.guest(company, &link, Some(&contact), Proof::Code).await;
    }
    match name {
        "links.list" => at(document.id),
        "links.update" => at(link.id).with(json!({ "rights": ["view", "download"] })).if_match(1),
        "links.revoke" => {
            world.guest(company, &link, Some(&contact), Proof::Code).await;
            let store = world.store_of(company);
            let browsers = store.guests_of(link.id, None, 10).await.expect("the table answers");
            let device = browsers.first().map(|(_, guest)| guest.id).expect("a browser");
            Sent { parts: vec![link.id.to_string(), device.to_string()], ..at(link.id) }
        }
        _ => at(link.id),
    }
}

/// What guests do on one.
pub(crate) async fn guest(stage: &Stage<'_>, name: &str, variant: &str) -> Sent {
    let (world, company) = (stage.world, &stage.company);
    let (document, link, contact) = if let Some((document, link)) = &stage.link {
        (document.clone(), link.clone(), stage.contact.clone())
    } else {
        let owner = stage.whose(variant);
        let document = stage.document(owner).await;
        let contact = stage.contact(owner, ReviewStatus::ToReview).await;
        let (audience, whose) = match name {
            "guest.verify_with_account" => (Audience::Undefined, None),
            _ => (Audience::Contact, Some(&contact)),
        };
        let link = world.link(company, &document, audience, whose).await;
        (document, link, contact)
    };
    let secret = world.link_secret(company, &link);
    if matches!(name, "guest.agreement" | "guest.accept_nda") {
        super::publish_nda(stage).await;
    }
    match name {
        "guest.open" => at(link.id).with(json!({ "secret": secret, "device_nonce": NONCE })),
        "guest.code" => at(link.id).with(json!({ "secret": secret, "email": contact.email })),
        "guest.verify" => at(link.id).with(json!({ "code": "123456" })),
        "guest.confirm" => {
            let token = last_resort(stage, &link, &contact).await;
            at(link.id).with(json!({ "token": token, "details": details() }))
        }
        "guest.verify_with_account" => {
            at(link.id).with(json!({ "secret": secret, "details": details() }))
        }
        "guest.download" => {
            let file = document.published.map(|file| file.id).expect("a published file");
            Sent { parts: vec![link.id.to_string(), file.to_string()], ..at(link.id) }
        }
        "guest.page" => {
            let document = world.lay_page(company, &document).await;
            let file = document.published.map(|file| file.id).expect("a published file");
            let parts = vec![link.id.to_string(), file.to_string(), "1".to_owned()];
            Sent { parts, ..at(link.id) }
        }
        "guest.read" | "guest.agreement" | "guest.events" | "guest.signatures" => at(link.id),
        "guest.accept_nda" => at(link.id).with(json!({ "version": 1 })),
        "guest.not_me" => {
            let token = notice(stage, &link, &contact);
            at(link.id).with(json!({ "token": token, "code": "123456" }))
        }
        "guest.write"
        | "guest.send_file"
        | "guest.complete_file"
        | "guest.sign"
        | "guest.approve"
        | "guest.decline" => done(stage, name, (&document, &link, &contact)).await,
        _ => at(link.id).with(json!({ "secret": secret })),
    }
}

/// What guests do once they were let in.
async fn done(
    stage: &Stage<'_>,
    name: &str,
    (document, link, contact): (&Document, &Link, &Contact),
) -> Sent {
    let (world, company) = (stage.world, &stage.company);
    match name {
        "guest.write" => at(link.id).with(json!({ "text": "Hello." })),
        "guest.send_file" => {
            let request = world.ask_for_files(company, document, contact).await;
            let mut claim = claim("annex.pdf", "application/pdf", &pdf("annex"));
            claim["event_id"] = json!(request.id);
            at(link.id).with(claim)
        }
        "guest.complete_file" => {
            let file = world.sent_file(company, link, contact).await;
            Sent { parts: vec![link.id.to_string(), file.id.to_string()], ..at(link.id) }
        }
        "guest.decline" => at(link.id).with(json!({ "reason": "No." })),
        _ => {
            let act = if name == "guest.sign" { Act::Sign } else { Act::Approve };
            world.ask_to_sign(company, document, contact, act).await;
            let file = document.published.as_ref().map(|file| file.id).expect("a published file");
            let file = world.store_of(company).file(document.id, file).await;
            let file = file.expect("the table answers").expect("a file");
            at(link.id).with(json!({ "sha256": file.sha256 }))
        }
    }
}

/// The secret of a notice that somebody else's browser came in the name of `contact`.
fn notice(stage: &Stage<'_>, link: &Link, contact: &Contact) -> String {
    let world = stage.world;
    let token = NotMeToken {
        tenant: stage.company.id(),
        document: link.document_id,
        contact: contact.id,
        epoch: contact.epoch,
        device: world.house.dice.id(world.now()),
        sha: [0; 32],
        at: world.now(),
    };
    token.sign(&world.house.keys, link.id)
}

fn details() -> Value {
    json!({ "first_name": "A", "last_name": "B", "job_title": "C", "company": "D" })
}

/// The token of a link of last resort that proves the address of `contact`.
async fn last_resort(stage: &Stage<'_>, link: &Link, contact: &Contact) -> String {
    let (world, company) = (stage.world, &stage.company);
    let code = IssuedCode {
        id: world.house.dice.id(world.now()),
        challenge: Challenge::of_last_resort(world.now()),
        contact_id: Some(contact.id),
        epoch: contact.epoch,
        standing: world.house.keys.blind(&["a test", &link.id.to_string()]),
        on_link: Some(OnLink {
            link_id: link.id,
            document_id: link.document_id,
            email: contact.email.clone().expect("an address"),
            is_mailed: true,
            is_to_disown: false,
        }),
    };
    let token = LastResortToken { tenant: company.id(), challenge: code.id };
    let mut change = world.store_of(company).change(world.house.dice.token());
    change.save_challenge(&Versioned { version: 1, value: code }).expect("a challenge item");
    change.commit().await.expect("the challenge is laid");
    token.sign(&world.house.keys, link.id)
}
