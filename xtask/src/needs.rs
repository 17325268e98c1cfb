//! What each function may ask of AWS: `infra/needs.table`, a permission a line.
//!
//! The table is written by what the tests ask for, and the deployed roles by the table. So a role
//! allows what its function was seen to need, and a change that needs more shows it as a line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::{Value, json};

/// Where the table lies.
const TABLE: &str = "infra/needs.table";
/// The key that is read to open a connection.
const NOTHING: &str = "nothing";
/// Functions beside those of the routes.
pub(crate) const OTHERS: [&str; 2] = [OPERATOR, "worker"];
/// The function that carries out the operator's orders.
pub(crate) const OPERATOR: &str = "operator";

/// One permission: whose, what, and on which keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Permission {
    function: String,
    action: String,
    on: String,
}

impl Permission {
    fn parse(line: &str) -> anyhow::Result<Self> {
        let mut words = line.split_whitespace().map(str::to_owned);
        let all = words.next().zip(words.next()).zip(words.next());
        let ((function, action), on) =
            all.with_context(|| format!("`{line}` is no function, action and key"))?;
        Ok(Self { function, action, on })
    }

    fn line(&self) -> String {
        format!("{:<28} {:<28} {}", self.function, self.action, self.on)
    }
}

/// The table.
pub(crate) fn read(root: &Path) -> anyhow::Result<BTreeSet<Permission>> {
    let text = std::fs::read_to_string(root.join(TABLE)).context("cannot read the permissions")?;
    parse(&text)
}

fn parse(text: &str) -> anyhow::Result<BTreeSet<Permission>> {
    text.lines().map(Permission::parse).collect()
}

/// What `function` needs, in the shape that `infra/` reads.
pub(crate) fn of(function: &str, all: &BTreeSet<Permission>) -> Value {
    let mut table = BTreeMap::<&str, Vec<&str>>::new();
    let mut indexes = BTreeMap::<&str, Vec<&str>>::new();
    let mut bucket = BTreeMap::<&str, Vec<&str>>::new();
    let mut mail = Vec::new();
    // Whoever starts reads the root keys, and the operator makes new ones. On a laptop they are a
    // file, so no test is seen to ask for them.
    let mut secrets = vec!["GetSecretValue"];
    if function == OPERATOR {
        secrets.push("PutSecretValue");
    }
    for Permission { action, on, .. } in all.iter().filter(|each| each.function == function) {
        match action.split_once(':') {
            Some(("dynamodb", action)) => match action.split_once('/') {
                Some((_, index)) => indexes.entry(index).or_default().push(on),
                None => table.entry(on).or_default().push(action),
            },
            Some(("s3", action)) => bucket.entry(on).or_default().push(action),
            Some((_, action)) => mail.push(action),
            None => {}
        }
    }
    if !table.is_empty() {
        // Whoever reads the table opens a connection to it while starting.
        table.insert(NOTHING, vec!["GetItem"]);
    }
    json!({
        "table": table,
        "indexes": indexes,
        "bucket": bucket,
        "mail": mail,
        "secrets": { "root_keys": secrets },
    })
}

/// What the tests were seen to ask for, from the files in `folder`.
fn seen(folder: &Path) -> anyhow::Result<BTreeSet<Permission>> {
    let files = std::fs::read_dir(folder).context("cannot look at what the tests asked for")?;
    let mut seen = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(file?.path())?;
        seen.append(&mut parse(&text)?);
    }
    Ok(seen)
}

/// Whether the table is exactly what the tests asked for, which lies in `folder`.
///
/// # Errors
/// Names each permission that is missing or that no test needed.
pub(crate) fn compare(root: &Path, folder: &Path) -> anyhow::Result<()> {
    let (told, seen) = (read(root)?, seen(folder)?);
    let missing = seen.difference(&told).map(|each| format!("  missing  {}", each.line()));
    let unused = told.difference(&seen).map(|each| format!("  unused   {}", each.line()));
    let lines: Vec<String> = missing.chain(unused).collect();
    if lines.is_empty() {
        println!("{} permissions, each of them needed by a test", told.len());
        return Ok(());
    }
    bail!("`{TABLE}` is not what the tests needed:\n{}", lines.join("\n"))
}

