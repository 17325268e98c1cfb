//! Grants: what lets one contact read one document, with which rights and for how long.

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::contact::Contact;
use crate::id::{ContactId, DocumentId, GrantId, MemberId};

/// One thing a grant allows.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Read the document.
    View,
    /// Take the original file away.
    Download,
}

/// Why a set of rights is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RightsError {
    /// Whoever may download may look.
    #[error("`view` must be among the rights")]
    NoView,
}

/// A set of rights that holds at least [`Right::View`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Right>", into = "Vec<Right>")]
pub struct Rights(Vec<Right>);

impl Rights {
    /// Whether the set holds `right`.
    #[must_use]
    pub fn allows(&self, right: Right) -> bool {
        self.0.contains(&right)
    }
}

/// What a share gives unless it says otherwise: view and download.
impl Default for Rights {
    fn default() -> Self {
        Self(vec![Right::View, Right::Download])
    }
}

impl TryFrom<Vec<Right>> for Rights {
    type Error = RightsError;

    fn try_from(mut rights: Vec<Right>) -> Result<Self, RightsError> {
        rights.sort_unstable();
        rights.dedup();
        if rights.contains(&Right::View) { Ok(Self(rights)) } else { Err(RightsError::NoView) }
    }
}

impl From<Rights> for Vec<Right> {
    fn from(rights: Rights) -> Self {
        rights.0
    }
}

impl JsonSchema for Rights {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rights".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let right = generator.subschema_for::<Right>();
        json_schema!({ "type": "array", "items": right, "minItems": 1, "uniqueItems": true })
    }
}

/// What lets one contact read one document. The item stays after its end: it is evidence, and
/// its version goes on counting if the document is shared again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Which grant.
    pub id: GrantId,
    /// Audited changes so far, at least 1.
    pub version: u64,
    /// Who may read.
    pub contact_id: ContactId,
    /// What they may read.
    pub document_id: DocumentId,
    /// How.
    pub rights: Rights,
    /// Until when; for good if absent.
    pub expires_at: Option<Timestamp>,
    /// Who granted it; nobody if the account approves on arrival.
    pub granted_by: Option<MemberId>,
    /// Whether it is over.
    pub state: State,
    /// The contact's grant epoch when it was granted.
    pub epoch: u32,
    /// When it was last granted.
    pub created_at: Timestamp,
}

/// Whether a grant is over, apart from time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It opens the document until it expires.
    Live,
    /// Staff took it back.
    Removed,
    /// Its time passed, and the worker has recorded that.
    Expired,
    /// The document was deleted.
    DocumentDeleted,
}

/// What is alive at the instant it was judged; only [`Grant::live`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct Live<T>(T);

impl<T> Live<T> {
    /// The thing that is alive.
    pub fn get(&self) -> &T {
        &self.0
    }
}

impl Grant {
    /// The grant if it opens its document at `now`: neither ended, nor expired, nor dropped when
    /// the contact came back from a suspension.
    #[must_use]
    pub fn live(&self, contact: &Contact, now: Timestamp) -> Option<Live<&Self>> {
        let in_time = self.expires_at.is_none_or(|end| now < end);
        let holds = self.state == State::Live && self.epoch == contact.grant_epoch;
        (in_time && holds).then_some(Live(self))
    }

    /// Whether the worker should record that its time has passed.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.state == State::Live && self.expires_at.is_some_and(|end| end <= now)
    }

    /// The grant ended because of `state`.
    #[must_use]
    pub fn ended(mut self, state: State) -> Self {
        self.state = state;
        self.version += 1;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_hold_view_and_are_kept_in_one_order() {
        let rights = |list: &[Right]| Rights::try_from(list.to_vec());
        assert_eq!(rights(&[Right::Download]), Err(RightsError::NoView));
        assert_eq!(rights(&[]), Err(RightsError::NoView));
        assert_eq!(rights(&[Right::Download, Right::View, Right::View]), Ok(Rights::default()));
        assert!(!rights(&[Right::View]).unwrap().allows(Right::Download));
    }
}
