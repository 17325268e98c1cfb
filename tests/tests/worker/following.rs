//! What follows from one change for many things.

use domain::account::Account;
use domain::contact::{Contact, ReviewStatus};
use domain::grant::State;
use domain::id::Id;
use domain::request::Status;
use jiff::SignedDuration;
use serde_json::json;
use store::activities::Home;
use store::lists::{ContactRow, List, RequestRow};
use tests::seed::address;
use tests::trail::{times, trail};
use tests::world::World;

/// More than two slices of a walk.
const MANY: usize = 110;

async fn row(world: &World, list: List, contact: &Contact) -> ContactRow {
    let store = world.store_of(&world.acme);
    store.list_row(list, contact.id.ulid()).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_contacts_rows_follow_in_every_list_it_is_in() {
    let world = World::start().await;
    let account = world.account(&world.acme, "hooli.example", ReviewStatus::Approved).await;
    let (acme, approved) = (&world.acme, ReviewStatus::Approved);
    let contact = world.contact_of(acme, &address(), approved, Some(&account)).await;
    let document = world.paper(acme, "Report").await;
    world.grant(acme, contact.id, document).await;
    world.tick().await;
    let owner = contact.owner_id.unwrap();
    let lists = [List::Contacts, List::ContactsOfAccount(account.id), List::ContactsOfOwner(owner)];
    for list in lists {
        let row = row(&world, list, &contact).await;
        assert_eq!((row.shared, row.account_name), (1, Some(account.name.clone())), "{list:?}");
    }
}

#[tokio::test]
async fn what_a_contact_does_shows_in_its_row_and_what_staff_do_to_it_does_not() {
    let world = World::start().await;
    let acme = &world.acme;
    let contact = world.contact(acme, &address(), ReviewStatus::Approved).await;
    let admin = world.admin().await;
    let path = format!("/v1/contacts/{}", contact.id);
    admin.patch(&path, json!({ "first_name": "Augusta" })).if_match(1).await.expect(200);
    world.tick().await;
    assert_eq!(row(&world, List::Contacts, &contact).await.last_activity_at, None);

    let nda = json!({ "title": "NDA", "text": "Keep it to yourself." });
    admin.post("/v1/nda-versions", nda).await.expect(201);
    let portal = world.portal_of(acme, &contact).await;
    let now = world.now().as_second();
    portal.post("/v1/portal/nda/accept", json!({ "version": 1 })).await.expect(204);
    world.tick().await;
    let shown = row(&world, List::Contacts, &contact).await.last_activity_at;
    assert!(shown.is_some_and(|at| now <= at.as_second()), "{shown:?}");
}

#[tokio::test]
async fn a_renamed_account_shows_with_all_its_contacts() {
    let world = World::start().await;
    let acme = &world.acme;
    let account = world.account(acme, "hooli.example", ReviewStatus::Approved).await;
    let mut contacts = Vec::new();
    for _ in 0..MANY {
        let status = ReviewStatus::Approved;
        contacts.push(world.contact_of(acme, &address(), status, Some(&account)).await);
    }
    world.tick().await;
    let name = "Hooli XYZ".parse().unwrap();
    let renamed = Account { version: account.version + 1, name, ..account.clone() };
    let mut change = world.store_of(acme).change(world.house.dice.token());
    change.save_account(&renamed).unwrap();
    change.commit().await.unwrap();
    world.tick().await;
    for contact in &contacts {
        let shown = row(&world, List::ContactsOfAccount(account.id), contact).await.account_name;
        assert_eq!(shown.as_ref(), Some(&renamed.name));
    }
}

#[tokio::test]
async fn an_approved_account_lets_waiting_requests_be_covered() {
    let world = World::start().await;
    let acme = &world.acme;
    let account = world.account(acme, "hooli.example", ReviewStatus::ToReview).await;
    let email = address();
    let contact = world.contact_of(acme, &email, ReviewStatus::Approved, Some(&account)).await;
    let document = world.paper(acme, "Report").await;
    world.grant(acme, contact.id, document).await;
    let request = world.request(acme, &contact, &[document]).await;
    world.tick().await;
    let store = world.store_of(acme);
    let read = async || store.request(contact.id, request.id).await.unwrap().unwrap();
    assert_eq!(read().await.status, Status::ToReview, "the gate is shut");

    let status = ReviewStatus::Approved;
    let approved = Account { version: account.version + 1, status, ..account };
    let mut change = store.change(world.house.dice.token());
    change.save_account(&approved).unwrap();
    change.commit().await.unwrap();
    world.tick().await;
    let covered = read().await;
    assert_eq!((covered.status, covered.automatic), (Status::Approved, true));
    assert_eq!(world.mails_to(&email).len(), 1);
}

#[tokio::test]
async fn a_deleted_document_ends_every_grant_and_leaves_every_request() {
    let world = World::start().await;
    let acme = &world.acme;
    let (gone, kept) = (world.paper(acme, "Gone").await, world.paper(acme, "Kept").await);
    let mut people = Vec::new();
    for number in 0..MANY {
        let contact = world.contact(acme, &address(), ReviewStatus::Approved).await;
        world.grant(acme, contact.id, gone).await;
        let wanted = if number % 2 == 0 { vec![gone, kept] } else { vec![kept] };
        let request = world.request(acme, &contact, &wanted).await;
        people.push((contact, request));
    }
    world.tick().await;
    let path = format!("/v1/documents/{gone}");
    world.admin().await.delete(path).await.expect(204);
    world.tick().await;
    world.advance(SignedDuration::from_mins(1));
    world.tick().await;

    let store = world.store_of(acme);
    for (contact, request) in &people {
        let grant = store.grant(contact.id, gone).await.unwrap().unwrap();
        assert_eq!((grant.state, grant.version), (State::DocumentDeleted, 2));
        let left = store.request(contact.id, request.id).await.unwrap().unwrap();
        assert_eq!(left.open_documents().collect::<Vec<_>>(), [kept]);
        assert_eq!(left.status, Status::ToReview);
        let lines = trail(&store, Home::Contact(contact.id)).await;
        assert_eq!(times(&lines, "grants.end"), 1);
        let row: RequestRow =
            store.list_row(List::Requests, request.id.ulid()).await.unwrap().unwrap();
        assert_eq!(row.documents, 1);
    }
    assert!(world.mails_outside().is_empty());
}

#[tokio::test]
async fn a_request_for_nothing_but_a_deleted_document_is_withdrawn() {
    let world = World::start().await;
    let acme = &world.acme;
    let contact = world.contact(acme, &address(), ReviewStatus::Approved).await;
    let gone = world.paper(acme, "Gone").await;
    let request = world.request(acme, &contact, &[gone]).await;
    world.admin().await.delete(format!("/v1/documents/{gone}")).await.expect(204);
    world.tick().await;
    let store = world.store_of(acme);
    let left = store.request(contact.id, request.id).await.unwrap().unwrap();
    assert_eq!(left.status, Status::Withdrawn);
    assert!(world.mails().is_empty());
}
