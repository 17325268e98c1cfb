//! How lists and opening grow with the number of contacts: requests, units, time.

use std::time::{Duration, Instant};

use domain::contact::{Contact, ReviewStatus};
use domain::document::AccessLevel;
use futures_util::future::join_all;
use serde_json::json;
use tests::client::Call;
use tests::world::World;

use crate::Sides;
use tests::figures::{alike, exponent, grouped, median, milliseconds};

/// Contacts in the table.
pub(crate) const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
/// Contacts laid into the table by one transaction.
const AT_ONCE: usize = 16;
/// Transactions under way at once.
const LANES: usize = 4;
/// Calls a median is taken of.
const CALLS: usize = 101;
/// Lists of contacts that are measured.
const LISTS: [(&str, &str); 4] = [
    ("list 50 by creation", "/v1/contacts"),
    ("list 50 of one status", "/v1/contacts?status=approved"),
    ("list 50 of all by activity", "/v1/contacts?sort=-activity"),
    ("search by one word", "/v1/contacts?q=lovelace"),
];

/// One kind of call at all sizes.
struct Line {
    name: &'static str,
    requests: Vec<String>,
    units: Vec<String>,
    times: Vec<(usize, Duration)>,
}

pub(crate) fn measure(sides: &Sides) {
    let world = sides.cloud.block_on(World::start());
    // Connections belong to the side that opened them: the other does not drive them.
    let http = reqwest::Client::new();
    let mut lines: Vec<Line> = Vec::new();
    let mut made = 0;
    let mut filling = Vec::new();
    for size in SIZES {
        let start = Instant::now();
        let contacts = sides.cloud.block_on(fill(&world, made..size));
        sides.cloud.block_on(index(&world, &contacts));
        filling.push(format!("{} s", start.elapsed().as_secs()));
        made = size;
        let admin = sides.cloud.block_on(world.admin()).over(http.clone());
        for (name, path) in LISTS {
            let calls = (0..CALLS).map(|_| admin.get(path)).collect();
            sides.client.block_on(weigh(&world, &mut lines, name, size, calls));
        }
        let calls = sides.cloud.block_on(openings(&world, &http, size));
        sides.client.block_on(weigh(&world, &mut lines, "open by magic link", size, calls));
        let reader = sides.cloud.block_on(reader(&world, size)).over(http.clone());
        let calls = (0..CALLS).map(|_| reader.get("/v1/portal")).collect();
        sides.client.block_on(weigh(&world, &mut lines, "read the portal", size, calls));
    }
    print(&lines, &filling);
}

fn print(lines: &[Line], filling: &[String]) {
    println!("### Growth with the number of contacts\n");
    println!(
        "Each call with its session read (1 request, 8 units); median of {CALLS} calls in ms; the exponent is fitted by least squares on logarithms. Filling the table took {}.\n",
        filling.join(", ")
    );
    let sizes: Vec<String> = SIZES.into_iter().map(grouped).collect();
    println!("| call | requests | units | {} | exponent |", sizes.join(" | "));
    println!("|---|--:|--:|{}--:|", "--:|".repeat(sizes.len()));
    for Line { name, requests, units, times } in lines {
        let each: Vec<String> = times.iter().map(|(_, time)| milliseconds(*time)).collect();
        let (requests, units) = (alike(requests), alike(units));
        let (each, exponent) = (each.join(" | "), exponent(times));
        println!("| {name} | {requests} | {units} | {each} | {exponent:.3} |");
    }
    println!();
}

/// Lays contacts into the table; every status gets its part.
pub(crate) async fn fill(world: &World, numbers: std::ops::Range<usize>) -> Vec<Contact> {
    let contact = |number: usize| {
        let status = ReviewStatus::ALL[number % ReviewStatus::ALL.len()];
        world.new_contact(&world.acme, &format!("p{number}@example.com"), status, None)
    };
    let contacts: Vec<_> = numbers.map(contact).collect();
    let transactions: Vec<_> = contacts.chunks(AT_ONCE).collect();
    for some in transactions.chunks(LANES) {
        join_all(some.iter().map(|contacts| world.lay_contacts(&world.acme, contacts))).await;
    }
    contacts
}

/// Makes contacts be found by their words.
async fn index(world: &World, contacts: &[Contact]) {
    let lane = contacts.len().div_ceil(LANES).max(1);
    join_all(contacts.chunks(lane).map(|some| world.index_contacts(&world.acme, some))).await;
}

/// Weighs the first of the calls, and times all others.
async fn weigh(
    world: &World,
    lines: &mut Vec<Line>,
    name: &'static str,
    size: usize,
    calls: Vec<Call>,
) {
    let mut calls = calls.into_iter();
    let (cost, reply) = world.weigh(name, calls.next().expect("a call")).await;
    assert_eq!(reply.status, 200, "{name}: {}", reply.text);
    let mut times = Vec::new();
    for call in calls {
        let start = Instant::now();
        call.await;
        times.push(start.elapsed());
    }
    if lines.iter().all(|line| line.name != name) {
        let (requests, units, times) = (Vec::new(), Vec::new(), Vec::new());
        lines.push(Line { name, requests, units, times });
    }
    let line = lines.iter_mut().find(|line| line.name == name).expect("it was put there");
    line.requests.push(cost.requests.to_string());
    line.units.push((cost.read + cost.write).to_string());
    line.times.push((size, median(&times)));
}

/// Calls that open links nobody used before, each of a contact with one document.
async fn openings(world: &World, http: &reqwest::Client, size: usize) -> Vec<Call> {
    let title = format!("Paper for {size}");
    let document = world.document(&world.acme, &title, AccessLevel::Restricted).await;
    let mut calls = Vec::new();
    for number in 0..CALLS {
        let email = format!("opener-{number}-of-{size}@example.com");
        let contact = world.contact(&world.acme, &email, ReviewStatus::Approved).await;
        world.grant(&world.acme, contact.id, document.id).await;
        let token = world.magic_link(&world.acme, &contact).await;
        let open = json!({ "token": token, "device_nonce": "A".repeat(43) });
        calls.push(world.visitor().over(http.clone()).post("/v1/portal/open", open));
    }
    calls
}

/// A contact with one document, in their portal.
async fn reader(world: &World, size: usize) -> tests::client::Client {
    let email = format!("reader-of-{size}@example.com");
    let contact = world.contact(&world.acme, &email, ReviewStatus::Approved).await;
    let title = format!("Reading for {size}");
    let document = world.document(&world.acme, &title, AccessLevel::Restricted).await;
    world.grant(&world.acme, contact.id, document.id).await;
    world.portal_of(&world.acme, &contact).await
}
