//! Very many browsers that open one guest link at once, while AWS fails.

use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::link::guest::Proof;
use domain::link::{Audience, Link};
use futures_util::future::join_all;
use serde_json::json;
use store::activities::Home;

use crate::client::Reply;
use crate::faults::Fault;
use crate::seed::address;
use crate::trail::{gap_free_trail, times};
use crate::world::World;

/// Every so many transactions the reply to one is lost, or it meets another one.
const LOST_EVERY: usize = 13;
const CONFLICT_EVERY: usize = 7;
/// How often a page sends one press, as long as it hears that the service is busy.
const TRIES: usize = 5;

/// What became of a rush.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Presses that were told they are the first.
    pub first: usize,
    /// Presses that were asked for a code.
    pub late: usize,
    /// What any other press was told.
    pub other: Option<String>,
    /// Browsers that the table holds as let in with proof.
    pub proved: usize,
    /// Lines of the trail that tell of an opening.
    pub told: usize,
}

impl Outcome {
    /// What must become of `presses`.
    pub fn of_one_winner(presses: usize) -> Self {
        Self { first: 1, late: presses - 1, other: None, proved: 1, told: 1 }
    }
}

/// Opens a contact's link nobody opened before from `presses` browsers at once, each in a network of
/// its own and with a nonce of its own. Replies of AWS are lost on the way.
///
/// # Panics
/// If the table does not answer.
pub async fn rush(world: &World, presses: usize) -> Outcome {
    let acme = &world.acme;
    let document = world.document(acme, "Report", AccessLevel::Restricted).await;
    let contact = world.contact(acme, &address(), ReviewStatus::ToReview).await;
    let link = world.link(acme, &document, Audience::Contact, Some(&contact)).await;
    let mut transactions = 0_usize;
    world.faults.arm(move |call| {
        if !call.operation.ends_with("TransactWriteItems") {
            return None;
        }
        transactions += 1;
        match transactions {
            count if count % LOST_EVERY == 1 => Some(Fault::ReplyLost),
            count if count % CONFLICT_EVERY == 0 => Some(Fault::Conflict),
            _ => None,
        }
    });
    let replies = join_all((0..presses).map(|number| press(world, &link, number))).await;
    world.faults.disarm();
    let with = |status| replies.iter().filter(|reply| reply.status == status).count();
    let other = replies.iter().find(|reply| !matches!(reply.status, 200 | 409));
    let store = world.store_of(acme);
    let guests = store.guests_of(link.id, None, 2_000).await.expect("the table answers");
    let lines = gap_free_trail(&store, Home::Document(document.id)).await;
    Outcome {
        first: with(200),
        late: with(409),
        other: other.map(|reply| reply.text.clone()),
        proved: guests.iter().filter(|(_, guest)| guest.proof != Proof::Bearer).count(),
        told: times(&lines, "guest.open"),
    }
}

/// Presses as a page does it: the same nonce for each try of one press.
async fn press(world: &World, link: &Link, number: usize) -> Reply {
    let (browser, secret) = (world.visitor(), world.link_secret(&world.acme, link));
    let body = json!({ "secret": secret, "device_nonce": format!("{number:0>42}A") });
    let path = format!("/v1/guest/{}/open", link.id);
    for _ in 1..TRIES {
        let reply = browser.post(&path, body.clone()).await;
        if reply.status != 503 {
            return reply;
        }
    }
    browser.post(&path, body).await
}
