//! Coverage: a request whose open documents have all come to be shared is approved, exactly once.
//!
//! Derived, never counted. Whoever shared something, by whatever way, runs [`cover`] afterwards,
//! and so does the worker off the stream; it may run any number of times at once. It looks at the
//! contact's whole folder, and what it concludes commits only if every fact still holds: the
//! request, each grant, the contact, the account. The winner ends the loop for all.

use std::collections::BTreeSet;

use domain::access::{Gate, gate};
use domain::account::Account;
use domain::challenge::standing::{DAY, UNPROVED_MAILS_MAX};
use domain::grant::Grant;
use domain::id::{ContactId, DocumentId};
use domain::request::Request;
use jiff::Timestamp;
use store::activities::Home;
use store::change::Change;
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
        for (request, approved) in covered(&folder, account.as_ref(), now) {
            let mut change = store.change(house.dice.token());
            let pair = (request, &approved);
            approval(house, store, &mut change, &folder, account.as_ref(), pair, now).await?;
            match change.commit().await {
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

/// The pending requests of a contact that live grants cover, each as it is then approved; none
/// while the gate is shut.
pub(crate) fn covered<'a>(
    folder: &'a Folder,
    account: Option<&Account>,
    now: Timestamp,
) -> Vec<(&'a Request, Request)> {
    if gate(&folder.contact, account, now) != Gate::Open {
        return Vec::new();
    }
    let live: BTreeSet<DocumentId> =
        live_grants(folder, now).map(|grant| grant.document_id).collect();
    let approved = |request: &'a Request| Some((request, request.clone().covered_by(&live, now)?));
    folder.requests.iter().filter_map(approved).collect()
}

/// Adds the approval of a covered request to `change`, under the condition that every fact it
/// follows from still holds.
pub(crate) async fn approval(
    house: &House,
    store: &Store,
    change: &mut Change,
    folder: &Folder,
    account: Option<&Account>,
    (request, approved): (&Request, &Request),
    now: Timestamp,
) -> Result<(), StoreError> {
    change.save_request(approved)?;
    let open: BTreeSet<DocumentId> = request.open_documents().collect();
    for grant in folder.grants.iter().filter(|grant| open.contains(&grant.document_id)) {
        change.check_grant(grant)?;
    }
    change.check_contact(&folder.contact)?;
    if let Some(account) = account {
        change.check_account(account)?;
    }
    if may_mail(house, store, change, folder, request, now).await? {
        invite(house, change, &folder.contact, Occasion::Approved(request.id), now)?;
    }
    let line = by_rule(house, "requests.cover", request.id, approved.version, now);
    change.audit(Home::Contact(folder.contact.id), &line)
}

/// Whether this approval may be mailed. A visitor who asks again for what is shared already brings
/// the mail about alone; at an address nobody has proved that is paid from the address's budget,
/// so that nobody's mailbox is flooded.
async fn may_mail(
    house: &House,
    store: &Store,
    change: &mut Change,
    folder: &Folder,
    request: &Request,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let contact = &folder.contact;
    let open: BTreeSet<DocumentId> = request.open_documents().collect();
    let was_shared_before = live_grants(folder, now)
        .filter(|grant| open.contains(&grant.document_id))
        .all(|grant| grant.created_at < request.created_at);
    let Some(email) = contact.email.as_ref().filter(|_| contact.proved_at.is_none()) else {
        return Ok(true);
    };
    if !was_shared_before {
        return Ok(true);
    }
    let tenant = store.tenant_id().to_string();
    // The same budget that the receipt of a request is paid from.
    let hash = house.keys.blind(&["unproved", &tenant, email.as_str()]);
    let budget = store.budget(&hash).await?;
    match budget.value.spend(now, UNPROVED_MAILS_MAX, DAY) {
        Ok(spent) => change.save_budget(&hash, &budget.next(spent), now).map(|()| true),
        Err(_) => Ok(false),
    }
}
