//! Answers kept for 24 hours under the caller's idempotency key, written with their effect.

use domain::id::TenantId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::change::{Change, Claim};
use crate::item::{Row, number};
use crate::keys::{self, Key, Keys};
use crate::{StoreError, Table};

/// How long an answer is kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Whose key it is, and the key itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The tenant the caller acts in, if it proved one.
    pub tenant: Option<TenantId>,
    /// The caller: a member's, contact's or network's name.
    pub actor: String,
    /// The key that the caller chose.
    pub key: String,
}

/// An answer as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// SHA-256 of what was asked: route, path, query and body.
    pub asked: String,
    /// HTTP status.
    pub status: u16,
    /// Headers worth repeating: `location`, `etag`.
    pub headers: Vec<(String, String)>,
    /// JSON body; empty if there was none. Holds no secret.
    pub body: String,
    /// What the answer's secrets were derived from, to derive them again.
    pub reissue: Option<String>,
    /// When it was given.
    pub at: Timestamp,
}

impl Repeat {
    fn at(&self) -> Key {
        match self.tenant {
            Some(tenant) => Keys(tenant).idempotency(&self.actor, &self.key),
            None => keys::public_idempotency(&self.actor, &self.key),
        }
    }
}

impl Table {
    /// The answer given before under this key, unless it is over at `now`.
    ///
    /// # Errors
    /// As every read.
    pub async fn answer(
        &self,
        repeat: &Repeat,
        now: Timestamp,
    ) -> Result<Option<Answer>, StoreError> {
        let answer: Option<Answer> = self.get_as("find an answer", &repeat.at()).await?;
        Ok(answer.filter(|answer| now < answer.at + KEPT))
    }
}

impl Change {
    /// Keeps the answer to this very change. An answer that is over makes room.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Idempotency`].
    pub fn keep_answer(&mut self, repeat: &Repeat, answer: &Answer) -> Result<(), StoreError> {
        let row = Row::new(&repeat.at(), answer)?.forget(answer.at + KEPT);
        let values = [(":now".to_owned(), number(answer.at.as_second()))].into();
        self.put_if(Claim::Idempotency, row, "attribute_not_exists(PK) OR #ttl <= :now", values)
    }
}
