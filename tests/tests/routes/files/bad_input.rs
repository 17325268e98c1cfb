//! What hostile or mistaken callers send. Each gets a clear problem, and nothing is lost.

use domain::document::{File, FileState};
use domain::member::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::documents::FILES_MAX;
use tests::client::id_of;
use tests::seed::{pdf, sha256};
use tests::uploads::{announce, claim, new_document};
use tests::world::World;

use super::{files_of, lies_in_bucket, only, shrink_quota};

#[tokio::test]
async fn a_claim_out_of_bounds_is_refused_by_its_place_and_reserves_nothing() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let path = format!("/v1/documents/{document}/files");
    let right = claim("a.pdf", "application/pdf", &pdf("a"));
    let cases = [
        ("size_bytes", json!(2_u64 * 1024 * 1024 * 1024), "/size_bytes"),
        ("size_bytes", json!(500 * 1024 * 1024 + 1), "/size_bytes"),
        ("size_bytes", json!(u64::MAX), "/size_bytes"),
        ("size_bytes", json!(0), "/size_bytes"),
        ("size_bytes", json!(-1), "/size_bytes"),
        ("size_bytes", json!(1.5), "/size_bytes"),
        ("size_bytes", json!("12"), "/size_bytes"),
        ("sha256", json!("abc"), "/sha256"),
        ("sha256", json!("g".repeat(64)), "/sha256"),
        ("sha256", json!("ä".repeat(32)), "/sha256"),
        ("media_type", json!("text/html"), "/media_type"),
        ("media_type", json!("application/x-msdownload"), "/media_type"),
        ("name", json!(""), "/name"),
        ("name", json!("x".repeat(201)), "/name"),
        ("name", json!("x".repeat(100_000)), "/name"),
        ("name", json!("a.pdf\r\nSet-Cookie: session=1"), "/name"),
        ("name", json!("invoice\u{202E}fdp.exe"), "/name"),
        ("name", json!("a\u{0}.pdf"), "/name"),
        ("key", json!("../../other-tenant/file"), "/key"),
    ];
    for (field, value, pointer) in cases {
        let mut claim = right.clone();
        claim[field] = value;
        let reply = admin.post(&path, claim).await;
        assert_eq!(reply.problem(400), "bad-input");
        assert_eq!(reply.pointers(), [pointer], "{}", reply.text);
    }
    for body in ["", "{", "[]", "null", "{} {}", "\u{feff}{}"] {
        let reply = admin.post_raw(&path, "application/json", body).await;
        assert_eq!(reply.problem(400), "bad-input", "{body}");
    }
    assert_eq!(admin.post_raw(&path, "text/plain", "{}").await.problem(415), "not-json");
    let huge = vec![b' '; 300 * 1024];
    assert_eq!(admin.post_raw(&path, "application/json", huge).await.problem(413), "too-large");

    assert_eq!(files_of(&world, &document).await, []);
    shrink_quota(&world, pdf("a").len() as u64).await;
    announce(&admin, &document, &pdf("a")).await;
}

#[tokio::test]
async fn a_hostile_name_is_data_and_leaves_neither_folder_nor_header() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let (path, bytes) = (format!("/v1/documents/{document}/files"), pdf("a"));
    // The line break at its end is trimmed as white space is; the rest is kept as it was typed.
    for (name, kept) in [
        ("../../x\"\r\n", "../../x\""),
        ("..\\..\\boot.ini", "..\\..\\boot.ini"),
        ("%00;filename=evil.exe", "%00;filename=evil.exe"),
        ("Größe 🗂.pdf", "Größe 🗂.pdf"),
    ] {
        let new = admin.post(&path, claim(name, "application/pdf", &bytes)).await.expect(201);
        assert_eq!(new["file"]["name"], kept);
        let url = new["upload"]["url"].as_str().unwrap();
        let place = url.split_once('?').unwrap().0;
        let ulid = id_of(&new["file"]).replace("fil_", "");
        assert!(place.ends_with(&ulid) && !place.contains(".."), "{place}");

        assert_eq!(world.put_upload(&new["upload"], &bytes).await, 200);
        let file = format!("/v1/files/{}", id_of(&new["file"]));
        admin.post(format!("{file}/complete"), json!({})).await.expect(200);
        let address = admin.post(format!("{file}/download"), json!({})).await.expect(200);
        let answer = world.open_url(&address["url"]).await;
        assert_eq!(answer.status(), 200);
        let header = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert!(header.starts_with("attachment; filename=\""), "{header}");
        assert_eq!(header.matches('"').count(), 2, "{header}");
        assert!(!header.contains('/') && !header.contains('\\'), "{header}");
        // One plain name and one in UTF-8; nothing else begins a parameter.
        assert_eq!(header.matches(';').count(), 2, "{header}");
    }
}

