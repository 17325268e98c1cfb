//! Uploads: those that were never completed, and objects that nobody needs any more.

use app::house::audit::by_rule;
use domain::activity::{Detail, Object};
use domain::document::{File, FileState};
use domain::pages::Pages;
use jiff::Timestamp;
use serde_json::json;
use store::activities::Home;
use store::keys::Key;
use store::{Store, StoreError};

use crate::{Deed, LOOKS_MAX, Worker, WorkerError};

impl Worker {
    /// Gives up the upload at `key` if it was begun long ago and never completed. Its bytes are
    /// dropped when the stream tells of it.
    pub(crate) async fn give_up_upload(
        &self,
        store: &Store,
        key: &Key,
        now: Timestamp,
    ) -> Result<Deed, StoreError> {
        for _ in 0..LOOKS_MAX {
            let file = store.file_in(key).await?.filter(|file| file.is_leftover(now));
            let Some(file) = file else { return Ok(Deed::Nothing) };
            let file = File { version: file.version + 1, state: FileState::Deleted, ..file };
            let mut change = self.change(store);
            change.save_file(&file)?;
            change.release_bytes(file.size_bytes)?;
            let mut line = by_rule(&self.house, "files.give_up", file.id, file.version, now);
            line.about = Some(Object::Document(file.document_id));
            line.detail = Detail::Plain(json!({ "state": [FileState::Uploading, file.state] }));
            change.audit(Home::Document(file.document_id), &line)?;
            match change.commit().await {
                // Completed this instant: look again.
                Err(StoreError::Lost(_)) => {}
                done => return done.map(|()| Deed::Done),
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX })
    }

    /// Drops the objects that the file at `key` does not need any more: the copy in quarantine
    /// once the file is published, every copy once it is deleted.
    pub(crate) async fn drop_objects(&self, store: &Store, key: &Key) -> Result<(), WorkerError> {
        let Some(file) = store.file_in(key).await? else { return Ok(()) };
        let (bucket, tenant) = (&self.house.files, store.tenant_id());
        match file.state {
            FileState::Uploading => {}
            FileState::Published => bucket.drop_quarantined(tenant, &file).await?,
            FileState::Deleted => {
                // Quarantine first: without it nobody can copy the file to its final place again.
                bucket.drop_quarantined(tenant, &file).await?;
                bucket.drop_kept(tenant, &file).await?;
                if file.pages != Pages::Impossible && file.owns_its_object() {
                    bucket.drop_pages(tenant, file.id).await?;
                }
            }
        }
        Ok(())
    }
}
