//! The worker, killed between any two of its AWS calls, and before or after the one it was making.

use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, FileState};
use domain::grant::State;
use domain::id::{DocumentId, FileId, Id};
use jiff::SignedDuration;
use serde_json::json;
use store::activities::Home;
use store::lists::{ContactRow, List};
use tests::faults::{Call, list, operations};
use tests::seed::{address, pdf};
use tests::trail::{gap_free_trail, times};
use tests::uploads::announce;
use tests::world::World;

/// AWS calls of the whole work at the most.
const CALLS_MAX: usize = 300;
/// Ticks after a death until everything is settled; each a minute after the one before, which is
/// how long a lease holds.
const TICKS_MAX: usize = 4;

/// Where the worker dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Death {
    BeforeCall,
    AfterCall,
}

/// Everything that a worker has to do at once.
struct Work {
    contact: Contact,
    /// Shared until just now.
    document: DocumentId,
    /// Announced a day ago and never completed.
    leftover: FileId,
    /// Whose document the leftover was for.
    library: String,
}

async fn prepare(world: &World) -> Work {
    let acme = &world.acme;
    let contact = world.contact(acme, &address(), ReviewStatus::Approved).await;
    let kept = world.paper(acme, "Kept").await;
    let document = world.document(acme, "Report", AccessLevel::Restricted).await.id;
    let admin = world.admin().await;
    let end = (world.now() + SignedDuration::from_hours(24)).to_string();
    let add = json!([
        { "document_id": kept },
        { "document_id": document, "expires_at": end },
    ]);
    let path = format!("/v1/contacts/{}/documents", contact.id);
    admin.patch(path, json!({ "add": add })).await.expect(200);
    let library = tests::uploads::new_document(&admin, "Never finished").await;
    let announced = announce(&admin, &library, &pdf("Never finished")).await;
    let leftover = announced["file"]["id"].as_str().unwrap().parse().unwrap();
    // Nothing of this waits for a worker; what does, comes due together with a mail.
    world.tick().await;
    world.advance(SignedDuration::from_hours(24));
    let path = format!("/v1/contacts/{}/magic-link", contact.id);
    world.admin().await.post(path, json!({})).await.expect(202);
    Work { contact, document, leftover, library }
}

/// Lets a new worker finish what a dead one left.
async fn recover(world: &World) {
    for _ in 0..TICKS_MAX {
        // Leases run out; what was heard of stays heard of.
        world.advance(SignedDuration::from_mins(2));
        world.tick().await;
    }
}

/// Whether a mail may have left without anybody noting it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mailing {
    Noted,
    InDoubt,
}

/// Everything is done, and done once; a mail in doubt may have gone twice.
async fn judge(world: &World, work: &Work, mailing: Mailing) {
    let store = world.store_of(&world.acme);
    let contact = work.contact.id;
    let grant = store.grant(contact, work.document).await.unwrap().unwrap();
    assert_eq!((grant.state, grant.version), (State::Expired, 2));
    let lines = gap_free_trail(&store, Home::Contact(contact)).await;
    let ends = lines.iter().filter(|line| line.object == grant.id.into() && line.seq == 2).count();
    assert_eq!(ends, 1, "{lines:#?}");

    let (_, leftover) = store.document_of_file(work.leftover).await.unwrap().unwrap();
    assert_eq!((leftover.state, leftover.version), (FileState::Deleted, 2));
    let library = gap_free_trail(&store, Home::Document(work.library.parse().unwrap())).await;
    assert_eq!(times(&library, "files.create"), 1);

    let row: ContactRow = store.list_row(List::Contacts, contact.ulid()).await.unwrap().unwrap();
    assert_eq!((row.shared, row.source_version), (1, 2), "the list follows");

    let mails = world.mails_to(work.contact.email.as_ref().unwrap().as_str());
    let (links, ends): (Vec<_>, Vec<_>) =
        mails.iter().partition(|mail| mail.text.contains("/p/acme#"));
    assert!(!links.is_empty() && !ends.is_empty(), "lost: {mails:#?}");
    let most = match mailing {
        Mailing::Noted => 2,
        Mailing::InDoubt => 3,
    };
    assert!(mails.len() <= most, "doubled: {mails:#?}");
}

/// What became of a mail if the worker died there.
fn mailing(calls: &[Call], place: usize, death: Death) -> Mailing {
    let done = calls.iter().filter(|call| match death {
        Death::BeforeCall => call.place < place,
        Death::AfterCall => call.place <= place,
    });
    match done.max_by_key(|call| call.place) {
        Some(call) if call.operation.starts_with("ses.") => Mailing::InDoubt,
        _ => Mailing::Noted,
    }
}

#[tokio::test]
async fn a_worker_that_dies_loses_and_doubles_nothing() {
    let world = World::start().await;
    let work = prepare(&world).await;
    world.tick().await;
    judge(&world, &work, Mailing::Noted).await;

    for death in [Death::BeforeCall, Death::AfterCall] {
        for place in 0..CALLS_MAX {
            let work = prepare(&world).await;
            match death {
                Death::BeforeCall => world.faults.die_before(place),
                Death::AfterCall => world.faults.die_after(place),
            }
            // It dies; what it says of that is nobody's to hear.
            let _ = world.try_tick().await;
            let calls = world.faults.disarm();
            if operations(&calls) <= place {
                assert!(0 < place, "the worker made no call at all");
                break;
            }
            recover(&world).await;
            eprintln!("judging after {death:?} {place} of\n{}", list(&calls));
            judge(&world, &work, mailing(&calls, place, death)).await;
        }
    }
}
