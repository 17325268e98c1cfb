//! How long the SDK takes to sign an address.

use std::time::{Duration, Instant};

use domain::document::AccessLevel;
use files::wall_clock;
use tests::world::World;

use crate::Sides;
use tests::figures::median;

/// Addresses signed before any is measured.
const WARM: usize = 200;
/// Addresses the median is taken of.
const SIGNED: usize = 2_000;

pub(crate) fn measure(sides: &Sides) {
    let mut times: Vec<Duration> = sides.cloud.block_on(sign());
    times.drain(..WARM);
    let sum: Duration = times.iter().sum();
    println!(
        "Signing one address by the SDK: {:.1} µs (median of {SIGNED}; mean {:.1} µs).\n",
        median(&times).as_secs_f64() * 1e6,
        sum.as_secs_f64() * 1e6 / f64::from(u32::try_from(times.len()).unwrap_or(u32::MAX)),
    );
}

async fn sign() -> Vec<Duration> {
    let world = World::start().await;
    let document = world.document(&world.acme, "Paper", AccessLevel::Public).await;
    let store = world.store_of(&world.acme);
    let files = store.files(document.id).await.expect("the files are read");
    let file = files.first().expect("a published file");
    let mut times = Vec::with_capacity(WARM + SIGNED);
    for _ in 0..WARM + SIGNED {
        let start = Instant::now();
        let signed = world.house.files.download(world.acme.id(), file, wall_clock()).await;
        times.push(start.elapsed());
        signed.expect("an address");
    }
    times
}
