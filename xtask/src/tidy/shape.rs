//! How long files and functions are, how files are called, how they begin.

use crate::tidy::{Finding, Source, Tree};

/// Lines of a file at the most.
const FILE_LINES_MAX: usize = 400;
/// Lines of a function at the most, signature and closing brace included.
const FUNCTION_LINES_MAX: usize = 60;
/// Names that say nothing; `mod.rs` is `area.rs` beside `area/`.
const EMPTY_NAMES: [&str; 9] = [
    "mod.rs",
    "util.rs",
    "utils.rs",
    "helper.rs",
    "helpers.rs",
    "common.rs",
    "misc.rs",
    "utils.js",
    "helpers.js",
];

/// Files are short.
pub(crate) fn files_are_short(tree: &Tree) -> Vec<Finding> {
    let code = tree.sources.iter().filter(|source| !source.path.ends_with("Cargo.toml"));
    code.filter_map(|source| {
        let lines = source.text.lines().count();
        let said = || format!("{lines} lines; split it, {FILE_LINES_MAX} are the most");
        (FILE_LINES_MAX < lines).then(|| source.finding(FILE_LINES_MAX + 1, said()))
    })
    .collect()
}

/// Functions are short. It reads what rustfmt wrote: a function ends at the first closing brace
/// under its beginning.
pub(crate) fn functions_are_short(tree: &Tree) -> Vec<Finding> {
    tree.rust().flat_map(long_functions).collect()
}

fn long_functions(source: &Source) -> Vec<Finding> {
    let lines: Vec<&str> = source.text.lines().collect();
    let mut findings = Vec::new();
    for (at, line) in (0..).zip(&lines) {
        let begin = line.trim_start();
        let name = match begin.split_once("fn ") {
            Some((before, name)) if is_head(before) => name,
            _ => continue,
        };
        let indent = line.len() - begin.len();
        let end = format!("{}}}", " ".repeat(indent));
        let below = lines.iter().skip(at);
        let length = below.take_while(|line| **line != end).count() + 1;
        let is_whole = at + length <= lines.len() && !begin.ends_with(';');
        if is_whole && FUNCTION_LINES_MAX < length {
            let name: String =
                name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let said = format!("`{name}` has {length} lines; {FUNCTION_LINES_MAX} are the most");
            findings.push(source.finding(at + 1, said));
        }
    }
    findings
}

/// Whether only what may stand before `fn` stands there.
fn is_head(before: &str) -> bool {
    before.split_whitespace().all(|word| {
        word.starts_with("pub") || ["const", "async", "in", "crate)", "super)"].contains(&word)
    })
}

/// Names of files say something, and files say what they are for.
pub(crate) fn files_say_what_they_are(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in &tree.sources {
        let name = source.path.rsplit('/').next().unwrap_or_default();
        if EMPTY_NAMES.contains(&name) {
            findings.push(source.finding(1, format!("`{name}` says nothing about what is in it")));
        }
        if source.is_rust() && !source.is_test() && !source.text.starts_with("//! ") {
            findings.push(source.finding(1, "begin with `//!` and what the file is for"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::said;

    #[test]
    fn a_long_file_is_found() {
        assert_eq!(said(files_are_short, "crates/app/src/exchange/cx.rs", &"\n".repeat(401)), 1);
        assert_eq!(said(files_are_short, "crates/app/src/exchange/cx.rs", &"\n".repeat(400)), 0);
    }

    #[test]
    fn a_long_function_is_found() {
        let function = |head: &str, lines: usize| {
            format!("impl A {{\n    {head} {{\n{}    }}\n}}\n", "        work();\n".repeat(lines))
        };
        let found = |text: &str| said(functions_are_short, "crates/app/src/exchange/cx.rs", text);
        assert_eq!(found(&function("pub(crate) async fn long(&self)", 59)), 1);
        assert_eq!(found(&function("pub(crate) async fn short(&self)", 58)), 0);
        assert_eq!(found("trait A {\n    fn declared(&self);\n}\n"), 0);
    }

    #[test]
    fn a_name_that_says_nothing_is_found() {
        let found = |path, text| said(files_say_what_they_are, path, text);
        assert_eq!(found("crates/app/src/utils.rs", "//! This and that.\n"), 1);
        assert_eq!(found("crates/app/src/exchange/cx.rs", "use std::fmt;\n"), 1);
        assert_eq!(found("crates/app/src/exchange/cx.rs", "//! The context.\n"), 0);
    }
}
