//! The table of routes.

use std::sync::Arc;

use app::house::House;
use app::openapi::{Spec, idempotency_key};
use app::problem::ProblemDocument;
use app::reception::receive;
use app::route::{Method, Route};
use app::start::Warmth;
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

/// Every route.
pub static ROUTES: &[Route] = &[
    // health
    health::read::ROUTE,
    // sessions
    sessions::create::ROUTE,
    sessions::list::ROUTE,
    sessions::end_current::ROUTE,
    sessions::end::ROUTE,
    sessions::choose::ROUTE,
    // me
    me::read::ROUTE,
    me::update::ROUTE,
    me::password::ROUTE,
    // password_resets
    password_resets::create::ROUTE,
    password_resets::complete::ROUTE,
    // tenant
    tenant::read::ROUTE,
    tenant::update::ROUTE,
    tenant::set_logo::ROUTE,
    tenant::remove_logo::ROUTE,
    // nda_versions
    nda_versions::list::ROUTE,
    nda_versions::create::ROUTE,
    // members
    members::list::ROUTE,
    members::create::ROUTE,
    members::read::ROUTE,
    members::update::ROUTE,
    members::delete::ROUTE,
    members::invite::ROUTE,
    // invitations
    invitations::cover::ROUTE,
    invitations::accept::ROUTE,
    // accounts
    accounts::list::ROUTE,
    accounts::create::ROUTE,
    accounts::read::ROUTE,
    accounts::update::ROUTE,
    accounts::delete::ROUTE,
    // activity
    activity::list::ROUTE,
    // contacts
    contacts::list::ROUTE,
    contacts::create::ROUTE,
    contacts::read::ROUTE,
    contacts::update::ROUTE,
    contacts::delete::ROUTE,
    contacts::documents::ROUTE,
    contacts::share::ROUTE,
    contacts::requests::ROUTE,
    contacts::activity::ROUTE,
    contacts::suspend::ROUTE,
    contacts::unsuspend::ROUTE,
    contacts::archive::ROUTE,
    contacts::unarchive::ROUTE,
    contacts::set_picture::ROUTE,
    contacts::remove_picture::ROUTE,
    contacts::magic_link::ROUTE,
    // documents
    documents::list::ROUTE,
    documents::create::ROUTE,
    documents::read::ROUTE,
    documents::update::ROUTE,
    documents::delete::ROUTE,
    documents::access::ROUTE,
    documents::close_access::ROUTE,
    documents::reopen_access::ROUTE,
    documents::events::ROUTE,
    documents::write::ROUTE,
    documents::signatures::ROUTE,
    documents::ask_signatures::ROUTE,
    // explain
    explain::read::ROUTE,
    explain::open::ROUTE,
    // files
    files::create::ROUTE,
    files::complete::ROUTE,
    files::delete::ROUTE,
    files::download::ROUTE,
    files::page::ROUTE,
    // grants
    grants::extend::ROUTE,
    // links
    links::create::ROUTE,
    links::list::ROUTE,
    links::read::ROUTE,
    links::update::ROUTE,
    links::copy::ROUTE,
    links::deactivate::ROUTE,
    links::send::ROUTE,
    links::replace::ROUTE,
    links::devices::ROUTE,
    links::revoke::ROUTE,
    links::children::ROUTE,
    links::export_children::ROUTE,
    // guest
    guest::cover::ROUTE,
    guest::open::ROUTE,
    guest::code::ROUTE,
    guest::verify::ROUTE,
    guest::confirm::ROUTE,
    guest::verify_with_account::ROUTE,
    guest::read::ROUTE,
    guest::agreement::ROUTE,
    guest::accept_nda::ROUTE,
    guest::download::ROUTE,
    guest::page::ROUTE,
    guest::events::ROUTE,
    guest::write::ROUTE,
    guest::send_file::ROUTE,
    guest::complete_file::ROUTE,
    guest::signatures::ROUTE,
    guest::sign::ROUTE,
    guest::approve::ROUTE,
    guest::decline::ROUTE,
    guest::ask_again::ROUTE,
    guest::not_me::ROUTE,
    // mails
    mails::list::ROUTE,
    mails::resend::ROUTE,
    // openapi
    openapi::read::ROUTE,
    // pages
    pages::read::ROUTE,
    // requests
    requests::list::ROUTE,
    requests::read::ROUTE,
    requests::start_review::ROUTE,
    requests::ask::ROUTE,
    requests::approve::ROUTE,
    requests::reject::ROUTE,
    requests::decide::ROUTE,
    // trust
    trust::read::ROUTE,
    trust::request::ROUTE,
    trust::download::ROUTE,
    trust::answer::ROUTE,
    trust::withdraw::ROUTE,
    // portal
    portal::open::ROUTE,
    portal::code::ROUTE,
    portal::verify::ROUTE,
    portal::renew::ROUTE,
    portal::read::ROUTE,
    portal::requests::ROUTE,
    portal::answer::ROUTE,
    portal::withdraw::ROUTE,
    portal::download::ROUTE,
    portal::page::ROUTE,
    portal::accept_nda::ROUTE,
    portal::sign_out::ROUTE,
];

/// The areas, in the order of [`ROUTES`], and what each is about.
const AREAS: &[(&str, &str)] = &[
    ("health", "Whether the service answers."),
    ("sessions", "Signing in and out, and choosing the company to act in."),
    ("me", "The person who is signed in."),
    ("password_resets", "A forgotten password, set anew by a mailed link."),
    ("tenant", "The company one acts in: name, look and rules."),
    ("nda_versions", "The texts of the agreement that `nda` documents ask for."),
    ("members", "The people of the company, with their roles."),
    ("invitations", "How somebody takes the seat that they were invited to."),
    ("accounts", "The outside companies that contacts belong to."),
    ("activity", "The audit trail: who, what, before, after, when, from where."),
    ("contacts", "The people outside: their review, what is shared with them, what they did."),
    ("documents", "The library: what can be shared, and who reads it."),
    ("explain", "Who may do what, and why: the decision, its policies, and what no longer counts."),
    ("files", "The stored files of documents. Their bytes travel to and from the bucket directly."),
    ("grants", "What is shared with one contact, and until when."),
    ("links", "Guest links: one document for one audience, without an account."),
    ("guest", "The page of a guest link: what its guests see and do, without an account."),
    ("mails", "What was mailed, how far it came, and sending it once more."),
    ("openapi", "This description, for programs."),
    (
        "pages",
        "Pages as pictures, under a mark, for whoever may read a document and not take it along.",
    ),
    ("requests", "What visitors asked for, and the decisions on it."),
    ("trust", "The public page of a company. Nobody signs in here."),
    ("portal", "What a contact sees: signed in by a mailed link or a code."),
];

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
    use std::collections::HashSet;

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
    fn every_area_says_what_it_is_about() {
        let mut areas: Vec<_> =
            ROUTES.iter().filter_map(|route| route.name.split('.').next()).collect();
        areas.dedup();
        let told: Vec<_> = AREAS.iter().map(|(name, _)| *name).collect();
        assert_eq!(areas, told, "`AREAS` has a line for each area, in the order of `ROUTES`");
    }

    #[test]
    fn no_two_types_share_a_schema_name() {
        let api = openapi();
        let names = api["components"]["schemas"].as_object().unwrap().keys();
        let numbered: Vec<_> = names.filter(|name| name.ends_with(char::is_numeric)).collect();
        assert!(numbered.is_empty(), "{numbered:?}");
    }
}
