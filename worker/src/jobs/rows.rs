//! Rows of lists and of search: what they show, read again from where it lies.

use app::sharing::cover::live_grants;
use domain::contact::Contact;
use domain::id::{ContactId, Id, RequestId};
use domain::words::Words;
use jiff::{SignedDuration, Timestamp};
use store::contacts::{Folder, lists_of};
use store::lists::{ContactRow, List, RequestRow};
use store::renewal::{Renewed, Seen};
use store::words::Indexed;
use store::{Store, StoreError};

use crate::{LOOKS_MAX, Worker, account_of};

/// A contact's activity is noted this often, so that reading seldom writes.
const ACTIVITY_STEP: SignedDuration = SignedDuration::from_mins(5);

impl Worker {
    /// Brings a contact's rows up to date in every list it is in, and what search finds it by.
    /// `active_at` is when the contact last did something, if that is new.
    pub(crate) async fn refresh_contact(
        &self,
        store: &Store,
        id: ContactId,
        active_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        'look: for _ in 0..LOOKS_MAX {
            let Some(contact) = store.contact(id).await? else { return Ok(()) };
            // Rows first, what they show after: whoever reads later wins.
            let indexed = store.indexed(id).await?;
            let seen = rows_of(store, &contact).await?;
            let Some(folder) = store.folder(id).await? else { return Ok(()) };
            if lists_of(&folder.contact) != lists_of(&contact) {
                continue 'look;
            }
            if folder.contact.deleted_at.is_some() {
                // It is in no list any more, but its requests show its name.
                for request in &folder.requests {
                    refresh(store, &RequestRow::new(request, &folder.contact), self).await?;
                }
                if self.index(store, id, indexed, Indexed::nothing()).await? == Renewed::Overtaken {
                    continue 'look;
                }
                return Ok(());
            }
            let row = row_of(store, &folder, &seen, active_at, now).await?;
            for (list, seen) in &seen {
                if store.renew_row(*list, seen, &row).await? == Renewed::Overtaken {
                    continue 'look;
                }
            }
            let next =
                Indexed::new(&lists_of(&folder.contact), words_of(&folder.contact, &row), &row);
            if self.index(store, id, indexed, next).await? == Renewed::Overtaken {
                continue 'look;
            }
            return Ok(());
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX })
    }

    async fn index(
        &self,
        store: &Store,
        id: ContactId,
        seen: Option<Indexed>,
        next: Indexed,
    ) -> Result<Renewed, StoreError> {
        store.index(id, seen.as_ref(), next, self.house.dice.token()).await
    }

    /// Brings a request's row in the queue up to date.
    pub(crate) async fn refresh_request(
        &self,
        store: &Store,
        contact: ContactId,
        id: RequestId,
    ) -> Result<(), StoreError> {
        let Some(request) = store.request(contact, id).await? else { return Ok(()) };
        let Some(contact) = store.contact(contact).await? else { return Ok(()) };
        refresh(store, &RequestRow::new(&request, &contact), self).await
    }
}

async fn refresh(store: &Store, row: &RequestRow, worker: &Worker) -> Result<(), StoreError> {
    let shown: Option<RequestRow> = store.list_row(List::Requests, row.id.ulid()).await?;
    if shown.as_ref().is_none_or(|shown| shown == row) {
        return Ok(());
    }
    store.refresh_row(List::Requests, row, worker.house.dice.token()).await
}

/// The rows there are; one that is missing was just taken out, or its list was just joined.
async fn rows_of(
    store: &Store,
    contact: &Contact,
) -> Result<Vec<(List, Seen<ContactRow>)>, StoreError> {
    let mut seen = Vec::new();
    for list in lists_of(contact) {
        seen.extend(store.see_row(list, contact.id.ulid()).await?.map(|row| (list, row)));
    }
    Ok(seen)
}

async fn row_of(
    store: &Store,
    folder: &Folder,
    seen: &[(List, Seen<ContactRow>)],
    active_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<ContactRow, StoreError> {
    let contact = &folder.contact;
    let account = account_of(store, contact).await?;
    let before = seen.iter().filter_map(|(_, seen)| seen.row.last_activity_at).max();
    Ok(ContactRow {
        id: contact.id,
        email: contact.email.clone(),
        name: contact.full_name(),
        account_id: contact.account_id,
        account_name: account.map(|account| account.name),
        owner_id: contact.owner_id,
        status: contact.status,
        shared: u32::try_from(live_grants(folder, now).count()).unwrap_or(u32::MAX),
        last_activity_at: last_activity(before, active_at),
        created_at: contact.created_at,
        source_version: contact.version,
    })
}

fn words_of(contact: &Contact, row: &ContactRow) -> Words {
    let (first, last) = (&contact.first_name, &contact.last_name);
    Words::of_contact(first, last, contact.email.as_ref(), row.account_name.as_ref())
}

/// The later of both, unless they are so close that it is not worth a write.
fn last_activity(before: Option<Timestamp>, now: Option<Timestamp>) -> Option<Timestamp> {
    match (before, now) {
        (Some(before), Some(now)) if now < before + ACTIVITY_STEP => Some(before),
        (before, now) => now.or(before),
    }
}
