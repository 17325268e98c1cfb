//! Words that belong to one place.

use crate::tidy::{Finding, Tree};

/// What tells the time or rolls dice.
const TIME_AND_CHANCE: [&str; 6] =
    ["SystemTime::now", "Timestamp::now", "Zoned::now", "getrandom::", "rand::", "Ulid::generate"];
/// The only places that may: the clock, the dice, signing (which goes by the wall clock), and
/// what is no part of the product as deployed.
const TIME_AND_CHANCE_AT: [&str; 5] = [
    "crates/app/src/house/clock.rs",
    "crates/app/src/house/dice.rs",
    "crates/files/src/",
    "local/",
    "xtask/",
];

/// Time and chance enter in one place each.
pub(crate) fn time_and_chance_enter_once(tree: &Tree) -> Vec<Finding> {
    let elsewhere = |path: &str| !TIME_AND_CHANCE_AT.iter().any(|place| path.starts_with(place));
    tree.lines(elsewhere, |line| {
        let is_there = |word: &&&str| {
            line.split(**word).next().is_some_and(|before| {
                before.len() < line.len() && !before.ends_with(|c: char| c.is_alphanumeric())
            })
        };
        let word = TIME_AND_CHANCE.iter().find(is_there)?;
        Some(format!("`{word}` belongs in clock.rs or dice.rs; take it from `Cx`"))
    })
}

/// Keys of the table and the bucket are formatted in `keys.rs` of each, or its rooms.
pub(crate) fn keys_are_formatted_in_keys(tree: &Tree) -> Vec<Finding> {
    let is_beside = |path: &str| {
        let is_ours =
            path.starts_with("crates/store/src/") || path.starts_with("crates/files/src/");
        is_ours && !path.ends_with("/keys.rs") && !path.contains("/src/keys/")
    };
    tree.lines(is_beside, |line| {
        let mut literals = line.split('"').skip(1).step_by(2);
        let key = literals.find(|literal| is_key(literal))?;
        Some(format!("`{key}` is part of a key; keys are formatted in keys.rs"))
    })
}

/// Whether a text puts an id behind the kind of an item (`grt#{…}`), or names a folder of the
/// bucket.
fn is_key(literal: &str) -> bool {
    literal.contains("#{") || literal.starts_with("quarantine/")
}

/// Lambda freezes after the answer, and what was spawned with it.
pub(crate) fn no_spawn_in_handlers(tree: &Tree) -> Vec<Finding> {
    tree.lines(
        |path| path.starts_with("functions/"),
        |line| {
            let spawns = line.contains("spawn(") || line.contains("spawn_blocking(");
            spawns.then(|| "a handler must not spawn".to_owned())
        },
    )
}

/// Every loop has a limit with a name.
pub(crate) fn no_endless_loop(tree: &Tree) -> Vec<Finding> {
    let is_deployed =
        |path: &str| ["crates/", "functions/", "worker/"].iter().any(|part| path.starts_with(part));
    tree.lines(is_deployed, |line| {
        let line = line.trim();
        let endless = line.ends_with("loop {") || line.starts_with("while true");
        endless.then(|| "a loop needs a limit: `for _ in 0..NAMED_MAX`".to_owned())
    })
}

/// Errors have types; `anyhow` is for programs, not for libraries.
pub(crate) fn anyhow_at_the_edges(tree: &Tree) -> Vec<Finding> {
    let is_library = |path: &str| {
        !path.ends_with("/main.rs") && !path.starts_with("local/") && !path.starts_with("xtask/")
    };
    tree.lines(is_library, |line| {
        let uses = line.contains("anyhow::") || line.contains("use anyhow");
        uses.then(|| "`anyhow` only in mains, `local` and `xtask`".to_owned())
    })
}

