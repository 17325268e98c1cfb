//! Uploads, whoever makes them: announced with room reserved, sent straight to the bucket's
//! quarantine, checked against what was announced, and published.
//!
//! What is not what was announced is thrown away and its room given back. Any number of calls may
//! run at once and die anywhere: the copy is the same each time, and one commit publishes.

use domain::activity::{Activity, Detail, Object};
use domain::document::{File, FileKind, FileState, Sha256};
use domain::id::{DocumentId, FileId, MemberId};
use domain::media::MediaType;
use domain::pages::Pages;
use domain::tenant::Tenant;
use domain::text::Title;
use files::{Quarantined, Upload};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use store::Store;
use store::activities::Home;
use store::change::{Change, Claim};

use crate::exchange::answer::Created;
use crate::exchange::cx::{Cx, Principal};
use crate::exchange::problem::{Kind, Problem};
use crate::exchange::reissue::Reissue;
use crate::exchange::repeat::Kept;
use crate::library::pages::draw_task;

/// What is said of a file before its bytes are sent.
#[derive(Clone, Debug)]
pub struct Announcement {
    /// What it is called.
    pub name: Title,
    /// What it is.
    pub media_type: MediaType,
    /// How long it is.
    pub size_bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: Sha256,
}

/// What one look at an upload came to.
#[derive(Debug)]
pub enum Look<A> {
    /// It is published, or was before.
    Published(A),
    /// It is thrown away, or still to come.
    Refused(Problem),
    /// Somebody else saved meanwhile.
    Again,
}

/// What about an upload is not as announced.
#[derive(Clone, Copy, Debug)]
pub struct Difference {
    pointer: &'static str,
    detail: &'static str,
}

impl Announcement {
    /// The file as it is until its bytes have come: a version of `document_id` of at most
    /// `bytes_max`.
    ///
    /// # Errors
    /// [`Kind::BadInput`] for an empty file and one that is too long.
    pub fn file(
        self,
        id: FileId,
        (document_id, uploader_id): (DocumentId, MemberId),
        bytes_max: u64,
        now: Timestamp,
    ) -> Result<File, Problem> {
        let Self { name, media_type, size_bytes, sha256 } = self;
        if !(1..=bytes_max).contains(&size_bytes) {
            let mebibytes = bytes_max / (1024 * 1024);
            let detail = format!("expected 1 to {bytes_max} bytes ({mebibytes} MiB)");
            return Err(Problem::bad_input("/size_bytes", detail));
        }
        Ok(File {
            id,
            version: 1,
            document_id,
            name,
            media_type,
            size_bytes,
            sha256,
            state: FileState::Uploading,
            uploader_id,
            created_at: now,
            published_at: None,
            kind: FileKind::Version,
            sent: None,
            pages: Pages::of(media_type, size_bytes),
            stored_as: None,
            is_shared: false,
        })
    }
}

impl<P: Principal> Cx<P> {
    /// Announces `file`: room is reserved for it, and whoever gets the answer may send its bytes.
    /// `view` is what is kept of the answer; whoever holds the signed request may upload, so it is
    /// not kept but signed anew for a repeat.
    ///
    /// # Errors
    /// [`Kind::QuotaFull`], or the table's.
    pub async fn announce<V: Serialize>(
        &self,
        (store, tenant): (&Store, &Tenant),
        file: &File,
        (view, location): (&V, &str),
    ) -> Result<Upload, Problem> {
        let mut change = self.change(store);
        change.reserve_bytes(file.size_bytes, tenant.quota_bytes)?;
        change.create_file(file)?;
        let detail = json!({
            "name": file.name,
            "media_type": file.media_type,
            "size_bytes": file.size_bytes,
            "sha256": file.sha256,
        });
        change.audit(Home::Document(file.document_id), &self.line_of(file, detail))?;
        let answer = Created::new(json!({ "file": view }), location.to_owned());
        let reissue = Reissue::Upload { tenant: tenant.id, file: Box::new(file.clone()) };
        self.commit(change, Kept { answer, reissue }).await?;
        Ok(self.house.files.upload(tenant.id, file).await?)
    }

