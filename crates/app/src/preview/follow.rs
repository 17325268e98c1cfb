//! What follows from a change by the rules, drawn in a picture by the functions that draw it for
//! real: a deleted document ends its grants and leaves its requests, live grants cover requests.

use domain::grant::State;
use domain::id::ContactId;
use domain::outbox::Mail;
use domain::request::Status;
use jiff::Timestamp;
use store::saved::Saved;
use store::{Store, StoreError};

use crate::house::House;
use crate::preview::scene::Scene;
use crate::sharing::cover;
use crate::sharing::invite::{Occasion, invite};

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

#[cfg(test)]
mod tests {
    use domain::id::DocumentId;
    use domain::outbox::purpose::Purpose;
    use domain::request::{Item, ItemState, Request};

    use super::*;
    use crate::fixtures::{NOW, house, id, request};

    /// The sample, in which the contact asks for `items`.
    fn asking(items: &[(DocumentId, ItemState)]) -> Scene {
        let item = |(document_id, state): &(DocumentId, ItemState)| Item {
            document_id: *document_id,
            state: *state,
        };
        let mut scene = Scene::sample();
        scene.lay_request(Request { items: items.iter().map(item).collect(), ..request() });
        scene
    }

    async fn followed(before: &Scene, mut after: Scene) -> (Scene, Vec<Purpose>) {
        let house = house();
        let store = house.table.tenant(id(1));
        let mails = follow(&house, &store, before, &mut after, NOW).await.unwrap();
        (after, mails.into_iter().map(|mail| mail.purpose).collect())
    }

    fn with_document_gone(before: &Scene) -> Scene {
        let mut after = before.clone();
        after.documents.get_mut(&id(4)).unwrap().deleted_at = Some(NOW);
        after
    }

    fn status(scene: &Scene) -> Status {
        scene.folders[&id(3)].requests[0].status
    }

    #[tokio::test]
    async fn a_document_that_goes_ends_its_grants_and_leaves_the_requests_for_it() {
        let before = asking(&[(id(4), ItemState::Open), (id(40), ItemState::Open)]);
        let (after, mails) = followed(&before, with_document_gone(&before)).await;
        assert_eq!(after.folders[&id(3)].grants[0].state, State::DocumentDeleted);
        let left: Vec<_> =
            after.folders[&id(3)].requests[0].items.iter().map(|item| item.document_id).collect();
        assert_eq!((left, mails), (vec![id(40)], Vec::new()));
        assert_eq!(status(&after), Status::InReview);
    }

    #[tokio::test]
    async fn a_request_that_is_answered_by_what_goes_is_mailed_only_if_something_was_shared() {
        for (state, expected, mails_owed) in
            [(ItemState::Shared, Status::Approved, 1), (ItemState::Declined, Status::Rejected, 0)]
        {
            let before = asking(&[(id(4), ItemState::Open), (id(40), state)]);
            let (after, mails) = followed(&before, with_document_gone(&before)).await;
            assert_eq!((status(&after), mails.len()), (expected, mails_owed));
        }
    }

    #[tokio::test]
    async fn what_was_gone_before_changes_nothing() {
        let before =
            with_document_gone(&asking(&[(id(4), ItemState::Open), (id(40), ItemState::Open)]));
        let (after, mails) = followed(&before, before.clone()).await;
        assert_eq!(after.folders[&id(3)].requests[0].items.len(), 2);
        assert_eq!(after.folders[&id(3)].grants[0].state, State::Live);
        assert_eq!(mails, []);
    }

    #[tokio::test]
    async fn live_grants_approve_the_requests_that_they_cover() {
        let before = asking(&[(id(4), ItemState::Open)]);
        let (after, mails) = followed(&before, before.clone()).await;
        assert_eq!(status(&after), Status::Approved);
        assert!(matches!(mails.as_slice(), [Purpose::MagicLink { .. }]), "{mails:?}");
        let wanting = asking(&[(id(4), ItemState::Open), (id(40), ItemState::Open)]);
        let (after, mails) = followed(&wanting, wanting.clone()).await;
        assert_eq!((status(&after), mails), (Status::InReview, Vec::new()));
    }
}
