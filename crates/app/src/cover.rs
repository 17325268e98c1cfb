//! Coverage: a request whose open documents have all come to be shared is approved, exactly once.
//!
//! Derived, never counted. Whoever shared something, by whatever way, runs [`cover`] afterwards,
//! and so does the worker off the stream; it may run any number of times at once. It looks at the
//! contact's whole folder, and what it concludes commits only if every fact still holds: the
//! request, each grant, the contact, the account. The winner ends the loop for all.

use std::collections::BTreeSet;

use domain::access::{Gate, gate};
use domain::account::Account;
use domain::grant::Grant;
use domain::id::{ContactId, DocumentId};
use domain::request::Request;
use jiff::Timestamp;
use store::activities::Home;
use store::contacts::Folder;
use store::{Store, StoreError};

use crate::audit::by_rule;
use crate::house::House;
use crate::invite::{Occasion, invite};

/// Looks at a folder at the most; each look after the first means that somebody else saved.
const LOOKS_MAX: u32 = 16;

/// Approves every pending request of `contact` that live grants cover.
///
/// # Errors
/// As the table's; [`StoreError::Busy`] if others kept saving for [`LOOKS_MAX`] looks.
pub async fn cover(
    house: &House,
    store: &Store,
    contact: ContactId,
    now: Timestamp,
) -> Result<(), StoreError> {
    'look: for _ in 0..LOOKS_MAX {
        let Some(folder) = store.folder(contact).await? else { return Ok(()) };
        if !folder.requests.iter().any(|request| request.status.is_pending()) {
            return Ok(());
        }
        let account = match folder.contact.account_id {
            Some(id) => store.account(id).await?,
            None => None,
        };
        if gate(&folder.contact, account.as_ref(), now) != Gate::Open {
            return Ok(());
        }
        let live: BTreeSet<DocumentId> = live_grants(&folder, now).map(|g| g.document_id).collect();
        for request in &folder.requests {
            let Some(approved) = request.clone().covered_by(&live, now) else { continue };
            match approve(house, store, &folder, account.as_ref(), (request, &approved), now).await
            {
                Ok(()) => {}
                Err(StoreError::Lost(_)) => continue 'look,
                Err(error) => return Err(error),
            }
        }
        return Ok(());
    }
    Err(StoreError::Busy { attempts: LOOKS_MAX })
}

/// The grants of a folder that open something at `now`, apart from the gate.
pub fn live_grants(folder: &Folder, now: Timestamp) -> impl Iterator<Item = &Grant> {
    folder.grants.iter().filter(move |grant| grant.live(&folder.contact, now).is_some())
}

async fn approve(
    house: &House,
    store: &Store,
    folder: &Folder,
    account: Option<&Account>,
    (request, approved): (&Request, &Request),
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut change = store.change(house.dice.token());
    change.save_request(approved)?;
    let open: BTreeSet<DocumentId> = request.open_documents().collect();
    for grant in folder.grants.iter().filter(|grant| open.contains(&grant.document_id)) {
        change.check_grant(grant)?;
    }
    change.check_contact(&folder.contact)?;
    if let Some(account) = account {
        change.check_account(account)?;
    }
    invite(house, &mut change, &folder.contact, Occasion::Approved(request.id), now)?;
    let line = by_rule(house, "requests.cover", request.id, approved.version, now);
    change.audit(Home::Contact(folder.contact.id), &line)?;
    change.commit().await
}
