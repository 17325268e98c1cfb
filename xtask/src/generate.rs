//! Files that derive from the table of routes, and from the policies' schema.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context;
use app::serving::route::{Needs, Route};
use functions::routes::{ROUTES, openapi};
use serde_json::{Value, json};

use crate::needs::{self, Permission};

/// Memory of a function; Lambda gives processor time in proportion.
const MEMORY_MB: u32 = 512;
/// Memory of a function that hashes passwords: a whole processor, at 1,769 MB (Lambda's
/// documentation, "Configure Lambda function memory").
const MEMORY_HASHING_MB: u32 = 1769;
/// How long a function may take.
const TIMEOUT_SECONDS: u32 = 10;
/// How long a function may take that looks at uploads. API Gateway waits 29 seconds at the most.
const TIMEOUT_FILES_SECONDS: u32 = 25;

/// Memory of the worker and the operator: drawing pages takes 512 MiB beside the worker itself, and
/// the processor time that comes with more is over the sooner.
const MEMORY_WORKER_MB: u32 = 2048;
/// How long a batch of the stream may take; drawing a page takes seconds at the most.
const TIMEOUT_WORKER_SECONDS: u32 = 300;
/// How long one of the operator's orders may take: Lambda's longest.
const TIMEOUT_OPERATOR_SECONDS: u32 = 900;

/// Each generated file: its path from the root, and what it says.
fn files(root: &Path) -> anyhow::Result<[(&'static str, String); 4]> {
    let pretty = |value: &Value| -> anyhow::Result<String> {
        Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
    };
    let api = openapi();
    let all = needs::read(root)?;
    let rows = ROUTES.iter().map(|route| row(route, &api, &all)).collect();
    let others = needs::OTHERS.iter().map(|name| other(name, &all)).collect();
    let schema = policy::trust::schema_as_json().map_err(anyhow::Error::from_boxed)?;
    Ok([
        ("openapi.json", pretty(&api)?),
        ("crates/policy/policies/trust.schema.json", pretty(&serde_json::from_str(&schema)?)?),
        ("infra/routes.json", pretty(&rows)?),
        ("infra/workers.json", pretty(&others)?),
    ])
}

/// A function that serves no route.
fn other(name: &str, all: &BTreeSet<Permission>) -> Value {
    let timeout =
        if name == needs::OPERATOR { TIMEOUT_OPERATOR_SECONDS } else { TIMEOUT_WORKER_SECONDS };
    json!({
        "name": name,
        "needs": needs::of(name, all),
        "memory_mb": MEMORY_WORKER_MB,
        "timeout_seconds": timeout,
    })
}

/// One function as `infra/` deploys it.
fn row(route: &Route, api: &Value, all: &BTreeSet<Permission>) -> Value {
    let Needs { files_write, .. } = route.needs;
    json!({
        "name": route.name,
        "method": route.method.as_str(),
        "path": route.path,
        "needs": needs::of(route.name, all),
        "memory_mb": if hashes(route, api) { MEMORY_HASHING_MB } else { MEMORY_MB },
        "timeout_seconds": if files_write { TIMEOUT_FILES_SECONDS } else { TIMEOUT_SECONDS },
    })
}

/// Whether a route is sent a password, and so hashes it.
fn hashes(route: &Route, api: &Value) -> bool {
    // A pointer escapes the slashes of a path (RFC 6901, section 3).
    let (path, method) = (route.path.replace('/', "~1"), route.method.as_str().to_lowercase());
    let body = "requestBody/content/application~1json/schema/properties";
    let fields = api.pointer(&format!("/paths/{path}/{method}/{body}")).and_then(Value::as_object);
    fields.into_iter().flatten().any(|(name, _)| name.ends_with("password"))
}

/// Writes what is stale.
pub(crate) fn write(root: &Path) -> anyhow::Result<()> {
    for (path, text) in files(root)? {
        let file = root.join(path);
        if std::fs::read_to_string(&file).ok().as_deref() == Some(&text) {
            continue;
        }
        std::fs::write(&file, text).with_context(|| format!("cannot write `{path}`"))?;
        println!("wrote {path}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_files_are_fresh() {
        let root = crate::root().unwrap();
        for (path, text) in files(&root).unwrap() {
            let found = std::fs::read_to_string(root.join(path));
            let is_fresh = found.is_ok_and(|found| found == text);
            assert!(is_fresh, "`{path}` is stale: run `make generate`");
        }
    }
}
