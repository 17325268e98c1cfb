//! What follows from a change by the rules, drawn in a picture by the functions that draw it for
//! real: a deleted document ends its grants and leaves its requests, live grants cover requests.

use domain::grant::State;
use domain::id::ContactId;
use domain::outbox::Mail;
use domain::request::Status;
use jiff::Timestamp;
use store::saved::Saved;
use store::{Store, StoreError};

use crate::cover;
use crate::house::House;
use crate::invite::{Occasion, invite};
use crate::preview::scene::Scene;

/// Draws in `after` what follows from what changed since `before`, and tells the mails it owes.
pub(crate) async fn follow(
    house: &House,
    store: &Store,
    before: &Scene,
    after: &mut Scene,
    now: Timestamp,
) -> Result<Vec<Mail>, StoreError> {
    let mut mails = Vec::new();
    let contacts: Vec<ContactId> = after.folders.keys().copied().collect();
    for contact in contacts {
        mails.extend(without_deleted(house, store, before, after, contact, now)?);
        mails.extend(covered(house, store, after, contact, now).await?);
    }
    Ok(mails)
}

/// Ends the grants of documents that go, and takes those out of pending requests.
fn without_deleted(
    house: &House,
    store: &Store,
    before: &Scene,
    after: &mut Scene,
    contact: ContactId,
    now: Timestamp,
) -> Result<Vec<Mail>, StoreError> {
    let goes = |document: &domain::document::Document| {
        let was_there =
            before.documents.get(&document.id).is_some_and(|old| old.deleted_at.is_none());
        was_there && document.deleted_at.is_some()
    };
    let gone: Vec<_> =
        after.documents.values().filter(|one| goes(one)).map(|document| document.id).collect();
    let Some(folder) = after.folders.get_mut(&contact) else { return Ok(Vec::new()) };
    let mut change = store.rehearse();
    for document in gone {
        for grant in &mut folder.grants {
            if grant.document_id == document && grant.state == State::Live {
                *grant = grant.clone().ended(State::DocumentDeleted);
            }
        }
        for request in &mut folder.requests {
            let Some(without) = request.clone().without(document, now) else { continue };
            if without.status == Status::Approved {
                let occasion = Occasion::Approved(without.id);
                invite(house, &mut change, &folder.contact, occasion, now)?;
            }
            *request = without;
        }
    }
    Ok(after.lay(&change.into_saved()))
}

/// Approves the pending requests of a contact that live grants cover.
async fn covered(
    house: &House,
    store: &Store,
    after: &mut Scene,
    contact: ContactId,
    now: Timestamp,
) -> Result<Vec<Mail>, StoreError> {
    let Some(folder) = after.folders.get(&contact) else { return Ok(Vec::new()) };
    let account = after.account_of(&folder.contact);
    let mut saved: Vec<Saved> = Vec::new();
    for (request, approved) in cover::covered(folder, account, now) {
        let mut change = store.rehearse();
        let pair = (request, &approved);
        cover::approval(house, store, &mut change, folder, account, pair, now).await?;
        saved.extend(change.into_saved());
    }
    Ok(after.lay(&saved))
}
