//! Who may build on whom, as the members' `Cargo.toml` say it.

use crate::tidy::{Finding, Source, Tree};

/// The floor of each member; a crate builds on lower floors only.
const FLOORS: [(&str, u8); 13] = [
    ("domain", 0),
    ("policy", 1),
    ("store", 1),
    ("files", 1),
    ("pages", 1),
    ("mail", 1),
    ("certificate", 1),
    ("app", 2),
    ("functions", 3),
    ("worker", 3),
    ("local", 4),
    ("tests", 5),
    ("xtask", 5),
];
/// The doors to AWS.
const DOORS: [&str; 3] = ["crates/store/", "crates/files/", "crates/mail/"];
/// The only other place that speaks with AWS: it fetches the root keys when a function starts.
const SECRETS: &str = "aws_sdk_secretsmanager";

fn floor(name: &str) -> Option<u8> {
    FLOORS.iter().find(|(member, _)| *member == name).map(|(_, floor)| *floor)
}

/// A dependency that a member states.
struct Stated<'a> {
    line: usize,
    section: &'a str,
    name: &'a str,
    how: &'a str,
}

/// The name of a member, and everything it depends on.
fn stated(source: &Source) -> Option<(&str, Vec<Stated<'_>>)> {
    if !source.path.ends_with("/Cargo.toml") {
        return None;
    }
    let member = source.path.strip_suffix("/Cargo.toml")?.rsplit('/').next()?;
    let (mut section, mut all) = ("", Vec::new());
    for (line, text) in (1..).zip(source.text.lines()) {
        if text.starts_with('[') {
            section = text.trim_matches(['[', ']']);
        } else if section.ends_with("dependencies")
            && let Some((left, how)) = text.split_once('=')
        {
            let name = left.trim().split('.').next().unwrap_or_default();
            all.push(Stated { line, section, name, how: text.get(name.len()..).unwrap_or(how) });
        }
    }
    Some((member, all))
}

/// A crate imports only lower floors.
pub(crate) fn lower_floors_only(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in &tree.sources {
        let Some((member, dependencies)) = stated(source) else { continue };
        let Some(own) = floor(member) else {
            findings.push(source.finding(1, format!("`{member}` stands on no floor")));
            continue;
        };
        let built_in = dependencies.iter().filter(|stated| stated.section == "dependencies");
        for Stated { line, name, .. } in built_in {
            if floor(name).is_some_and(|lower| own <= lower) {
                findings.push(source.finding(*line, format!("`{member}` is not above `{name}`")));
            }
        }
    }
    findings
}

/// Versions are stated in the root's `Cargo.toml`; members inherit them.
pub(crate) fn versions_are_stated_once(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in &tree.sources {
        let Some((_, dependencies)) = stated(source) else { continue };
        for Stated { line, name, how, .. } in dependencies {
            let how: String = how.split_whitespace().collect();
            if !how.contains("workspace=true") {
                let said = format!("`{name}` must say `workspace = true`");
                findings.push(source.finding(line, said));
            }
        }
    }
    findings
}

/// Only the store, the files and the mail speak with AWS.
pub(crate) fn aws_behind_three_doors(tree: &Tree) -> Vec<Finding> {
    let is_inside = |path: &str| !DOORS.iter().any(|door| path.starts_with(door));
    tree.lines(is_inside, |line| {
        let speaks = line.replace(SECRETS, "").contains(concat!("aws_", "sdk_"));
        speaks.then(|| "only `store`, `files` and `mail` name the AWS SDK".to_owned())
    })
}

/// The rules know no runtime and no cloud.
pub(crate) fn domain_is_pure(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in &tree.sources {
        let Some(("domain", dependencies)) = stated(source) else { continue };
        for Stated { line, name, .. } in dependencies {
            if name.starts_with("aws") || ["tokio", "axum", "reqwest"].contains(&name) {
                findings.push(source.finding(line, format!("`domain` must not know `{name}`")));
            }
        }
    }
    findings
}

/// What draws hostile files is built into the worker, whose process starts another for it, and into
/// nothing that answers requests.
pub(crate) fn files_are_drawn_by_the_worker(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in &tree.sources {
        let Some((member, dependencies)) = stated(source) else { continue };
        let may = ["worker", "local", "tests"].contains(&member);
        for Stated { line, name, .. } in dependencies {
            if name == "pages" && !may || name == "hayro" && member != "pages" {
                findings.push(source.finding(line, format!("`{member}` must not draw files")));
            }
        }
    }
    findings
}

