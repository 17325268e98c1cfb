//! `make run`: how long it takes to answer on data that is there, and how much memory it keeps.
//!
//! Also with `DEMO_PASSWORD` set, which is checked at each start: one hash of it, on purpose slow.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::Sides;
use crate::machine::{memory_kib, program};
use tests::figures::{median, milliseconds};

/// Starts on existing data.
const STARTS: usize = 11;
/// How long it idles before its memory is read.
const IDLE: Duration = Duration::from_secs(1);
/// How often one asks whether it answers.
const ASK: Duration = Duration::from_millis(1);
/// Password of the demo's people.
const PASSWORD: &str = "seventeen purple walruses";
/// How long laying out the demo may take.
const START_WAIT: Duration = Duration::from_mins(2);

/// The program as it runs.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn measure(sides: &Sides) -> anyhow::Result<()> {
    let program = program("local")?;
    let folder = TempDir::with_prefix("vestibule-")?;
    let start = |password| sides.client.block_on(start(&program, folder.path(), password));
    let (first, _) = start(Some(PASSWORD));
    let (mut times, mut checked, mut idle_kib) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let (time, kib) = start(None);
        times.push(time);
        idle_kib.push(kib);
        checked.push(start(Some(PASSWORD)).0);
    }
    println!("### `make run`\n");
    println!(
        "From the spawn until `GET /v1/health` answers 200 on existing demo data: {} ms (median of {STARTS}; {} ms where `DEMO_PASSWORD` is to be checked, {} ms with the demo to lay out). Memory (`VmRSS`) after a second of idling: {} MiB.\n",
        milliseconds(median(&times)),
        milliseconds(median(&checked)),
        milliseconds(first),
        median(&idle_kib) / 1024,
    );
    Ok(())
}

/// Starts the program; tells when it answered and what it keeps when idle, in KiB.
async fn start(program: &Path, folder: &Path, password: Option<&str>) -> (Duration, u64) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let started_at = Instant::now();
    let child = Command::new(program)
        .env("PORT", port.to_string())
        .env("DATA_DIR", folder)
        .env_remove("DEMO_PASSWORD")
        .envs(password.map(|password| ("DEMO_PASSWORD", password)))
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let running = Running(child);
    let http = reqwest::Client::new();
    let url = format!("http://127.0.0.1:{port}/v1/health");
    let answered = async {
        while !http.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
            sleep(ASK).await;
        }
    };
    tokio::time::timeout(START_WAIT, answered).await.expect("the program answers in time");
    let time = started_at.elapsed();
    sleep(IDLE).await;
    (time, memory_kib(running.0.id(), "VmRSS"))
}
