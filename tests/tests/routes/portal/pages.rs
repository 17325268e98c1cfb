//! `GET /v1/portal/files/{file_id}/pages/{number}`: reading without taking along.

use domain::activity::{Actor, Object};
use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, Document};
use domain::grant::{Grant, Right, Rights};
use domain::id::FileId;
use serde_json::json;
use store::activities::Home;
use tests::client::Client;
use tests::trail::gap_free_trail;
use tests::world::World;

use super::EMAIL;

/// Ada in her browser, with one document of one page that she may read and not download.
async fn reader(world: &World) -> (Contact, Document, Client) {
    let account = world.account(&world.acme, "example.com", ReviewStatus::Approved).await;
    let status = ReviewStatus::Approved;
    let contact = world.contact_of(&world.acme, EMAIL, status, Some(&account)).await;
    let document = world.document(&world.acme, "Report", AccessLevel::Restricted).await;
    let document = world.lay_page(&world.acme, &document).await;
    let rights = Rights::try_from(vec![Right::View]).unwrap();
    let grant = world.new_grant(&world.acme, contact.id, document.id, None);
    world.lay_grants(&world.acme, &[Grant { rights, ..grant }]).await;
    let browser = world.portal_of(&world.acme, &contact).await;
    (contact, document, browser)
}

fn file_of(document: &Document) -> FileId {
    document.published.as_ref().unwrap().id
}

#[tokio::test]
async fn whoever_may_not_download_reads_pages_under_a_mark_and_never_the_file() {
    let world = World::start().await;
    let (contact, document, browser) = reader(&world).await;
    let portal = browser.get("/v1/portal").await.expect(200);
    let shown = &portal["documents"][0];
    assert_eq!((&shown["can_download"], &shown["rights"]), (&json!(false), &json!(["view"])));
    let pages = json!({ "state": "ready", "count": 1, "total": 1 });
    assert_eq!(shown["files"][0]["pages"], pages);

    let file = file_of(&document);
    let refused = browser.post(format!("/v1/portal/files/{file}/download"), json!({})).await;
    assert_eq!(refused.problem(403), "forbidden");
    let address = browser.get(format!("/v1/portal/files/{file}/pages/1")).await.expect(200);
    let url = address["url"].as_str().unwrap();
    assert!(url.starts_with(&format!("{}/v1/pages/", world.base_url)), "{url}");
    let answer = world.open_url(&address["url"]).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "image/jpeg");
    assert_eq!(answer.headers()["cache-control"], "private, no-store");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    let page = image::load_from_memory(&answer.bytes().await.unwrap()).unwrap().to_rgb8();
    assert_eq!(page.dimensions(), (400, 560));
    let marked = page.pixels().filter(|pixel| pixel.0[0] < 225).count();
    assert!(2000 < marked, "{marked} pixels of a white page are dark");

    let trail = gap_free_trail(&world.store_of(&world.acme), Home::Contact(contact.id)).await;
    let views: Vec<_> = trail.iter().filter(|line| line.verb == "portal.page").collect();
    let [view] = views.as_slice() else { panic!("{trail:#?}") };
    assert_eq!(view.actor, Actor::Contact(contact.id));
    assert_eq!(view.about, Some(Object::Document(document.id)));
    assert!(matches!(view.object, Object::Device(_)));
}

#[tokio::test]
async fn whoever_may_download_reads_pages_as_they_were_drawn() {
    let world = World::start().await;
    let (contact, _, browser) = reader(&world).await;
    let document = world.document(&world.acme, "To keep", AccessLevel::Restricted).await;
    let document = world.lay_page(&world.acme, &document).await;
    world.grant(&world.acme, contact.id, document.id).await;
    let path = format!("/v1/portal/files/{}/pages/1", file_of(&document));
    let address = browser.get(path).await.expect(200);
    assert!(address["url"].as_str().unwrap().contains("X-Amz-Expires=60"), "{address}");
    let page = world.open_url(&address["url"]).await.bytes().await.unwrap();
    let page = image::load_from_memory(&page).unwrap().to_rgb8();
    assert!(page.pixels().all(|pixel| pixel.0 == [255; 3]));
}

#[tokio::test]
async fn a_page_is_open_as_long_as_its_document() {
    let world = World::start().await;
    let (contact, document, browser) = reader(&world).await;
    let path = format!("/v1/portal/files/{}/pages/1", file_of(&document));
    browser.get(&path).await.expect(200);
    assert_eq!(browser.get(path.replace("pages/1", "pages/2")).await.problem(404), "not-found");
    let others = world.document(&world.acme, "Of others", AccessLevel::Restricted).await;
    let others = world.lay_page(&world.acme, &others).await;
    let foreign = format!("/v1/portal/files/{}/pages/1", file_of(&others));
    assert_eq!(browser.get(foreign).await.problem(404), "not-found");
    let remove = json!({ "remove": [{ "document_id": document.id }] });
    let shares = format!("/v1/contacts/{}/documents", contact.id);
    world.admin().await.patch(shares, remove).await.expect(200);
    assert_eq!(browser.get(&path).await.problem(404), "not-found");
    let suspend = format!("/v1/contacts/{}/suspend", contact.id);
    world.admin().await.post(suspend, json!({})).await.expect(200);
    assert_eq!(browser.get(&path).await.problem(403), "access-ended");
}

#[tokio::test]
async fn an_agreement_comes_before_the_first_page() {
    let world = World::start().await;
    let text = json!({ "title": "Our NDA", "text": "Tell nobody." });
    world.admin().await.post("/v1/nda-versions", text).await.expect(201);
    let (contact, _, browser) = reader(&world).await;
    let secret = world.document(&world.acme, "Secret", AccessLevel::Nda).await;
    let secret = world.lay_page(&world.acme, &secret).await;
    let rights = Rights::try_from(vec![Right::View]).unwrap();
    let grant = world.new_grant(&world.acme, contact.id, secret.id, None);
    world.lay_grants(&world.acme, &[Grant { rights, ..grant }]).await;
    let path = format!("/v1/portal/files/{}/pages/1", file_of(&secret));
    assert_eq!(browser.get(&path).await.problem(403), "nda-required");
    let accept = json!({ "version": 1 });
    browser.post("/v1/portal/nda/accept", accept).await.expect(204);
    browser.get(&path).await.expect(200);
}
