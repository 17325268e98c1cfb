//! The house's own tools: what is generated from the routes, and the rules of the house checked.
//!
//! - `cargo xtask generate` writes `openapi.json` and `infra/routes.json`;
//! - `cargo xtask tidy` names every line that breaks a rule.
//!
//! Both are tests as well: `cargo test -p xtask` fails where a file is stale or a rule is broken.

mod generate;
mod tidy;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

fn main() -> anyhow::Result<()> {
    let task = std::env::args().nth(1).unwrap_or_default();
    match task.as_str() {
        "generate" => generate::write(&root()?),
        "tidy" => tidy::report(&root()?),
        _ => bail!("usage: cargo xtask generate|tidy"),
    }
}

/// The folder with the workspace's `Cargo.toml`.
fn root() -> anyhow::Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(Path::to_path_buf).context("the workspace has no folder")
}
