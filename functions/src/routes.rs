//! The table of routes.

use std::sync::Arc;

use app::exchange::problem::ProblemDocument;
use app::house::House;
use app::house::start::Warmth;
use app::serving::openapi::{Spec, idempotency_key};
use app::serving::reception::receive;
use app::serving::route::{Method, Route};
use axum::Router;
use serde_json::{Value, json};

pub mod accounts;
pub mod activity;
pub mod contacts;
pub mod documents;
pub mod explain;
pub mod files;
pub mod grants;
pub mod guest;
pub mod health;
pub mod invitations;
pub mod links;
pub mod mails;
pub mod me;
pub mod members;
pub mod nda_versions;
pub mod openapi;
pub mod pages;
pub mod password_resets;
pub mod portal;
pub mod requests;
pub mod sessions;
pub mod tenant;
pub mod trust;

/// Derives [`ROUTES`] and [`AREAS`] from one table: of each area what it is about, and its verbs.
macro_rules! table {
    ($($area:ident $about:literal: $($verb:ident)+;)+) => {
        /// Every route.
        pub static ROUTES: &[Route] = &[$($($area::$verb::ROUTE,)+)+];

        /// Every area, and what it is about.
        const AREAS: &[(&str, &str)] = &[$((stringify!($area), $about),)+];
    };
}

table! {
    health "Whether the service answers.":
        read;
    sessions "Signing in and out, and choosing the company to act in.":
        create list end_current end choose prove;
    me "The person who is signed in.":
        read update password enrol_totp confirm_totp remove_totp renew_recovery_codes;
    password_resets "A forgotten password, set anew by a mailed link.":
        create complete;
    tenant "The company one acts in: name, look and rules.":
        read update set_logo remove_logo;
    nda_versions "The texts of the agreement that `nda` documents ask for.":
        list create;
    members "The people of the company, with their roles.":
        list create read update delete invite reset_mfa;
    invitations "How somebody takes the seat that they were invited to.":
        cover accept;
    accounts "The outside companies that contacts belong to.":
        list create read update delete;
    activity "The audit trail: who, what, before, after, when, from where.":
        list;
    contacts "The people outside: their review, what is shared with them, what they did.":
        list create read update delete documents share requests activity suspend unsuspend archive
        unarchive set_picture remove_picture magic_link;
    documents "The library: what can be shared, and who reads it.":
        list create read update delete access close_access reopen_access events write signatures
        ask_signatures;
    explain "Who may do what, and why: the decision, its policies, and what no longer counts.":
        read open;
    files "The stored files of documents. Their bytes travel to and from the bucket directly.":
        create complete delete download page;
    grants "What is shared with one contact, and until when.":
        extend;
    links "Guest links: one document for one audience, without an account.":
        create list read update copy deactivate send replace devices revoke children
        export_children;
    guest "The page of a guest link: what its guests see and do, without an account.":
        cover open code verify confirm verify_with_account read agreement accept_nda download page
        events write send_file complete_file signatures sign approve decline ask_again not_me;
    mails "What was mailed, how far it came, and sending it once more.":
        list resend;
    openapi "This description, for programs.":
        read;
    pages "Pages as pictures, under a mark, for whoever may read a document and not take it along.":
        read;
    requests "What visitors asked for, and the decisions on it.":
        list read start_review ask approve reject decide;
    trust "The public page of a company. Nobody signs in here.":
        read request download answer withdraw;
    portal "What a contact sees: signed in by a mailed link or a code.":
        open code verify renew read requests answer withdraw download page accept_nda sign_out;
}

/// The routes that `handler` names.
fn named(handler: &str) -> impl Iterator<Item = &'static Route> {
    let is_named = move |route: &&Route| match handler.strip_suffix('*') {
        Some(prefix) => route.name.starts_with(prefix),
        None => route.name == handler,
    };
    ROUTES.iter().filter(is_named)
}

/// What the routes that `handler` names should find warm.
#[must_use]
pub fn warmth(handler: &str) -> Warmth {
    let reads = named(handler).any(|route| route.needs.table_read);
    if reads { Warmth::Decisions } else { Warmth::Nothing }
}

/// Serves the routes that `handler` names: `contacts.list`, `contacts.*` or `*`.
pub fn mount(handler: &str, house: Arc<House>) -> Router {
    let router =
        named(handler).fold(Router::new(), |router, route| router.route(route.path, route.mount()));
    receive(router, house, ROUTES)
}

/// `OpenAPI` 3.1 of the whole table.
#[must_use]
pub fn openapi() -> Value {
    let mut spec = Spec::default();
    let mut paths = serde_json::Map::new();
    for route in ROUTES {
        let mut operation = route.describe(&mut spec);
        operation.operation_id = route.name.replace('.', "_");
        operation.tags = route.name.split('.').take(1).map(str::to_owned).collect();
        if route.method != Method::Get {
            idempotency_key(&mut operation);
        }
        let methods = paths.entry(route.path).or_insert_with(|| json!({}));
        if let Some(methods) = methods.as_object_mut() {
            methods.insert(route.method.as_str().to_lowercase(), json!(operation));
        }
    }
    // Every problem response refers to this one.
    let _ = spec.output.subschema_for::<ProblemDocument>();
    let mut schemas = spec.input.take_definitions(true);
    schemas.extend(spec.output.take_definitions(true));
    let cookie = |name: &str| json!({ "type": "apiKey", "in": "cookie", "name": name });
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Vestibule",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Open exactly the documents you choose, to exactly the people you choose, for exactly as long as you choose.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "tags": AREAS.iter().map(|(name, about)| json!({ "name": name, "description": about })).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "session": cookie("__Host-session"), "portal": cookie("__Host-portal_{tenant}"), "device": cookie("__Host-device") },
        },
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_route_is_one_operation_and_nothing_else_is() {
        let api = openapi();
        let told: HashSet<String> = api["paths"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|methods| methods.as_object().unwrap().values())
            .map(|operation| operation["operationId"].as_str().unwrap().to_owned())
            .collect();
        let named: HashSet<String> =
            ROUTES.iter().map(|route| route.name.replace('.', "_")).collect();
        assert_eq!(told, named);
        assert_eq!(told.len(), ROUTES.len(), "two routes share a name, or a method and a path");
    }

    #[test]
    fn every_route_says_what_it_does() {
        let silent: Vec<_> = ROUTES
            .iter()
            .filter(|route| !route.summary.ends_with('.') || route.summary.len() < 8)
            .map(|route| route.name)
            .collect();
        assert!(silent.is_empty(), "add `.says(\"…\")`, a sentence, to the route of {silent:?}");
    }

    #[test]
    fn every_file_is_a_row_and_its_name_is_its_place() {
        let entries =
            |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
        let routes = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/routes");
        let mut files = BTreeSet::new();
        for area in entries(&routes).filter(|path| path.is_dir()) {
            for verb in entries(&area) {
                files.insert(format!("{}.{}", name(&area), name(&verb)));
            }
        }
        let rows: BTreeSet<String> = ROUTES.iter().map(|route| route.name.to_owned()).collect();
        assert_eq!(files, rows);
    }

    #[test]
    fn no_two_types_share_a_schema_name() {
        let api = openapi();
        let names = api["components"]["schemas"].as_object().unwrap().keys();
        let numbered: Vec<_> = names.filter(|name| name.ends_with(char::is_numeric)).collect();
        assert!(numbered.is_empty(), "{numbered:?}");
    }
}
