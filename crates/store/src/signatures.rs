//! Signatures blocks. A block lies with its document, apart from it, so that reading one costs the
//! same however many sign.

use domain::id::DocumentId;
use domain::signature::Block;

use crate::change::{Change, Claim};
use crate::item::Row;
use crate::keys::Keys;
use crate::{Store, StoreError};

impl Store {
    /// The signatures block of a document, if anybody was ever asked.
    ///
    /// # Errors
    /// As every read.
    pub async fn signatures(&self, document: DocumentId) -> Result<Option<Block>, StoreError> {
        let key = Keys(self.tenant).signatures(document);
        self.table.get_as("read a signatures block", &key).await
    }

    /// The signatures blocks of several documents, in no order; those without one are left out.
    ///
    /// # Errors
    /// As every read.
    pub async fn signatures_of(&self, documents: &[DocumentId]) -> Result<Vec<Block>, StoreError> {
        let keys = Keys(self.tenant);
        let keys: Vec<_> = documents.iter().map(|id| keys.signatures(*id)).collect();
        self.table.batch_as("read signatures blocks", &keys).await
    }
}

impl Change {
    /// Saves a signatures block in place of the version before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn save_signatures(&mut self, block: &Block) -> Result<(), StoreError> {
        let row = Row::new(&self.keys.signatures(block.document_id), block)?;
        self.put_version(Claim::Version, row, block.version)
    }

    /// Requires that the block of a document is as it was read, or that there still is none.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn check_signatures(
        &mut self,
        document: DocumentId,
        block: Option<&Block>,
    ) -> Result<(), StoreError> {
        let key = self.keys.signatures(document);
        match block {
            Some(block) => self.check_version(Claim::Version, &key, block.version),
            None => self.check_absent(Claim::Version, &key),
        }
    }
}
