//! Which room of `app` may look into which: its `lib.rs` lists them from the lowest floor up.

use crate::tidy::{Finding, Source, Tree};

/// Where the rooms are.
const APP: &str = "crates/app/src/";
/// What unit tests of all rooms begin with: it is no room, and only tests are built with it.
const FIXTURES: &str = "fixtures";
/// What a row of the list begins with.
const ROW: &str = "//! | [`";

/// The rooms, from the lowest floor up.
fn rooms(list: &Source) -> Vec<&str> {
    let rows = list.text.lines().filter_map(|line| line.strip_prefix(ROW));
    rows.filter_map(|row| row.split('`').next()).collect()
}

/// A room of `app` looks into itself and into lower rooms only.
pub(crate) fn lower_rooms_only(tree: &Tree) -> Vec<Finding> {
    let list = format!("{APP}lib.rs");
    let Some(list) = tree.sources.iter().find(|source| source.path == list) else {
        return Vec::new();
    };
    let rooms = rooms(list);
    let floor = |name: &str| rooms.iter().position(|room| *room == name);
    let mut findings = Vec::new();
    for source in tree.rust().filter(|source| source.path != list.path) {
        let Some(place) = source.path.strip_prefix(APP) else { continue };
        let room = place.split(['/', '.']).next().unwrap_or_default();
        if room == FIXTURES {
            continue;
        }
        let Some(own) = floor(room) else {
            findings.push(source.finding(1, format!("`{room}` is not listed in {}", list.path)));
            continue;
        };
        for (at, line) in source.code() {
            for path in line.split("crate::").skip(1) {
                let name = path.split(|sign: char| !sign.is_alphanumeric() && sign != '_').next();
                let name = name.unwrap_or_default();
                if name.is_empty() {
                    let said = "name one room at a time, so that it is seen which";
                    findings.push(source.finding(at, said));
                }
                if floor(name).is_some_and(|other| own < other) {
                    findings.push(source.finding(at, format!("`{room}` is not above `{name}`")));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_up_or_standing_nowhere_is_found() {
        let list = "//! | room | what |\n//! | [`cellar`] | wine |\n//! | [`attic`] | boxes |\n";
        let found = |place: &str, text: &str| {
            let file = |path: String, text: &str| Source { path, text: text.to_owned() };
            let sources =
                vec![file(format!("{APP}lib.rs"), list), file(format!("{APP}{place}"), text)];
            lower_rooms_only(&Tree { sources }).len()
        };
        assert_eq!(found("attic/shelf.rs", "use crate::cellar::Bottle;\n"), 0);
        assert_eq!(found("attic.rs", "use crate::attic::shelf::Box;\n"), 0);
        assert_eq!(found("cellar/rack.rs", "let toy = crate::attic::toy();\n"), 1);
        assert_eq!(found("cellar.rs", "use crate::attic_or::Other;\n"), 0);
        assert_eq!(found("cellar.rs", "// see crate::attic\n"), 0);
        assert_eq!(found("cellar.rs", "use crate::{attic, cellar};\n"), 1);
        assert_eq!(found("garage.rs", "\n"), 1);
        assert_eq!(found("fixtures.rs", "use crate::attic::shelf::Box;\n"), 0);
    }
}
