//! Documents, grants and requests.

use domain::contact::Contact;
use domain::document::{AccessLevel, Document, File, FileKind, FileState};
use domain::expiry::Expiry;
use domain::grant::{Grant, Rights, State};
use domain::id::{ContactId, DocumentId};
use domain::media::MediaType;
use domain::member::Member;
use domain::pages::Pages;
use domain::request::{Asked, Request};
use domain::tenant::Zone;
use jiff::Timestamp;

use crate::seed::{Company, pdf, sha256};
use crate::world::World;

/// Shorter than from the last warning to the end.
const TOLD: jiff::SignedDuration = jiff::SignedDuration::from_millis(1);

impl World {
    /// A document with one published PDF.
    pub async fn document(&self, company: &Company, title: &str, level: AccessLevel) -> Document {
        self.document_by(company, &company.administrator, title, level).await
    }

    /// A document with one published PDF, put there by `uploader`.
    pub async fn document_by(
        &self,
        company: &Company,
        uploader: &Member,
        title: &str,
        level: AccessLevel,
    ) -> Document {
        let bytes = pdf(title);
        let mut document = self.draft(uploader, title, level);
        let file = File {
            id: self.house.dice.id(self.now()),
            version: 1,
            document_id: document.id,
            name: format!("{title}.pdf").parse().expect("a title"),
            media_type: MediaType::Pdf,
            size_bytes: bytes.len() as u64,
            sha256: sha256(&bytes).try_into().expect("a digest"),
            state: FileState::Published,
            uploader_id: uploader.id,
            created_at: self.now(),
            published_at: Some(self.now()),
            kind: FileKind::Version,
            sent: None,
            pages: Pages::Impossible,
            stored_as: None,
            is_shared: false,
        };
        document.published = Some(file.published(self.now()));
        self.put(company, &file, bytes).await;
        let mut change = self.store_of(company).change(self.house.dice.token());
        change.save_document(&document).expect("a document item");
        change.create_file(&file).expect("a file item");
        change.commit().await.expect("the document is made");
        document
    }

    /// A document without a file, which is enough to share it.
    pub async fn paper(&self, company: &Company, title: &str) -> DocumentId {
        let document = self.draft(&company.administrator, title, AccessLevel::Restricted);
        let mut change = self.store_of(company).change(self.house.dice.token());
        change.save_document(&document).expect("a document item");
        change.commit().await.expect("the document is made");
        document.id
    }

    fn draft(&self, uploader: &Member, title: &str, access_level: AccessLevel) -> Document {
        Document {
            id: self.house.dice.id(self.now()),
            version: 1,
            title: title.parse().expect("a title"),
            category: "Security".parse().expect("a category"),
            access_level,
            uploader_id: uploader.id,
            published: None,
            child_of: None,
            deleted_at: None,
            created_at: self.now(),
        }
    }

    /// Puts bytes where a published file is read from.
    async fn put(&self, company: &Company, file: &File, bytes: Vec<u8>) {
        let upload = self.house.files.upload(company.id(), file).await.expect("a signed upload");
        let mut request = self.http.put(&upload.url).body(bytes);
        for (name, value) in &upload.headers {
            request = request.header(name, value);
        }
        let answer = request.send().await.expect("the bucket answers");
        assert!(answer.status().is_success(), "{answer:?}");
        self.house.files.keep(company.id(), file).await.expect("the upload is kept");
    }

    /// A request of a contact for documents, as the trust page makes it.
    pub async fn request(
        &self,
        company: &Company,
        contact: &Contact,
        documents: &[DocumentId],
    ) -> Request {
        let asked = Asked {
            company: "Analytical Engines".parse().expect("a title"),
            job_title: "Buyer".parse().expect("a job title"),
            reason: "Due diligence".parse().expect("a note"),
            documents: documents.to_vec(),
        };
        let request = Request::new(self.house.dice.id(self.now()), contact.id, asked, self.now());
        let mut change = self.store_of(company).change(self.house.dice.token());
        change.create_request(&request, contact).expect("a request item");
        change.commit().await.expect("the request is made");
        request
    }

    /// Shares a document with a contact for good, with all rights, and mails nobody.
    pub async fn grant(
        &self,
        company: &Company,
        contact: ContactId,
        document: DocumentId,
    ) -> Grant {
        let grant = self.new_grant(company, contact, document, None);
        self.lay_grants(company, std::slice::from_ref(&grant)).await;
        grant
    }

    /// A grant as it would be made, not laid into the table yet; nobody is warned of its end.
    #[must_use]
    pub fn new_grant(
        &self,
        company: &Company,
        contact: ContactId,
        document: DocumentId,
        expires_at: Option<Timestamp>,
    ) -> Grant {
        Grant {
            id: self.house.dice.id(self.now()),
            version: 1,
            contact_id: contact,
            document_id: document,
            rights: Rights::default(),
            expiry: expires_at.map(|at| Expiry { at, zone: Zone::default(), told: at - TOLD }),
            granted_by: Some(company.administrator.id),
            state: State::Live,
            epoch: 0,
            closings: 0,
            hidden: Vec::new(),
            created_at: self.now(),
        }
    }

    /// Lays grants into the table as they are, at most 100 as one change.
    pub async fn lay_grants(&self, company: &Company, grants: &[Grant]) {
        let mut change = self.store_of(company).change(self.house.dice.token());
        for grant in grants {
            change.save_grant(grant).expect("a grant item");
        }
        change.commit().await.expect("the grants are made");
    }
}
