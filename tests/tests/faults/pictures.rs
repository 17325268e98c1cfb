//! Pictures, with every AWS call failing in turn.

use domain::contact::{Contact, ReviewStatus};
use jiff::SignedDuration;
use store::activities::Home;
use tests::client::Client;
use tests::rehearsal::rehearse;
use tests::seed::address;
use tests::seed::pictures::png;
use tests::trail::{gap_free_trail, times};
use tests::world::World;

/// A contact with a picture, and the picture's address.
async fn pictured(world: &World) -> (Contact, Client, String) {
    let admin = world.admin().await;
    let contact = world.contact(&world.acme, &address(), ReviewStatus::Approved).await;
    let path = format!("/v1/contacts/{}", contact.id);
    let picture = format!("{path}/picture");
    admin.send_raw("PUT", picture, "image/png", png(3, 3)).await.expect(200);
    let url = admin.get(&path).await.expect(200)["picture"]["url"].as_str().unwrap().to_owned();
    (contact, admin, url)
}

#[tokio::test]
async fn a_picture_is_replaced_once_and_nothing_is_left_over() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || pictured(&world).await,
        async |(contact, admin, _)| {
            let path = format!("/v1/contacts/{}/picture", contact.id);
            let put = admin.send_raw("PUT", path, "image/png", png(5, 5));
            put.key(&contact.id.to_string()).await
        },
        async |(contact, admin, before), saved| {
            assert_eq!(saved.version(), 3);
            let path = format!("/v1/contacts/{}", contact.id);
            let shown = admin.get(&path).await.expect(200)["picture"]["url"].clone();
            assert_eq!(world.fetch(shown.as_str().unwrap()).await.0, 200);
            world.tick().await;
            assert_eq!(world.fetch(before).await.0, 404);
            let lines =
                gap_free_trail(&world.store_of(&world.acme), Home::Contact(contact.id)).await;
            assert_eq!(times(&lines, "contacts.set_picture"), 2);
        },
    )
    .await;
    // What was stored and never named is dropped after a while: one picture a contact stays.
    world.advance(SignedDuration::from_hours(2));
    world.tick().await;
    let store = world.store_of(&world.acme);
    let admin = world.admin().await;
    let mut named = 0;
    let mut path = "/v1/contacts?limit=100".to_owned();
    loop {
        let page = admin.get(&path).await.expect(200);
        for row in page["items"].as_array().unwrap() {
            let id = row["id"].as_str().unwrap().parse().unwrap();
            named += usize::from(store.contact(id).await.unwrap().unwrap().picture.is_some());
        }
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/contacts?limit=100&cursor={next}");
    }
    assert_eq!(world.stored_objects().await, named);
}

#[tokio::test]
async fn a_picture_is_taken_away_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || pictured(&world).await,
        async |(contact, admin, _)| {
            let path = format!("/v1/contacts/{}/picture", contact.id);
            admin.delete(path).key(&contact.id.to_string()).await
        },
        async |(contact, _, before), _| {
            world.tick().await;
            assert_eq!(world.fetch(before).await.0, 404);
            let lines =
                gap_free_trail(&world.store_of(&world.acme), Home::Contact(contact.id)).await;
            assert_eq!(times(&lines, "contacts.remove_picture"), 1);
        },
    )
    .await;
}

#[tokio::test]
async fn a_logo_is_set_and_taken_away_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || (world.admin().await, world.house.dice.token()),
        async |(admin, key)| {
            admin.send_raw("PUT", "/v1/tenant/logo", "image/png", png(5, 5)).key(key).await
        },
        async |(admin, key), saved| {
            let seen = admin.get("/v1/tenant").await;
            assert_eq!(seen.version(), saved.version());
            assert_eq!(world.fetch(seen.body["logo"]["url"].as_str().unwrap()).await.0, 200);
            // The next rehearsal begins without one.
            admin.delete("/v1/tenant/logo").key(&format!("{key}-")).await.expect(204);
            assert!(admin.get("/v1/tenant").await.body.get("logo").is_none());
        },
    )
    .await;
    // The last call of all was not disturbed, and its logo stays until it is taken away.
    world.admin().await.delete("/v1/tenant/logo").await.expect(204);
    world.advance(SignedDuration::from_hours(2));
    world.tick().await;
    assert_eq!(world.stored_objects().await, 0);
}
