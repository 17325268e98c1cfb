//! No garbage breaks any route: whatever is sent comes to an answer or to a problem that is
//! well-formed and points into what was sent, never to a fault of ours and never to nothing.
//!
//! What is sent is random, or nearly right: the route's own schema filled in, with one place
//! broken. The same seed sends the same, so what failed fails again.

mod nearly;
mod told;
mod written;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use app::serving::route::Route;
use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use functions::routes::{ROUTES, openapi};
use serde_json::Value;
use tests::chance::Chance;
use tests::client::{Client, Reply};
use tests::seed::address;
use tests::world::World;
use tokio::time::timeout;

use self::told::is_told;
use self::written::{Known, Sent, written};

/// Requests that each route gets from each caller, whatever the time.
const ROUNDS_MIN: u64 = 12;
/// Requests that each route gets from each caller at the most.
const ROUNDS_MAX: u64 = 80;
/// After this no further round begins, unless something never happened yet.
const TIME: Duration = Duration::from_secs(20);
/// Answers that some of it must come to, else it is worth nothing.
const WANTED: [u16; 10] = [200, 201, 204, 400, 401, 404, 412, 413, 415, 428];
/// An answer that takes longer will never come.
const PATIENCE: Duration = Duration::from_secs(20);

/// Who sends it.
#[derive(Clone, Copy, Debug)]
enum Who {
    Administrator,
    Nobody,
}

#[tokio::test]
async fn no_garbage_breaks_any_route() {
    let world = World::start().await;
    let api = openapi();
    let begun = Instant::now();
    let mut met = BTreeSet::new();
    for round in 0..ROUNDS_MAX {
        let is_enough = WANTED.iter().all(|status| met.contains(status));
        if ROUNDS_MIN <= round && TIME < begun.elapsed() && is_enough {
            break;
        }
        // What one round deletes, the next finds made anew.
        let known = known(&world).await;
        for (place, route) in (0..).zip(ROUTES) {
            for (which, who) in [Who::Administrator, Who::Nobody].into_iter().enumerate() {
                let seed = (round << 16) + (place << 1) + which as u64;
                met.insert(send(&world, &api, route, who, &known, seed).await);
            }
        }
    }
    for status in WANTED {
        assert!(met.contains(&status), "nothing came to {status}: {met:?}");
    }
}

/// Sends one request, judges what came of it, and tells its status.
async fn send(
    world: &World,
    api: &Value,
    route: &Route,
    who: Who,
    known: &Known,
    seed: u64,
) -> u16 {
    let chance = Chance::new(seed);
    let client = match who {
        Who::Administrator => fresh(world).await,
        Who::Nobody => world.visitor(),
    };
    let sent = written(api, route, known, &chance);
    let context = || format!("{} as {who:?}, seed {seed}: {sent:?}", route.name);
    let reply = timeout(PATIENCE, called(&client, route, &sent)).await;
    let reply = reply.unwrap_or_else(|_| panic!("no answer to {}", context()));
    let told = is_told(api, route, &sent, &reply);
    told.unwrap_or_else(|wrong| panic!("{wrong}\n{}\n{} {}", context(), reply.status, reply.text));
    reply.status
}

/// An administrator in a session of their own, on a network of its own: garbage may end the one
/// and exhaust the other.
async fn fresh(world: &World) -> Client {
    let admin = world.admin().await;
    let visitor = world.visitor();
    for name in admin.cookie_names() {
        visitor.keep_cookie(&name, &admin.cookie(&name).unwrap_or_default());
    }
    visitor
}

async fn called(client: &Client, route: &Route, sent: &Sent) -> Reply {
    for (name, value) in &sent.cookies {
        client.keep_cookie(name, value);
    }
    let method = route.method.as_str();
    let mut call = match &sent.body {
        Some(body) => client.send_raw(method, &sent.path, &sent.kind, body.clone()),
        None => client.send(method, &sent.path, Value::Null),
    };
    if sent.body.is_none() && !matches!(method, "GET" | "DELETE") {
        call = client.send_raw(method, &sent.path, &sent.kind, Vec::new());
    }
    for (name, value) in &sent.headers {
        call = call.header(name, value);
    }
    call.await
}

/// One of everything, to be named where an id is wanted.
async fn known(world: &World) -> Known {
    let acme = &world.acme;
    let mut known = Known::default();
    let contact = world.contact(acme, &address(), ReviewStatus::Approved).await;
    let other = world.contact(acme, &address(), ReviewStatus::ToReview).await;
    let document = world.document(acme, "Report", AccessLevel::Restricted).await;
    let public = world.document(acme, "Public", AccessLevel::Public).await;
    world.grant(acme, contact.id, document.id).await;
    let request = world.request(acme, &other, &[document.id]).await;
    let domain = address().replace("@outside", "").replace("person", "company");
    let account = world.account(acme, &domain, ReviewStatus::ToReview).await;
    let (_, session) = world.session_of(acme.id(), &acme.administrator).await;
    let link = world.magic_link(acme, &contact).await;
    for id in [contact.id.to_string(), other.id.to_string(), document.id.to_string()] {
        known.add(&id);
    }
    for id in [public.id.to_string(), request.id.to_string(), account.id.to_string()] {
        known.add(&id);
    }
    for id in [acme.id().to_string(), acme.administrator.id.to_string(), session.id.to_string()] {
        known.add(&id);
    }
    for file in [&document.published, &public.published].into_iter().flatten() {
        known.add(&file.id.to_string());
    }
    known.tokens.push(link);
    known
}
