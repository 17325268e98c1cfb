//! What the rows of documents and files are about.

use domain::contact::ReviewStatus;
use domain::link::Audience;
use serde_json::json;
use tests::seed::{pdf, sha256};

use super::{Sent, at, body};
use crate::stage::Stage;

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
            stage.world.grant(&stage.company, contact, document.id).await;
            at(document.id).with(json!({ "contact_id": contact }))
        }
        "documents.write" => {
            let contact = stage.contact(stage.whose(variant), ReviewStatus::Approved).await.id;
            stage.world.grant(&stage.company, contact, document.id).await;
            at(document.id).with(json!({ "text": "Hello.", "contact_ids": [contact] }))
        }
        "documents.ask_signatures" => {
            let contact = stage.contact(stage.whose(variant), ReviewStatus::Approved).await;
            let (audience, whose) = (Audience::Contact, Some(&contact));
            stage.world.link(&stage.company, &document, audience, whose).await;
            let signers = json!([{ "contact_id": contact.id, "act": "sign" }]);
            at(document.id).with(json!({ "whom": "named", "signers": signers })).if_match(0)
        }
        _ if name.starts_with("files.") => at(file),
        _ => at(document.id),
    }
}
