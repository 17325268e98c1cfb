//! `make bench`: what routes cost, what the programs weigh, how guest links hold, how lists, opening and
//! expiry grow.
//!
//! Counts are exact and go into `tests/units.table`, which the tests hold. Times are printed for
//! people, as tables to be pasted into the README's *Figures*, and never judged.
//!
//! Words name the rooms to measure, all of them unless there is any. `units` only counts, in any
//! profile; the rest wants the release profile, and `starts` and `laptop` the programs beside this
//! one's folder, as `make bench` builds them.
//!
//! An example, as cargo links those for nobody's tests.

mod costs;
mod expiry;
mod growth;
mod guests;
mod laptop;
mod links;
mod machine;
mod routes;
mod sdk;
mod signing;
mod starts;

use tests::units::{table, weigh_all};
use tests::world::World;
use tokio::runtime::{Builder, Runtime};

/// Name of the threads that serve: those of the cloud, but not of whoever calls it.
const CLOUD_THREADS: &str = "cloud";

/// The two sides of a call, so that the processor time of one is told from the other's.
struct Sides {
    /// Serves: front, routes, SDK, table, bucket.
    cloud: Runtime,
    /// Calls.
    client: Runtime,
}

fn main() -> anyhow::Result<()> {
    let sdk = sdk::watch();
    let cloud = Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name(CLOUD_THREADS)
        // Kept, so that the time a thread has used stays on its account.
        .thread_keep_alive(std::time::Duration::from_hours(1))
        .enable_all()
        .build()?;
    let client = Builder::new_current_thread().enable_all().build()?;
    let sides = Sides { cloud, client };
    let rooms: Vec<String> = std::env::args().skip(1).collect();
    let is_asked = |room: &str| rooms.is_empty() || rooms.iter().any(|asked| asked == room);
    println!("{}\n", machine::described());
    println!("Load average before: {}\n", machine::load());
    if is_asked("starts") {
        starts::measure(&sides)?;
    }
    if is_asked("laptop") {
        laptop::measure(&sides)?;
    }
    if is_asked("signing") {
        signing::measure(&sides);
    }
    if is_asked("costs") {
        costs::measure(&sides, &sdk);
    }
    if is_asked("units") {
        count(&sides)?;
    }
    if is_asked("links") {
        links::measure(&sides);
    }
    if is_asked("growth") {
        growth::measure(&sides);
    }
    if is_asked("expiry") {
        expiry::measure(&sides);
    }
    println!("Load average after: {}", machine::load());
    Ok(())
}

/// Weighs each route, and writes the table of it.
fn count(sides: &Sides) -> anyhow::Result<()> {
    let text = sides.cloud.block_on(async { table(&weigh_all(&World::start().await).await) });
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/units.table"), &text)?;
    println!("### One call of each route\n\n```text\n{text}```\n");
    Ok(())
}
