//! `GET /v1/pages/{token}`.

use app::house::keyring::Purpose;
use app::house::token::page::PageToken;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::document::{AccessLevel, Document};
use domain::pages::Width;
use files::pages::PageOf;
use jiff::SignedDuration;
use tests::faults::operations;
use tests::world::World;

async fn laid(world: &World) -> Document {
    let document = world.document(&world.acme, "Report", AccessLevel::Restricted).await;
    world.lay_page(&world.acme, &document).await
}

#[tokio::test]
async fn a_forged_token_costs_no_call_and_shows_nothing() {
    let world = World::start().await;
    let token = world.page_token(&world.acme, &laid(&world).await, "ada@example.com");
    let visitor = world.visitor();
    let forged = |at: usize| {
        let mut bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        bytes[at] ^= 1;
        URL_SAFE_NO_PAD.encode(bytes)
    };
    let length = URL_SAFE_NO_PAD.decode(&token).unwrap().len();
    let others = world.house.keys.sign(Purpose::Invitation, b"what is this");
    world.faults.count();
    for text in (1..length).map(forged).chain([others, "x".to_owned(), "A".repeat(4000)]) {
        let refused = visitor.get(format!("/v1/pages/{text}")).await;
        assert_eq!(refused.problem(404), "not-found", "{text}");
    }
    assert_eq!(operations(&world.faults.disarm()), 0);
}

#[tokio::test]
async fn a_token_shows_its_page_for_a_minute_by_the_wall_clock() {
    let world = World::start().await;
    let document = laid(&world).await;
    let shown = async |seconds: i64| {
        let page = PageOf {
            file: document.published.as_ref().unwrap().id,
            number: 1,
            width: Width::Narrow,
        };
        let shown_at = files::wall_clock() - SignedDuration::from_secs(seconds);
        let token = PageToken { tenant: world.acme.id(), page, shown_at, who: "ada".to_owned() };
        world.visitor().get(format!("/v1/pages/{}", token.sign(&world.house.keys))).await
    };
    assert_eq!(shown(0).await.status, 200);
    assert_eq!(shown(61).await.problem(403), "link-over");
    // Moving the rules' clock moves no address.
    world.advance(SignedDuration::from_hours(1));
    assert_eq!(shown(0).await.status, 200);
}

#[tokio::test]
async fn a_page_names_whom_it_is_shown_to() {
    let world = World::start().await;
    let document = laid(&world).await;
    let seen = async |who: &str| {
        let token = world.page_token(&world.acme, &document, who);
        let (status, bytes) = world.fetch(&format!("{}/v1/pages/{token}", world.base_url)).await;
        assert_eq!(status, 200);
        image::load_from_memory(&bytes).unwrap().to_rgb8()
    };
    let (ada, maya) = (seen("ada@example.com").await, seen("maya@initech.example").await);
    assert_ne!(ada, maya);
}

#[tokio::test]
async fn a_page_that_was_dropped_is_not_found() {
    let world = World::start().await;
    let document = laid(&world).await;
    let token = world.page_token(&world.acme, &document, "ada@example.com");
    let file = document.published.as_ref().unwrap().id;
    world.house.files.drop_pages(world.acme.id(), file).await.unwrap();
    let gone = world.visitor().get(format!("/v1/pages/{token}")).await;
    assert_eq!(gone.problem(404), "not-found");
}
