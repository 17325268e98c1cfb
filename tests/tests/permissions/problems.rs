//! The table of problems is whole: every kind is told by the routes that answer with it, or may
//! come from any.

use std::collections::BTreeSet;

use app::exchange::problem::Kind;
use functions::routes::openapi;
use serde_json::Value;

/// What any request may come to, whatever it asks for; no route tells these.
const ANYWHERE: [Kind; 3] = [Kind::CrossSite, Kind::NoSuchMethod, Kind::Internal];

#[test]
fn every_kind_of_problem_comes_from_some_route_or_from_any() {
    let api = openapi();
    let told: BTreeSet<&str> = refusals(&api).flat_map(|(_, _, slugs)| slugs).collect();
    let slug = |kind: &Kind| kind.row().1;
    let anywhere: BTreeSet<&str> = ANYWHERE.iter().map(slug).collect();
    let all: BTreeSet<&str> = Kind::ALL.iter().map(slug).collect();
    assert!(told.is_disjoint(&anywhere), "a route tells what may come anywhere");
    assert_eq!(&told | &anywhere, all);
}

#[test]
fn every_refusal_of_the_permission_table_is_told_by_its_route() {
    let api = openapi();
    let told: BTreeSet<_> = refusals(&api).map(|(route, status, _)| (route, status)).collect();
    let mut untold = BTreeSet::new();
    let rows = include_str!("../../permissions.table").lines().filter(|row| !row.starts_with('#'));
    for row in rows.filter(|row| !row.is_empty()) {
        let mut words = row.split_whitespace();
        let route = words.next().unwrap().replace('.', "_");
        for status in words.skip(1).filter(|status| "400" <= *status) {
            if !told.contains(&(route.as_str(), status)) {
                untold.insert((route.clone(), status));
            }
        }
    }
    assert_eq!(untold, BTreeSet::new());
}

/// Every status of problems that a route tells of: the operation, the status, the slugs.
fn refusals(api: &Value) -> impl Iterator<Item = (&str, &str, Vec<&str>)> {
    let methods = api["paths"].as_object().unwrap().values();
    let operations = methods.flat_map(|methods| methods.as_object().unwrap().values());
    operations.flat_map(|operation| {
        let responses = operation["responses"].as_object().unwrap().iter();
        let refusals = responses.filter(|(status, _)| "400" <= status.as_str());
        refusals.map(|(status, response)| {
            let words = response["description"].as_str().unwrap();
            let slugs = words.split('`').skip(1).step_by(2).collect();
            (operation["operationId"].as_str().unwrap(), status.as_str(), slugs)
        })
    })
}