/// Lints are expected with a reason or obeyed; nothing is left for later.
pub(crate) fn nothing_silenced_or_left_undone(tree: &Tree) -> Vec<Finding> {
    // In two halves, so that this file may speak of them.
    let forbidden = [
        (concat!("#[", "allow("), "expect it with a reason instead"),
        (concat!("#![", "allow("), "expect it with a reason instead"),
        (concat!("todo", "!("), "do it, or say in the documentation that it is not done"),
        (concat!("unimplemented", "!("), "do it, or say in the documentation that it is not done"),
        (concat!("dbg", "!("), "trace it instead"),
        (concat!("TO", "DO"), "do it, or say in the documentation that it is not done"),
        (concat!("FIX", "ME"), "mend it"),
        (concat!("fn te", "st_"), "a test's name is a sentence"),
    ];
    let mut findings = Vec::new();
    for source in tree.rust() {
        for (at, line) in (1..).zip(source.text.lines()) {
            let word = forbidden.iter().find(|(word, _)| line.contains(word));
            findings.extend(word.map(|(word, why)| source.finding(at, format!("`{word}`: {why}"))));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::said;

    #[test]
    fn a_clock_or_dice_elsewhere_are_found() {
        let found = |path, text| said(time_and_chance_enter_once, path, text);
        assert_eq!(found("functions/src/routes/a.rs", "let now = Timestamp::now();\n"), 1);
        assert_eq!(found("worker/src/lib.rs", "getrandom::fill(&mut bytes);\n"), 1);
        assert_eq!(found("crates/mail/src/views.rs", "use crate::brand::Brand;\n"), 0);
        assert_eq!(found("crates/app/src/house/clock.rs", "Timestamp::now()\n"), 0);
        let in_a_test = "fn f() {}\n\n#[cfg(test)]\nmod tests {\n    Timestamp::now();\n}\n";
        assert_eq!(found("crates/domain/src/grant.rs", in_a_test), 0);
    }

    #[test]
    fn a_key_formatted_beside_keys_is_found() {
        let found = |path, text| said(keys_are_formatted_in_keys, path, text);
        assert_eq!(found("crates/store/src/grants.rs", "format!(\"grt#{document}\")\n"), 1);
        assert_eq!(found("crates/files/src/lib.rs", "format!(\"quarantine/{file}\")\n"), 1);
        assert_eq!(found("crates/store/src/keys.rs", "format!(\"grt#{document}\")\n"), 0);
        assert_eq!(found("crates/store/src/rates.rs", "(\"ADD #count :one\", \"fil#\")\n"), 0);
    }

    #[test]
    fn spawning_in_a_handler_is_found() {
        let found = |path, text| said(no_spawn_in_handlers, path, text);
        assert_eq!(found("functions/src/routes/a.rs", "tokio::spawn(work());\n"), 1);
        assert_eq!(found("local/src/front.rs", "tokio::spawn(work());\n"), 0);
    }

    #[test]
    fn an_endless_loop_is_found() {
        let found = |text| said(no_endless_loop, "worker/src/jobs/outbox.rs", text);
        assert_eq!(found("    loop {\n"), 1);
        assert_eq!(found("    let found = loop {\n"), 1);
        assert_eq!(found("    for _ in 0..LOOKS_MAX {\n"), 0);
    }

    #[test]
    fn an_untyped_error_in_a_library_is_found() {
        let found = |path| said(anyhow_at_the_edges, path, "use anyhow::Context;\n");
        assert_eq!(found("crates/app/src/exchange/cx.rs"), 1);
        assert_eq!(found("functions/src/main.rs"), 0);
        assert_eq!(found("local/src/cloud.rs"), 0);
    }

    #[test]
    fn a_silenced_lint_and_undone_work_are_found() {
        let found = |text: &str| {
            said(nothing_silenced_or_left_undone, "crates/app/src/exchange/cx.rs", text)
        };
        assert_eq!(found(concat!("#[", "allow(dead_code)]\n")), 1);
        assert_eq!(found(concat!("    todo", "!()\n")), 1);
        assert_eq!(found(concat!("// TO", "DO: later\n")), 1);
        assert_eq!(found(concat!("fn te", "st_it_works() {\n")), 1);
        assert_eq!(found("#[expect(dead_code, reason = \"…\")]\n"), 0);
    }
}
