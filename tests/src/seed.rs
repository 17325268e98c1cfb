//! Companies, people, documents and contacts, laid straight into the table: what a test begins
//! with, not what it is about.

use std::sync::atomic::{AtomicU32, Ordering};

use app::cx::Cookie;
use app::house::House;
use app::keyring::sha256_hex;
use app::token::SessionCookie;
use domain::account::Account;
use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, Document, File, FileState};
use domain::email::Email;
use domain::grant::{Grant, Rights, State};
use domain::id::{ContactId, DocumentId, TenantId};
use domain::media::MediaType;
use domain::member::{Identity, Member, Role};
use domain::request::{Asked, Request};
use domain::session::{Chosen, Session};
use domain::tenant::Tenant;
use domain::text::Title;
use sha2::{Digest, Sha256};
use store::Store;
use store::lists::ContactRow;

use crate::client::Client;
use crate::world::World;

/// Numbers addresses, so that no two are alike.
static NEXT: AtomicU32 = AtomicU32::new(1);

/// The smallest file that passes as a PDF; differs by its title.
#[must_use]
pub fn pdf(title: &str) -> Vec<u8> {
    format!("%PDF-1.7\n% {title}\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n").into_bytes()
}

/// SHA-256 as 64 hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// A company with its first administrator.
#[derive(Clone, Debug)]
pub struct Company {
    /// The company.
    pub tenant: Tenant,
    /// Its first administrator.
    pub administrator: Member,
}

impl Company {
    /// The company's id.
    #[must_use]
    pub fn id(&self) -> TenantId {
        self.tenant.id
    }
}

impl World {
    /// A new company, with one administrator and nothing else.
    pub async fn company(&self, slug: &str) -> Company {
        company(&self.house, slug).await
    }

    /// What belongs to `company`.
    #[must_use]
    pub fn store_of(&self, company: &Company) -> Store {
        self.house.table.tenant(company.id())
    }

    /// A new person with a seat in a company.
    pub async fn seat(&self, tenant: TenantId, role: Role) -> Member {
        seat(&self.house, tenant, role).await
    }

    /// A browser in which `member` signed in just now. The password is skipped: hashing one takes
    /// longer than most tests.
    pub async fn client_of(&self, tenant: TenantId, member: &Member) -> Client {
        let secret = self.house.dice.secret();
        let seat = Chosen { tenant_id: tenant, member_id: member.id };
        let session = Session {
            id: self.house.dice.id(self.now()),
            identity_id: member.identity_id,
            seat: Some(seat),
            epoch: 0,
            network: "198.18.0.0".to_owned(),
            agent: None,
            seen_at: self.now(),
            created_at: self.now(),
        };
        let begun = self.house.table.begin_session(&sha256_hex(&secret), &session).await;
        begun.expect("the session begins");
        let cookie = SessionCookie { identity: member.identity_id, seat: Some(seat), secret };
        let client = self.visitor();
        keep(&client, &self.house.cookie("session", &cookie.sign(&self.house.keys), 3600));
        client
    }

    /// A new session of acme's administrator.
    pub async fn admin(&self) -> Client {
        self.admin_of(&self.acme).await
    }

    /// A new session of a company's first administrator.
    pub async fn admin_of(&self, company: &Company) -> Client {
        self.client_of(company.id(), &company.administrator).await
    }

    /// A new person with a seat at acme, signed in.
    pub async fn member(&self, role: Role) -> Client {
        let member = self.seat(self.acme.id(), role).await;
        self.client_of(self.acme.id(), &member).await
    }

    /// A contact of a company, with the address `email`, without an account.
    pub async fn contact(&self, company: &Company, email: &str, status: ReviewStatus) -> Contact {
        self.contact_of(company, email, status, None).await
    }

    /// A contact of a company, perhaps of an account.
    pub async fn contact_of(
        &self,
        company: &Company,
        email: &str,
        status: ReviewStatus,
        account: Option<&Account>,
    ) -> Contact {
        let contact = Contact {
            id: self.house.dice.id(self.now()),
            version: 1,
            email: Some(email.parse().expect("an address")),
            first_name: "Ada".parse().expect("a name"),
            last_name: "Lovelace".parse().expect("a name"),
            job_title: None,
            account_id: account.map(|account| account.id),
            contact_type: None,
            owner_id: Some(company.administrator.id),
            status,
            reviewed: status != ReviewStatus::ToReview,
            proved_at: None,
            accepted_nda: None,
            epoch: 0,
            grant_epoch: 0,
            subject_seed: self.house.dice.token(),
            deleted_at: None,
            created_at: self.now(),
        };
        self.lay_contact(company, &contact).await;
        contact
    }

