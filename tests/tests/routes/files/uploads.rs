//! From the announcement to the publication, and back.

use std::future::IntoFuture;

use domain::document::FileState;
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::idempotency::Repeat;
use tests::client::id_of;
use tests::seed::pdf;
use tests::uploads::{announce, claim, new_document};
use tests::world::World;

use super::{files_of, lies_in_bucket, only, shrink_quota, trail};

#[tokio::test]
async fn a_file_is_announced_uploaded_completed_and_then_is_what_readers_get() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let bytes = pdf("SOC 2");

    let claim = claim("SOC 2.pdf", "application/pdf", &bytes);
    let made = admin.post(format!("/v1/documents/{document}/files"), claim.clone()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let (file, upload) = (&made.body["file"], &made.body["upload"]);
    let id = id_of(file);
    assert_eq!(made.header("location"), format!("/v1/files/{id}"));
    for field in ["name", "media_type", "size_bytes", "sha256"] {
        assert_eq!(file[field], claim[field]);
    }
    assert_eq!((&file["state"], &file["published_at"]), (&json!("uploading"), &Value::Null));
    assert_eq!(upload["method"], "PUT");
    // Browsers refuse to be told these, and set them rightly by themselves.
    for name in ["host", "content-length"] {
        assert_eq!(upload["headers"].get(name), None);
    }
    let seen = admin.get(format!("/v1/documents/{document}")).await.expect(200);
    assert_eq!((&seen["published"], seen["version"].as_u64()), (&Value::Null, Some(1)));

    assert_eq!(world.put_upload(upload, &bytes).await, 200);
    let done = admin.post(format!("/v1/files/{id}/complete"), json!({})).await;
    assert_eq!((done.status, done.version()), (200, 2));
    assert_eq!(done.body["state"], "published");
    let seen = admin.get(format!("/v1/documents/{document}")).await.expect(200);
    assert_eq!((&seen["published"]["id"], seen["version"].as_u64()), (&json!(id), Some(2)));
    assert_eq!(seen["files"], json!([done.body]));
    let listed = admin.get("/v1/documents").await.expect(200);
    assert_eq!(listed["items"][0]["published"], seen["published"]);

    let stored = only(files_of(&world, &document).await);
    assert_eq!(lies_in_bucket(&world, &stored).await, (false, true));
    let lines = [
        "documents.create doc 1",
        "files.create fil 1",
        "files.complete fil 2",
        "files.complete doc 2",
    ];
    let mut told = trail(&world, &document).await;
    told.sort();
    let mut lines = lines.map(str::to_owned);
    lines.sort();
    assert_eq!(told, lines);
}

#[tokio::test]
async fn completing_again_changes_nothing() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let file = world.upload(&admin, &document, &pdf("SOC 2")).await;
    let path = format!("/v1/files/{file}/complete");
    let first = admin.post(&path, json!({})).key("once").await;
    for again in [
        admin.post(&path, json!({})).await,
        admin.post(&path, json!({})).key("once").await,
        admin.post(&path, json!({})).key("twice").await,
    ] {
        assert_eq!((again.status, again.version(), &again.body), (200, 2, &first.body));
    }
    let seen = admin.get(format!("/v1/documents/{document}")).await.expect(200);
    assert_eq!(seen["version"], 2);
    assert_eq!(trail(&world, &document).await.len(), 4);
}

#[tokio::test]
async fn of_many_completions_at_once_one_publishes_and_all_succeed() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let file = world.upload(&admin, &document, &pdf("SOC 2")).await;
    let path = format!("/v1/files/{file}/complete");
    let calls = (0..8).map(|n| {
        let call = admin.post(&path, json!({}));
        // Some name the same act, some none.
        if n % 2 == 0 { call.key("together") } else { call }.into_future()
    });
    for reply in join_all(calls).await {
        assert_eq!((reply.status, &reply.body["state"]), (200, &json!("published")));
    }
    let seen = admin.get(format!("/v1/documents/{document}")).await.expect(200);
    assert_eq!(seen["version"], 2);
    assert_eq!(trail(&world, &document).await.len(), 4);
    let stored = only(files_of(&world, &document).await);
    assert_eq!(lies_in_bucket(&world, &stored).await, (false, true));
}

