//! A change: everything that must be written together, committed in one transaction or not at all.
//!
//! Every step says what it claims ([`Claim`]): the version read, a free address, a key that was
//! never used. When a condition fails nothing is written and the caller learns which claims were
//! lost. A lost reply is harmless: the change carries a token under which DynamoDB applies it once.
//!
//! A change that is only rehearsed is built by the same code, notes what it would save ([`Saved`])
//! and is never written.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, ConditionCheck, Delete, Put, ReturnConsumedCapacity,
    TransactWriteItem, Update,
};
use domain::id::DocumentId;

use crate::conflicts::{CONFLICTS_MAX, pause};
use crate::item::{Row, key_attributes, number};
use crate::keys::{Key, Keys};
use crate::meter::Kind;
use crate::saved::Saved;
use crate::{Store, StoreError, Table};

/// What a step's condition claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nobody saved since the version was read.
    Version,
    /// The e-mail address is free.
    Email,
    /// The domain is free; its place among the account's domains.
    Domain(usize),
    /// The slug is free.
    Slug,
    /// The idempotency key was never used.
    Idempotency,
    /// No mail was written for this cause.
    Mail,
    /// The bytes fit the quota.
    Quota,
    /// The grant is as it was read.
    Grant(DocumentId),
    /// Contact and account are as they were read.
    Gate,
    /// The line's number is the next.
    Seq,
    /// The thing did not exist.
    New,
    /// The code may be tried: pending, in time, attempts left; nobody else tried in between.
    Attempt,
}

/// Everything that must be written together.
#[derive(Debug)]
#[must_use]
pub struct Change {
    pub(crate) keys: Keys,
    table: Table,
    token: String,
    steps: Vec<(Claim, TransactWriteItem)>,
    /// What would be saved, if the change is only rehearsed.
    rehearsed: Option<Vec<Saved>>,
}

impl Store {
    /// Begins a change. `token` is random, at most 36 characters, and never used for another.
    pub fn change(&self, token: String) -> Change {
        let (keys, table) = (Keys(self.tenant), self.table.clone());
        Change { keys, table, token, steps: Vec::new(), rehearsed: None }
    }

    /// Begins a change that is never written.
    pub fn rehearse(&self) -> Change {
        Change { rehearsed: Some(Vec::new()), ..self.change(String::new()) }
    }
}

impl Change {
    /// What a rehearsed change would save, in the order in which it was added; nothing for one that
    /// is to be written.
    #[must_use]
    pub fn into_saved(self) -> Vec<Saved> {
        self.rehearsed.unwrap_or_default()
    }

    /// Notes a save, if this change is only rehearsed.
    pub(crate) fn note(&mut self, saved: impl FnOnce() -> Saved) {
        if let Some(rehearsed) = &mut self.rehearsed {
            rehearsed.push(saved());
        }
    }

    /// Takes the steps of `other` along: what one person does may concern every company they sit
    /// in. Each step stays within the company it was made for.
    pub fn join(&mut self, other: Self) {
        self.steps.extend(other.steps);
    }

