//! All tests, one part after the other; one that fails does not hide what the others have to say.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::needs;

/// Runs every part and names those that failed.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let calls = needs::folder(root);
    // What an earlier run asked for says nothing about this one.
    let _ = std::fs::remove_dir_all(&calls);
    std::fs::create_dir_all(&calls).context("cannot make a folder for what the tests ask")?;

    let mut rust = cargo(root, &["--workspace", "--tests", "--no-fail-fast"]);
    rust.env("CALLS_DIR", &calls);
    rust.env("RUST_TEST_THREADS", threads().to_string());
    let done = [
        ("rust", success(rust)),
        ("roles", needs::compare(root, &calls)),
        ("dynamodb", dynamodb(root)),
        ("infra", infra(root)),
    ];
    let mut failed = Vec::new();
    for (part, done) in done {
        if let Err(error) = done {
            eprintln!("{part}: {error:#}");
            failed.push(part);
        }
    }
    if failed.is_empty() { Ok(()) } else { bail!("failed: {}", failed.join(", ")) }
}

/// The journeys once more, over AWS's own `DynamoDB` Local.
fn dynamodb(root: &Path) -> anyhow::Result<()> {
    let folder = root.join("tests/dynamodb");
    success(npm(&folder, &["ci", "--no-audit", "--no-fund"]))?;
    let mut server = Command::new("node");
    server.arg("serve.mjs").current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut server = server.spawn().context("cannot start node")?;
    let mut url = String::new();
    if let Some(said) = server.stdout.take() {
        BufReader::new(said).read_line(&mut url).context("cannot read where it is reached")?;
    }
    let mut journeys = cargo(root, &["--workspace", "--test", "house", "journeys::"]);
    journeys.env("DYNAMODB_URL", url.trim());
    let is_there = !url.is_empty();
    let done = if is_there { success(journeys) } else { Ok(()) };
    // It ends with its input.
    drop(server.stdin.take());
    server.wait()?;
    anyhow::ensure!(is_there, "it did not start");
    done
}

/// What is deployed: the templates, and what they allow.
fn infra(root: &Path) -> anyhow::Result<()> {
    let folder = root.join("infra");
    for arguments in [&["ci", "--no-audit", "--no-fund"][..], &["run", "check"], &["test"]] {
        success(npm(&folder, arguments))?;
    }
    Ok(())
}

/// Tests at a time: some wait for what must not answer faster, while others compute.
fn threads() -> usize {
    2 * std::thread::available_parallelism().map_or(1, usize::from)
}

fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["test", "--locked"]).args(arguments).current_dir(root);
    cargo
}

fn npm(folder: &Path, arguments: &[&str]) -> Command {
    let mut npm = Command::new("npm");
    npm.args(arguments).current_dir(folder);
    npm
}

fn success(mut command: Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    if status.success() { Ok(()) } else { bail!("{command:?} ended with {status}") }
}
