//! Pages of published files: drawn once, whatever dies in between; of a hostile file, none.

use domain::document::{Document, File};
use domain::pages::{Pages, Width};
use files::pages::PageOf;
use jiff::SignedDuration;
use serde_json::json;
use store::activities::Home;
use tests::client::Client;
use tests::faults::{Fault, operations};
use tests::seed::pages::{drawable_pdf, endless_pdf};
use tests::seed::pdf;
use tests::trail::{gap_free_trail, times};
use tests::uploads::new_document;
use tests::world::World;

/// Calls of one tick at the most.
const CALLS_MAX: usize = 200;
/// Longer than a drawing has its task to itself.
const LEASE: SignedDuration = SignedDuration::from_mins(6);

/// A document, and its file as it was just published.
async fn published(world: &World, client: &Client, bytes: &[u8]) -> (String, String) {
    let document = new_document(client, "Report").await;
    let file = world.publish(client, &document, bytes).await;
    (document, file)
}

async fn told(world: &World, document: &str, file: &str) -> (Document, File) {
    let found = world.store_of(&world.acme).document_of_file(file.parse().unwrap()).await;
    let (found, file) = found.unwrap().unwrap();
    assert_eq!(found.id.to_string(), document);
    (found, file)
}

/// How many pictures lie in the bucket for the first three pages.
async fn stored(world: &World, file: &str) -> usize {
    let mut found = 0;
    for (number, width) in (1..=3).flat_map(|number| Width::ALL.map(|width| (number, width))) {
        let page = PageOf { file: file.parse().unwrap(), number, width };
        let page = world.house.files.page(world.acme.id(), page).await.unwrap();
        found += usize::from(page.is_some());
    }
    found
}

#[tokio::test]
async fn what_is_published_gets_its_pages_which_file_and_document_tell() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (document, file) = published(&world, &admin, &drawable_pdf(2)).await;
    let (_, before) = told(&world, &document, &file).await;
    assert_eq!(before.pages, Pages::Pending);
    world.tick().await;
    let (found, after) = told(&world, &document, &file).await;
    let ready = Pages::Ready { count: 2, total: 2 };
    assert_eq!((after.pages, found.published.unwrap().pages), (ready, ready));
    assert_eq!((after.version, found.version), (before.version + 1, 3));
    assert_eq!(stored(&world, &file).await, 4);
    let home = Home::Document(document.parse().unwrap());
    let lines = gap_free_trail(&world.store_of(&world.acme), home).await;
    assert_eq!(times(&lines, "files.draw"), 2);
    let view = admin.get(format!("/v1/documents/{document}")).await.expect(200);
    let pages = json!({ "state": "ready", "count": 2, "total": 2 });
    assert_eq!(view["files"][0]["pages"], pages);
    assert_eq!(view["published"]["pages"], pages);
}

#[tokio::test]
async fn a_hostile_file_has_no_pages_and_stops_nothing_behind_it() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (bad_document, bad) = published(&world, &admin, &endless_pdf()).await;
    let (broken_document, broken) = published(&world, &admin, &pdf("nothing in it")).await;
    let (good_document, good) = published(&world, &admin, &drawable_pdf(1)).await;
    world.tick().await;
    for (document, file) in [(&bad_document, &bad), (&broken_document, &broken)] {
        let (found, file) = told(&world, document, file).await;
        assert_eq!(file.pages, Pages::Impossible);
        assert_eq!(found.published.unwrap().pages, Pages::Impossible);
    }
    assert_eq!(stored(&world, &bad).await, 0);
    let (_, good) = told(&world, &good_document, &good).await;
    assert_eq!(good.pages, Pages::Ready { count: 1, total: 1 });
}

#[tokio::test]
async fn a_type_without_pages_is_told_before_anything_is_sent() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "Notes").await;
    let claim = tests::uploads::claim("notes.txt", "text/plain", b"Hello.");
    let new = admin.post(format!("/v1/documents/{document}/files"), claim).await.expect(201);
    assert_eq!(new["file"]["pages"], json!({ "state": "impossible" }));
}

