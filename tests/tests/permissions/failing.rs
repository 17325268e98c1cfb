//! Every route that writes, with every one of its AWS calls failing in turn. Repeated under the
//! same key, it leaves exactly what it leaves undisturbed: one effect, one line, one mail.
//!
//! What each route is about in particular is judged in the tests of faults; here the table itself
//! is compared, for all of them alike.

use functions::routes::ROUTES;
use tests::faults::{Call, Fault, Reach, list, operations};
use tests::footprint::difference;
use tests::world::World;

use crate::permissions::asks::{Sent, prepare, send_under};
use crate::permissions::stage::{Stage, Standing};
use crate::permissions::table::{Row, Who, rows};

/// AWS calls of one route at the most.
const CALLS_MAX: usize = 60;
/// Who may do something: the first of these whom the table lets.
const DOERS: [Who; 3] = [Who::Administrator, Who::Contact, Who::Nobody];
/// The same on the page of a guest link, where the company's own people only look.
const GUESTS: [Who; 2] = [Who::Nobody, Who::Verified];

/// How a call fails: before it happens; after, with no answer or the wrong one; slowed down; in
/// conflict with another transaction, which our own loops repeat.
const WAYS: [(Fault, Reach); 6] = [
    (Fault::Unsent, Reach::EveryTry),
    (Fault::Throttled, Reach::EveryTry),
    (Fault::ReplyLost, Reach::EveryTry),
    (Fault::UnavailableThoughDone, Reach::FirstTry),
    (Fault::Conflict, Reach::Transactions),
    (Fault::ConflictThoughDone, Reach::Transactions),
];

/// What a run left.
struct Left {
    first: u16,
    second: u16,
    text: String,
    changes: std::collections::BTreeMap<String, i64>,
    mails: usize,
}

/// Routes whose success ends what they are proved by, so that nobody can ask a second time.
fn ends_its_own_proof(route: &str) -> bool {
    matches!(route, "sessions.end" | "sessions.end_current" | "sessions.choose" | "portal.sign_out")
}

#[tokio::test]
async fn the_house_and_its_people() {
    every_route(|area| matches!(area, "me" | "tenant" | "nda_versions" | "sessions")).await;
    every_route(|area| matches!(area, "members" | "invitations" | "password_resets")).await;
}

#[tokio::test]
async fn contacts_and_accounts() {
    every_route(|area| matches!(area, "contacts" | "accounts")).await;
}

#[tokio::test]
async fn the_library_and_what_is_opened() {
    every_route(|area| matches!(area, "documents" | "files" | "grants" | "mails")).await;
}

#[tokio::test]
async fn requests_and_visitors() {
    every_route(|area| matches!(area, "requests" | "trust")).await;
}

#[tokio::test]
async fn the_portal() {
    every_route(|area| area == "portal").await;
}

#[tokio::test]
async fn guest_links() {
    every_route(|area| matches!(area, "links" | "guest")).await;
}

#[test]
fn no_area_is_left_out() {
    let tested = [
        "accounts",
        "activity",
        "contacts",
        "documents",
        "explain",
        "files",
        "grants",
        "guest",
        "health",
        "invitations",
        "links",
        "mails",
        "me",
        "members",
        "nda_versions",
        "openapi",
        "pages",
        "password_resets",
        "portal",
        "requests",
        "sessions",
        "tenant",
        "trust",
    ];
    for route in ROUTES {
        let area = route.name.split('.').next().unwrap();
        assert!(tested.contains(&area), "say in which test `{area}` fails");
    }
}

/// Lets every call of every route of some areas fail in every way.
async fn every_route(is_meant: impl Fn(&str) -> bool) {
    let mut done = Vec::new();
    for row in rows() {
        let route = ROUTES.iter().find(|route| route.name == row.route).unwrap();
        let area = row.route.split('.').next().unwrap();
        if route.method.as_str() == "GET" || !is_meant(area) || done.contains(&row.route) {
            continue;
        }
        // Whoever leaves cannot ask again; removing somebody else is the same act.
        if (row.route, row.variant) == ("members.delete", "own") {
            continue;
        }
        let columns: Vec<(Who, u16)> =
            Who::ALL.into_iter().zip(row.cells.iter().copied()).collect();
        let may = |who: &Who| columns.iter().any(|(one, status)| one == who && *status < 300);
        let doers: &[Who] = if area == "guest" { &GUESTS } else { &DOERS };
        let Some(who) = doers.iter().copied().find(may) else { continue };
        done.push(row.route);
        Box::pin(every_call(&row, who)).await;
    }
    assert!(!done.is_empty());
}

async fn every_call(row: &Row, who: Who) {
    let world = Box::pin(World::start()).await;
    let (undisturbed, calls) = run(&world, row, who, None).await;
    let name = format!("{} {}", row.route, row.variant);
    assert!(undisturbed.first < 300, "{name}: {} {}", undisturbed.first, undisturbed.text);
    if !ends_its_own_proof(row.route) {
        assert_eq!(undisturbed.second, undisturbed.first, "{name} repeated: {}", undisturbed.text);
    }
    let count = operations(&calls);
    assert!(count < CALLS_MAX, "{name} makes {count} calls");
    for (fault, reach) in WAYS {
        // What earlier runs left would be looked through at every look at the table.
        let world = Box::pin(World::start()).await;
        for place in 0..count {
            let meets = |call: &Call| call.place == place && reach.meets(call);
            // A read that was done and one that was not leave the same.
            let is_another = |call: &Call| !fault.is_done() || call.writes();
            if !calls.iter().any(|call| meets(call) && is_another(call)) {
                continue;
            }
            let (left, met) = run(&world, row, who, Some((place, fault, reach))).await;
            let way = format!("{name}: {fault:?} of call {place}\n{}", list(&met));
            assert_ne!(left.first, 500, "{way}{}", left.text);
            if !ends_its_own_proof(row.route) {
                assert_eq!(left.second, undisturbed.second, "{way}{}", left.text);
            }
            assert_eq!(left.changes, undisturbed.changes, "{way}");
            assert_eq!(left.mails, undisturbed.mails, "mails after {way}");
        }
    }
}

/// Asks once with a fault and once without, both under one key, and looks at what is left of it.
async fn run(
    world: &World,
    row: &Row,
    who: Who,
    fault: Option<(usize, Fault, Reach)>,
) -> (Left, Vec<Call>) {
    let stage = Stage::set(world, who, Standing::New).await;
    let sent: Sent = prepare(&stage, row.route, row.variant).await;
    world.tick().await;
    let tenant = if row.route.starts_with("tenant") { stage.home } else { stage.company.id() };
    let key = world.house.dice.token();
    let (before, mails) = (world.footprint(tenant).await, world.mails().len());
    match fault {
        Some((at, fault, reach)) => {
            world.faults.fail(at, fault, reach);
        }
        None => world.faults.count(),
    }
    let first = send_under(&stage, row.route, &sent, &key).await;
    let calls = world.faults.disarm();
    let second = send_under(&stage, row.route, &sent, &key).await;
    world.tick().await;
    let after = world.footprint(tenant).await;
    let mut changes = difference(&before, &after);
    if row.route.ends_with("set_picture") || row.route.ends_with("set_logo") {
        // What was stored in vain waits an hour to be dropped; it is seen to go in another test.
        changes.remove("task  ");
    }
    let left = Left {
        first: first.status,
        second: second.status,
        text: format!("{}\n{}", first.text, second.text),
        changes,
        mails: world.mails().len() - mails,
    };
    (left, calls)
}
