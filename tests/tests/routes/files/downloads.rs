//! Addresses that open one file for a minute.

use std::future::IntoFuture;

use domain::activity::{Actor, Object};
use domain::document::AccessLevel;
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::activities::Home;
use tests::client::id_of;
use tests::seed::pdf;
use tests::uploads::{announce, new_document};
use tests::world::World;

use super::trail;

#[tokio::test]
async fn a_download_is_recorded_and_then_gives_the_bytes_under_name_and_type() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let bytes = pdf("SOC 2");
    let file = world.publish(&admin, &document, &bytes).await;
    let address = admin.post(format!("/v1/files/{file}/download"), json!({})).await.expect(200);
    let expires_at: Timestamp = address["expires_at"].as_str().unwrap().parse().unwrap();
    let life = expires_at.duration_since(Timestamp::now());
    assert!(SignedDuration::from_secs(50) < life && life <= SignedDuration::from_secs(60));

    let answer = world.open_url(&address["url"]).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    let disposition = "attachment; filename=\"report.pdf\"; filename*=UTF-8''report.pdf";
    assert_eq!(answer.headers()["content-disposition"], disposition);
    assert_eq!(answer.bytes().await.unwrap(), bytes);

    let home = Home::Document(document.parse().unwrap());
    let lines = world.store_of(&world.acme).activities_at(home, None, 1).await.unwrap();
    assert_eq!((lines[0].verb.as_str(), lines[0].seq), ("files.download", 1));
    assert_eq!(lines[0].actor, Actor::Member(world.acme.administrator.id));
    assert!(matches!(lines[0].object, Object::Session(_)), "{:?}", lines[0].object);
    assert_eq!(lines[0].about, Some(Object::Document(document.parse().unwrap())));
    assert!(!format!("{lines:?}").contains("X-Amz"));
}

#[tokio::test]
async fn a_repeat_gets_the_same_address_and_is_one_view() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let file = world.publish(&admin, &document, &pdf("SOC 2")).await;
    let path = format!("/v1/files/{file}/download");
    let first = admin.post(&path, json!({})).key("once").await.expect(200);
    let again = admin.post(&path, json!({})).key("once").await.expect(200);
    assert_eq!(first, again);
    assert_eq!(world.open_url(&again["url"]).await.status(), 200);
    admin.post(&path, json!({})).key("other").await.expect(200);
    admin.post(&path, json!({})).await.expect(200);
    let views = ["files.download ses 1", "files.download ses 2", "files.download ses 3"];
    assert_eq!(trail(&world, &document).await[4..], views);
}

#[tokio::test]
async fn many_downloads_at_once_are_numbered_without_a_gap() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let file = world.publish(&admin, &document, &pdf("SOC 2")).await;
    let path = format!("/v1/files/{file}/download");
    let calls = (0..6).map(|_| admin.post(&path, json!({})).into_future());
    for reply in join_all(calls).await {
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
    let mut views = trail(&world, &document).await.split_off(4);
    views.sort();
    assert_eq!(views, [1, 2, 3, 4, 5, 6].map(|seq| format!("files.download ses {seq}")));
}

#[tokio::test]
async fn an_address_opens_one_file_for_a_minute_and_nothing_else() {
    let world = World::start().await;
    let acme = &world.acme;
    let document = world.document(acme, "SOC 2", AccessLevel::Restricted).await;
    let file = world.store_of(acme).files(document.id).await.unwrap().remove(0);
    let signed = async |age: i64| {
        let at = files::wall_clock() - SignedDuration::from_secs(age);
        world.house.files.download(acme.id(), &file, at).await.unwrap().url
    };
    let status = async |url: String| world.open_url(&Value::from(url)).await.status().as_u16();
    assert_eq!(status(signed(0).await).await, 200);
    assert_eq!(status(signed(61).await).await, 403);
    let url = signed(0).await;
    let place = file.id.to_string().replace("fil_", "");
    assert_eq!(status(url.replace(&place, "01J9ZC0ZJ8Q4W3T9V5N6M7K8P9")).await, 403);
    assert_eq!(status(url.replace("X-Amz-Expires=60", "X-Amz-Expires=3600")).await, 403);
    assert_eq!(status(url.replace("application%2Fpdf", "text%2Fhtml")).await, 403);
    assert_eq!(status(url.split_once('?').unwrap().0.to_owned()).await, 403);
}

#[tokio::test]
async fn what_is_not_published_is_not_readable() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let new = announce(&admin, &document, &pdf("SOC 2")).await;
    assert_eq!(world.put_upload(&new["upload"], &pdf("SOC 2")).await, 200);
    let path = format!("/v1/files/{}/download", id_of(&new["file"]));
    assert_eq!(admin.post(&path, json!({})).await.problem(409), "wrong-state");
    // The address that uploads does not read.
    let answer = world.open_url(&new["upload"]["url"]).await;
    assert_eq!(answer.status(), 403);
    assert_eq!(trail(&world, &document).await.len(), 2);
}
