//! What time ends.

use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, FileState};
use domain::grant::State;
use domain::id::Id;
use domain::request::Status;
use jiff::SignedDuration;
use serde_json::json;
use store::activities::Home;
use store::lists::{List, RequestRow};
use store::meter::Kind;
use tests::seed::{address, pdf};
use tests::trail::{times, trail};
use tests::uploads::{announce, new_document};
use tests::world::World;

use crate::worker::{LIFE, ends, lend};

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[tokio::test]
async fn an_expired_grant_is_recorded_and_told_once() {
    let world = World::start().await;
    let email = address();
    let contact = world.contact(&world.acme, &email, ReviewStatus::Approved).await;
    let document = world.document(&world.acme, "Report", AccessLevel::Restricted).await;
    let lent = lend(&world, contact.id, document.id).await;
    world.tick().await;
    assert!(world.mails().is_empty());

    world.advance(LIFE);
    world.tick().await;
    world.tick().await;
    let store = world.store_of(&world.acme);
    let grant = store.grant(contact.id, document.id).await.unwrap().unwrap();
    assert_eq!((grant.state, grant.version), (State::Expired, lent.version + 1));
    let lines = trail(&store, Home::Contact(contact.id)).await;
    assert_eq!(times(&lines, "grants.expire"), 1);
    let mails = world.mails_to(&email);
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("Report"), "{}", mails[0].text);
    assert!(!mails[0].text.contains("Ada"), "nobody proved the address: {}", mails[0].text);
}

#[tokio::test]
async fn an_expiry_costs_six_write_units_and_whoever_had_no_access_is_not_told() {
    let world = World::start().await;
    let contact = world.contact(&world.acme, &address(), ReviewStatus::Cancelled).await;
    let document = world.paper(&world.acme, "Report").await;
    lend(&world, contact.id, document).await;
    world.tick().await;
    world.advance(LIFE);
    let _ = world.meter.take();
    world.cloud.worker.sweep(world.now()).await.unwrap();
    let calls = world.meter.take();
    let units: f64 =
        calls.iter().filter(|call| call.kind == Kind::Write).map(|call| call.units).sum();
    assert!(0.0 < units && units <= 6.0, "{calls:#?}");
    world.tick().await;
    assert!(world.mails().is_empty());
}

#[tokio::test]
async fn an_extended_grant_does_not_expire_when_it_would_have() {
    let world = World::start().await;
    let contact = world.contact(&world.acme, &address(), ReviewStatus::Approved).await;
    let document = world.paper(&world.acme, "Report").await;
    let mut grant = lend(&world, contact.id, document).await;
    grant.version += 1;
    grant.expiry = Some(ends(&world, LIFE * 2));
    let store = world.store_of(&world.acme);
    let mut change = store.change(world.house.dice.token());
    change.save_grant(&grant).unwrap();
    change.commit().await.unwrap();
    world.advance(LIFE);
    world.tick().await;
    assert_eq!(store.grant(contact.id, document).await.unwrap(), Some(grant));
    assert!(world.mails().is_empty());
}

#[tokio::test]
async fn an_upload_that_was_never_completed_is_given_up_and_its_bytes_are_dropped() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "Report").await;
    let bytes = pdf("Report");
    let announced = announce(&admin, &document, &bytes).await;
    assert_eq!(world.put_upload(&announced["upload"], &bytes).await, 200);
    world.advance(DAY);
    world.tick().await;
    let store = world.store_of(&world.acme);
    let file = announced["file"]["id"].as_str().unwrap().parse().unwrap();
    let (_, file) = store.document_of_file(file).await.unwrap().unwrap();
    assert_eq!(file.state, FileState::Deleted);
    let left = world.house.files.quarantined(world.acme.id(), &file).await.unwrap();
    assert_eq!(left, None);
    let lines = trail(&store, Home::Document(file.document_id)).await;
    assert_eq!(times(&lines, "files.give_up"), 1);
}

#[tokio::test]
async fn a_request_nobody_touches_for_ninety_days_expires_and_mails_nobody() {
    let world = World::start().await;
    let contact = world.contact(&world.acme, &address(), ReviewStatus::ToReview).await;
    let document = world.paper(&world.acme, "Report").await;
    let request = world.request(&world.acme, &contact, &[document]).await;
    let store = world.store_of(&world.acme);
    world.advance(DAY * 89);
    world.tick().await;
    let untouched = store.request(contact.id, request.id).await.unwrap().unwrap();
    assert_eq!(untouched.status, Status::ToReview);

    world.advance(DAY);
    world.tick().await;
    let expired = store.request(contact.id, request.id).await.unwrap().unwrap();
    assert_eq!(expired.status, Status::Expired);
    let row: RequestRow = store.list_row(List::Requests, request.id.ulid()).await.unwrap().unwrap();
    assert_eq!(row.status, Status::Expired);
    assert!(world.mails().is_empty());
}

#[tokio::test]
async fn a_deleted_person_is_erased_after_thirty_days_and_their_evidence_stays() {
    let world = World::start().await;
    let contact = world.contact(&world.acme, &address(), ReviewStatus::Approved).await;
    let document = world.paper(&world.acme, "Report").await;
    let request = world.request(&world.acme, &contact, &[document]).await;
    world.tick().await;
    let admin = world.admin().await;
    let path = format!("/v1/contacts/{}", contact.id);
    admin.patch(&path, json!({ "first_name": "Augusta" })).if_match(1).await.expect(200);
    admin.delete(&path).await.expect(204);
    let store = world.store_of(&world.acme);
    let read = async || store.contact(contact.id).await.unwrap().unwrap();

    world.advance(DAY * 30 - SignedDuration::from_secs(1));
    world.tick().await;
    assert_eq!(read().await.first_name.as_str(), "Augusta");

    world.advance(SignedDuration::from_secs(1));
    world.tick().await;
    world.tick().await;
    let erased: Contact = read().await;
    assert_eq!(erased.full_name(), "Erased");
    assert_eq!((erased.email, erased.job_title), (None, None));
    assert_eq!(erased.subject_seed, "");
    let request = store.request(contact.id, request.id).await.unwrap().unwrap();
    assert_eq!(request.reason.as_str(), "Erased");
    assert_eq!(request.items.len(), 1, "what was asked for is evidence");
    let row: RequestRow = store.list_row(List::Requests, request.id.ulid()).await.unwrap().unwrap();
    assert_eq!(row.contact_name, "Erased");
    let lines = trail(&store, Home::Contact(contact.id)).await;
    assert_eq!((times(&lines, "contacts.update"), times(&lines, "contacts.erase")), (1, 1));
}
