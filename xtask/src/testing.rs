//! All tests, one part after the other; one that fails does not hide what the others have to say.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use crate::needs;

/// Runs every part and names those that failed.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let calls = needs::folder(root);
    // What an earlier run asked for says nothing about this one.
    let _ = std::fs::remove_dir_all(&calls);
    std::fs::create_dir_all(&calls).context("cannot make a folder for what the tests ask")?;

    let mut rust = Command::new(env!("CARGO"));
    rust.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
    rust.env("CALLS_DIR", &calls).current_dir(root);
    let done =
        [("rust", success(rust)), ("roles", needs::compare(root, &calls)), ("infra", infra(root))];
    let mut failed = Vec::new();
    for (part, done) in done {
        if let Err(error) = done {
            eprintln!("{part}: {error:#}");
            failed.push(part);
        }
    }
    if failed.is_empty() { Ok(()) } else { bail!("failed: {}", failed.join(", ")) }
}

/// What is deployed: the templates, and what they allow.
fn infra(root: &Path) -> anyhow::Result<()> {
    for arguments in [&["ci", "--no-audit", "--no-fund"][..], &["run", "check"], &["test"]] {
        let mut npm = Command::new("npm");
        npm.args(arguments).current_dir(root.join("infra"));
        success(npm)?;
    }
    Ok(())
}

fn success(mut command: Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    if status.success() { Ok(()) } else { bail!("{command:?} ended with {status}") }
}
