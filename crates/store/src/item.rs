//! Items: what the table holds under a key.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::StoreError;
use crate::keys::{self, Key};

/// One item as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Item(pub(crate) HashMap<String, AttributeValue>);

impl Item {
    /// The item as a `T`.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if it is none.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        serde_dynamo::from_item(self.0.clone()).map_err(StoreError::Corrupt)
    }

    /// The sort key, or nothing for what has none.
    #[must_use]
    pub fn sk(&self) -> &str {
        self.text("SK")
    }

    /// Where the item lies.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::from_parts(self.text("PK"), self.text("SK"))
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(|value| value.as_s().ok()).map_or("", String::as_str)
    }
}

/// One item as it will be written.
#[derive(Clone, Debug)]
pub(crate) struct Row(pub(crate) HashMap<String, AttributeValue>);

impl Row {
    /// Lays `body` under `key`.
    pub(crate) fn new<T: Serialize>(key: &Key, body: &T) -> Result<Self, StoreError> {
        let mut item: HashMap<String, AttributeValue> =
            serde_dynamo::to_item(body).map_err(StoreError::Corrupt)?;
        // Absent and null are the same to every reader; absent costs nothing.
        item.retain(|_, value| !value.is_null());
        item.extend(key_attributes(key));
        Ok(Self(item))
    }

    /// Also finds it in the inverted index.
    pub(crate) fn inverse(self, about: String, sort: String) -> Self {
        self.with("O", about).with("S", sort)
    }

    /// Also finds it among the deeds of its actor.
    pub(crate) fn deed(self, deeds: String) -> Self {
        self.with("R", deeds)
    }

    /// Also finds it in a list's group, by creation and by day of activity.
    pub(crate) fn listed(self, group: String, activity: String) -> Self {
        self.with("L", group).with("A", activity)
    }

    /// Also finds it when `at` has come; never, if absent.
    pub(crate) fn due(self, at: Option<Timestamp>, ulid: Ulid) -> Self {
        let Some(at) = at else { return self };
        let (shard, place) = keys::due(at, ulid);
        self.with("D", shard).with("W", place)
    }

    /// Lets the table forget it some time after `at`. Readers judge expiry themselves.
    pub(crate) fn forget(mut self, at: Timestamp) -> Self {
        self.0.insert("ttl".to_owned(), number(at.as_second()));
        self
    }

    fn with(mut self, name: &str, text: String) -> Self {
        self.0.insert(name.to_owned(), AttributeValue::S(text));
        self
    }
}

/// The item as a `T`, if there is one.
pub(crate) fn parse<T: DeserializeOwned>(item: Option<Item>) -> Result<Option<T>, StoreError> {
    item.map(|item| item.parse()).transpose()
}

/// A number as DynamoDB writes it.
#[expect(clippy::needless_pass_by_value, reason = "numbers are copied")]
pub(crate) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// A text as DynamoDB writes it.
pub(crate) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

pub(crate) fn key_attributes(key: &Key) -> HashMap<String, AttributeValue> {
    HashMap::from([
        ("PK".to_owned(), AttributeValue::S(key.pk.clone())),
        ("SK".to_owned(), AttributeValue::S(key.sk.clone())),
    ])
}

/// A thing that counts its saves, for what has no version of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versioned<T> {
    /// Saves so far, at least 1; 0 for what was never saved.
    pub version: u64,
    /// The thing.
    #[serde(flatten)]
    pub value: T,
}

impl<T> Versioned<T> {
    /// `value` to be saved in place of this.
    #[must_use]
    pub fn next(&self, value: T) -> Self {
        Self { version: self.version + 1, value }
    }
}
