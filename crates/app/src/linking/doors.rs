//! By which guest link somebody does something to a document: their own, else one that lets
//! everybody into it, where they prove their address.

use domain::id::{ContactId, DocumentId, LinkId};
use domain::link::{Audience, Life, Link, Right};
use store::StoreError;
use store::links::Along;

use crate::callers::staff::Staff;
use crate::exchange::cx::Cx;
use crate::linking::{LINK_PAGES_MAX, LINKS_AT_ONCE};

/// Whom a guest link lets do something now, and whom none does.
#[derive(Debug)]
pub(crate) struct Doors {
    /// By which link.
    pub(crate) found: Vec<(ContactId, LinkId)>,
    /// The others, with their place among those who were asked about.
    pub(crate) missing: Vec<(usize, ContactId)>,
}

impl Cx<Staff> {
    /// By which link each of `wanted` has `right` on `document` now.
    pub(crate) async fn doors(
        &self,
        document: DocumentId,
        right: Right,
        wanted: Vec<(usize, ContactId)>,
    ) -> Result<Doors, StoreError> {
        let (store, mut after, mut shared) = (self.store(), None, None);
        let mut doors = Doors { found: Vec::new(), missing: wanted };
        for _ in 0..LINK_PAGES_MAX {
            if doors.missing.is_empty() {
                return Ok(doors);
            }
            let links = store.links_of(document, after, LINKS_AT_ONCE).await?;
            for link in links.iter().filter(|link| link.rights.allows(right)) {
                if link.audience == Audience::PublicSame && shared.is_none() {
                    shared = self.opens(link).await?.then_some(link.id);
                }
                let theirs = |(_, id): &(usize, ContactId)| link.contact_id == Some(*id);
                let Some(place) = doors.missing.iter().position(theirs) else { continue };
                if self.opens(link).await? {
                    let (_, contact) = doors.missing.remove(place);
                    doors.found.push((contact, link.id));
                }
            }
            after = links.last().map(|link| link.id);
            if links.len() < LINKS_AT_ONCE {
                break;
            }
        }
        let Some(shared) = shared else { return Ok(doors) };
        for (place, contact) in std::mem::take(&mut doors.missing) {
            if self.is_open_to(contact, document).await? {
                doors.found.push((contact, shared));
            } else {
                doors.missing.push((place, contact));
            }
        }
        Ok(doors)
    }

    /// Whether something opens the document to `contact` now.
    pub(crate) async fn is_open_to(
        &self,
        contact: ContactId,
        document: DocumentId,
    ) -> Result<bool, StoreError> {
        let facts = self.store().facts(contact, None, document).await?;
        let open = facts.contact.as_ref().zip(facts.grant.as_ref());
        Ok(open.and_then(|(contact, grant)| grant.live(contact, self.now)).is_some())
    }

    /// Whether a contact's link opens now.
    async fn opens(&self, link: &Link) -> Result<bool, StoreError> {
        let along = Along { contact: link.contact_id, ..Along::default() };
        let seen = self.store().whole_link(link.document_id, link.id, along).await?;
        Ok(seen.is_some_and(|seen| seen.link.life(&seen.around(), self.now) == Life::Open))
    }
}
