//! Arrival: an account that trusts its own domains has new people of them approved at once, and
//! what they asked for shared.
//!
//! The request says that it arrived so, and the sharing follows from that: the worker does it off
//! the stream, any number of times at once, and never the visit itself, whose work must not differ
//! by who asks. Coverage then approves the request and mails once.

use domain::access::{Gate, gate};
use domain::account::Account;
use domain::activity::{Activity, Detail, Object};
use domain::contact::{Contact, ReviewStatus};
use domain::document::Document;
use domain::grant::{Grant, State};
use domain::id::{ContactId, DocumentId, RequestId};
use domain::request::Request;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::activities::Home;
use store::contacts::Folder;
use store::{Store, StoreError};

use crate::house::House;
use crate::house::audit::by_rule;
use crate::sharing::GRANTS_AT_ONCE;
use crate::sharing::cover::cover;

/// How long a notice that carries no link is worth sending.
pub const NOTICE_LIFE: SignedDuration = SignedDuration::from_hours(3 * 24);
/// Looks at a folder at the most; each look after the first means that somebody else saved.
const LOOKS_MAX: u32 = 16;

/// Whether a person of `domain` whom nobody has reviewed is approved by their account at `now`.
#[must_use]
pub fn is_approved_on_arrival(
    contact: &Contact,
    account: Option<&Account>,
    now: Timestamp,
) -> bool {
    let domain = contact.email.as_ref().map(domain::email::Email::domain);
    let approves = |account: &Account| {
        domain.as_ref().is_some_and(|domain| account.approves_on_arrival(domain))
            && !account.is_over(now)
    };
    contact.status == ReviewStatus::ToReview && !contact.reviewed && account.is_some_and(approves)
}

/// Shares what a request that was approved on arrival asks for, then judges coverage. Does nothing
/// for any other request, and nothing twice.
///
/// # Errors
/// As the table's; [`StoreError::Busy`] if others kept saving for [`LOOKS_MAX`] looks.
pub async fn settle(
    house: &House,
    store: &Store,
    contact: ContactId,
    request: RequestId,
    now: Timestamp,
) -> Result<(), StoreError> {
    'look: for _ in 0..LOOKS_MAX {
        let Some(folder) = store.folder(contact).await? else { return Ok(()) };
        let found = folder.requests.iter().find(|found| found.id == request);
        let Some(request) = found.filter(|found| found.on_arrival && found.status.is_pending())
        else {
            return Ok(());
        };
        let account = match folder.contact.account_id {
            Some(id) => store.account(id).await?,
            None => None,
        };
        if gate(&folder.contact, account.as_ref(), now) != Gate::Open {
            return Ok(());
        }
        let documents = still_there(store, request).await?;
        let grants = grants(house, &folder, request, &documents, now);
        for chunk in grants.chunks(GRANTS_AT_ONCE) {
            match share(house, store, &folder.contact, account.as_ref(), chunk).await {
                Ok(()) => {}
                Err(StoreError::Lost(_)) => continue 'look,
                Err(error) => return Err(error),
            }
        }
        return cover(house, store, contact, now).await;
    }
    Err(StoreError::Busy { attempts: LOOKS_MAX })
}

/// The open documents of `request` that were not deleted since.
async fn still_there(store: &Store, request: &Request) -> Result<Vec<DocumentId>, StoreError> {
    let open: Vec<DocumentId> = request.open_documents().collect();
    let mut found = store.documents_of(&open).await?;
    found.retain(|document: &Document| document.deleted_at.is_none());
    Ok(found.into_iter().map(|document| document.id).collect())
}

/// The grants that are missing. What staff shared stays as they shared it, and what they took
/// back since the request came stays taken back.
fn grants(
    house: &House,
    folder: &Folder,
    request: &Request,
    documents: &[DocumentId],
    now: Timestamp,
) -> Vec<(Grant, Activity)> {
    let contact = &folder.contact;
    let missing = |document_id: &DocumentId| {
        let before = folder.grants.iter().find(|grant| grant.document_id == *document_id);
        let is_decided = |grant: &Grant| {
            grant.live(contact, now).is_some()
                || (grant.state == State::Removed && request.created_at <= grant.created_at)
        };
        (!before.is_some_and(is_decided))
            .then(|| Grant::new(contact, *document_id, before, || house.dice.id(now), now))
    };
    documents
        .iter()
        .filter_map(missing)
        .map(|grant| {
            let detail = json!({
                "deed": "share",
                "document_id": grant.document_id,
                "rights": grant.rights,
                "expires_at": null,
                "request_id": request.id,
            });
            let mut line = by_rule(house, "arrival.share", grant.id, grant.version, now);
            line.detail = Detail::Plain(detail);
            line.about = Some(Object::Document(grant.document_id));
            (grant, line)
        })
        .collect()
}