#[tokio::test]
async fn files_of_one_document_complete_at_once_and_none_is_lost() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let mut paths = Vec::new();
    for title in ["A", "B", "C", "D"] {
        let file = world.upload(&admin, &document, &pdf(title)).await;
        paths.push(format!("/v1/files/{file}/complete"));
    }
    let calls = paths.iter().map(|path| admin.post(path, json!({})).into_future());
    for reply in join_all(calls).await {
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
    let seen = admin.get(format!("/v1/documents/{document}")).await.expect(200);
    assert_eq!(seen["version"], 5);
    let files = seen["files"].as_array().unwrap();
    assert_eq!(files.len(), 4);
    // Instants are written as short as they go, so their texts do not sort as time does.
    let published = |file: &Value| file["published_at"].as_str().unwrap().parse::<Timestamp>();
    let newest = files.iter().map(|file| (published(file).unwrap(), file["id"].as_str()));
    assert_eq!(seen["published"]["id"].as_str(), newest.max().unwrap().1);
}

#[tokio::test]
async fn announcing_again_under_the_same_key_makes_one_file_and_signs_anew() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let (path, bytes) = (format!("/v1/documents/{document}/files"), pdf("SOC 2"));
    let claim = claim("a.pdf", "application/pdf", &bytes);
    let first = admin.post(&path, claim.clone()).key("once").await.expect(201);
    let again = admin.post(&path, claim).key("once").await;
    assert_eq!((again.status, again.version()), (201, 1));
    assert_eq!(again.header("location"), format!("/v1/files/{}", id_of(&first["file"])));
    assert_eq!(again.body["file"], first["file"]);
    for field in ["method", "headers"] {
        assert_eq!(again.body["upload"][field], first["upload"][field]);
    }
    assert_eq!(world.put_upload(&again.body["upload"], &bytes).await, 200);
    only(files_of(&world, &document).await);

    // Whoever reads the table learns nothing that opens the bucket.
    let repeat = Repeat {
        tenant: Some(world.acme.id()),
        actor: world.acme.administrator.id.to_string(),
        key: "once".to_owned(),
    };
    let kept = world.house.table.answer(&repeat, world.now()).await.unwrap().expect("it is kept");
    let kept = format!("{kept:?}");
    assert!(kept.contains("a.pdf") && !kept.contains("X-Amz") && !kept.contains("http"), "{kept}");
}

#[tokio::test]
async fn what_does_not_fit_the_quota_is_refused_and_what_is_deleted_makes_room() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let bytes = pdf("SOC 2");
    shrink_quota(&world, bytes.len() as u64).await;
    let path = format!("/v1/documents/{document}/files");
    let right = claim("a.pdf", "application/pdf", &bytes);
    let mut larger = right.clone();
    larger["size_bytes"] = json!(bytes.len() + 1);
    let refused = admin.post(&path, larger).await;
    assert_eq!(refused.problem(409), "quota-full");
    assert_eq!(refused.pointers(), ["/size_bytes"]);

    for _ in 0..2 {
        let file = world.publish(&admin, &document, &bytes).await;
        assert_eq!(admin.post(&path, right.clone()).await.problem(409), "quota-full");
        admin.delete(format!("/v1/files/{file}")).key(&file).await.expect(204);
        admin.delete(format!("/v1/files/{file}")).key(&file).await.expect(204);
        assert_eq!(admin.delete(format!("/v1/files/{file}")).await.problem(404), "not-found");
    }
    // Room that was given back twice would let a second one in.
    announce(&admin, &document, &bytes).await;
    assert_eq!(admin.post(&path, right).await.problem(409), "quota-full");
}

