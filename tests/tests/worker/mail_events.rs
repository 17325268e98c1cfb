//! What the mail service tells of mails that left.

use domain::contact::{Contact, ReviewStatus};
use mail::events::{Event, What};
use serde_json::{Value, json};
use tests::client::{Client, id_of};
use tests::world::World;

/// A contact at `email` to whom a magic link was mailed.
async fn mailed(world: &World, email: &str) -> (Contact, Client) {
    let contact = world.contact(&world.acme, email, ReviewStatus::Approved).await;
    let admin = world.admin().await;
    let path = format!("/v1/contacts/{}/magic-link", contact.id);
    admin.post(path, json!({})).await.expect(202);
    world.tick().await;
    (contact, admin)
}

async fn mails_of(admin: &Client, contact: &Contact) -> Vec<Value> {
    let page = admin.get(format!("/v1/mails?object={}", contact.id)).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_delivered_mail_says_so() {
    let world = World::start().await;
    let (contact, admin) = mailed(&world, "ada@example.com").await;
    let mails = mails_of(&admin, &contact).await;
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!((&mail["purpose"], &mail["state"]), (&json!("magic_link"), &json!("delivered")));
    assert_eq!((&mail["to"], &mail["resendable"]), (&json!(contact.id), &json!(true)));
    assert!(!mail.to_string().contains("ada@"), "no address, no link: {mail}");
}

#[tokio::test]
async fn a_bounce_stops_mail_to_the_address_and_shows_on_the_contact() {
    let world = World::start().await;
    let email = "bounce@simulator.amazonses.com";
    let (contact, admin) = mailed(&world, email).await;
    let path = format!("/v1/contacts/{}", contact.id);
    assert_eq!(mails_of(&admin, &contact).await[0]["state"], "bounced");
    let seen = admin.get(&path).await.expect(200);
    assert_eq!(seen["mail_stopped"]["because"], "bounce");

    // The next mail does not leave, and sending it by hand asks for the word.
    admin.post(format!("{path}/magic-link"), json!({})).await.expect(202);
    world.tick().await;
    assert_eq!(world.mails_to(email).len(), 1);
    let mails = mails_of(&admin, &contact).await;
    assert_eq!(mails[0]["state"], "blocked");
    let resend = format!("/v1/mails/{}/resend", id_of(&mails[0]));
    assert_eq!(admin.post(&resend, json!({})).await.problem(409), "wrong-state");
    world.tick().await;
    assert_eq!(world.mails_to(email).len(), 1);
    let lift = json!({ "lift_suppression": true });
    let again = admin.post(&resend, lift).await.expect(201);
    assert_eq!((&again["round"], &again["state"]), (&json!(1), &json!("queued")));
    world.tick().await;
    assert_eq!(world.mails_to(email).len(), 2);
    assert_eq!(mails_of(&admin, &contact).await[0]["state"], "bounced", "it bounced again");

    // Another address is mailed again.
    let version = admin.get(&path).await.version();
    let corrected = json!({ "email": "ada@example.com" });
    admin.patch(&path, corrected).if_match(version).await.expect(200);
    assert_eq!(admin.get(&path).await.expect(200)["mail_stopped"], json!(null));
    admin.post(format!("{path}/magic-link"), json!({})).await.expect(202);
    world.tick().await;
    assert_eq!(world.mails_to("ada@example.com").len(), 1);
}

#[tokio::test]
async fn a_complaint_outlasts_the_delivery() {
    let world = World::start().await;
    let (contact, admin) = mailed(&world, "complaint@simulator.amazonses.com").await;
    assert_eq!(mails_of(&admin, &contact).await[0]["state"], "complained");
    let seen = admin.get(format!("/v1/contacts/{}", contact.id)).await.expect(200);
    assert_eq!(seen["mail_stopped"]["because"], "complaint");
}

#[tokio::test]
async fn news_told_twice_or_of_unknown_mails_changes_nothing() {
    let world = World::start().await;
    let (contact, admin) = mailed(&world, "ada@example.com").await;
    let before = mails_of(&admin, &contact).await;
    let id = id_of(&before[0]);
    let tenant = domain::id::Id::ulid(world.acme.id());
    let tags = [
        format!("{tenant}-{}", id.trim_start_matches("mai_")),
        format!("{tenant}-01J9ZC0ZJ8Q4W3T9V5N6M7K8P9"),
        "nonsense".to_owned(),
    ];
    for tag in tags {
        let event = Event { tag, what: What::Delivered, recipients: Vec::new() };
        world.cloud.worker.hear(&event).await.unwrap();
    }
    assert_eq!(mails_of(&admin, &contact).await, before);
}

#[tokio::test]
async fn another_companys_news_stops_nothing_here() {
    let world = World::start().await;
    let (contact, admin) = mailed(&world, "ada@example.com").await;
    let globex = world.company("globex").await;
    let tenant = domain::id::Id::ulid(globex.id());
    let tag = format!("{tenant}-01J9ZC0ZJ8Q4W3T9V5N6M7K8P9");
    let recipients = vec!["ada@example.com".to_owned()];
    let event = Event { tag, what: What::BouncedForGood, recipients };
    world.cloud.worker.hear(&event).await.unwrap();
    let seen = admin.get(format!("/v1/contacts/{}", contact.id)).await.expect(200);
    assert_eq!(seen["mail_stopped"], json!(null));
}

#[tokio::test]
async fn old_news_told_again_does_not_stop_mail_that_was_let_through_since() {
    let world = World::start().await;
    let (contact, admin) = mailed(&world, "ada@example.com").await;
    let id = id_of(&mails_of(&admin, &contact).await[0]);
    let tenant = domain::id::Id::ulid(world.acme.id());
    let bounce = || Event {
        tag: format!("{tenant}-{}", id.trim_start_matches("mai_")),
        what: What::BouncedForGood,
        recipients: vec!["ada@example.com".to_owned()],
    };
    let path = format!("/v1/contacts/{}", contact.id);
    world.cloud.worker.hear(&bounce()).await.unwrap();
    assert_eq!(admin.get(&path).await.expect(200)["mail_stopped"]["because"], "bounce");
    let lift = json!({ "lift_suppression": true });
    admin.post(format!("/v1/mails/{id}/resend"), lift).await.expect(201);
    world.tick().await;
    assert_eq!(world.mails_to("ada@example.com").len(), 2);
    world.cloud.worker.hear(&bounce()).await.unwrap();
    assert_eq!(admin.get(&path).await.expect(200)["mail_stopped"], json!(null));
}