    /// Writes everything, or nothing.
    ///
    /// # Errors
    /// [`StoreError::Lost`] with every claim that failed, [`StoreError::Busy`] if others kept
    /// writing the same items, [`StoreError::Aws`] if DynamoDB fails, [`StoreError::Rehearsed`] for
    /// a change that is never to be written.
    pub async fn commit(self) -> Result<(), StoreError> {
        if self.rehearsed.is_some() {
            return Err(StoreError::Rehearsed);
        }
        if self.steps.is_empty() {
            return Ok(());
        }
        let (claims, steps): (Vec<Claim>, Vec<TransactWriteItem>) = self.steps.into_iter().unzip();
        for attempt in 0..CONFLICTS_MAX {
            pause(attempt, &self.token).await;
            let sent = self
                .table
                .client
                .transact_write_items()
                .client_request_token(&self.token)
                .set_transact_items(Some(steps.clone()))
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await;
            let error = match sent {
                Ok(done) => {
                    self.table.count("commit a change", Kind::Write, done.consumed_capacity());
                    return Ok(());
                }
                Err(error) => error,
            };
            match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    let lost = lost(&claims, cancelled.cancellation_reasons());
                    if !lost.is_empty() {
                        return Err(StoreError::Lost(lost));
                    }
                    // Only conflicts and throttles are left: look again.
                }
                Some(TransactWriteItemsError::TransactionInProgressException(_)) => {}
                _ => return Err(StoreError::aws("commit a change", error)),
            }
        }
        Err(StoreError::Busy { attempts: CONFLICTS_MAX })
    }

    /// Adds checks that pass until the change has `steps`, so that a change for who is known costs
    /// what one for a stranger costs. Each looks for an item that no other change looks for.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn pad_to(&mut self, steps: usize) -> Result<(), StoreError> {
        for number in self.steps.len()..steps {
            let nothing = self.keys.nothing(&self.token, number);
            self.check_absent(Claim::New, &nothing)?;
        }
        Ok(())
    }

    pub(crate) fn put_new(&mut self, claim: Claim, row: Row) -> Result<(), StoreError> {
        self.put_if(claim, row, "attribute_not_exists(PK)", HashMap::new())
    }

    /// Puts a row in place of the one whose `version` is one less, or where there was none if the
    /// row's version is 1.
    pub(crate) fn put_version(
        &mut self,
        claim: Claim,
        row: Row,
        version: u64,
    ) -> Result<(), StoreError> {
        if version <= 1 {
            return self.put_new(claim, row);
        }
        let seen = HashMap::from([(":seen".to_owned(), number(version - 1))]);
        self.put_if(claim, row, "version = :seen", seen)
    }

    pub(crate) fn put_over(&mut self, row: Row) -> Result<(), StoreError> {
        self.put(Claim::New, row, None, HashMap::new())
    }

    pub(crate) fn put_if(
        &mut self,
        claim: Claim,
        row: Row,
        condition: &str,
        values: HashMap<String, AttributeValue>,
    ) -> Result<(), StoreError> {
        self.put(claim, row, Some(condition), values)
    }

    fn put(
        &mut self,
        claim: Claim,
        row: Row,
        condition: Option<&str>,
        values: HashMap<String, AttributeValue>,
    ) -> Result<(), StoreError> {
        let names_ttl = condition.is_some_and(|condition| condition.contains("#ttl"));
        let put = Put::builder()
            .table_name(&*self.table.name)
            .set_item(Some(row.0))
            .set_condition_expression(condition.map(str::to_owned))
            .set_expression_attribute_names(names_ttl.then(ttl_name))
            .set_expression_attribute_values((!values.is_empty()).then_some(values))
            .build()
            .map_err(StoreError::build)?;
        self.steps.push((claim, TransactWriteItem::builder().put(put).build()));
        Ok(())
    }

    pub(crate) fn delete(&mut self, key: &Key) -> Result<(), StoreError> {
        self.remove(Claim::New, key, None, None)
    }

    pub(crate) fn delete_if(
        &mut self,
        claim: Claim,
        key: &Key,
        condition: &str,
        values: HashMap<String, AttributeValue>,
    ) -> Result<(), StoreError> {
        self.remove(claim, key, Some(condition), Some(values))
    }

    fn remove(
        &mut self,
        claim: Claim,
        key: &Key,
        condition: Option<&str>,
        values: Option<HashMap<String, AttributeValue>>,
    ) -> Result<(), StoreError> {
        let delete = Delete::builder()
            .table_name(&*self.table.name)
            .set_key(Some(key_attributes(key)))
            .set_condition_expression(condition.map(str::to_owned))
            .set_expression_attribute_values(values)
            .build()
            .map_err(StoreError::build)?;
        self.steps.push((claim, TransactWriteItem::builder().delete(delete).build()));
        Ok(())
    }

    /// Checks that the item at `key` still has `version`.
    pub(crate) fn check_version(
        &mut self,
        claim: Claim,
        key: &Key,
        version: u64,
    ) -> Result<(), StoreError> {
        self.check_if(claim, key, "version = :seen", number(version))
    }

    /// Checks that nothing lies at `key`.
    pub(crate) fn check_absent(&mut self, claim: Claim, key: &Key) -> Result<(), StoreError> {
        self.check(claim, key, "attribute_not_exists(PK)", None)
    }

    /// Checks that `condition` holds of the item at `key`, where `:seen` is `seen`.
    pub(crate) fn check_if(
        &mut self,
        claim: Claim,
        key: &Key,
        condition: &str,
        seen: AttributeValue,
    ) -> Result<(), StoreError> {
        self.check(claim, key, condition, Some(HashMap::from([(":seen".to_owned(), seen)])))
    }

    fn check(
        &mut self,
        claim: Claim,
        key: &Key,
        condition: &str,
        values: Option<HashMap<String, AttributeValue>>,
    ) -> Result<(), StoreError> {
        let check = ConditionCheck::builder()
            .table_name(&*self.table.name)
            .set_key(Some(key_attributes(key)))
            .condition_expression(condition)
            .set_expression_attribute_values(values)
            .build()
            .map_err(StoreError::build)?;
        self.steps.push((claim, TransactWriteItem::builder().condition_check(check).build()));
        Ok(())
    }

    pub(crate) fn update(
        &mut self,
        claim: Claim,
        key: &Key,
        expression: &str,
        condition: Option<&str>,
        values: HashMap<String, AttributeValue>,
    ) -> Result<(), StoreError> {
        let update = Update::builder()
            .table_name(&*self.table.name)
            .set_key(Some(key_attributes(key)))
            .update_expression(expression)
            .set_condition_expression(condition.map(str::to_owned))
            .set_expression_attribute_values(Some(values))
            .build()
            .map_err(StoreError::build)?;
        self.steps.push((claim, TransactWriteItem::builder().update(update).build()));
        Ok(())
    }
}

/// `ttl` is a reserved word.
fn ttl_name() -> HashMap<String, String> {
    HashMap::from([("#ttl".to_owned(), "ttl".to_owned())])
}

fn lost(claims: &[Claim], reasons: &[CancellationReason]) -> Vec<Claim> {
    claims
        .iter()
        .zip(reasons)
        .filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"))
        .map(|(claim, _)| *claim)
        .collect()
}
