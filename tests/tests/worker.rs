//! What the worker does after the answer: what time ends, what follows from one change for many,
//! how mails leave, and what is left when it dies in between.

mod endings;
mod following;
mod killed;
mod link_ends;
mod mail_events;
mod mails;
mod orders;
mod pages;
mod poison;
mod searching;
mod time;

use domain::expiry::{Expiry, Milestone, When};
use domain::grant::Grant;
use domain::id::{ContactId, DocumentId};
use domain::tenant::Zone;
use jiff::SignedDuration;
use tests::world::World;

/// How long the grants here live.
const LIFE: SignedDuration = SignedDuration::from_hours(1);

/// An end `life` from now, meant in UTC, before which nobody needs to be warned.
fn ends(world: &World, life: SignedDuration) -> Expiry {
    let end = When::Instant(world.now() + life);
    let expiry = end.ends(&Zone::default(), world.now()).unwrap();
    Expiry { told: expiry.told_at(Milestone::Today).max(world.now()), ..expiry }
}

/// Shares a document with a contact for [`LIFE`].
async fn lend(world: &World, contact: ContactId, document: DocumentId) -> Grant {
    let lent = world.grant(&world.acme, contact, document).await;
    let mut grant = lent.clone();
    grant.version += 1;
    grant.expiry = Some(ends(world, LIFE));
    let mut change = world.store_of(&world.acme).change(world.house.dice.token());
    change.save_grant(&grant).unwrap();
    change.commit().await.unwrap();
    grant
}
