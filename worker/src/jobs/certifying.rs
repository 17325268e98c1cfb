//! Certificates: made once everybody has signed, added to the document, and told to the parties.
//!
//! The certificate's id is kept in the task before anything lies under it, and the same facts make
//! the same bytes: a try that dies leaves nothing that the next one does not put there again.

use std::collections::BTreeSet;

use app::house::audit::by_rule;
use app::house::keyring::sha256;
use app::library::pages::draw_task;
use certificate::Certificate;
use domain::activity::{Activity, Actor, Detail, Object};
use domain::document::{Document, File, FileKind, FileState};
use domain::event::{Event, Kind};
use domain::id::{ContactId, DocumentId, FileId};
use domain::media::MediaType;
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use domain::pages::Pages;
use domain::signature::Block;
use domain::text::Title;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::activities::Home;
use store::tasks::Task;
use store::{Store, StoreError};

use crate::{Deed, Worker, WorkerError};

/// How long whoever makes a certificate has the task to itself.
const LEASE: SignedDuration = SignedDuration::from_mins(1);
/// How long a mail that everybody has signed is worth sending.
const NOTICE_LIFE: SignedDuration = SignedDuration::from_hours(24 * 7);
/// What a certificate is called.
const NAME: &str = "Certificate of signatures.pdf";

impl Worker {
    /// Makes the certificate that `task`, which is due, asks for.
    pub(crate) async fn certify(
        &self,
        store: &Store,
        task: Task,
        id: DocumentId,
        now: Timestamp,
    ) -> Result<Deed, WorkerError> {
        let (document, block) = (store.document(id).await?, store.signatures(id).await?);
        let waits = |block: &Block| block.is_complete() && block.certificate.is_none();
        let Some((document, block)) = document.zip(block.filter(waits)) else {
            return self.end(store, &task).await;
        };
        let Some(tenant) = store.own_tenant().await? else { return self.end(store, &task).await };
        let known: Option<FileId> = task.place.as_deref().and_then(|place| place.parse().ok());
        let file_id = known.unwrap_or_else(|| self.house.dice.id(now));
        let taken = Task { place: Some(file_id.to_string()), due_at: now + LEASE, ..task.clone() };
        let Some(taken) = self.take(store, &task, taken).await? else { return Ok(Deed::Nothing) };
        let title = &document.title;
        let pdf = Certificate { id: file_id, tenant: &tenant, title, block: &block }.pdf()?;
        let file = certificate_file(title, &block, file_id, &pdf, now);
        self.house.files.put_file(tenant.id, &file, pdf).await?;
        self.add_certificate(store, &taken, (&document, block), &file, now).await
    }

    /// Adds the certificate to the document, tells the parties, and ends the task.
    async fn add_certificate(
        &self,
        store: &Store,
        task: &Task,
        (document, block): (&Document, Block),
        file: &File,
        now: Timestamp,
    ) -> Result<Deed, WorkerError> {
        let asked_by = block.asked_by;
        let parties: BTreeSet<ContactId> = block
            .signers
            .iter()
            .filter(|signer| signer.finished().is_some())
            .map(|signer| signer.contact_id)
            .collect();
        let Some(block) = block.certified(file.id) else { return self.end(store, task).await };
        let mut change = self.change(store);
        change.save_signatures(&block)?;
        // It is evidence, and goes in whatever the quota says.
        change.reserve_bytes(file.size_bytes, u64::MAX)?;
        change.create_file(file)?;
        let about = Some(Object::Document(document.id));
        let line = by_rule(&self.house, "signatures.certify", file.id, file.version, now);
        let detail = Detail::Plain(json!({ "name": file.name, "sha256": file.sha256 }));
        change.audit(Home::Document(document.id), &Activity { about, detail, ..line })?;
        let event = Event {
            id: self.house.dice.id(now),
            version: 1,
            document_id: document.id,
            kind: Kind::Certificate,
            author: Actor::System,
            contact_ids: parties.iter().copied().collect(),
            link_id: None,
            text: None,
            file_ids: vec![file.id],
            created_at: now,
        };
        change.save_event(&event)?;
        let line = by_rule(&self.house, "signatures.certify", event.id, event.version, now);
        let detail = Detail::Plain(json!({ "kind": event.kind, "file_ids": event.file_ids }));
        change.audit(Home::Document(document.id), &Activity { about, detail, ..line })?;
        let (document_id, file_id) = (document.id, file.id);
        let certified = |contact_id| Purpose::Certified { contact_id, document_id, file_id };
        let staff = Purpose::CertifiedStaff { member_id: asked_by, document_id, file_id };
        for purpose in parties.into_iter().map(certified).chain([staff]) {
            change.owe(&Mail::new(purpose, now, now + NOTICE_LIFE))?;
        }
        if let Some(drawing) = draw_task(&self.house, file, now) {
            change.start_task(&drawing)?;
        }
        change.end_task(task)?;
        match change.commit().await {
            // Another worker was faster: the file is the same.
            Err(StoreError::Lost(_)) => Ok(Deed::Nothing),
            done => Ok(done.map(|()| Deed::Done)?),
        }
    }
}

fn certificate_file(title: &Title, block: &Block, id: FileId, pdf: &[u8], now: Timestamp) -> File {
    let size_bytes = pdf.len() as u64;
    File {
        id,
        version: 1,
        document_id: block.document_id,
        kind: FileKind::Certificate,
        sent: None,
        name: NAME.parse().unwrap_or_else(|_| title.clone()),
        media_type: MediaType::Pdf,
        size_bytes,
        sha256: sha256(pdf).into(),
        state: FileState::Published,
        uploader_id: block.asked_by,
        created_at: now,
        published_at: Some(now),
        pages: Pages::of(MediaType::Pdf, size_bytes),
        stored_as: None,
        is_shared: false,
    }
}
