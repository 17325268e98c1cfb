//! How mails leave, and when they do not.

use domain::contact::{Contact, ReviewStatus};
use domain::outbox::LEASE;
use local::mailbox::Fault;
use serde_json::json;
use tests::client::Client;
use tests::seed::address;
use tests::world::World;

/// A contact to whom staff send a magic link, and the staff.
async fn begin(world: &World) -> (Contact, String, Client) {
    let email = address();
    let contact = world.contact(&world.acme, &email, ReviewStatus::Approved).await;
    (contact, email, world.admin().await)
}

async fn send_link(admin: &Client, contact: &Contact) {
    let path = format!("/v1/contacts/{}/magic-link", contact.id);
    admin.post(path, json!({})).await.expect(202);
}

#[tokio::test]
async fn a_throttled_mail_leaves_when_its_time_comes_and_once() {
    let world = World::start().await;
    let (contact, email, admin) = begin(&world).await;
    send_link(&admin, &contact).await;
    world.cloud.mailbox.fail_next(1, Fault::Throttled);
    world.tick().await;
    assert!(world.mails_to(&email).is_empty());
    world.advance(LEASE);
    world.tick().await;
    world.advance(LEASE * 10);
    world.tick().await;
    assert_eq!(world.mails_to(&email).len(), 1);
}

#[tokio::test]
async fn a_mail_in_doubt_waits_for_its_lease_before_it_is_sent_again() {
    let world = World::start().await;
    let (contact, email, admin) = begin(&world).await;
    send_link(&admin, &contact).await;
    // No event tells that it left: SES's are late too.
    world.cloud.mailbox.withhold_news();
    world.cloud.mailbox.fail_next(1, Fault::FailedAfterSending);
    world.tick().await;
    world.tick().await;
    assert_eq!(world.mails_to(&email).len(), 1, "nothing is sent again at once");
    world.advance(LEASE);
    world.tick().await;
    assert_eq!(world.mails_to(&email).len(), 2, "at least once");
}

#[tokio::test]
async fn a_mail_in_doubt_that_is_told_to_have_arrived_is_not_sent_again() {
    let world = World::start().await;
    let (contact, email, admin) = begin(&world).await;
    send_link(&admin, &contact).await;
    world.cloud.mailbox.fail_next(1, Fault::FailedAfterSending);
    world.tick().await;
    world.advance(LEASE * 10);
    world.tick().await;
    assert_eq!(world.mails_to(&email).len(), 1);
    let mails = admin.get(format!("/v1/mails?object={}", contact.id)).await.expect(200);
    assert_eq!(mails["items"][0]["state"], "delivered");
}

#[tokio::test]
async fn suspending_a_contact_stops_the_mail_that_waits() {
    let world = World::start().await;
    let (contact, email, admin) = begin(&world).await;
    send_link(&admin, &contact).await;
    let path = format!("/v1/contacts/{}/suspend", contact.id);
    admin.post(path, json!({})).await.expect(200);
    world.tick().await;
    assert!(world.mails_to(&email).is_empty());
}

#[tokio::test]
async fn two_workers_send_one_mail() {
    let world = World::start().await;
    let (contact, email, admin) = begin(&world).await;
    send_link(&admin, &contact).await;
    let now = world.now();
    let worker = &world.cloud.worker;
    let swept = futures_util::future::join_all((0..8).map(|_| worker.sweep(now))).await;
    let done: usize = swept.into_iter().map(|swept| swept.unwrap().done).sum();
    assert_eq!((done, world.mails_to(&email).len()), (1, 1));
}

#[tokio::test]
async fn a_mail_that_comes_too_late_is_never_sent() {
    let world = World::start().await;
    let (contact, email, admin) = begin(&world).await;
    send_link(&admin, &contact).await;
    world.advance(domain::invitation::INVITATION_LIFE);
    world.tick().await;
    assert!(world.mails_to(&email).is_empty());
}
