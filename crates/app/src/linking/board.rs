//! The board of a link on which each guest gets a document of their own: who opened, verified and
//! signed, and when.

use domain::contact::Contact;
use domain::id::ContactId;
use domain::signature::Block;
use store::StoreError;
use store::children::Child;
use store::links::Linked;

use crate::callers::staff::Staff;
use crate::exchange::cx::{Allowed, Cx};

/// One guest of such a link.
#[derive(Clone, Debug)]
pub struct OnBoard {
    /// Which document is theirs, since when.
    pub child: Child,
    /// Who, while the company knows them.
    pub contact: Option<Contact>,
    /// What they are asked to sign, if anything.
    pub block: Option<Block>,
}

impl Cx<Staff> {
    /// The guests of a link who got a document of their own, in the order in which contacts were
    /// made, at most `limit` behind `after`.
    ///
    /// # Errors
    /// The table's.
    pub async fn board(
        &self,
        seen: &Allowed<Linked>,
        after: Option<ContactId>,
        limit: usize,
    ) -> Result<Vec<OnBoard>, StoreError> {
        let store = self.store();
        let children = store.children_of(seen.link.id, after, limit).await?;
        let ids: Vec<_> = children.iter().map(|child| child.contact_id).collect();
        let contacts = store.contacts_of(&ids).await?;
        let ids: Vec<_> = children.iter().map(|child| child.document_id).collect();
        let blocks = store.signatures_of(&ids).await?;
        let whole = |child: Child| {
            let contact = contacts.iter().find(|contact| contact.id == child.contact_id);
            let block = blocks.iter().find(|block| block.document_id == child.document_id);
            OnBoard { child, contact: contact.cloned(), block: block.cloned() }
        };
        Ok(children.into_iter().map(whole).collect())
    }
}
