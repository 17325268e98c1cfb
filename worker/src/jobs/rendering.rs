//! Pages: drawn once a file is published, stored, and then told by the file and its document.
//!
//! Whoever draws takes the task first, so that nobody else draws the same, and counts how often it
//! was taken: a file that ends the worker three times has no pages. What the bucket refuses is not
//! counted. Pages lie in the bucket before anything tells of them; of a file that was deleted
//! meanwhile they are dropped again.

use app::house::audit::by_rule;
use domain::activity::{Detail, Object};
use domain::document::{Document, File, FileState};
use domain::id::FileId;
use domain::pages::Pages;
use files::FilesError;
use files::pages::PageOf;
use jiff::{SignedDuration, Timestamp};
use pages::renderer::{Page, RenderError, Rendering};
use serde_json::json;
use store::activities::Home;
use store::change::Change;
use store::tasks::Task;
use store::{Store, StoreError};
use tokio::sync::Semaphore;

use crate::{Deed, LOOKS_MAX, Worker, WorkerError};

/// How long whoever draws has the task to itself; longer than a drawing may take.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// When a drawing that the bucket stopped is tried again.
const PAUSE: SignedDuration = SignedDuration::from_mins(1);
/// Times a drawing is begun.
const TRIES_MAX: u32 = 3;
/// Files drawn at once in one process: a drawing may take half a gigabyte.
const DRAWINGS_MAX: usize = 1;
/// Those who may draw now.
static DRAWING: Semaphore = Semaphore::const_new(DRAWINGS_MAX);

/// Why a drawing came to no end.
enum Stopped {
    /// The file cannot be drawn.
    File,
    /// Something else failed; the file may be well.
    Worker(WorkerError),
}

impl From<RenderError> for Stopped {
    fn from(error: RenderError) -> Self {
        match error {
            RenderError::Impossible => Self::File,
            RenderError::Start(_) => Self::Worker(WorkerError::Render(error)),
        }
    }
}

impl From<FilesError> for Stopped {
    fn from(error: FilesError) -> Self {
        Self::Worker(error.into())
    }
}

impl Worker {
    /// Draws the pages that `task`, which is due, asks for.
    pub(crate) async fn draw_pages(
        &self,
        store: &Store,
        task: Task,
        id: FileId,
        now: Timestamp,
    ) -> Result<Deed, WorkerError> {
        // Nobody closes it.
        let _place = DRAWING.acquire().await.ok();
        let found = store.document_of_file(id).await?;
        let waiting = found.map(|(_, file)| file).filter(waits);
        let pages = match waiting {
            None => None,
            Some(_) if TRIES_MAX <= task.passes => Some((Pages::Impossible, task.clone())),
            Some(file) => {
                let passes = task.passes + 1;
                let taken = Task { due_at: now + LEASE, passes, ..task.clone() };
                let Some(taken) = self.take(store, &task, taken).await? else {
                    return Ok(Deed::Nothing);
                };
                match self.draw(store, &file).await {
                    Ok(pages) => Some((pages, taken)),
                    Err(Stopped::File) => Some((Pages::Impossible, taken)),
                    Err(Stopped::Worker(error)) => {
                        self.take(store, &taken, Task { due_at: now + PAUSE, ..task }).await?;
                        return Err(error);
                    }
                }
            }
        };
        match pages {
            Some((pages, taken)) => {
                if pages == Pages::Impossible {
                    // It may have been drawn as far as its tenth page.
                    self.house.files.drop_pages(store.tenant_id(), id).await?;
                }
                self.tell_of_pages(store, &taken, id, pages, now).await
            }
            None => self.leave(store, &task, id).await,
        }
    }

    /// Draws a file and stores each page as it comes.
    async fn draw(&self, store: &Store, file: &File) -> Result<Pages, Stopped> {
        let (bucket, tenant) = (&self.house.files, store.tenant_id());
        let Some(mut source) = bucket.read(tenant, file).await? else { return Err(Stopped::File) };
        let mut rendering: Rendering = self.renderer.start(file.media_type)?;
        while let Some(part) = source.next().await? {
            rendering.feed(part.as_ref()).await?;
        }
        let head = rendering.head().await?;
        while let Some(Page { number, width, format, bytes }) = rendering.next().await? {
            let page = PageOf { file: file.object(), number, width };
            bucket.put_page(tenant, page, format, bytes).await?;
        }
        Ok(Pages::Ready { count: head.count, total: head.total })
    }

    /// Tells of the pages in the file and its document, and ends the task.
    async fn tell_of_pages(
        &self,
        store: &Store,
        task: &Task,
        id: FileId,
        pages: Pages,
        now: Timestamp,
    ) -> Result<Deed, WorkerError> {
        for _ in 0..LOOKS_MAX {
            let found = store.document_of_file(id).await?.filter(|(_, file)| waits(file));
            let Some((document, before)) = found else { return self.leave(store, task, id).await };
            let file = File { version: before.version + 1, pages, ..before.clone() };
            let mut change = self.change(store);
            change.save_file(&file)?;
            let mut line = by_rule(&self.house, "files.draw", file.id, file.version, now);
            line.about = Some(Object::Document(document.id));
            line.detail = Detail::Plain(json!({ "pages": [before.pages, pages] }));
            change.audit(Home::Document(document.id), &line)?;
            self.tell_in_document(&mut change, &document, &file, now)?;
            change.end_task(task)?;
            match change.commit().await {
                // Somebody saved one of them, or took the task over: look again.
                Err(StoreError::Lost(_)) => {}
                done => return Ok(done.map(|()| Deed::Done)?),
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }

    /// Tells of the pages in the document, if the file is what its readers get.
    fn tell_in_document(
        &self,
        change: &mut Change,
        before: &Document,
        file: &File,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(mut published) = before.published.clone().filter(|newest| newest.id == file.id)
        else {
            return change.check_document(before);
        };
        published.pages = file.pages;
        let published = Some(published);
        let document = Document { version: before.version + 1, published, ..before.clone() };
        change.save_document(&document)?;
        let mut line = by_rule(&self.house, "files.draw", document.id, document.version, now);
        line.detail = Detail::Plain(json!({ "file_id": file.id }));
        change.audit(Home::Document(document.id), &line)
    }

    /// Ends a task that nothing waits for any more. Of a file that is gone no page may stay.
    async fn leave(&self, store: &Store, task: &Task, id: FileId) -> Result<Deed, WorkerError> {
        let found = store.document_of_file(id).await?;
        let is_gone = |file: File| file.state == FileState::Deleted && file.owns_its_object();
        if found.is_none_or(|(_, file)| is_gone(file)) {
            self.house.files.drop_pages(store.tenant_id(), id).await?;
        }
        self.end(store, task).await
    }
}

fn waits(file: &File) -> bool {
    file.state == FileState::Published && file.pages == Pages::Pending
}
