//! What the rows of documents and files are about.

use domain::contact::ReviewStatus;
use domain::grant::State;
use domain::link::Audience;
use serde_json::json;
use tests::seed::{pdf, sha256};

use super::{Sent, at, body};
use crate::permissions::stage::{Stage, Standing};

/// What staff do with the library.
pub(crate) async fn library(stage: &Stage<'_>, name: &str, variant: &str) -> Sent {
    if name == "documents.list" {
        return Sent::default();
    }
    let input = json!({ "title": "T", "category": "C", "access_level": "restricted" });
    if name == "documents.create" {
        return body(input);
    }
    let document = stage.document(stage.whose(variant)).await;
    let file = document.published.as_ref().map(|file| file.id).expect("a published file");
    let is_known = stage.standing != Standing::New;
    if is_known && matches!(name, "documents.update" | "documents.delete" | "files.delete") {
        let reader = stage.contact(&stage.owner, ReviewStatus::Approved).await;
        stage.world.grant(&stage.company, reader.id, document.id).await;
    }
    match name {
        "documents.update" => at(document.id).with(json!({ "title": "New" })).if_match(1),
        "documents.delete" => at(document.id).if_match(1),
        "files.create" => {
            let bytes = pdf("new");
            at(document.id).with(json!({
                "name": "new.pdf",
                "media_type": "application/pdf",
                "size_bytes": bytes.len(),
                "sha256": sha256(&bytes),
            }))
        }
        "files.page" => {
            stage.world.lay_page(&stage.company, &document).await;
            at(file).and("1")
        }
        "documents.close_access" | "documents.reopen_access" => {
            let contact = stage.contact(stage.whose(variant), ReviewStatus::Approved).await.id;
            let grant = stage.world.grant(&stage.company, contact, document.id).await;
            if is_known && name == "documents.reopen_access" {
                let closed = grant.ended(State::Removed);
                stage.world.lay_grants(&stage.company, &[closed]).await;
            }
            at(document.id).with(json!({ "contact_id": contact }))
        }
        "documents.write" | "documents.ask_signatures" => {
            let contact = stage.contact(stage.whose(variant), ReviewStatus::Approved).await;
            let (audience, whose) = (Audience::Contact, Some(&contact));
            let link = stage.world.link(&stage.company, &document, audience, whose).await;
            let signers = json!([{ "contact_id": contact.id, "act": "sign" }]);
            match (name, stage.standing) {
                ("documents.ask_signatures", _) => {
                    at(document.id).with(json!({ "whom": "named", "signers": signers })).if_match(0)
                }
                (_, Standing::Settled) => {
                    at(document.id).with(json!({ "text": "Hello.", "link_id": link.id }))
                }
                _ => at(document.id).with(json!({ "text": "Hello.", "contact_ids": [contact.id] })),
            }
        }
        _ if name.starts_with("files.") => at(file),
        _ => at(document.id),
    }
}
