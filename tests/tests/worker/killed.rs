//! The worker dies between any two calls, and another one takes over.

use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::grant::State;
use domain::link::{Audience, Link};
use domain::outbox::LEASE;
use domain::tenant::Plan;
use store::activities::Home;
use tests::faults::operations;
use tests::seed::address;
use tests::trail::{gap_free_trail, times, trail};
use tests::world::World;

use crate::worker::{LIFE, ends, lend};

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

/// Lets the worker die at every call in turn of what `prepare` left for it to do; the next one
/// finishes the work. `judge` looks at what came of it, and tells how many mails did.
async fn die_everywhere<T>(
    death: Death,
    world: &World,
    prepare: impl AsyncFn(usize) -> T,
    judge: impl AsyncFn(&T) -> usize,
) {
    for place in 0..CALLS_MAX {
        let thing = prepare(place).await;
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
        let mails = judge(&thing).await;
        let sends = calls.iter().filter(|call| call.operation.starts_with("ses")).count();
        // Only a death between the sending and the note of it sends twice.
        let at_most = if sends == 0 || is_alive { 1 } else { 2 };
        assert!((1..=at_most).contains(&mails), "{mails} mails: {death:?} {place} {calls:#?}");
        if is_alive {
            return;
        }
    }
    panic!("a tick of more than {CALLS_MAX} calls");
}

/// Mails to the administrator with `text` in their subject.
fn told(world: &World, text: &str) -> usize {
    let mails = world.mails_to(world.acme.administrator.email.as_str());
    mails.iter().filter(|mail| mail.subject.contains(text)).count()
}

/// The end of a grant.
async fn at_the_end_of_access(death: Death) {
    let world = World::start().await;
    let document = world.document(&world.acme, "Report", AccessLevel::Restricted).await;
    let prepare = async |_| {
        let email = address();
        let contact = world.contact(&world.acme, &email, ReviewStatus::Approved).await;
        lend(&world, contact.id, document.id).await;
        world.tick().await;
        world.advance(LIFE);
        (contact, email)
    };
    let judge = async |(contact, email): &(domain::contact::Contact, String)| {
        let store = world.store_of(&world.acme);
        let grant = store.grant(contact.id, document.id).await.unwrap().unwrap();
        assert_eq!((grant.state, grant.version), (State::Expired, 3));
        let lines = trail(&store, Home::Contact(contact.id)).await;
        assert_eq!(times(&lines, "grants.expire"), 1);
        world.mails_to(email).len()
    };
    die_everywhere(death, &world, prepare, judge).await;
}

/// The end of a guest link.
async fn at_the_end_of_a_link(death: Death) {
    let world = World::start().await;
    let prepare = async |place: usize| {
        let title = format!("Report {place}.");
        let document = world.document(&world.acme, &title, AccessLevel::Restricted).await;
        let link = world.link(&world.acme, &document, Audience::PublicSame, None).await;
        let expiry = Some(ends(&world, LIFE));
        let link = Link { version: link.version + 1, expiry, ..link };
        let mut change = world.store_of(&world.acme).change(world.house.dice.token());
        change.save_link(&link).unwrap();
        change.commit().await.unwrap();
        world.tick().await;
        world.advance(LIFE);
        (link, title)
    };
    let judge = async |(link, title): &(Link, String)| {
        let store = world.store_of(&world.acme);
        let lines = trail(&store, Home::Document(link.document_id)).await;
        assert_eq!(times(&lines, "links.expire"), 1);
        let link = store.link(link.document_id, link.id).await.unwrap().unwrap();
        assert_eq!((link.version, link.due_at()), (3, None), "all was told");
        told(&world, title)
    };
    die_everywhere(death, &world, prepare, judge).await;
}

/// A plan that holds no public links any more.
async fn at_a_lapse(death: Death) {
    let world = World::start().await;
    let acme = &world.acme;
    let document = world.document(acme, "Report", AccessLevel::Restricted).await;
    world.link(acme, &document, Audience::PublicSame, None).await;
    let set_plan = async |public_links| {
        let plan = Plan { public_links };
        app::seating::planning::set_plan(&world.house, &acme.tenant.slug, plan).await.unwrap();
    };
    let prepare = async |_| {
        set_plan(true).await;
        world.tick().await;
        let before = told(&world, "public links");
        set_plan(false).await;
        before
    };
    let judge = async |before: &usize| told(&world, "public links") - before;
    die_everywhere(death, &world, prepare, judge).await;
    gap_free_trail(&world.store_of(acme), Home::Tenant).await;
}

#[tokio::test]
async fn dying_before_any_call_loses_nothing() {
    at_the_end_of_access(Death::Before).await;
    at_the_end_of_a_link(Death::Before).await;
    at_a_lapse(Death::Before).await;
}

#[tokio::test]
async fn dying_after_any_call_loses_nothing() {
    at_the_end_of_access(Death::After).await;
    at_the_end_of_a_link(Death::After).await;
    at_a_lapse(Death::After).await;
}
