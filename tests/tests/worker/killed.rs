//! The worker dies between any two calls, and another one takes over.

use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::grant::State;
use domain::outbox::LEASE;
use store::activities::Home;
use tests::faults::operations;
use tests::seed::address;
use tests::trail::{times, trail};
use tests::world::World;

use crate::{LIFE, lend};

/// Calls of one tick at the most.
const CALLS_MAX: usize = 200;

/// How the worker dies.
#[derive(Clone, Copy, Debug)]
enum Death {
    /// Before a call is sent.
    Before,
    /// After it was done and before its answer came.
    After,
}

/// Expires a grant with the worker dying at every call in turn; the next one finishes the work.
async fn die_everywhere(death: Death) {
    let world = World::start().await;
    let document = world.document(&world.acme, "Report", AccessLevel::Restricted).await;
    for place in 0..CALLS_MAX {
        let email = address();
        let contact = world.contact(&world.acme, &email, ReviewStatus::Approved).await;
        lend(&world, contact.id, document.id).await;
        world.tick().await;
        world.advance(LIFE);
        match death {
            Death::Before => world.faults.die_before(place),
            Death::After => world.faults.die_after(place),
        }
        let first = world.try_tick().await;
        let calls = world.faults.disarm();
        let is_alive = operations(&calls) <= place;
        assert!(!is_alive || first.is_ok(), "{first:?}");

        world.tick().await;
        world.advance(LEASE);
        world.tick().await;
        let store = world.store_of(&world.acme);
        let grant = store.grant(contact.id, document.id).await.unwrap().unwrap();
        assert_eq!((grant.state, grant.version), (State::Expired, 3), "{death:?} {place}");
        let lines = trail(&store, Home::Contact(contact.id)).await;
        assert_eq!(times(&lines, "grants.expire"), 1, "{death:?} {place}");
        let sends = calls.iter().filter(|call| call.operation.starts_with("ses")).count();
        let mails = world.mails_to(&email).len();
        // Only a death between the sending and the note of it sends twice.
        let at_most = if sends == 0 || is_alive { 1 } else { 2 };
        assert!((1..=at_most).contains(&mails), "{mails} mails: {death:?} {place} {calls:#?}");
        if is_alive {
            return;
        }
    }
    panic!("a tick of more than {CALLS_MAX} calls");
}

#[tokio::test]
async fn dying_before_any_call_loses_nothing() {
    die_everywhere(Death::Before).await;
}

#[tokio::test]
async fn dying_after_any_call_loses_nothing() {
    die_everywhere(Death::After).await;
}
