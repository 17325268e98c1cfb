//! Contacts, with every AWS call failing in turn.

use domain::contact::ReviewStatus;
use serde_json::json;
use store::activities::Home;
use tests::client::id_of;
use tests::rehearsal::rehearse;
use tests::seed::address;
use tests::trail::{gap_free_trail, times};
use tests::world::World;

#[tokio::test]
async fn a_contact_is_archived_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || {
            (
                world.contact(&world.acme, &address(), ReviewStatus::ToReview).await,
                world.admin().await,
            )
        },
        async |(contact, admin)| {
            let path = format!("/v1/contacts/{}/archive", contact.id);
            admin.post(path, json!({})).key(&contact.id.to_string()).await
        },
        async |(contact, admin), archived| {
            assert_eq!((archived.version(), &archived.body["archived"]), (2, &json!(true)));
            let lines =
                gap_free_trail(&world.store_of(&world.acme), Home::Contact(contact.id)).await;
            assert_eq!(times(&lines, "contacts.archive"), 1);
            let id = contact.id.to_string();
            for (query, count) in [("?archived=true", 1), ("", 0)] {
                let page = admin.get(format!("/v1/contacts{query}")).await.expect(200);
                let items = page["items"].as_array().unwrap();
                assert_eq!(items.iter().filter(|item| id_of(item) == id).count(), count);
            }
        },
    )
    .await;
}

#[tokio::test]
async fn an_archived_contact_comes_back_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || {
            let admin = world.admin().await;
            let contact = world.contact(&world.acme, &address(), ReviewStatus::ToReview).await;
            let path = format!("/v1/contacts/{}/archive", contact.id);
            admin.post(path, json!({})).await.expect(200);
            (contact, admin)
        },
        async |(contact, admin)| {
            let path = format!("/v1/contacts/{}/unarchive", contact.id);
            admin.post(path, json!({})).key(&contact.id.to_string()).await
        },
        async |(contact, _), shown| {
            assert_eq!((shown.version(), &shown.body["archived"]), (3, &json!(false)));
            let lines =
                gap_free_trail(&world.store_of(&world.acme), Home::Contact(contact.id)).await;
            assert_eq!(times(&lines, "contacts.unarchive"), 1);
        },
    )
    .await;
}
