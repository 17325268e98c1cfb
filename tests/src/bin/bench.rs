//! `make bench`: what routes cost and how lists and opening grow.
//!
//! Counts are exact and go into `tests/units.table`, which the tests hold; times are printed for
//! people and never judged.

use std::time::{Duration, Instant};

use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use serde_json::json;
use tests::client::Call;
use tests::units::{table, weigh_all};
use tests::world::{World, token_in};

/// Contacts in the table, for the growth of lists.
const SIZES: [usize; 2] = [1_000, 10_000];
/// Contacts laid into the table by one transaction.
const AT_ONCE: usize = 16;
/// Calls a median is taken of.
const CALLS: usize = 25;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    println!("One call of each route: AWS requests, round trips, capacity units\n");
    let world = World::start().await;
    let text = table(&weigh_all(&world).await);
    println!("{text}");
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/units.table"), &text)?;
    drop(world);

    println!(
        "Growth with the number of contacts (beside the session read of 1 request, 8 units)\n"
    );
    println!("{:<34} {:>9} {:>8} {:>6} {:>9}", "call", "contacts", "requests", "units", "median");
    let world = World::start().await;
    let mut made = 0;
    for size in SIZES {
        fill(&world, made, size).await;
        made = size;
        for (name, query) in [
            ("list 50 by creation", ""),
            ("list 50 of one status", "?status=approved"),
            ("list 50 of all by activity", "?sort=-activity"),
        ] {
            let admin = world.admin().await;
            let call = || admin.get(format!("/v1/contacts{query}"));
            growth(&world, name, size, 8.0, call).await;
        }
        open_portal(&world, size).await;
    }
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("\nload average: {}", load.trim());
    Ok(())
}

async fn fill(world: &World, made: usize, size: usize) {
    let contact = |number: usize| {
        let status = ReviewStatus::ALL[number % ReviewStatus::ALL.len()];
        world.new_contact(&world.acme, &format!("p{number}@example.com"), status, None)
    };
    let contacts: Vec<_> = (made..size).map(contact).collect();
    for some in contacts.chunks(AT_ONCE) {
        world.lay_contacts(&world.acme, some).await;
    }
}

async fn growth(
    world: &World,
    name: &'static str,
    size: usize,
    session: f64,
    call: impl Fn() -> Call,
) {
    let (cost, _) = world.weigh(name, call()).await;
    let mut times = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        let start = Instant::now();
        drop(call().await);
        times.push(start.elapsed());
    }
    let (requests, units) = (cost.requests - 1, cost.read - session);
    println!("{name:<34} {size:>9} {requests:>8} {units:>6} {:>9.1?}", median(&mut times));
}

/// One contact of many opens their portal by a magic link and reads what is there.
async fn open_portal(world: &World, size: usize) {
    let email = format!("reader-of-{size}@example.com");
    let contact = world.contact(&world.acme, &email, ReviewStatus::Approved).await;
    let title = format!("Paper for {size}");
    let document = world.document(&world.acme, &title, AccessLevel::Restricted).await;
    world.grant(&world.acme, contact.id, document.id).await;
    let admin = world.admin().await;
    let link = admin.post(format!("/v1/contacts/{}/magic-link", contact.id), json!({})).await;
    assert_eq!(link.status, 202, "{}", link.text);
    world.tick().await;
    let token = token_in(&world.last_mail(&email), "/p/acme");
    let browser = world.visitor();
    let open = json!({ "token": token, "device_nonce": "A".repeat(43) });
    let (cost, _) = world.weigh("open", browser.post("/v1/portal/open", open)).await;
    let (requests, rounds, units) = (cost.requests, cost.rounds, cost.read + cost.write);
    println!("{:<34} {size:>9} {requests:>8} {units:>6} {rounds:>7} trips", "open by magic link");
    growth(world, "read the portal", size, 0.0, || browser.get("/v1/portal")).await;
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
