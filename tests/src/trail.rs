//! The audit trail, as a test reads it.

use std::collections::BTreeMap;

use domain::activity::{Activity, Object};
use store::Store;
use store::activities::Home;

/// Lines read at the most.
const LINES_MAX: usize = 20_000;

/// The lines that lie with `home`, oldest first.
pub async fn trail(store: &Store, home: Home) -> Vec<Activity> {
    let mut lines = store.activities_at(home, None, LINES_MAX).await.expect("the trail");
    lines.reverse();
    lines
}

/// The lines that lie with `home`, checked to be numbered without a gap for each object. What was
/// seeded has no line for its first version.
pub async fn gap_free_trail(store: &Store, home: Home) -> Vec<Activity> {
    let lines = trail(store, home).await;
    let mut of: BTreeMap<Object, Vec<u64>> = BTreeMap::new();
    for line in &lines {
        of.entry(line.object).or_default().push(line.seq);
    }
    for (object, mut numbers) in of {
        numbers.sort_unstable();
        let first = numbers[0];
        assert!(first <= 2, "the trail of {object} begins with line {first}");
        let wanted: Vec<u64> = (first..).take(numbers.len()).collect();
        assert_eq!(numbers, wanted, "lines of {object}: {lines:#?}");
    }
    lines
}

/// How many of `lines` say that `verb` was done.
pub fn times(lines: &[Activity], verb: &str) -> usize {
    lines.iter().filter(|line| line.verb == verb).count()
}