/// Who may do what is decided in one crate, and written in its `.cedar` files.
pub(crate) fn policies_in_one_place(tree: &Tree) -> Vec<Finding> {
    tree.lines(
        |path| !path.starts_with("crates/policy/"),
        |line| {
            let decides = line.contains(concat!("cedar_", "policy"));
            decides.then(|| "only `policy` speaks Cedar".to_owned())
        },
    )
}

/// Errors become HTTP in `app`'s `Problem`, and answers in its `Answer`; routes name no status.
pub(crate) fn answers_in_one_place(tree: &Tree) -> Vec<Finding> {
    tree.lines(
        |path| path.starts_with("functions/src/routes") || path.starts_with("worker/"),
        |line| {
            let answers = line.contains("StatusCode");
            answers.then(|| "answer by `Problem` or a type of `app::exchange::answer`".to_owned())
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::said;

    #[test]
    fn building_upwards_or_sideways_is_found() {
        let depends = |on: &str| format!("[dependencies]\n{on}.workspace = true\n");
        let found = |member: &str, on| said(lower_floors_only, member, &depends(on));
        assert_eq!(found("crates/store/Cargo.toml", "domain"), 0);
        assert_eq!(found("crates/store/Cargo.toml", "app"), 1);
        assert_eq!(found("crates/store/Cargo.toml", "files"), 1);
        assert_eq!(found("attic/Cargo.toml", "serde"), 1);
        let tests_may = "[dev-dependencies]\nlocal.workspace = true\n";
        assert_eq!(said(lower_floors_only, "crates/store/Cargo.toml", tests_may), 0);
    }

    #[test]
    fn a_version_of_its_own_is_found() {
        let found = |text: &str| {
            let text = format!("[dependencies]\n{text}\n");
            said(versions_are_stated_once, "worker/Cargo.toml", &text)
        };
        assert_eq!(found("serde.workspace = true"), 0);
        assert_eq!(found("serde = { workspace = true, features = [\"rc\"] }"), 0);
        assert_eq!(found("serde = \"1\""), 1);
        assert_eq!(found("serde = { version = \"1\" }"), 1);
    }

    #[test]
    fn speaking_with_aws_elsewhere_is_found() {
        let found = |path, text| said(aws_behind_three_doors, path, text);
        assert_eq!(found("crates/app/src/exchange/cx.rs", "use aws_sdk_s3::Client;\n"), 1);
        assert_eq!(found("crates/store/src/lib.rs", "use aws_sdk_dynamodb::Client;\n"), 0);
        assert_eq!(
            found("crates/app/src/house/start.rs", "use aws_sdk_secretsmanager::Client;\n"),
            0
        );
        assert_eq!(found("local/tests/s3.rs", "use aws_sdk_s3::Client;\n"), 0);
        assert_eq!(found("crates/app/src/exchange/cx.rs", "// not aws_sdk_s3\n"), 0);
    }

    #[test]
    fn deciding_and_answering_elsewhere_is_found() {
        let decides = concat!("use cedar_", "policy::Authorizer;\n");
        assert_eq!(said(policies_in_one_place, "crates/app/src/callers/staff.rs", decides), 1);
        assert_eq!(said(policies_in_one_place, "crates/policy/src/rules.rs", decides), 0);
        let answers = "return StatusCode::NOT_FOUND.into_response();\n";
        assert_eq!(said(answers_in_one_place, "functions/src/routes/me/read.rs", answers), 1);
        assert_eq!(said(answers_in_one_place, "crates/app/src/exchange/answer.rs", answers), 0);
    }

    #[test]
    fn drawing_files_where_requests_are_answered_is_found() {
        let depends = |on: &str| format!("[dependencies]\n{on}.workspace = true\n");
        let found = |member, on| said(files_are_drawn_by_the_worker, member, &depends(on));
        assert_eq!(found("functions/Cargo.toml", "pages"), 1);
        assert_eq!(found("crates/app/Cargo.toml", "pages"), 1);
        assert_eq!(found("worker/Cargo.toml", "pages"), 0);
        assert_eq!(found("worker/Cargo.toml", "hayro"), 1);
        assert_eq!(found("crates/pages/Cargo.toml", "hayro"), 0);
    }

    #[test]
    fn a_runtime_in_the_domain_is_found() {
        let path = "crates/domain/Cargo.toml";
        assert_eq!(said(domain_is_pure, path, "[dependencies]\ntokio.workspace = true\n"), 1);
        assert_eq!(said(domain_is_pure, path, "[dependencies]\njiff.workspace = true\n"), 0);
    }
}
