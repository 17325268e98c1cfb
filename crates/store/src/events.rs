//! The threads of documents. An event lies with its document.

use domain::event::Event;

use crate::StoreError;
use crate::change::{Change, Claim};
use crate::item::Row;

impl Change {
    /// Saves an event in place of the version before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn save_event(&mut self, event: &Event) -> Result<(), StoreError> {
        let row = Row::new(&self.keys.event(event.document_id, event.id), event)?;
        self.put_version(Claim::Version, row, event.version)
    }
}
