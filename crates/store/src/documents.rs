//! Documents and their files. A document's rows in lists commit with it: the trust page shows at
//! once what was published or withdrawn.

use domain::document::{Document, File};
use domain::id::{DocumentId, FileId, Id};
use serde::{Deserialize, Serialize};

use crate::change::{Change, Claim};
use crate::item::{Row, parse};
use crate::keys::{Key, Keys};
use crate::lists::{DocumentRow, List};
use crate::read::{Index, Order, Query, Span};
use crate::saved::Saved;
use crate::{Store, StoreError};

/// Files one document may hold besides those that guests sent.
pub const FILES_MAX: usize = 200;
/// Files that guests may send to one document, so that they leave room for its own.
pub const SENT_FILES_MAX: usize = 200;
/// The same with those that never came or were deleted, whose items stay.
pub const SENT_ITEMS_MAX: usize = 1_000;
/// Items beyond the limits that are listed all the same: of files that were announced in the same
/// instant, and of certificates.
const SLACK: usize = 200;

#[derive(Serialize, Deserialize)]
struct Locator {
    document_id: DocumentId,
}

impl Store {
    /// One document, deleted ones included.
    ///
    /// # Errors
    /// As every read.
    pub async fn document(&self, id: DocumentId) -> Result<Option<Document>, StoreError> {
        self.table.get_as("read a document", &Keys(self.tenant).document(id)).await
    }

    /// Several documents; absent ones are left out.
    ///
    /// # Errors
    /// As every read.
    pub async fn documents_of(&self, ids: &[DocumentId]) -> Result<Vec<Document>, StoreError> {
        let keys: Vec<_> = ids.iter().map(|id| Keys(self.tenant).document(*id)).collect();
        self.table.batch_as("read documents", &keys).await
    }

    /// A document and one of its files as one snapshot, found by the file alone.
    ///
    /// # Errors
    /// As every read.
    pub async fn document_of_file(
        &self,
        id: FileId,
    ) -> Result<Option<(Document, File)>, StoreError> {
        let Some(document_id) = self.whose_file(id).await? else { return Ok(None) };
        let keys = Keys(self.tenant);
        let keys = [keys.document(document_id), keys.file(document_id, id)];
        let [document, file] = self.table.snapshot("read a document and a file", keys).await?;
        Ok(parse(document)?.zip(parse(file)?))
    }

    /// The document that a file belongs to.
    ///
    /// # Errors
    /// As every read.
    pub async fn whose_file(&self, id: FileId) -> Result<Option<DocumentId>, StoreError> {
        let key = Keys(self.tenant).file_locator(id);
        let locator: Option<Locator> = self.table.get_as("find a file", &key).await?;
        Ok(locator.map(|locator| locator.document_id))
    }

    /// The files of a document, newest first, deleted ones included.
    ///
    /// # Errors
    /// As every read.
    pub async fn files(&self, document: DocumentId) -> Result<Vec<File>, StoreError> {
        let query = Query {
            doing: "list files",
            index: Index::Table,
            partition: Keys(self.tenant).document(document).pk,
            span: Span::prefix("fil#"),
            order: Order::Descending,
            limit: FILES_MAX + SENT_ITEMS_MAX + SLACK,
        };
        self.table.query_all_as(&query).await
    }

    /// One file of a document.
    ///
    /// # Errors
    /// As every read.
    pub async fn file(&self, document: DocumentId, id: FileId) -> Result<Option<File>, StoreError> {
        self.table.get_as("read a file", &Keys(self.tenant).file(document, id)).await
    }

    /// The file at `key`.
    ///
    /// # Errors
    /// As every read.
    pub async fn file_in(&self, key: &Key) -> Result<Option<File>, StoreError> {
        self.table.get_as("read a file", key).await
    }
}

impl Change {
    /// Saves a document in place of the version before, and its rows in the lists.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn save_document(&mut self, document: &Document) -> Result<(), StoreError> {
        self.note(|| Saved::Document(Box::new(document.clone())));
        let row = Row::new(&self.keys.document(document.id), document)?;
        self.put_version(Claim::Version, row, document.version)?;
        if document.child_of.is_some() {
            // It is found on the board of its link alone.
            return Ok(());
        }
        for list in [List::Documents, List::DocumentsOfUploader(document.uploader_id)] {
            match document.deleted_at {
                None => self.put_row(list, &DocumentRow::from(document))?,
                Some(_) => self.drop_row(list, document.id.ulid())?,
            }
        }
        Ok(())
    }

    /// Makes a file that is to be uploaded, and its locator.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`] and [`Claim::New`].
    pub fn create_file(&mut self, file: &File) -> Result<(), StoreError> {
        self.save_file(file)?;
        let locator = Locator { document_id: file.document_id };
        self.put_new(Claim::New, Row::new(&self.keys.file_locator(file.id), &locator)?)
    }

    /// Saves a file in place of the version before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn save_file(&mut self, file: &File) -> Result<(), StoreError> {
        let row = Row::new(&self.keys.file(file.document_id, file.id), file)?
            .due(file.swept_at(), file.id.ulid());
        self.put_version(Claim::Version, row, file.version)
    }

    /// Requires that the document is as it was read.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn check_document(&mut self, document: &Document) -> Result<(), StoreError> {
        let key = self.keys.document(document.id);
        self.check_version(Claim::Version, &key, document.version)
    }
}
