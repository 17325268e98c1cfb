//! What the worker does after the answer: what time ends, what follows from one change for many,
//! how mails leave, and what is left when it dies in between.

mod following;
mod killed;
mod mails;
mod poison;
mod time;

use domain::grant::Grant;
use domain::id::{ContactId, DocumentId};
use jiff::SignedDuration;
use tests::world::World;

/// How long the grants here live.
const LIFE: SignedDuration = SignedDuration::from_hours(1);

/// Shares a document with a contact for [`LIFE`].
async fn lend(world: &World, contact: ContactId, document: DocumentId) -> Grant {
    let lent = world.grant(&world.acme, contact, document).await;
    let mut grant = lent.clone();
    grant.version += 1;
    grant.expires_at = Some(world.now() + LIFE);
    let mut change = world.store_of(&world.acme).change(world.house.dice.token());
    change.save_grant(&grant).unwrap();
    change.commit().await.unwrap();
    grant
}
