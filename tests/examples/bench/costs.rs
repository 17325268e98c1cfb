//! Time and processor time of the main routes, beside a bare axum hello in the same run.
//!
//! Calls go one after the other over loopback HTTP that is kept alive. The time of each call is
//! divided by two watches: one runs while an AWS request is on the wire, which is the embedded
//! services' time; one while an SDK operation is under way. What is left is our own code, and HTTP
//! as the hello has it.

use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use reqwest::Client as Http;
use tests::busy::Busy;
use tests::client::{Call, Client};
use tests::world::World;
use tokio::net::TcpListener;

use crate::machine::cloud_processor_time;
use crate::routes::{Prepared, prepare};
use crate::{Sides, guests};
use tests::figures::{median, milliseconds};

/// Calls of each route before any is measured.
const WARM: usize = 20;
/// Calls a median is taken of.
const CALLS: usize = 200;

/// What one call took, or the medians of many.
struct Times {
    whole: Duration,
    services: Duration,
    sdk: Duration,
    processor: Duration,
}

pub(crate) fn measure(sides: &Sides, sdk: &Busy) {
    let http = Http::new();
    let (world, hello, routes) = sides.cloud.block_on(async {
        let world = World::start().await;
        let mut routes = prepare(&world, &http, WARM + CALLS).await;
        routes.extend(guests::prepare(&world, &http, WARM + CALLS).await);
        (world, hello(&http).await, routes)
    });
    println!("### Time of the main routes\n");
    println!(
        "Median of {CALLS} calls one after the other, in ms. *Store*: AWS requests on the wire, that is the embedded table and bucket with their HTTP. *SDK*: the SDK at work and nothing on the wire. *HTTP*: the hello, client included. *Own*: the rest. *Processor*: mean processor time of the serving side, everything included.\n"
    );
    println!("| route | time | own | SDK | store | HTTP | processor |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    let mut bare = Duration::ZERO;
    for Prepared { name, calls } in hello.into_iter().chain(routes) {
        let times = sides.client.block_on(time(&world, sdk, name, calls));
        let Times { whole, services, sdk, processor } = times;
        let is_hello = bare == Duration::ZERO;
        if is_hello {
            bare = whole;
        }
        let own = whole.saturating_sub(services + sdk + bare);
        let [whole, own, sdk, services, http, processor] =
            [whole, own, sdk, services, bare, processor].map(milliseconds);
        println!("| {name} | {whole} | {own} | {sdk} | {services} | {http} | {processor} |");
    }
    println!();
}

async fn time(world: &World, sdk: &Busy, name: &str, calls: Vec<Call>) -> Times {
    let mut calls = calls.into_iter();
    for call in calls.by_ref().take(WARM) {
        let reply = call.await;
        assert!(reply.status < 300, "{name}: {} {}", reply.status, reply.text);
    }
    let wire = &world.faults.wire;
    let (mut whole, mut services, mut inside) = (Vec::new(), Vec::new(), Vec::new());
    let processor = cloud_processor_time();
    for call in calls {
        let (wire_before, sdk_before, start) = (wire.so_far(), sdk.so_far(), Instant::now());
        let reply = call.await;
        whole.push(start.elapsed());
        assert!(reply.status < 300, "{name}: {} {}", reply.status, reply.text);
        let on_wire = wire.so_far().checked_sub(wire_before).unwrap();
        services.push(on_wire);
        inside.push(sdk.so_far().checked_sub(sdk_before).unwrap().saturating_sub(on_wire));
    }
    let processor = cloud_processor_time().checked_sub(processor).unwrap();
    let count = u32::try_from(whole.len()).unwrap_or(u32::MAX);
    Times {
        whole: median(&whole),
        services: median(&services),
        sdk: median(&inside),
        processor: processor / count,
    }
}

/// Calls of a server that does nothing but answer.
async fn hello(http: &Http) -> Option<Prepared> {
    let router = Router::new().route("/hello", get(async || r#"{"status":"ok"}"#));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let client = Client::new(http.clone(), &url, "198.18.0.1");
    let calls = (0..WARM + CALLS).map(|_| client.get("/hello")).collect();
    Some(Prepared { name: "a bare axum hello", calls })
}