#[tokio::test]
async fn other_bytes_than_announced_do_not_get_in_and_the_right_ones_still_do() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let bytes = pdf("SOC 2");
    let new = announce(&admin, &document, &bytes).await;
    let complete = format!("/v1/files/{}/complete", id_of(&new["file"]));
    let mut other = bytes.clone();
    other[20] ^= 1;
    let shorter = bytes[..bytes.len() - 1].to_vec();
    let longer = [bytes.as_slice(), b"\n"].concat();
    for wrong in [other, shorter, longer, Vec::new()] {
        let status = world.put_upload(&new["upload"], &wrong).await;
        assert!((400..500).contains(&status), "{status} for {} bytes", wrong.len());
        let refused = admin.post(&complete, json!({})).key("once").await;
        assert_eq!(refused.problem(409), "upload-differs");
        assert!(refused.text.contains("Nothing was uploaded yet"), "{}", refused.text);
    }
    // The signed headers are part of the signature.
    let mut forged = new["upload"].clone();
    forged["headers"]["x-amz-checksum-sha256"] = json!("AAAA");
    assert_eq!(world.put_upload(&forged, &bytes).await, 403);
    forged = new["upload"].clone();
    forged["headers"]["content-type"] = json!("text/html");
    assert_eq!(world.put_upload(&forged, &bytes).await, 403);
    forged["headers"] = json!({});
    assert!((400..500).contains(&world.put_upload(&forged, &bytes).await));
    let stored = only(files_of(&world, &document).await);
    assert_eq!(stored.state, FileState::Uploading);
    assert_eq!(lies_in_bucket(&world, &stored).await, (false, false));

    assert_eq!(world.put_upload(&new["upload"], &bytes).await, 200);
    let done = admin.post(&complete, json!({})).key("once").await.expect(200);
    assert_eq!(done["state"], "published");
    // Not even the address that let the right bytes in replaces them by others.
    assert_ne!(world.put_upload(&new["upload"], b"other").await, 200);
}

#[tokio::test]
async fn a_page_called_a_pdf_is_thrown_away_and_the_problem_says_so_each_time() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let good = world.publish(&admin, &document, &pdf("good")).await;
    let page = b"<!doctype html><script>alert(1)</script>%PDF-1.7".to_vec();
    shrink_quota(&world, (pdf("good").len() + page.len()) as u64).await;
    let file = world.upload(&admin, &document, &page).await;
    let path = format!("/v1/files/{file}/complete");
    let refused = admin.post(&path, json!({})).key("once").await;
    assert_eq!(refused.problem(409), "upload-differs");
    assert_eq!(refused.pointers(), ["/media_type"]);
    let again = admin.post(&path, json!({})).key("once").await;
    assert_eq!(again.problem(409), "upload-differs");
    assert_eq!(again.body, refused.body);
    assert_eq!(admin.post(&path, json!({})).await.problem(404), "not-found");

    let stored = files_of(&world, &document).await;
    let thrown: &File = stored.iter().find(|stored| stored.id.to_string() == file).unwrap();
    assert_eq!((thrown.state, thrown.version), (FileState::Deleted, 2));
    assert_eq!(lies_in_bucket(&world, thrown).await, (false, false));
    let seen = admin.get(format!("/v1/documents/{document}")).await.expect(200);
    assert_eq!((&seen["published"]["id"], &seen["version"]), (&json!(good), &json!(2)));
    // Its room is free again, once.
    let claim = |bytes: &[u8]| claim("b.pdf", "application/pdf", bytes);
    let path = format!("/v1/documents/{document}/files");
    admin.post(&path, claim(&page)).await.expect(201);
    assert_eq!(admin.post(&path, claim(b"x")).await.problem(409), "quota-full");
}