    /// Looks at what was uploaded as `file`: nothing is wrong with it, or what is.
    ///
    /// # Errors
    /// [`Kind::UploadDiffers`] if nothing was uploaded, or too late; the bucket's.
    pub async fn difference(
        &self,
        tenant: &Tenant,
        file: &File,
    ) -> Result<Option<Difference>, Problem> {
        let missing = |detail: &str| Err(Problem::new(Kind::UploadDiffers, detail));
        if file.is_leftover(self.now) {
            return missing("The upload began over a day ago and was given up. Announce it again.");
        }
        match self.house.files.quarantined(tenant.id, file).await? {
            None => missing("Nothing was uploaded yet. Send the bytes first, then complete."),
            Some(found) => Ok(difference(file, &found)),
        }
    }

    /// Keeps the bytes of `file`, and adds to `change` that it is published.
    ///
    /// # Errors
    /// The bucket's, or [`store::StoreError::Build`].
    pub async fn publish(
        &self,
        change: &mut Change,
        tenant: &Tenant,
        file: &File,
    ) -> Result<File, Problem> {
        self.house.files.keep(tenant.id, file).await?;
        let published = File {
            version: file.version + 1,
            state: FileState::Published,
            published_at: Some(self.now),
            ..file.clone()
        };
        change.save_file(&published)?;
        let states = json!({ "state": [file.state, published.state] });
        change.audit(Home::Document(file.document_id), &self.line_of(&published, states))?;
        if let Some(task) = draw_task(&self.house, &published, self.now) {
            change.start_task(&task)?;
        }
        Ok(published)
    }

    /// What a look came to that wanted to publish `file` with `answer`, once the commit has
    /// `ended`.
    ///
    /// # Errors
    /// The table's.
    pub async fn published<A>(
        &self,
        (store, file): (&Store, &File),
        ended: Result<A, Vec<Claim>>,
    ) -> Result<Look<A>, Problem> {
        let (tenant, bucket) = (store.tenant_id(), &self.house.files);
        if let Ok(answer) = ended {
            // Copied and published: what is left behind in quarantine opens to nobody.
            let _ = bucket.drop_quarantined(tenant, file).await;
            return Ok(Look::Published(answer));
        }
        let now = store.document_of_file(file.id).await?;
        if now.is_some_and(|(_, file)| file.state == FileState::Deleted) {
            // Our copy may have come after the one that the deletion dropped.
            let _ = bucket.drop_kept(tenant, file).await;
        }
        Ok(Look::Again)
    }

    /// Throws away what was uploaded as `file`, and gives its room back.
    ///
    /// # Errors
    /// The table's.
    pub async fn throw_away<A>(
        &self,
        store: &Store,
        file: &File,
        Difference { pointer, detail }: Difference,
    ) -> Result<Look<A>, Problem> {
        let gone = File { version: file.version + 1, state: FileState::Deleted, ..file.clone() };
        let mut change = self.change(store);
        change.save_file(&gone)?;
        change.release_bytes(gone.size_bytes)?;
        let states = json!({ "state": [file.state, gone.state], "differs": pointer });
        change.audit(Home::Document(gone.document_id), &self.line_of(&gone, states))?;
        let problem = Problem::mistake(Kind::UploadDiffers, pointer, detail);
        if self.try_commit(change, self.refused(&problem)).await?.is_err() {
            return Ok(Look::Again);
        }
        let _ = self.house.files.drop_quarantined(store.tenant_id(), &gone).await;
        Ok(Look::Refused(problem))
    }

    fn line_of(&self, file: &File, detail: serde_json::Value) -> Activity {
        let line = self.line(file.id, file.version, Detail::Plain(detail));
        Activity { about: Some(Object::Document(file.document_id)), ..line }
    }
}

