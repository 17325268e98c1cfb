//! The rules of the house that text can check: see ARCHITECTURE.md.

mod floors;
mod rooms;
mod shape;
mod words;

use std::fmt;
use std::path::Path;

use anyhow::{Context, bail};

/// Folders with sources.
const FOLDERS: [&str; 8] =
    ["crates", "functions", "worker", "local", "tests", "xtask", "web", "infra"];
/// Endings of the names of sources.
const ENDINGS: [&str; 5] = [".rs", ".toml", ".js", ".mjs", ".ts"];
/// Folders with nothing of ours in them.
const STRANGE: [&str; 4] = ["target", "node_modules", "cdk.out", "build"];
/// Folders beneath folders at the most.
const DEPTH_MAX: usize = 12;

/// Everything that is checked.
pub(crate) struct Tree {
    sources: Vec<Source>,
}

/// One file.
pub(crate) struct Source {
    /// From the root, with slashes.
    path: String,
    text: String,
}

/// A rule broken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    path: String,
    /// From 1.
    line: usize,
    said: String,
}

type Rule = fn(&Tree) -> Vec<Finding>;

const RULES: [Rule; 17] = [
    floors::lower_floors_only,
    rooms::lower_rooms_only,
    floors::versions_are_stated_once,
    floors::aws_behind_three_doors,
    floors::domain_is_pure,
    floors::files_are_drawn_by_the_worker,
    floors::policies_in_one_place,
    floors::answers_in_one_place,
    words::time_and_chance_enter_once,
    words::keys_are_formatted_in_keys,
    words::no_spawn_in_handlers,
    words::no_endless_loop,
    words::anyhow_at_the_edges,
    words::nothing_silenced_or_left_undone,
    shape::files_are_short,
    shape::functions_are_short,
    shape::files_say_what_they_are,
];

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.said)
    }
}

impl Source {
    fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|ending| ending == "rs")
    }

    /// Whether it holds only tests.
    fn is_test(&self) -> bool {
        self.path.starts_with("tests/")
            || self.path.contains("/tests/")
            || self.path.ends_with("/tests.rs")
    }

    /// Lines of code with their numbers from 1: no comments, no tests.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_comment = |line: &str| line.trim_start().starts_with("//");
        (1..)
            .zip(self.text.lines())
            .take_while(|(_, line)| *line != "#[cfg(test)]")
            .filter(move |(_, line)| !is_comment(line))
    }

    fn finding(&self, line: usize, said: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, said: said.into() }
    }
}

impl Tree {
    fn read(root: &Path) -> anyhow::Result<Self> {
        let mut sources = Vec::new();
        for folder in FOLDERS {
            gather(root, &root.join(folder), DEPTH_MAX, &mut sources)?;
        }
        Ok(Self { sources })
    }

    fn rust(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|source| source.is_rust())
    }

    /// Every line of code outside tests for which `rule` has something to say.
    fn lines(
        &self,
        applies: impl Fn(&str) -> bool,
        rule: impl Fn(&str) -> Option<String>,
    ) -> Vec<Finding> {
        let sources = self.rust().filter(|source| !source.is_test() && applies(&source.path));
        let said = |source: &Source| -> Vec<Finding> {
            let lines = source.code();
            lines.filter_map(|(at, line)| Some(source.finding(at, rule(line)?))).collect()
        };
        sources.flat_map(said).collect()
    }

    fn findings(&self) -> Vec<Finding> {
        RULES.iter().flat_map(|rule| rule(self)).collect()
    }
}

fn gather(
    root: &Path,
    folder: &Path,
    depth: usize,
    sources: &mut Vec<Source>,
) -> anyhow::Result<()> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_ours = !STRANGE.contains(&name.as_str()) && !name.starts_with('.');
        if path.is_dir() && is_ours {
            let left = depth.checked_sub(1).context("folders lie too deep")?;
            gather(root, &path, left, sources)?;
        } else if ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("cannot read `{}`", path.display()))?;
            let path = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            sources.push(Source { path, text });
        }
    }
    Ok(())
}

/// Prints what breaks a rule.
pub(crate) fn report(root: &Path) -> anyhow::Result<()> {
    let findings = Tree::read(root)?.findings();
    for finding in &findings {
        println!("{finding}");
    }
    if findings.is_empty() { Ok(()) } else { bail!("{} lines break a rule", findings.len()) }
}

/// How often `rule` is broken in a tree of one file.
#[cfg(test)]
fn said(rule: Rule, path: &str, text: &str) -> usize {
    let source = Source { path: path.to_owned(), text: text.to_owned() };
    rule(&Tree { sources: vec![source] }).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        let findings = Tree::read(&crate::root().unwrap()).unwrap().findings();
        let said: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert!(said.is_empty(), "\n{}", said.join("\n"));
    }
}
