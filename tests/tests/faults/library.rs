//! The library, with every AWS call failing in turn: what is deleted, refused and handed out.

use domain::document::FileState;
use domain::tenant::Tenant;
use serde_json::json;
use store::activities::Home;
use tests::client::{Client, id_of};
use tests::faults::{Fault, Reach, operations};
use tests::rehearsal::rehearse;
use tests::seed::pdf;
use tests::trail::{gap_free_trail, times};
use tests::uploads::{claim, new_document};
use tests::world::World;

/// AWS calls of a refused completion at the most.
const CALLS_MAX: usize = 40;

/// A document with one file.
struct Filed {
    document: String,
    file: String,
    admin: Client,
}

async fn published(world: &World) -> Filed {
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let file = world.publish(&admin, &document, &pdf("SOC 2")).await;
    Filed { document, file, admin }
}

/// Whether exactly `bytes` are in use: so many more fit and not one beyond.
async fn uses_exactly(world: &World, bytes: usize) {
    let store = world.store_of(&world.acme);
    let tenant = store.own_tenant().await.unwrap().unwrap();
    let quota_bytes = bytes as u64 + 1;
    let tenant = Tenant { version: tenant.version + 1, quota_bytes, ..tenant };
    let mut change = store.change(world.house.dice.token());
    change.save_tenant(&tenant).unwrap();
    change.commit().await.unwrap();
    let admin = world.admin().await;
    let document = new_document(&admin, "Room").await;
    let path = format!("/v1/documents/{document}/files");
    let two = admin.post(&path, claim("two.txt", "text/plain", b"12")).await;
    assert_eq!(two.problem(409), "quota-full", "fewer bytes are in use");
    let one = admin.post(&path, claim("one.txt", "text/plain", b"1")).await;
    let one = id_of(&one.expect(201)["file"]);
    admin.delete(format!("/v1/files/{one}")).await.expect(204);

    let tenant = Tenant { version: tenant.version + 1, quota_bytes: 1 << 30, ..tenant };
    let mut change = store.change(world.house.dice.token());
    change.save_tenant(&tenant).unwrap();
    change.commit().await.unwrap();
}

#[tokio::test]
async fn a_document_is_made_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || (world.admin().await, world.house.dice.token()),
        async |(admin, title)| {
            let input = json!({ "title": title, "category": title, "access_level": "public" });
            admin.post("/v1/documents", input).key(title).await
        },
        async |(admin, title), made| {
            let seen = admin.get(format!("/v1/documents?category={title}")).await.expect(200);
            let ids: Vec<_> = seen["items"].as_array().unwrap().iter().map(id_of).collect();
            assert_eq!(ids, [id_of(&made.body)]);
            let home = Home::Document(ids[0].parse().unwrap());
            assert_eq!(gap_free_trail(&world.store_of(&world.acme), home).await.len(), 1);
        },
    )
    .await;
}

#[tokio::test]
async fn a_file_is_deleted_once_and_its_room_given_back_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || published(&world).await,
        async |Filed { file, admin, .. }| admin.delete(format!("/v1/files/{file}")).key(file).await,
        async |Filed { document, admin, .. }, _| {
            let seen = admin.get(format!("/v1/documents/{document}")).await.expect(200);
            assert_eq!((&seen["published"], &seen["version"]), (&json!(null), &json!(3)));
            let home = Home::Document(document.parse().unwrap());
            let lines = gap_free_trail(&world.store_of(&world.acme), home).await;
            assert_eq!(times(&lines, "files.delete"), 2);
            uses_exactly(&world, 0).await;
        },
    )
    .await;
}

#[tokio::test]
async fn a_download_is_recorded_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || published(&world).await,
        async |Filed { file, admin, .. }| {
            admin.post(format!("/v1/files/{file}/download"), json!({})).key(file).await
        },
        async |Filed { document, .. }, handed| {
            assert_eq!(world.open_url(&handed.body["url"]).await.status(), 200);
            let home = Home::Document(document.parse().unwrap());
            let lines = gap_free_trail(&world.store_of(&world.acme), home).await;
            assert_eq!(times(&lines, "files.download"), 1);
        },
    )
    .await;
}

#[tokio::test]
async fn what_differs_is_thrown_away_once_and_refused_each_time() {
    let world = World::start().await;
    let page = b"<!doctype html>%PDF-1.7";
    let ways = [
        (Fault::Unsent, Reach::EveryTry),
        (Fault::ReplyLost, Reach::EveryTry),
        (Fault::UnavailableThoughDone, Reach::EveryTry),
        (Fault::UnavailableThoughDone, Reach::FirstTry),
    ];
    for (fault, reach) in ways {
        let mut place = 0;
        loop {
            assert!(place < CALLS_MAX);
            let admin = world.admin().await;
            let document = new_document(&admin, "SOC 2").await;
            let file = world.upload(&admin, &document, page).await;
            let complete =
                || admin.post(format!("/v1/files/{file}/complete"), json!({})).key(&file);
            world.faults.fail(place, fault, reach);
            let first = complete().await;
            let met = operations(&world.faults.disarm());
            assert!([409, 503].contains(&first.status), "{}", first.text);
            let second = complete().await;
            assert_eq!(second.problem(409), "upload-differs", "after {fault:?} of {place}");
            assert_eq!(second.pointers(), ["/media_type"]);

            let store = world.store_of(&world.acme);
            let files = store.files(document.parse().unwrap()).await.unwrap();
            assert_eq!((files[0].state, files[0].version), (FileState::Deleted, 2));
            let lines = gap_free_trail(&store, Home::Document(document.parse().unwrap())).await;
            assert_eq!(times(&lines, "files.complete"), 1);
            uses_exactly(&world, 0).await;
            if met <= place {
                break;
            }
            place += 1;
        }
    }
}