#[tokio::test]
async fn deleting_the_newest_file_gives_readers_the_one_before() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let old = world.publish(&admin, &document, &pdf("old")).await;
    world.advance(SignedDuration::from_secs(1));
    let new = world.publish(&admin, &document, &pdf("new")).await;
    let path = format!("/v1/documents/{document}");
    assert_eq!(admin.get(&path).await.expect(200)["published"]["id"], new);
    let url = admin.post(format!("/v1/files/{new}/download"), json!({})).await.expect(200);

    admin.delete(format!("/v1/files/{new}")).await.expect(204);
    let seen = admin.get(&path).await.expect(200);
    assert_eq!((&seen["published"]["id"], &seen["version"]), (&json!(old), &json!(4)));
    assert_eq!(seen["files"].as_array().unwrap().len(), 1);
    assert_eq!(
        admin.post(format!("/v1/files/{new}/download"), json!({})).await.problem(404),
        "not-found"
    );
    assert_eq!(
        admin.post(format!("/v1/files/{new}/complete"), json!({})).await.problem(404),
        "not-found"
    );
    // The bytes are gone as well, so that even an address issued before opens nothing.
    assert_eq!(world.open_url(&url["url"]).await.status(), 404);

    admin.delete(format!("/v1/files/{old}")).await.expect(204);
    let seen = admin.get(&path).await.expect(200);
    assert_eq!((&seen["published"], &seen["files"]), (&Value::Null, &json!([])));
    let listed = admin.get("/v1/documents").await.expect(200);
    assert_eq!(listed["items"][0]["published"], Value::Null);
    // Evidence of both stays.
    assert_eq!(files_of(&world, &document).await.len(), 2);
}

#[tokio::test]
async fn files_deleted_at_once_leave_no_document_with_a_deleted_file() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let mut paths = Vec::new();
    for title in ["A", "B", "C"] {
        world.advance(SignedDuration::from_secs(1));
        paths.push(format!("/v1/files/{}", world.publish(&admin, &document, &pdf(title)).await));
    }
    for reply in join_all(paths.iter().map(|path| admin.delete(path).into_future())).await {
        assert_eq!(reply.status, 204, "{}", reply.text);
    }
    let seen = admin.get(format!("/v1/documents/{document}")).await.expect(200);
    assert_eq!((&seen["published"], &seen["version"]), (&Value::Null, &json!(7)));
}

#[tokio::test]
async fn a_document_deleted_meanwhile_publishes_nothing() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let file = world.upload(&admin, &document, &pdf("SOC 2")).await;
    admin.delete(format!("/v1/documents/{document}")).await.expect(204);
    let path = format!("/v1/files/{file}/complete");
    assert_eq!(admin.post(&path, json!({})).await.problem(404), "not-found");
    let stored = only(files_of(&world, &document).await);
    assert_eq!(stored.state, FileState::Uploading);
    assert_eq!(lies_in_bucket(&world, &stored).await, (true, false));
}

#[tokio::test]
async fn a_file_deleted_while_it_is_completed_leaves_nothing_to_read() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let file = world.upload(&admin, &document, &pdf("SOC 2")).await;
    let path = format!("/v1/files/{file}/complete");
    let (completed, ()) = tokio::join!(
        admin.post(&path, json!({})).into_future(),
        world.delete_before_copy(&admin, &file),
    );
    assert_eq!(completed.problem(404), "not-found");
    let stored = only(files_of(&world, &document).await);
    assert_eq!(stored.state, FileState::Deleted);
    assert_eq!(lies_in_bucket(&world, &stored).await, (true, false), "the copy is gone");
    let seen = admin.get(format!("/v1/documents/{document}")).await.expect(200);
    assert_eq!((&seen["published"], &seen["files"]), (&Value::Null, &json!([])));
    assert_eq!(admin.post(&path, json!({})).await.problem(404), "not-found");
}
