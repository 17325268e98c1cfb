//! Public rates: how often a network did something in a window of time, how often it missed a
//! password, and how many mails that reset one an address got.

use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, ReturnValue};
use domain::challenge::standing::{DAY, SendBudget};
use domain::misses::Misses;
use jiff::{SignedDuration, Timestamp};

use crate::change::{Change, Claim};
use crate::item::{Row, Versioned, key_attributes, number};
use crate::keys;
use crate::meter::Kind;
use crate::{StoreError, Table};

impl Table {
    /// Counts one `what` of `whose` in the window that `now` falls into, and tells how many that
    /// makes. A retried call may count twice; a limit that is a little early harms nobody.
    ///
    /// # Errors
    /// [`StoreError::Aws`] if DynamoDB fails.
    pub async fn count_public(
        &self,
        what: &'static str,
        whose: &str,
        window: SignedDuration,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let seconds = window.as_secs().max(1);
        let number_of_window = now.as_second().div_euclid(seconds);
        let forget = (number_of_window + 2) * seconds;
        let counted = self
            .client
            .update_item()
            .table_name(&*self.name)
            .set_key(Some(key_attributes(&keys::public_rate(what, whose, number_of_window))))
            .update_expression("ADD #count :one SET #ttl = :forget")
            .expression_attribute_names("#count", "count")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":forget", number(forget))
            .return_values(ReturnValue::UpdatedNew)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(|error| StoreError::aws("count a public call", error))?;
        self.count("count a public call", Kind::Write, counted.consumed_capacity.as_slice());
        let count = counted.attributes.as_ref().and_then(|found| found.get("count"));
        Ok(count.and_then(|count| count.as_n().ok()?.parse().ok()).unwrap_or(u64::MAX))
    }

    /// The misses under the keyed hash `whose` of an address and a network.
    ///
    /// # Errors
    /// As every read.
    pub async fn misses(&self, whose: &str) -> Result<Versioned<Misses>, StoreError> {
        let misses = self.get_as("read misses", &keys::misses(whose)).await?;
        Ok(misses.unwrap_or_default())
    }

    /// The mails that reset a password, to the address with the keyed hash `whose`.
    ///
    /// # Errors
    /// As every read.
    pub async fn reset_budget(&self, whose: &str) -> Result<Versioned<SendBudget>, StoreError> {
        let budget = self.get_as("read a mail budget", &keys::reset_budget(whose)).await?;
        Ok(budget.unwrap_or_default())
    }
}

impl Change {
    /// Saves misses in place of the save before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Attempt`].
    pub fn save_misses(
        &mut self,
        whose: &str,
        misses: &Versioned<Misses>,
    ) -> Result<(), StoreError> {
        let mut row = Row::new(&keys::misses(whose), misses)?;
        if let Some(end) = misses.value.forgotten_at() {
            row = row.forget(end);
        }
        self.put_version(Claim::Attempt, row, misses.version)
    }

    /// Saves the mails that reset a password in place of the save before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Attempt`].
    pub fn save_reset_budget(
        &mut self,
        whose: &str,
        budget: &Versioned<SendBudget>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let row = Row::new(&keys::reset_budget(whose), budget)?.forget(now + DAY);
        self.put_version(Claim::Attempt, row, budget.version)
    }
}
