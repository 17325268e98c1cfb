//! Calls of guests on their links, each prepared so that it does its whole work.

use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, Document};
use domain::link::guest::Proof;
use domain::link::{Audience, Link};
use reqwest::Client as Http;
use serde_json::json;
use tests::client::Client;
use tests::world::World;

use crate::routes::Prepared;

/// A link that its contact's browser knows, and where the page was told that it lies.
struct Known {
    page: String,
    file: String,
    place: String,
    browser: Client,
}

/// Prepares `count` calls of each route that are sent over `http`.
pub(crate) async fn prepare(world: &World, http: &Http, count: usize) -> Vec<Prepared> {
    let acme = &world.acme;
    let document = world.document(acme, "Terms", AccessLevel::Restricted).await;
    let document = world.lay_page(acme, &document).await;
    let known = known(world, http, &document).await;
    let Known { page, file, place, browser } = &known;
    let again = |path: &str| browser.get(path).header("X-Vestibule-Place", place);
    let (first, take) =
        (format!("{page}/files/{file}/pages/1"), format!("{page}/files/{file}/download"));
    let read = (0..count).map(|_| again(page)).collect();
    let shown = (0..count).map(|_| again(&first)).collect();
    let download = |_| browser.post(&take, json!({})).header("X-Vestibule-Place", place);
    let download = (0..count).map(download).collect();
    let mut all = vec![
        Prepared { name: "guest.read", calls: read },
        Prepared { name: "guest.page", calls: shown },
        Prepared { name: "guest.download", calls: download },
    ];
    all.extend(arrivals(world, http, &document, count).await);
    all
}

async fn known(world: &World, http: &Http, document: &Document) -> Known {
    let (contact, link) = link(world, document, "known@example.org").await;
    let browser = world.guest(&world.acme, &link, Some(&contact), Proof::Code).await;
    let page = format!("/v1/guest/{}", link.id);
    let secret = world.link_secret(&world.acme, &link);
    let cover = browser.post(format!("{page}/cover"), json!({ "secret": secret })).await;
    let place = cover.expect(200)["place"].as_str().unwrap_or_default().to_owned();
    let file = document.published.as_ref().map(|file| file.id.to_string()).unwrap_or_default();
    Known { page, file, place, browser: browser.over(http.clone()) }
}

/// A link for a contact at `email`.
async fn link(world: &World, document: &Document, email: &str) -> (Contact, Link) {
    let contact = world.contact(&world.acme, email, ReviewStatus::ToReview).await;
    let link = world.link(&world.acme, document, Audience::Contact, Some(&contact)).await;
    (contact, link)
}

/// Calls of browsers that come for the first time, each to a link of its own.
async fn arrivals(world: &World, http: &Http, document: &Document, count: usize) -> Vec<Prepared> {
    let (mut cover, mut open, mut code) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..count {
        let (_, link) = link(world, document, &format!("comer-{number}@example.org")).await;
        let page = format!("/v1/guest/{}", link.id);
        let secret = world.link_secret(&world.acme, &link);
        let visitor = world.visitor().over(http.clone());
        let with_secret = json!({ "secret": secret });
        cover.push(visitor.post(format!("{page}/cover"), with_secret.clone()));
        let other = world.visitor().over(http.clone());
        code.push(other.post(format!("{page}/code"), with_secret));
        let press = json!({ "secret": secret, "device_nonce": "A".repeat(43) });
        open.push(visitor.post(format!("{page}/open"), press));
    }
    let each = [("guest.cover", cover), ("guest.open", open), ("guest.code", code)];
    each.map(|(name, calls)| Prepared { name, calls }).into()
}
