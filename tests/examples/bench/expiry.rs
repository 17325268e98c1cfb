//! What it costs the worker to record that grants have expired, when many fall due at once.

use std::time::{Duration, Instant};

use domain::grant::Grant;
use futures_util::future::join_all;
use jiff::SignedDuration;
use store::meter::Call;
use tests::world::World;

use crate::Sides;
use crate::growth::{SIZES, fill};
use tests::figures::{exponent, grouped};

/// Grants laid into the table by one transaction.
const AT_ONCE: usize = 50;
/// Transactions under way at once.
const LANES: usize = 4;
/// When the grants end.
const LIFE: SignedDuration = SignedDuration::from_mins(10);
/// Sweeps at the most until nothing is due; one does 16,000 things.
const SWEEPS_MAX: usize = 100;

pub(crate) fn measure(sides: &Sides) {
    println!("### Expiry\n");
    println!(
        "Each contact's one grant falls due at once; the worker sweeps until nothing is due. Every fourth contact is approved and gets its notice within the same time. The embedded table remembers each transaction's token for ten minutes, as DynamoDB does, and looks through all it remembers at every transaction: that is what grows in its time here.\n"
    );
    println!("| grants due | requests a grant | units a grant | seconds | µs a grant |");
    println!("|--:|--:|--:|--:|--:|");
    let mut points = Vec::new();
    for size in SIZES {
        let Spent { time, calls } = sides.cloud.block_on(expire(size));
        let each = |whole: f64| whole / f64::from(u32::try_from(size).unwrap_or(u32::MAX));
        let requests = each(f64::from(u32::try_from(calls.len()).unwrap_or(u32::MAX)));
        let units = each(calls.iter().map(|call| call.units).sum());
        let (seconds, micros) = (time.as_secs_f64(), each(time.as_secs_f64() * 1e6));
        let size_text = grouped(size);
        println!("| {size_text} | {requests:.2} | {units:.2} | {seconds:.2} | {micros:.0} |");
        points.push((size, time));
    }
    println!("\nFitted exponent of time over grants: {:.3}.\n", exponent(&points));
}

/// What the worker took to be done.
struct Spent {
    time: Duration,
    /// What it asked of the table.
    calls: Vec<Call>,
}

/// Lets one grant of each of `size` contacts expire.
async fn expire(size: usize) -> Spent {
    let world = World::start().await;
    let contacts = fill(&world, 0..size).await;
    let paper = world.paper(&world.acme, "Paper").await;
    let end = Some(world.now() + LIFE);
    let grants: Vec<Grant> = contacts
        .into_iter()
        .map(|contact| world.new_grant(&world.acme, contact.id, paper, end))
        .collect();
    let transactions: Vec<_> = grants.chunks(AT_ONCE).collect();
    for some in transactions.chunks(LANES) {
        join_all(some.iter().map(|grants| world.lay_grants(&world.acme, grants))).await;
    }
    world.advance(LIFE + SignedDuration::from_secs(1));
    let worker = &world.cloud.worker;
    drop(world.meter.take());
    let start = Instant::now();
    for _ in 0..SWEEPS_MAX {
        let swept = worker.sweep(world.now()).await.expect("the worker sweeps");
        assert_eq!(swept.failed, 0, "nothing fails");
        if swept.done == 0 {
            break;
        }
    }
    let (time, calls) = (start.elapsed(), world.meter.take());
    let last = grants.last().expect("a grant");
    let store = world.store_of(&world.acme);
    let ended = store.grant(last.contact_id, paper).await.expect("the grant is read");
    assert_ne!(ended.map(|grant| grant.state), Some(last.state), "the last grant has ended");
    Spent { time, calls }
}
