//! `GET /v1/files/{file_id}/pages/{number}`.

use domain::activity::{Actor, Object};
use domain::document::AccessLevel;
use image::GenericImageView;
use serde_json::json;
use store::activities::Home;
use tests::seed::pages::drawable_pdf;
use tests::seed::pdf;
use tests::uploads::new_document;
use tests::world::World;

#[tokio::test]
async fn staff_see_a_page_as_it_was_drawn_and_the_view_is_recorded_first() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let file = world.publish(&admin, &document, &drawable_pdf(2)).await;
    world.tick().await;
    let admin = world.admin().await;
    for (query, width) in [("", 1600), ("?width=1600", 1600), ("?width=800", 800)] {
        let path = format!("/v1/files/{file}/pages/2{query}");
        let address = admin.get(&path).await.expect(200);
        let answer = world.open_url(&address["url"]).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "image/webp");
        assert_eq!(answer.headers()["content-disposition"], "inline");
        assert_eq!(answer.headers()["cache-control"], "private, no-store");
        let page = image::load_from_memory(&answer.bytes().await.unwrap()).unwrap();
        assert!(page.width().abs_diff(width) < 2, "{}", page.width());
        let (right, low) = (page.width() - 5, page.height() - 5);
        assert_eq!(page.get_pixel(5, low).0, [255, 0, 0, 255]);
        assert_eq!(page.get_pixel(right, low).0, [255; 4], "no mark for staff");
    }
    let home = Home::Document(document.parse().unwrap());
    let lines = world.store_of(&world.acme).activities_at(home, None, 3).await.unwrap();
    for (line, seq) in lines.iter().zip([3, 2, 1]) {
        assert_eq!((line.verb.as_str(), line.seq), ("files.page", seq));
        assert_eq!(line.actor, Actor::Member(world.acme.administrator.id));
        assert_eq!(line.about, Some(Object::Document(document.parse().unwrap())));
        assert!(format!("{:?}", line.detail).contains("\"page\": Number(2)"), "{:?}", line.detail);
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_is_told_from_one_that_is_not_yet() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let file = world.publish(&admin, &document, &drawable_pdf(2)).await;
    let waiting = admin.get(format!("/v1/files/{file}/pages/1")).await;
    assert_eq!(waiting.problem(409), "page-not-ready");
    assert_eq!(waiting.body["detail"], "The pages are being drawn. Ask again in a moment.");
    assert_eq!(waiting.header("retry-after"), "1");
    let broken = world.publish(&admin, &document, &pdf("nothing in it")).await;
    world.tick().await;
    let admin = world.admin().await;
    let never = admin.get(format!("/v1/files/{broken}/pages/1")).await;
    assert_eq!(never.problem(409), "page-not-ready");
    let detail = "This file cannot be shown as pages, and never will be.";
    assert_eq!((&never.body["detail"], never.header("retry-after")), (&json!(detail), ""));
    for page in ["3", "0", "01", "-1", "+1", "one", "4294967296"] {
        let gone = admin.get(format!("/v1/files/{file}/pages/{page}")).await;
        assert_eq!(gone.problem(404), "not-found", "{page}");
    }
    for query in ["width=801", "width=", "width=wide", "height=800", "width=800&width=800"] {
        let wrong = admin.get(format!("/v1/files/{file}/pages/1?{query}")).await;
        assert_eq!(wrong.problem(400), "bad-input", "{query}");
        let name = query.split('=').next().unwrap();
        assert_eq!(wrong.pointers(), [name], "{query}");
    }
    let home = Home::Document(document.parse().unwrap());
    let lines = world.store_of(&world.acme).activities_at(home, None, 100).await.unwrap();
    assert!(lines.iter().all(|line| line.verb != "files.page"), "nothing was shown");
}

#[tokio::test]
async fn an_upload_that_is_not_complete_has_no_page() {
    let world = World::start().await;
    let admin = world.admin().await;
    let document = new_document(&admin, "SOC 2").await;
    let file = world.upload(&admin, &document, &drawable_pdf(1)).await;
    let path = format!("/v1/files/{file}/pages/1");
    assert_eq!(admin.get(&path).await.problem(404), "not-found");
    let globex = world.company("globex").await;
    let foreign = world.document(&globex, "Theirs", AccessLevel::Public).await;
    let foreign = world.lay_page(&globex, &foreign).await.published.unwrap().id;
    assert_eq!(admin.get(format!("/v1/files/{foreign}/pages/1")).await.problem(404), "not-found");
}