#[tokio::test]
async fn every_type_is_checked_by_its_bytes() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    for media_type in [
        "application/pdf",
        "image/png",
        "image/jpeg",
        "image/webp",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "text/plain",
        "text/csv",
    ] {
        let bytes = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff".to_vec();
        let claim = claim("program.exe", media_type, &bytes);
        let new = admin.post(format!("/v1/documents/{document}/files"), claim).await.expect(201);
        assert_eq!(world.put_upload(&new["upload"], &bytes).await, 200);
        let path = format!("/v1/files/{}/complete", id_of(&new["file"]));
        let refused = admin.post(path, json!({})).await;
        assert_eq!(refused.problem(409), "upload-differs", "{media_type}");
        assert_eq!(refused.pointers(), ["/media_type"]);
    }
}

#[tokio::test]
async fn an_upload_given_up_a_day_ago_is_over_before_any_sweep() {
    let world = World::start().await;
    let document = new_document(&world.admin().await, "SOC 2").await;
    let file = world.upload(&world.admin().await, &document, &pdf("SOC 2")).await;
    world.advance(SignedDuration::from_hours(24));
    let reply = world.admin().await.post(format!("/v1/files/{file}/complete"), json!({})).await;
    assert_eq!(reply.problem(409), "upload-differs");
    assert!(reply.text.contains("given up"), "{}", reply.text);
}

#[tokio::test]
async fn a_full_document_takes_no_more_files() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let first = announce(&admin, &document, &pdf("a")).await;
    let template = only(files_of(&world, &document).await);
    let store = world.store_of(&world.acme);
    for _ in 1..FILES_MAX {
        let file = File { id: world.house.dice.id(world.now()), ..template.clone() };
        let mut change = store.change(world.house.dice.token());
        change.create_file(&file).unwrap();
        change.commit().await.unwrap();
    }
    let claim = claim("b.pdf", "application/pdf", &pdf("b"));
    let reply = admin.post(format!("/v1/documents/{document}/files"), claim).await;
    assert_eq!(reply.problem(409), "wrong-state");
    assert_eq!(files_of(&world, &document).await.len(), FILES_MAX);
    // What is there already is not in its way.
    assert_eq!(world.put_upload(&first["upload"], &pdf("a")).await, 200);
    admin
        .post(format!("/v1/files/{}/complete", id_of(&first["file"])), json!({}))
        .await
        .expect(200);
}

#[tokio::test]
async fn strangers_find_neither_documents_nor_files() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let file = world.publish(&admin, &document, &pdf("SOC 2")).await;
    let globex = world.company("globex").await;
    let claim = claim("b.pdf", "application/pdf", &pdf("b"));
    for stranger in [world.member(Role::Member).await, world.admin_of(&globex).await] {
        let absent = stranger.get("/v1/documents/doc_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9").await.shown();
        for (method, path, body) in [
            ("POST", format!("/v1/documents/{document}/files"), claim.clone()),
            ("POST", format!("/v1/files/{file}/complete"), json!({})),
            ("POST", format!("/v1/files/{file}/download"), json!({})),
            ("DELETE", format!("/v1/files/{file}"), Value::Null),
        ] {
            assert_eq!(stranger.send(method, &path, body).await.shown(), absent, "{method} {path}");
        }
    }
    let stored = only(files_of(&world, &document).await);
    assert_eq!((stored.version, stored.sha256.as_str()), (2, sha256(&pdf("SOC 2")).as_str()));
}
