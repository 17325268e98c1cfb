//! The threads of documents. An event lies with its document.

use domain::event::Event;
use domain::id::{DocumentId, EventId};

use crate::change::{Change, Claim};
use crate::item::Row;
use crate::keys::Keys;
use crate::read::{Index, Order, Query, Span};
use crate::{Store, StoreError};

impl Store {
    /// The entries of a document's thread, newest first, at most `limit` behind `after`.
    ///
    /// # Errors
    /// As every read.
    pub async fn events_of(
        &self,
        document: DocumentId,
        after: Option<EventId>,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError> {
        let keys = Keys(self.tenant);
        let after = after.map(|event| keys.event(document, event).sk);
        let query = Query {
            doing: "list the thread of a document",
            index: Index::Table,
            partition: keys.document(document).pk,
            span: Span::prefix("evt#").after(after.as_deref(), Order::Descending),
            order: Order::Descending,
            limit,
        };
        self.table.query_all_as(&query).await
    }

    /// One entry of a document's thread.
    ///
    /// # Errors
    /// As every read.
    pub async fn event(
        &self,
        document: DocumentId,
        id: EventId,
    ) -> Result<Option<Event>, StoreError> {
        let key = Keys(self.tenant).event(document, id);
        self.table.get_as("read an entry of a thread", &key).await
    }
}

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
