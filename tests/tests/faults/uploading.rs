//! Uploading, with every AWS call failing in turn.

use domain::document::{AccessLevel, Document, FileState};
use domain::id::FileId;
use serde_json::json;
use store::activities::Home;
use tests::client::{Client, Reply};
use tests::rehearsal::rehearse;
use tests::seed::{pdf, sha256};
use tests::trail::{gap_free_trail, times};
use tests::world::World;

/// A document to upload to, and who does it.
struct Uploading {
    document: Document,
    admin: Client,
}

async fn begin(world: &World) -> Uploading {
    let document = world.document(&world.acme, "Audit report", AccessLevel::Restricted).await;
    Uploading { document, admin: world.admin().await }
}

async fn announce(uploading: &Uploading) -> Reply {
    let bytes = pdf("Second edition");
    let input = json!({
        "name": "Second edition.pdf",
        "media_type": "application/pdf",
        "size_bytes": bytes.len(),
        "sha256": sha256(&bytes),
    });
    let path = format!("/v1/documents/{}/files", uploading.document.id);
    uploading.admin.post(path, input).key(&uploading.document.id.to_string()).await
}

async fn send(world: &World, announced: &Reply) {
    let upload = &announced.body["upload"];
    let mut request = world.http.put(upload["url"].as_str().unwrap()).body(pdf("Second edition"));
    for (name, value) in upload["headers"].as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}

#[tokio::test]
async fn an_upload_is_announced_once_and_its_bytes_reserved_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || begin(&world).await,
        async |uploading| announce(uploading).await,
        async |uploading, announced| {
            let store = world.store_of(&world.acme);
            let files = store.files(uploading.document.id).await.unwrap();
            assert_eq!(files.len(), 2, "the seeded one and the announced one");
            let lines = gap_free_trail(&store, Home::Document(uploading.document.id)).await;
            assert_eq!(times(&lines, "files.create"), 1);
            // Whoever got the answer late can still send the bytes.
            send(&world, announced).await;
        },
    )
    .await;
}

#[tokio::test]
async fn an_upload_is_published_once() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || {
            let uploading = begin(&world).await;
            let announced = announce(&uploading).await;
            send(&world, &announced).await;
            let file: FileId = announced.body["file"]["id"].as_str().unwrap().parse().unwrap();
            (uploading, file)
        },
        async |(uploading, file)| {
            let path = format!("/v1/files/{file}/complete");
            uploading.admin.post(path, json!({})).key(&file.to_string()).await
        },
        async |(uploading, file), _| {
            let store = world.store_of(&world.acme);
            let (document, published) = store.document_of_file(*file).await.unwrap().unwrap();
            assert_eq!(published.state, FileState::Published);
            assert_eq!((published.version, document.version), (2, 2));
            assert_eq!(document.published.unwrap().id, *file);
            let lines = gap_free_trail(&store, Home::Document(uploading.document.id)).await;
            // One line of the file and one of the document.
            assert_eq!(times(&lines, "files.complete"), 2);
            let path = format!("/v1/files/{file}/download");
            let answer = uploading.admin.post(path, json!({})).await.expect(200);
            let found = world.http.get(answer["url"].as_str().unwrap()).send().await.unwrap();
            assert_eq!(found.bytes().await.unwrap(), pdf("Second edition"));
        },
    )
    .await;
}