    /// Lays a contact into the table as it is.
    pub async fn lay_contact(&self, company: &Company, contact: &Contact) {
        let row = ContactRow {
            id: contact.id,
            email: contact.email.clone(),
            name: contact.full_name(),
            account_id: contact.account_id,
            account_name: None,
            owner_id: contact.owner_id,
            status: contact.status,
            shared: 0,
            last_activity_at: None,
            created_at: contact.created_at,
            source_version: contact.version,
        };
        let mut change = self.store_of(company).change(self.house.dice.token());
        change.create_contact(contact, &row).expect("a contact item");
        change.commit().await.expect("the contact is made");
    }

    /// An account of a company.
    pub async fn account(&self, company: &Company, domain: &str, status: ReviewStatus) -> Account {
        let account = Account {
            id: self.house.dice.id(self.now()),
            version: 1,
            name: format!("{domain} Ltd").parse().expect("a title"),
            domains: vec![domain.parse().expect("a domain")],
            status,
            auto_approval: false,
            access_expires_at: None,
            deleted_at: None,
            created_at: self.now(),
        };
        let mut change = self.store_of(company).change(self.house.dice.token());
        change.save_account(&account).expect("an account item");
        for (place, domain) in account.domains.iter().enumerate() {
            change.take_domain(account.id, domain, place).expect("a domain item");
        }
        change.commit().await.expect("the account is made");
        account
    }

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
        let grant = Grant {
            id: self.house.dice.id(self.now()),
            version: 1,
            contact_id: contact,
            document_id: document,
            rights: Rights::default(),
            expires_at: None,
            granted_by: Some(company.administrator.id),
            state: State::Live,
            epoch: 0,
            created_at: self.now(),
        };
        let mut change = self.store_of(company).change(self.house.dice.token());
        change.save_grant(&grant).expect("a grant item");
        change.commit().await.expect("the grant is made");
        grant
    }
}

/// A new company, with one administrator and nothing else.
pub async fn company(house: &House, slug: &str) -> Company {
    let now = house.clock.now();
    let id = house.dice.id(now);
    let name = format!("{slug} AG").parse().expect("a title");
    let tenant = Tenant::new(id, name, slug.parse().expect("a slug"), now);
    let mut change = house.table.tenant(id).change(house.dice.token());
    change.save_tenant(&tenant).expect("a tenant item");
    change.take_slug(&tenant.slug).expect("a slug item");
    change.commit().await.expect("the company is made");
    let administrator = seat(house, id, Role::Administrator).await;
    Company { tenant, administrator }
}

async fn seat(house: &House, tenant: TenantId, role: Role) -> Member {
    let now = house.clock.now();
    let number = NEXT.fetch_add(1, Ordering::SeqCst);
    let email = format!("{}-{number}@staff.example", role.as_str().replace('_', "-"));
    let email: Email = email.parse().expect("an address");
    let name: Title = format!("Staff {number}").parse().expect("a name");
    let identity = Identity {
        id: house.dice.id(now),
        version: 1,
        email: email.clone(),
        name: name.clone(),
        password: None,
        epoch: 0,
        created_at: now,
    };
    let member = Member {
        id: house.dice.id(now),
        version: 1,
        identity_id: identity.id,
        email,
        name,
        role,
        external_communications: true,
        manager_access: false,
        suspended: false,
        created_at: now,
    };
    let mut change = house.table.tenant(tenant).change(house.dice.token());
    change.create_identity(&identity).expect("an identity item");
    change.seat(identity.id, member.id).expect("a seat item");
    change.save_member(&member).expect("a member item");
    change.commit().await.expect("the seat is made");
    member
}

/// A new address, as if of somebody outside.
pub fn address() -> String {
    format!("person-{}@outside.example", NEXT.fetch_add(1, Ordering::SeqCst))
}

/// Keeps a cookie that the server would set.
fn keep(client: &Client, cookie: &Cookie) {
    let pair = cookie.header.split(';').next().unwrap_or_default();
    let (name, value) = pair.split_once('=').expect("a cookie is a pair");
    client.keep_cookie(name, value);
}
