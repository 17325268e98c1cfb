//! The deployed programs: how big they are, how long they take to start, how much memory they
//! touch until they ask for work.
//!
//! Started as Lambda starts them, by a stand-in of its Runtime API; starts of all programs take
//! turns, so that a busy moment of the machine meets all alike.

use std::path::PathBuf;
use std::time::Duration;

use app::keyring::Keyring;
use local::s3::{ACCESS_KEY, BUCKET, SECRET_KEY};
use tempfile::TempDir;
use tests::runtime::Function;

use crate::Sides;
use crate::figures::{median, milliseconds};
use crate::machine::{memory_kib, program};

/// Starts of each program, one after the other.
const STARTS: usize = 21;
/// Program and `_HANDLER`; the first is what the others are measured against.
const PROGRAMS: [(&str, &str); 4] =
    [("hello", "*"), ("functions", "*"), ("functions", "contacts.list"), ("worker", "bootstrap")];

struct Measured {
    program: PathBuf,
    title: String,
    handler: &'static str,
    times: Vec<Duration>,
    peaks_kib: Vec<u64>,
}

pub(crate) fn measure(sides: &Sides) -> anyhow::Result<()> {
    let mut all = Vec::new();
    for (name, handler) in PROGRAMS {
        let title = format!("`{name}`, `_HANDLER={handler}`");
        let (times, peaks_kib) = (Vec::new(), Vec::new());
        all.push(Measured { program: program(name)?, title, handler, times, peaks_kib });
    }
    let folder = TempDir::with_prefix("vestibule-")?;
    let roots = folder.path().join("roots");
    std::fs::write(&roots, Keyring::generate([9; 32]))?;
    let env = [
        ("TABLE_NAME", "vestibule".to_owned()),
        ("BUCKET", BUCKET.to_owned()),
        ("BASE_URL", "https://trust.acme.example".to_owned()),
        ("ROOT_KEYS_FILE", roots.display().to_string()),
        ("MAIL_FROM", "mail@acme.example".to_owned()),
        ("AWS_REGION", "eu-central-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
    ];
    for _ in 0..STARTS {
        for Measured { program, handler, times, peaks_kib, .. } in &mut all {
            let program = program.to_string_lossy();
            let (time, peak_kib) = sides.cloud.block_on(async {
                let function = Function::start(&program, handler, &env).await;
                let time = function.ready().await;
                (time, memory_kib(function.process_id(), "VmHWM"))
            });
            times.push(time);
            peaks_kib.push(peak_kib);
        }
    }
    print(&all)
}

#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
fn print(all: &[Measured]) -> anyhow::Result<()> {
    println!("### Programs\n");
    println!(
        "Start: from the spawn until the first poll for an event, median of {STARTS}. Peak memory: `VmHWM` at that moment.\n"
    );
    println!("| program | size, MB | start, ms | beside hello | peak memory, MiB |");
    println!("|---|--:|--:|--:|--:|");
    let hello = all.first().map(|hello| median(&hello.times)).unwrap_or_default();
    for Measured { program, title, times, peaks_kib, .. } in all {
        let start = median(times);
        println!(
            "| {title} | {:.1} | {} | {:.1}× | {:.1} |",
            std::fs::metadata(program)?.len() as f64 / 1e6,
            milliseconds(start),
            start.as_secs_f64() / hello.as_secs_f64(),
            median(peaks_kib) as f64 / 1024.0,
        );
    }
    println!();
    Ok(())
}
