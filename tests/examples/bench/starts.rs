//! The deployed programs: how big they are, how long they take to start, how much memory they
//! touch until they ask for work, and how much longer the first event takes than later ones.
//!
//! Started as Lambda starts them, by a stand-in of its Runtime API; starts of all programs take
//! turns, so that a busy moment of the machine meets all alike.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use app::house::keyring::Keyring;
use functions::routes::ROUTES;
use local::s3::{ACCESS_KEY, BUCKET, SECRET_KEY};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::events::{Request, api_gateway, schedule};
use tests::runtime::Function;
use tests::world::World;

use crate::Sides;
use crate::machine::{memory_kib, program};
use tests::figures::{median, milliseconds};

/// Starts of each program, one after the other.
const STARTS: usize = 21;
/// Starts of each route's function.
const STARTS_OF_ROUTE: usize = 3;
/// Events after the first one.
const LATER: usize = 10;
/// Program, `_HANDLER`, and the path of what it is asked; the worker is woken by its schedule. The
/// first is what the others are measured against.
const PROGRAMS: [(&str, &str, Option<&str>); 4] = [
    ("hello", "*", Some("/v1/health")),
    ("functions", "*", Some("/v1/trust/acme")),
    ("functions", "trust.read", Some("/v1/trust/acme")),
    ("worker", "bootstrap", None),
];

/// What is in a function's environment.
type Env = Vec<(&'static str, String)>;

struct Measured {
    program: PathBuf,
    title: String,
    handler: &'static str,
    event: Value,
    starts: Vec<Started>,
}

/// One start.
struct Started {
    time: Duration,
    peak_kib: u64,
    first: Duration,
    later: Duration,
}

pub(crate) fn measure(sides: &Sides) -> anyhow::Result<()> {
    let world = sides.cloud.block_on(World::start());
    let folder = TempDir::with_prefix("vestibule-")?;
    let roots = folder.path().join("roots");
    std::fs::write(&roots, Keyring::generate([9; 32]))?;
    let env: Env = vec![
        ("TABLE_NAME", "vestibule".to_owned()),
        ("BUCKET", BUCKET.to_owned()),
        ("BASE_URL", "https://trust.acme.example".to_owned()),
        ("ROOT_KEYS_FILE", roots.display().to_string()),
        ("MAIL_FROM", "mail@acme.example".to_owned()),
        ("RUST_LOG", "warn".to_owned()),
        ("AWS_REGION", "eu-central-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
        ("AWS_ENDPOINT_URL_DYNAMODB", world.cloud.table_url.clone()),
        ("AWS_ENDPOINT_URL_S3", world.base_url.clone()),
        ("AWS_ENDPOINT_URL_SESV2", world.base_url.clone()),
    ];
    let mut all = Vec::new();
    for (name, handler, path) in PROGRAMS {
        let title = format!("`{name}`, `_HANDLER={handler}`");
        let event = path.map_or_else(schedule, get);
        let (program, starts) = (program(name)?, Vec::new());
        all.push(Measured { program, title, handler, event, starts });
    }
    for _ in 0..STARTS {
        for Measured { program, handler, event, starts, .. } in &mut all {
            let program = program.to_string_lossy();
            starts.push(sides.cloud.block_on(start(&program, handler, event, &env)));
        }
    }
    print(&all)?;
    print_routes(sides, &env)
}

/// Starts a program, and hands it the same event several times.
async fn start(program: &str, handler: &str, event: &Value, env: &Env) -> Started {
    let function = Function::start(program, handler, env).await;
    let time = function.ready().await;
    let peak_kib = memory_kib(function.process_id(), "VmHWM");
    let ask = async || {
        let asked = Instant::now();
        let answer = function.invoke(event.clone()).await.expect("the function answers");
        let is_good = answer.get("statusCode").is_none_or(|status| *status == json!(200));
        assert!(is_good, "{answer}");
        asked.elapsed()
    };
    let first = ask().await;
    let mut later = Vec::new();
    for _ in 0..LATER {
        later.push(ask().await);
    }
    Started { time, peak_kib, first, later: median(&later) }
}

fn get(path: &str) -> Value {
    api_gateway(&Request { method: "GET", path, ..Request::default() })
}

#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
fn print(all: &[Measured]) -> anyhow::Result<()> {
    let times = |of: &[Started], part: fn(&Started) -> Duration| {
        median(&of.iter().map(part).collect::<Vec<_>>())
    };
    println!("### Programs\n");
    println!(
        "Start: from the spawn until the first poll for an event, median of {STARTS}. Peak memory: `VmHWM` at that moment. First: how much longer the first event takes than the median of {LATER} later ones.\n"
    );
    println!(
        "| program | size, MB | start, ms | beside hello | peak memory, MiB | first, ms | later, ms |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|");
    let hello =
        all.first().map(|hello| times(&hello.starts, |start| start.time)).unwrap_or_default();
    for Measured { program, title, starts, .. } in all {
        let start = times(starts, |start| start.time);
        let peak = median(&starts.iter().map(|start| start.peak_kib).collect::<Vec<_>>());
        println!(
            "| {title} | {:.1} | {} | {:.1}× | {:.1} | +{} | {} |",
            std::fs::metadata(program)?.len() as f64 / 1e6,
            milliseconds(start),
            start.as_secs_f64() / hello.as_secs_f64(),
            peak as f64 / 1024.0,
            milliseconds(times(starts, |start| start.first.saturating_sub(start.later))),
            milliseconds(times(starts, |start| start.later)),
        );
    }
    println!();
    Ok(())
}

/// Every route as the function that it is deployed as.
#[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52")]
fn print_routes(sides: &Sides, env: &Env) -> anyhow::Result<()> {
    let program = program("functions")?;
    let program = program.to_string_lossy();
    let (mut times, mut peaks, mut slowest) = (Vec::new(), Vec::new(), (Duration::ZERO, ""));
    for route in ROUTES {
        let starts: Vec<(Duration, u64)> = (0..STARTS_OF_ROUTE)
            .map(|_| {
                sides.cloud.block_on(async {
                    let function = Function::start(&program, route.name, env).await;
                    let time = function.ready().await;
                    (time, memory_kib(function.process_id(), "VmHWM"))
                })
            })
            .collect();
        let time = median(&starts.iter().map(|start| start.0).collect::<Vec<_>>());
        slowest = slowest.max((time, route.name));
        times.push(time);
        peaks.extend(starts.iter().map(|start| start.1));
    }
    println!(
        "Each of the {} routes as a function of its own, started {STARTS_OF_ROUTE} times: {} ms in the median, {} ms at the most (`{}`); {:.1} MiB in the median, {:.1} at the most.\n",
        ROUTES.len(),
        milliseconds(median(&times)),
        milliseconds(slowest.0),
        slowest.1,
        median(&peaks) as f64 / 1024.0,
        peaks.iter().max().copied().unwrap_or_default() as f64 / 1024.0,
    );
    Ok(())
}