/// Writes the table anew from what the tests asked for; what they said nothing of goes.
pub(crate) fn accept(root: &Path, folder: &Path) -> anyhow::Result<()> {
    let lines: Vec<String> = seen(folder)?.iter().map(Permission::line).collect();
    std::fs::write(root.join(TABLE), lines.join("\n") + "\n")?;
    println!("wrote {TABLE}, {} permissions; now `make generate`", lines.len());
    Ok(())
}

/// Where the tests leave what they asked for.
pub(crate) fn folder(root: &Path) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    target.unwrap_or_else(|| root.join("target")).join("calls")
}

#[cfg(test)]
mod tests {
    use functions::routes::ROUTES;

    use super::*;

    /// Permissions that a route does not declare, however they were seen.
    fn beyond_declared(all: &BTreeSet<Permission>) -> Vec<String> {
        let is_beyond = |each: &&Permission| {
            let route = ROUTES.iter().find(|route| route.name == each.function);
            let Some(route) = route else { return !OTHERS.contains(&each.function.as_str()) };
            let needs = route.needs;
            !match each.action.as_str() {
                "dynamodb:GetItem" | "dynamodb:BatchGetItem" => needs.table_read,
                "s3:GetObject" => needs.files_read || needs.files_write,
                "s3:PutObject" | "s3:DeleteObject" => needs.files_write,
                action if action.starts_with("dynamodb:Query") => needs.table_read,
                "dynamodb:PutItem" | "dynamodb:DeleteItem" | "dynamodb:ConditionCheckItem" => {
                    needs.table_write
                }
                // A session or a browser that is in use is noted, and a view counted.
                "dynamodb:UpdateItem" => needs.table_write || is_use(&each.on),
                _ => false,
            }
        };
        all.iter().filter(is_beyond).map(Permission::line).collect()
    }

    fn is_use(on: &str) -> bool {
        ["ses#*", "{ulid}#seen#*"].contains(&on)
    }

    #[test]
    fn no_function_may_do_more_than_its_route_declares() {
        let all = read(&crate::root().unwrap()).unwrap();
        let beyond = beyond_declared(&all);
        assert!(beyond.is_empty(), "{}", beyond.join("\n"));
    }

    #[test]
    fn what_a_route_declares_it_was_seen_to_need() {
        let all = read(&crate::root().unwrap()).unwrap();
        let needs = |route: &str, actions: &[&str]| {
            let mut of = all.iter().filter(|each| each.function == route);
            of.any(|each| actions.iter().any(|action| each.action.ends_with(action)))
        };
        let is_idle = |route: &&app::serving::route::Route| {
            let declared = route.needs;
            (declared.table_read && !needs(route.name, &["GetItem", "Query"]))
                || (declared.table_write
                    && !needs(route.name, &["PutItem", "UpdateItem", "DeleteItem"]))
                || (declared.files_read && !needs(route.name, &["GetObject"]))
                || (declared.files_write && !needs(route.name, &["PutObject", "DeleteObject"]))
        };
        let idle: Vec<_> = ROUTES.iter().filter(is_idle).map(|route| route.name).collect();
        assert!(idle.is_empty(), "{idle:?} declare more than any test was seen to need");
    }

    #[test]
    fn what_is_missing_and_what_is_unused_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let (root, calls) = (folder.path().join("root"), folder.path().join("calls"));
        std::fs::create_dir_all(root.join("infra")).unwrap();
        std::fs::create_dir_all(&calls).unwrap();
        std::fs::write(calls.join("1"), "me.read dynamodb:GetItem ses#*\n").unwrap();
        std::fs::write(root.join(TABLE), "me.read dynamodb:GetItem   idn#*\n").unwrap();
        let told = compare(&root, &calls).unwrap_err().to_string();
        assert!(told.contains("missing  me.read") && told.contains("unused   me.read"), "{told}");
        accept(&root, &calls).unwrap();
        compare(&root, &calls).unwrap();
    }

    #[test]
    fn a_function_has_its_permissions_by_key() {
        let text = "a.b dynamodb:GetItem {ulid}\na.b dynamodb:Query/due due#*\na.b s3:GetObject x\n\
                    c.d dynamodb:PutItem {ulid}";
        let needs = of("a.b", &parse(text).unwrap());
        assert_eq!(needs["table"], json!({ "{ulid}": ["GetItem"], "nothing": ["GetItem"] }));
        assert_eq!(needs["indexes"], json!({ "due": ["due#*"] }));
        assert_eq!(needs["bucket"], json!({ "x": ["GetObject"] }));
    }
}
