//! A page that is looked at, with every AWS call failing in turn.

use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, Document};
use domain::grant::{Grant, Right, Rights};
use store::activities::Home;
use tests::client::Client;
use tests::rehearsal::rehearse;
use tests::seed::address;
use tests::trail::{gap_free_trail, times};
use tests::world::World;

/// Somebody in their browser, who may read a document and not download it.
struct Reader {
    contact: Contact,
    document: Document,
    browser: Client,
}

async fn reader(world: &World) -> Reader {
    let contact = world.contact(&world.acme, &address(), ReviewStatus::Approved).await;
    let document = world.document(&world.acme, "Report", AccessLevel::Restricted).await;
    let document = world.lay_page(&world.acme, &document).await;
    let rights = Rights::try_from(vec![Right::View]).unwrap();
    let grant = world.new_grant(&world.acme, contact.id, document.id, None);
    world.lay_grants(&world.acme, &[Grant { rights, ..grant }]).await;
    let browser = world.portal_of(&world.acme, &contact).await;
    Reader { contact, document, browser }
}

/// Looking again is another view, so there may be one or two; but none is shown that is not told.
#[tokio::test]
async fn a_page_is_shown_only_once_the_view_is_on_record() {
    let world = World::start().await;
    rehearse(
        &world.faults,
        async || reader(&world).await,
        async |reader| {
            let file = reader.document.published.as_ref().unwrap().id;
            reader.browser.get(format!("/v1/portal/files/{file}/pages/1")).await
        },
        async |reader, shown| {
            let home = Home::Contact(reader.contact.id);
            let trail = gap_free_trail(&world.store_of(&world.acme), home).await;
            assert!((1..=2).contains(&times(&trail, "portal.page")), "{trail:#?}");
            assert_eq!(world.open_url(&shown.body["url"]).await.status(), 200);
        },
    )
    .await;
}