#[tokio::test]
async fn with_the_file_its_pages_go() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (_, file) = published(&world, &admin, &drawable_pdf(3)).await;
    world.tick().await;
    assert_eq!(stored(&world, &file).await, 6);
    admin.delete(format!("/v1/files/{file}")).await.expect(204);
    world.tick().await;
    assert_eq!(stored(&world, &file).await, 0);
}

#[tokio::test]
async fn what_is_deleted_before_it_is_drawn_leaves_no_page() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (document, file) = published(&world, &admin, &drawable_pdf(3)).await;
    admin.delete(format!("/v1/files/{file}")).await.expect(204);
    world.tick().await;
    world.advance(LEASE);
    world.tick().await;
    assert_eq!(stored(&world, &file).await, 0);
    let home = Home::Document(document.parse().unwrap());
    let lines = gap_free_trail(&world.store_of(&world.acme), home).await;
    assert_eq!(times(&lines, "files.draw"), 0);
}

/// Dies at every call in turn, before it is sent or after it was done; the next worker finishes.
async fn die_everywhere(die: impl Fn(&World, usize)) {
    let world = World::start().await;
    let admin = world.admin().await;
    for place in 0..CALLS_MAX {
        let (document, file) = published(&world, &admin, &drawable_pdf(1)).await;
        die(&world, place);
        let first = world.try_tick().await;
        let is_alive = operations(&world.faults.disarm()) <= place;
        assert!(!is_alive || first.is_ok(), "{first:?}");
        world.tick().await;
        world.advance(LEASE);
        world.tick().await;
        let admin = world.admin().await;
        let (found, after) = told(&world, &document, &file).await;
        let ready = Pages::Ready { count: 1, total: 1 };
        assert_eq!((after.pages, found.published.unwrap().pages), (ready, ready), "{place}");
        assert_eq!(stored(&world, &file).await, 2);
        let home = Home::Document(document.parse().unwrap());
        let lines = gap_free_trail(&world.store_of(&world.acme), home).await;
        assert_eq!(times(&lines, "files.draw"), 2, "{place}");
        admin.delete(format!("/v1/documents/{document}")).await.expect(204);
        world.tick().await;
        if is_alive {
            return;
        }
    }
    panic!("a tick of more than {CALLS_MAX} calls");
}

#[tokio::test]
async fn dying_before_any_call_draws_once() {
    die_everywhere(|world, place| world.faults.die_before(place)).await;
}

#[tokio::test]
async fn dying_after_any_call_draws_once() {
    die_everywhere(|world, place| world.faults.die_after(place)).await;
}

/// Whoever reads this file dies of it, before it can say so.
#[tokio::test]
async fn what_ends_the_worker_three_times_has_no_pages() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (document, file) = published(&world, &admin, &drawable_pdf(1)).await;
    for _ in 0..3 {
        let mut is_dead = false;
        world.faults.arm(move |call| {
            is_dead |= call.operation == "s3.GET";
            is_dead.then_some(Fault::Unsent)
        });
        let _ = world.try_tick().await;
        world.faults.disarm();
        assert_eq!(told(&world, &document, &file).await.1.pages, Pages::Pending);
        world.advance(LEASE);
    }
    world.tick().await;
    assert_eq!(told(&world, &document, &file).await.1.pages, Pages::Impossible);
}

#[tokio::test]
async fn what_the_bucket_refuses_is_tried_until_it_does_not() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (document, file) = published(&world, &admin, &drawable_pdf(1)).await;
    for _ in 0..5 {
        world.faults.arm(|call| (call.operation == "s3.GET").then_some(Fault::Unavailable));
        let _ = world.try_tick().await;
        world.faults.disarm();
        assert_eq!(told(&world, &document, &file).await.1.pages, Pages::Pending);
        world.advance(SignedDuration::from_mins(2));
    }
    world.tick().await;
    let (_, file) = told(&world, &document, &file).await;
    assert_eq!(file.pages, Pages::Ready { count: 1, total: 1 });
}
