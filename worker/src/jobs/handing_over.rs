//! Handing over: the contacts of a removed member become their successor's.
//!
//! Each contact moves in a transaction of its own, with its line of the trail, its rows in lists,
//! and the condition that the successor is still there. A successor who was removed meanwhile has
//! one in turn; where nobody is left, contacts have no owner and are the reviewers' to see.

use app::house::audit::by_rule;
use domain::activity::Detail;
use domain::contact::Contact;
use domain::id::{ContactId, Id, MemberId};
use domain::member::Member;
use jiff::Timestamp;
use serde_json::json;
use store::activities::Home;
use store::lists::{ContactRow, List};
use store::{Store, StoreError};

use crate::jobs::slices::slice_of_contacts;
use crate::{LOOKS_MAX, Worker};

/// Successors of successors that are followed at the most.
const HEIRS_MAX: usize = 16;

impl Worker {
    /// Hands over one slice of what `removed` owns, and tells where the next begins.
    pub(crate) async fn walk_owned(
        &self,
        store: &Store,
        removed: MemberId,
        place: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let list = List::ContactsOfOwner(removed);
        let (rows, next) = slice_of_contacts(store, list, place).await?;
        for row in &rows {
            self.hand_over(store, row.id, removed, now).await?;
        }
        Ok(next)
    }

    async fn hand_over(
        &self,
        store: &Store,
        contact: ContactId,
        removed: MemberId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for _ in 0..LOOKS_MAX {
            let before = store.contact(contact).await?.filter(|contact| {
                contact.owner_id == Some(removed) && contact.deleted_at.is_none()
            });
            let Some(before) = before else { return Ok(()) };
            let heir = heir_of(store, removed).await?;
            let owner_id = heir.as_ref().map(|heir| heir.id);
            let after = Contact { owner_id, version: before.version + 1, ..before.clone() };
            let mut change = self.change(store);
            change.save_contact(&after)?;
            change.move_contact(&before, &after, &moved_row(store, &after).await?)?;
            if let Some(heir) = &heir {
                change.check_member(heir)?;
            }
            let mut line = by_rule(&self.house, "contacts.hand_over", after.id, after.version, now);
            line.detail = Detail::Plain(json!({ "owner_id": [before.owner_id, owner_id] }));
            change.audit(Home::Contact(after.id), &line)?;
            match change.commit().await {
                Err(StoreError::Lost(_)) => {}
                done => return done,
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX })
    }
}

/// Whoever looks after the contacts of `member` now: they themselves, until they are removed.
pub(crate) async fn heir_of(store: &Store, member: MemberId) -> Result<Option<Member>, StoreError> {
    let mut next = Some(member);
    for _ in 0..HEIRS_MAX {
        let Some(id) = next else { return Ok(None) };
        let Some(member) = store.member(id).await? else { return Ok(None) };
        match member.removal {
            None => return Ok(Some(member)),
            Some(removal) => next = removal.successor_id,
        }
    }
    Ok(None)
}

/// The row of `contact` in the list that it joins, with what was counted for it so far.
async fn moved_row(store: &Store, contact: &Contact) -> Result<ContactRow, StoreError> {
    let list = List::Contacts.holding(contact);
    let shown: Option<ContactRow> = store.list_row(list, contact.id.ulid()).await?;
    let row = ContactRow::new(contact, None);
    Ok(match shown {
        Some(shown) => {
            ContactRow { owner_id: contact.owner_id, source_version: contact.version, ..shown }
        }
        None => row,
    })
}
