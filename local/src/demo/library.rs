//! The agreement and the six papers, uploaded and published as staff would do it.

use app::house::keyring::sha256_hex;
use app::library::pages::draw_task;
use domain::activity::{Actor, Detail, Object};
use domain::document::{AccessLevel, Document, File, FileKind, FileState, Sha256};
use domain::id::DocumentId;
use domain::media::MediaType;
use domain::nda::NdaVersion;
use domain::pages::Pages;
use domain::tenant::NdaInForce;
use jiff::Timestamp;
use serde_json::json;
use store::activities::Home;

use crate::demo::DemoError;
use crate::demo::papers::{Paper, papers};
use crate::demo::place::Place;
use crate::demo::send::send;
use crate::demo::words::word;

const NDA_TITLE: &str = "Mutual confidentiality terms";
const NDA_TEXT: &str = "\
These terms apply to every document of Acme that is marked as confidential.

1. You use what you read only to assess Acme as a supplier, and for nothing else.
2. You share it inside your company with those who need it for that, and with nobody outside.
3. You keep it as carefully as your own confidential documents, and delete it when we ask.
4. What is public already, or becomes so without your doing, is free of these terms.
5. These terms last three years from the day you accept them and follow the laws of Switzerland.";

/// The papers of the library, by what they are called in the demo.
pub(super) struct Library {
    pub(super) attestation: DocumentId,
    pub(super) penetration_test: DocumentId,
    pub(super) continuity_plan: DocumentId,
    pub(super) incident_plan: DocumentId,
}

/// Puts the agreement in force and the papers into the library.
pub(super) async fn lay_out(place: &mut Place) -> Result<Library, DemoError> {
    agree(place).await?;
    let mut ids = Vec::new();
    for (days, paper) in (40..).zip(papers()) {
        ids.push(publish(place, &paper, place.ago(days, 3)).await?);
    }
    match ids.as_slice() {
        [_, attestation, penetration_test, continuity_plan, incident_plan, _] => Ok(Library {
            attestation: *attestation,
            penetration_test: *penetration_test,
            continuity_plan: *continuity_plan,
            incident_plan: *incident_plan,
        }),
        _ => Err(DemoError::Refused("the demo has six papers".to_owned())),
    }
}

async fn agree(place: &mut Place) -> Result<(), DemoError> {
    let at = place.ago(41, 0);
    let nda = NdaVersion {
        id: place.id(at),
        version: 1,
        title: word(NDA_TITLE)?,
        text: word(NDA_TEXT)?,
        sha256: sha256(NDA_TEXT.as_bytes())?,
        created_at: at,
    };
    let by = Actor::Member(place.staff.administrator);
    let Some(mut tenant) = place.store.own_tenant().await? else { return Ok(()) };
    let seq = tenant.version + 1;
    let detail = json!({ "nda": [null, nda.version], "title": nda.title, "sha256": nda.sha256 });
    let detail = Detail::Plain(detail);
    let mut line = place.line(by, "nda_versions.create", (tenant.id, seq), detail, at);
    line.about = Some(Object::Nda(nda.id));
    if tenant.nda.is_some() {
        return Ok(());
    }
    tenant.version = seq;
    tenant.nda = Some(NdaInForce { id: nda.id, version: nda.version });
    let mut change = place.change();
    change.add_nda(&nda)?;
    change.save_tenant(&tenant)?;
    change.audit(Home::Tenant, &line)?;
    place.put(change).await
}

async fn publish(place: &mut Place, paper: &Paper, at: Timestamp) -> Result<DocumentId, DemoError> {
    let by = place.staff.manager;
    let level = match paper.access_level {
        "public" => AccessLevel::Public,
        "nda" => AccessLevel::Nda,
        _ => AccessLevel::Restricted,
    };
    let document = Document {
        id: place.id(at),
        version: 1,
        title: word(paper.title)?,
        category: word(paper.category)?,
        access_level: level,
        uploader_id: by,
        published: None,
        child_of: None,
        deleted_at: None,
        created_at: at,
    };
    let file = File {
        id: place.id(at),
        version: 1,
        document_id: document.id,
        name: word(paper.file_name)?,
        media_type: MediaType::Pdf,
        size_bytes: paper.bytes.len() as u64,
        sha256: sha256(&paper.bytes)?,
        state: FileState::Uploading,
        uploader_id: by,
        created_at: at,
        published_at: None,
        kind: FileKind::Version,
        sent: None,
        pages: Pages::of(MediaType::Pdf, paper.bytes.len() as u64),
        stored_as: None,
        is_shared: false,
    };
    let known = place.store.document(document.id).await?;
    if known.is_some_and(|known| known.published.is_some() || known.deleted_at.is_some()) {
        return Ok(document.id);
    }
    announce(place, &document, &file, at).await?;

    let tenant = place.store.tenant_id();
    let upload = place.house.files.upload(tenant, &file).await?;
    let sent = send(&upload, paper.bytes.clone()).await;
    sent.map_err(|reason| DemoError::Upload { title: paper.title, reason: reason.to_string() })?;
    place.house.files.keep(tenant, &file).await?;
    complete(place, &document, &file, at).await?;
    Ok(document.id)
}

async fn announce(
    place: &Place,
    document: &Document,
    file: &File,
    at: Timestamp,
) -> Result<(), DemoError> {
    let by = Actor::Member(document.uploader_id);
    let quota = place.store.own_tenant().await?.map_or(0, |tenant| tenant.quota_bytes);
    let made = Detail::Plain(json!({
        "title": document.title,
        "category": document.category,
        "access_level": document.access_level,
    }));
    let announced = Detail::Plain(json!({
        "name": file.name,
        "media_type": file.media_type,
        "size_bytes": file.size_bytes,
        "sha256": file.sha256,
    }));
    let mut change = place.change();
    change.save_document(document)?;
    let line = place.line(by, "documents.create", (document.id, 1), made, at);
    change.audit(Home::Document(document.id), &line)?;
    change.reserve_bytes(file.size_bytes, quota)?;
    change.create_file(file)?;
    let mut line = place.line(by, "files.create", (file.id, 1), announced, at);
    line.about = Some(Object::Document(document.id));
    change.audit(Home::Document(document.id), &line)?;
    place.put(change).await
}

async fn complete(
    place: &Place,
    document: &Document,
    file: &File,
    at: Timestamp,
) -> Result<(), DemoError> {
    let by = Actor::Member(document.uploader_id);
    let published = Some(file.published(at));
    let document = Document { version: 2, published, ..document.clone() };
    let state = json!({ "state": [file.state, FileState::Published] });
    let file =
        File { version: 2, state: FileState::Published, published_at: Some(at), ..file.clone() };
    let mut change = place.change();
    change.save_file(&file)?;
    change.save_document(&document)?;
    let mut line = place.line(by, "files.complete", (file.id, 2), Detail::Plain(state), at);
    line.about = Some(Object::Document(document.id));
    change.audit(Home::Document(document.id), &line)?;
    let detail = Detail::Plain(json!({ "file_id": file.id, "published": [null, file.id] }));
    let line = place.line(by, "files.complete", (document.id, 2), detail, at);
    change.audit(Home::Document(document.id), &line)?;
    if let Some(task) = draw_task(&place.house, &file, at) {
        change.start_task(&task)?;
    }
    place.put(change).await
}

fn sha256(bytes: &[u8]) -> Result<Sha256, DemoError> {
    let text = sha256_hex(bytes);
    Sha256::try_from(text.clone()).map_err(|_| DemoError::Word { text, kind: "SHA-256" })
}
