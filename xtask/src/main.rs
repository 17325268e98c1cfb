//! The house's own tools: what is generated from the routes, and the rules of the house checked.
//!
//! - `cargo xtask generate` writes `openapi.json`, the policies' schema as JSON, and of `infra/` the
//!   functions with their needs;
//! - `cargo xtask tidy` names every line that breaks a rule;
//! - `cargo xtask test` runs all tests;
//! - `cargo xtask needs` compares what functions may ask of AWS with what tests were seen to ask;
//!   `needs --accept` takes that over.
//!
//! The first two are tests as well: `cargo test --bin xtask` fails where a file is stale or a rule is
//! broken.

mod generate;
mod needs;
mod testing;
mod tidy;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let root = root()?;
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["generate"] => generate::write(&root),
        ["tidy"] => tidy::report(&root),
        ["test"] => testing::run(&root),
        ["needs"] => needs::compare(&root, &needs::folder(&root)),
        ["needs", "--accept"] => needs::accept(&root, &needs::folder(&root)),
        _ => bail!("usage: cargo xtask generate|tidy|test|needs [--accept]"),
    }
}

/// The folder with the workspace's `Cargo.toml`.
fn root() -> anyhow::Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(Path::to_path_buf).context("the workspace has no folder")
}
