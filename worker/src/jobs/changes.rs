//! The stream: a batch of records, as errands that are run once each.
//!
//! Records of one batch that ask for the same are one errand. Errands of one partition keep their
//! order: once one failed, the later ones wait for the next telling. Others go on, so that one
//! poisoned item stops nobody else. The first record that failed is reported, and Lambda tells the
//! stream from there on again, halving the batch until the poison stands alone.

use std::collections::{HashMap, HashSet};

use app::sharing::arrival::settle;
use app::sharing::cover::cover;
use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use domain::activity::Actor;
use domain::contact::ReviewStatus;
use domain::expiry::Expiry;
use domain::id::{AccountId, ContactId, DocumentId, MailId, RequestId};
use domain::outbox;
use domain::text::Title;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use store::Store;
use store::keys::Key;
use store::stream::{Changed, changed};
use store::tasks::Work;

use crate::{Worker, WorkerError};

/// One thing to do about one item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Errand {
    /// A contact's rows, and what its grants cover.
    Contact(ContactId),
    /// A contact's rows only: the trail tells of its activity.
    Activity(ContactId),
    Request(ContactId, RequestId),
    Account(AccountId),
    Document(DocumentId),
    File(Key),
    Mail(MailId),
    Task(Key),
}

/// An errand, and what the batch says of it.
struct Call {
    key: Key,
    errand: Errand,
    /// Place in the batch of the first record that asks for it.
    first: usize,
    /// The contact's last deed in the batch.
    active_at: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct Place {
    pk: String,
    sk: String,
}

/// What the trail says of its line; lines never change, so the record's image is the line.
#[derive(Deserialize)]
struct Line {
    actor: Actor,
    at: Timestamp,
}

/// What others show of an account or judge by it.
#[derive(PartialEq, Deserialize)]
struct Shown {
    name: Title,
    status: ReviewStatus,
    access_expiry: Option<Expiry>,
}

#[derive(Deserialize)]
struct Owed {
    state: outbox::State,
}

impl Worker {
    /// Acts on what the table's stream tells, and reports the first record to be told again.
    pub async fn changes(&self, event: Event) -> DynamoDbEventResponse {
        let now = self.house.clock.now();
        let mut stuck: HashSet<(String, String)> = HashSet::new();
        let mut failed: Option<usize> = None;
        for call in calls(&event.records) {
            let Some(tenant) = call.key.tenant() else { continue };
            let (partition, _) = call.key.parts();
            let partition = (tenant.to_string(), partition.to_owned());
            let store = self.house.table.tenant(tenant);
            let done = if stuck.contains(&partition) {
                None
            } else {
                Some(self.run(&store, &call, now).await)
            };
            match done {
                Some(Ok(())) => continue,
                Some(Err(error)) => {
                    let (errand, error): (_, &dyn std::error::Error) = (&call.errand, &error);
                    tracing::error!(%tenant, ?errand, error, "an errand failed");
                    stuck.insert(partition);
                }
                None => {}
            }
            failed = Some(failed.map_or(call.first, |first| first.min(call.first)));
        }
        let mut answer = DynamoDbEventResponse::default();
        if let Some(record) = failed.and_then(|first| event.records.get(first)) {
            let mut failure = DynamoDbBatchItemFailure::default();
            failure.item_identifier.clone_from(&record.change.sequence_number);
            answer.batch_item_failures.push(failure);
        }
        answer
    }

    async fn run(&self, store: &Store, call: &Call, now: Timestamp) -> Result<(), WorkerError> {
        match &call.errand {
            Errand::Contact(contact) => {
                self.refresh_contact(store, *contact, call.active_at, now).await?;
                cover(&self.house, store, *contact, now).await?;
            }
            Errand::Activity(contact) => {
                self.refresh_contact(store, *contact, call.active_at, now).await?;
            }
            Errand::Request(contact, request) => {
                self.refresh_request(store, *contact, *request).await?;
                self.tell_reviewers(store, *contact, *request, now).await?;
                settle(&self.house, store, *contact, *request, now).await?;
                cover(&self.house, store, *contact, now).await?;
            }
            Errand::Account(account) => self.set_off(store, Work::Account(*account), now).await?,
            Errand::Document(document) => {
                let document = store.document(*document).await?;
                if let Some(gone) = document.filter(|document| document.deleted_at.is_some()) {
                    self.set_off(store, Work::Document(gone.id), now).await?;
                }
            }
            Errand::File(key) => self.drop_objects(store, key).await?,
            Errand::Mail(mail) => drop(self.deliver(store, *mail).await?),
            Errand::Task(key) => drop(self.carry_on(store, key, now).await?),
        }
        Ok(())
    }
}

/// The errands of a batch, each once, in the order they were first asked for.
fn calls(records: &[EventRecord]) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    let mut places: HashMap<(String, Errand), usize> = HashMap::new();
    for (first, record) in records.iter().enumerate() {
        let Some((key, errand)) = errand(record) else { continue };
        let active_at = match errand {
            Errand::Activity(contact) => match active_at(record, contact) {
                Some(at) => Some(at),
                // Staff did something about them: no activity of theirs.
                None => continue,
            },
            _ => None,
        };
        let tenant = key.tenant().map(|tenant| tenant.to_string()).unwrap_or_default();
        let place = *places.entry((tenant, errand.clone())).or_insert(calls.len());
        match calls.get_mut(place) {
            Some(call) => call.active_at = call.active_at.max(active_at),
            None => calls.push(Call { key, errand, first, active_at }),
        }
    }
    calls
}

fn errand(record: &EventRecord) -> Option<(Key, Errand)> {
    if record.event_name == "REMOVE" {
        return None;
    }
    let change = &record.change;
    let Place { pk, sk } = image(&change.keys)?;
    let key = Key::from_parts(&pk, &sk);
    let errand = match changed(&key) {
        Changed::Contact(contact) | Changed::Grant(contact) => Errand::Contact(contact),
        Changed::Request(contact, request) => Errand::Request(contact, request),
        Changed::Trail(contact) => Errand::Activity(contact),
        Changed::Account(account) => {
            let (before, after) = (image(&change.old_image), image(&change.new_image));
            if before.zip(after).is_some_and(|(before, after): (Shown, Shown)| before == after) {
                return None;
            }
            Errand::Account(account)
        }
        Changed::Document(document) => Errand::Document(document),
        Changed::File(..) => Errand::File(key.clone()),
        Changed::Mail(mail) => {
            let owed: Option<Owed> = image(&change.new_image);
            // Only a new mail rings: one that was tried waits for its time.
            if owed.is_some_and(|owed| owed.state != outbox::State::Pending) {
                return None;
            }
            Errand::Mail(mail)
        }
        Changed::Task => Errand::Task(key.clone()),
        Changed::Link(..) | Changed::Other => return None,
    };
    Some((key, errand))
}

/// When the contact did what the record's line tells; `None` if somebody else did it.
fn active_at(record: &EventRecord, contact: ContactId) -> Option<Timestamp> {
    let line: Line = image(&record.change.new_image)?;
    (line.actor == Actor::Contact(contact)).then_some(line.at)
}

fn image<T: DeserializeOwned>(item: &serde_dynamo::Item) -> Option<T> {
    serde_dynamo::from_item(item.clone()).ok()
}