fn difference(file: &File, found: &Quarantined) -> Option<Difference> {
    if found.size_bytes != file.size_bytes {
        let detail = "the uploaded bytes are not as many as announced";
        return Some(Difference { pointer: "/size_bytes", detail });
    }
    if !found.is(file) {
        let detail = "the uploaded bytes have another SHA-256 than announced";
        return Some(Difference { pointer: "/sha256", detail });
    }
    if !file.media_type.fits(&found.head, &found.tail) {
        let detail = "the uploaded bytes are not of the announced type, whatever the name says";
        return Some(Difference { pointer: "/media_type", detail });
    }
    None
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use domain::member::Role;

    use super::*;
    use crate::fixtures::{DAY, NOW, cx, file, id, refusal, staff, tenant};

    const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

    fn announced(size_bytes: u64) -> Announcement {
        let name = "soc2.pdf".parse().unwrap();
        Announcement { name, media_type: MediaType::Pdf, size_bytes, sha256: [7; 32].into() }
    }

    fn found() -> Quarantined {
        let (head, tail) = (PDF.to_vec(), PDF.to_vec());
        Quarantined { size_bytes: 100, sha256: Some(STANDARD.encode([7; 32])), head, tail }
    }

    #[test]
    fn a_file_is_announced_that_is_not_empty_and_not_too_long() {
        let file = |size| announced(size).file(id(7), (id(4), id(12)), 1000, NOW);
        for (size, expected) in
            [(0, Some(Kind::BadInput)), (1, None), (1000, None), (1001, Some(Kind::BadInput))]
        {
            assert_eq!(refusal(file(size)), expected, "{size}");
        }
        let refused = announced(0).file(id(7), (id(4), id(12)), 5 << 20, NOW).unwrap_err();
        assert_eq!(refused.errors[0].pointer, "/size_bytes");
        assert_eq!(refused.errors[0].detail, "expected 1 to 5242880 bytes (5 MiB)");
        let file = file(100).unwrap();
        assert_eq!((file.state, file.published_at, file.version), (FileState::Uploading, None, 1));
        assert_eq!((file.kind, file.pages), (FileKind::Version, Pages::Pending));
        assert_eq!((file.id, file.document_id, file.uploader_id), (id(7), id(4), id(12)));
        assert_eq!((file.stored_as, file.is_shared, file.sent), (None, false, None));
    }

    #[test]
    fn what_was_uploaded_is_what_was_announced_or_the_first_difference_is_named() {
        let points =
            |found: Quarantined| difference(&file(), &found).map(|difference| difference.pointer);
        assert_eq!(points(found()), None);
        assert_eq!(points(Quarantined { size_bytes: 99, ..found() }), Some("/size_bytes"));
        let other = Some(STANDARD.encode([8; 32]));
        assert_eq!(points(Quarantined { sha256: other, ..found() }), Some("/sha256"));
        assert_eq!(points(Quarantined { sha256: None, ..found() }), Some("/sha256"));
        let text = Quarantined { head: b"text".to_vec(), tail: b"text".to_vec(), ..found() };
        assert_eq!(points(text), Some("/media_type"));
    }

    #[tokio::test]
    async fn an_upload_that_was_given_up_is_not_looked_at() {
        let begun = File { state: FileState::Uploading, created_at: NOW - DAY, ..file() };
        let looked = cx(staff(Role::Member)).difference(&tenant(), &begun).await;
        assert_eq!(refusal(looked), Some(Kind::UploadDiffers));
    }

    #[test]
    fn a_line_about_a_file_is_about_its_document_too() {
        let line = cx(staff(Role::Member)).line_of(&file(), json!({}));
        assert_eq!(line.object, Object::File(id(7)));
        assert_eq!(line.about, Some(Object::Document(id(4))));
    }
}
