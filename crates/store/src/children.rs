//! The children of documents: what each guest of a link got for themselves. Which document is whose
//! lies with the link, by contact, so that nobody gets two.

use domain::id::{ContactId, DocumentId, LinkId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::change::{Change, Claim};
use crate::item::Row;
use crate::keys::Keys;
use crate::read::{Index, Order, Query, Span};
use crate::{Store, StoreError};

/// Whose a child document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Child {
    /// Which document.
    pub document_id: DocumentId,
    /// Whose.
    pub contact_id: ContactId,
    /// When they first opened the link, as far as their browser tells.
    pub opened_at: Timestamp,
    /// When they proved their address, and got it.
    pub created_at: Timestamp,
}

impl Store {
    /// The child that `contact` got on a link.
    ///
    /// # Errors
    /// As every read.
    pub async fn child(
        &self,
        link: LinkId,
        contact: ContactId,
    ) -> Result<Option<Child>, StoreError> {
        let key = Keys(self.tenant).child(link, contact);
        self.table.get_as("read whose a child is", &key).await
    }

    /// The children that guests of a link got, in the order of contacts, at most `limit` behind
    /// that of `after`.
    ///
    /// # Errors
    /// As every read.
    pub async fn children_of(
        &self,
        link: LinkId,
        after: Option<ContactId>,
        limit: usize,
    ) -> Result<Vec<Child>, StoreError> {
        let keys = Keys(self.tenant);
        let after = after.map(|contact| keys.child(link, contact).sk);
        let query = Query {
            doing: "list the children of a link",
            index: Index::Table,
            partition: keys.link_home(link),
            span: Span::prefix("chd#").after(after.as_deref(), Order::Ascending),
            order: Order::Ascending,
            limit,
        };
        self.table.query_all_as(&query).await
    }
}

impl Change {
    /// Makes a child `contact`'s on a link, who has none there yet.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn put_child(&mut self, link: LinkId, child: &Child) -> Result<(), StoreError> {
        let row = Row::new(&self.keys.child(link, child.contact_id), child)?;
        self.put_new(Claim::Version, row)
    }
}