async fn share(
    house: &House,
    store: &Store,
    contact: &Contact,
    account: Option<&Account>,
    grants: &[(Grant, Activity)],
) -> Result<(), StoreError> {
    let mut change = store.change(house.dice.token());
    for (grant, line) in grants {
        change.save_grant(grant)?;
        change.audit(Home::Contact(contact.id), line)?;
    }
    // Whoever was suspended this instant is given nothing.
    change.check_contact(contact)?;
    if let Some(account) = account {
        change.check_account(account)?;
    }
    change.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{
        DAY, NANO, NOW, account, contact, ends_in, folder, grant, house, id, request,
    };

    fn trusting() -> Account {
        Account { auto_approval: true, ..account() }
    }

    /// Somebody of the account's domain whom nobody has reviewed.
    fn newcomer() -> Contact {
        Contact { status: ReviewStatus::ToReview, reviewed: false, ..contact() }
    }

    #[test]
    fn a_trusting_account_approves_whoever_comes_from_its_domain_unreviewed() {
        let approves = |contact: &Contact, account: Option<&Account>| {
            is_approved_on_arrival(contact, account, NOW)
        };
        assert!(approves(&newcomer(), Some(&trusting())));
        let elsewhere = Some("maya@home.example".parse().unwrap());
        for (why, contact, account) in [
            ("no account", newcomer(), None),
            ("no trust", newcomer(), Some(account())),
            ("reviewed before", Contact { reviewed: true, ..newcomer() }, Some(trusting())),
            (
                "in review",
                Contact { status: ReviewStatus::InReview, ..newcomer() },
                Some(trusting()),
            ),
            ("another domain", Contact { email: elsewhere, ..newcomer() }, Some(trusting())),
            ("no address", Contact { email: None, ..newcomer() }, Some(trusting())),
            (
                "its access is over",
                newcomer(),
                Some(Account { access_expiry: Some(ends_in(0)), ..trusting() }),
            ),
        ] {
            assert!(!approves(&contact, account.as_ref()), "{why}");
        }
        let ending = Account { access_expiry: Some(ends_in(1)), ..trusting() };
        assert!(approves(&newcomer(), Some(&ending)));
    }

    /// The version of the grant that is missing, if one is where there is `before`.
    fn missing(before: Option<Grant>) -> Option<u64> {
        let of = Folder { grants: before.into_iter().collect(), ..folder() };
        let grants = grants(&house(), &of, &request(), &[id(4)], NOW);
        for (grant, line) in &grants {
            assert_eq!((grant.document_id, grant.state), (id(4), State::Live));
            assert_eq!(grant.granted_by, None, "the account's word opened it");
            assert_eq!((line.verb.as_str(), line.seq), ("arrival.share", grant.version));
            assert_eq!(line.about, Some(Object::Document(id(4))));
        }
        grants.first().map(|(grant, _)| grant.version)
    }

    #[test]
    fn what_staff_shared_stays_and_what_they_took_back_since_stays_taken_back() {
        let removed = |created_at| Grant { created_at, ..grant().ended(State::Removed) };
        assert_eq!(missing(None), Some(1));
        assert_eq!(missing(Some(grant())), None);
        assert_eq!(missing(Some(removed(NOW))), None, "it was given after the request came");
        assert_eq!(missing(Some(removed(NOW + DAY))), None);
        assert_eq!(missing(Some(removed(NOW - NANO))), Some(3), "they asked anew");
        assert_eq!(missing(Some(grant().ended(State::Expired))), Some(3));
        assert_eq!(missing(Some(Grant { document_id: id(40), ..grant() })), Some(1));
    }
}
