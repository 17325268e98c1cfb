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
use domain::email::Email;
use domain::grant::Grant;
use domain::id::{ContactId, DocumentId};
use domain::request::Request;
use jiff::Timestamp;
use store::activities::Home;
use store::change::Change;
use store::contacts::Folder;
use store::{Store, StoreError};

use crate::house::House;
use crate::house::audit::by_rule;
use crate::sharing::invite::{Occasion, invite};

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
    let Some(email) = flooded(folder, request, now) else { return Ok(true) };
    let tenant = store.tenant_id().to_string();
    // The same budget that the receipt of a request is paid from.
    let hash = house.keys.blind(&["unproved", &tenant, email.as_str()]);
    let budget = store.budget(&hash).await?;
    match budget.value.spend(now, UNPROVED_MAILS_MAX, DAY) {
        Ok(spent) => change.save_budget(&hash, &budget.next(spent), now).map(|()| true),
        Err(_) => Ok(false),
    }
}

/// The address that nobody has proved, if a request for what was shared before it was made is what
/// brings about a mail to it.
fn flooded<'a>(folder: &'a Folder, request: &Request, now: Timestamp) -> Option<&'a Email> {
    let open: BTreeSet<DocumentId> = request.open_documents().collect();
    let was_shared_before = live_grants(folder, now)
        .filter(|grant| open.contains(&grant.document_id))
        .all(|grant| grant.created_at < request.created_at);
    let email = folder.contact.email.as_ref();
    email.filter(|_| folder.contact.proved_at.is_none() && was_shared_before)
}

#[cfg(test)]
mod tests {
    use domain::contact::{Contact, ReviewStatus};
    use domain::grant::State;
    use domain::outbox::purpose::Purpose;
    use domain::request::{Item, ItemState, Status};
    use store::saved::Saved;

    use super::*;
    use crate::fixtures::{DAY, NOW, account, contact, ends_in, folder, grant, house, id, request};

    /// A request for the shared document alone.
    fn asking() -> Request {
        let items = vec![Item { document_id: id(4), state: ItemState::Open }];
        Request { items, ..request() }
    }

    fn with(requests: Vec<Request>) -> Folder {
        Folder { requests, ..folder() }
    }

    #[test]
    fn what_live_grants_cover_is_approved_while_the_gate_is_open() {
        let ended = Request { status: Status::Rejected, id: id(16), ..asking() };
        let wanting = Request { id: id(17), ..request() };
        let of = with(vec![asking(), ended, wanting]);
        let account = account();
        let approved = covered(&of, Some(&account), NOW);
        let ids: Vec<_> = approved.iter().map(|(before, after)| (before.id, after.id)).collect();
        assert_eq!(ids, [(id(15), id(15))], "what has ended or is not covered stays");
        assert_eq!(approved[0].1.status, Status::Approved);
        assert!(approved[0].1.automatic);
        let cancelled = Account { status: ReviewStatus::Cancelled, ..account };
        assert_eq!(covered(&of, Some(&cancelled), NOW), []);
    }

    #[test]
    fn what_is_over_covers_nothing() {
        for over in [
            grant().ended(State::Removed),
            Grant { expiry: Some(ends_in(0)), ..grant() },
            Grant { epoch: 1, ..grant() },
        ] {
            let of = Folder { grants: vec![over], ..with(vec![asking()]) };
            assert_eq!(live_grants(&of, NOW).count(), 0);
            assert_eq!(covered(&of, Some(&account()), NOW), []);
        }
        assert_eq!(live_grants(&folder(), NOW).collect::<Vec<_>>(), [&grant()]);
    }

    #[test]
    fn only_asking_again_for_what_is_shared_already_floods_an_unproved_mailbox() {
        let unproved = Contact { proved_at: None, ..contact() };
        let without = Contact { email: None, ..unproved.clone() };
        let granted = |created_at| Grant { created_at, ..grant() };
        for (contact, grant, expected) in [
            (unproved.clone(), granted(NOW - DAY), true),
            (unproved, granted(NOW), false),
            (contact(), granted(NOW - DAY), false),
            (without, granted(NOW - DAY), false),
        ] {
            let of = Folder { contact, grants: vec![grant], ..folder() };
            assert_eq!(flooded(&of, &asking(), NOW).is_some(), expected);
        }
        let unproved = Contact { proved_at: None, ..contact() };
        let elsewhere = Grant { document_id: id(40), created_at: NOW, ..grant() };
        let of = Folder { contact: unproved, grants: vec![grant(), elsewhere], ..folder() };
        assert!(flooded(&of, &asking(), NOW).is_some(), "it did not ask for what is new");
    }

    #[tokio::test]
    async fn an_approval_is_saved_with_the_mail_that_opens_the_portal() {
        let (house, of) = (house(), with(vec![asking()]));
        let store = house.table.tenant(id(1));
        let account = account();
        let (before, after) = covered(&of, Some(&account), NOW).remove(0);
        let mut change = store.rehearse();
        let pair = (before, &after);
        approval(&house, &store, &mut change, &of, Some(&account), pair, NOW).await.unwrap();
        let saved = change.into_saved();
        let [Saved::Request(request), Saved::Mail(mail)] = saved.as_slice() else {
            panic!("{saved:?}")
        };
        assert_eq!(**request, after);
        let answers = Some(id(15));
        let purpose = &mail.purpose;
        assert!(matches!(purpose, Purpose::MagicLink { request_id, .. } if *request_id == answers));
    }
}
