//! Guest links: one document, one audience, no account.
//!
//! ```text
//! Active ⇄ Inactive        either ──access closed──▶ Closed
//! ```
//!
//! An end in time is judged, never stored: a link past it reads as inactive, and works again once
//! the end is moved. Two things change a link on a guest's behalf, and neither is a visit: the
//! first confirmed press ([`opening`]), and the right code for an address ([`verifying`]). What a
//! browser may do afterwards is judged anew at each request ([`guest`]).

pub mod guest;
pub mod opening;
#[cfg(test)]
mod play;
#[cfg(test)]
mod tests;
pub mod verifying;

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::access::is_shut_out;
use crate::account::Account;
use crate::contact::Contact;
use crate::document::Document;
use crate::expiry::Expiry;
use crate::grant::{self, Grant};
use crate::id::{ContactId, DeviceId, DocumentId, LinkId, MemberId};
use crate::tenant::Tenant;

/// Whom a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// One contact, with an address or without.
    Contact,
    /// One person whose details nobody knows yet: whoever verifies first.
    Undefined,
    /// Anybody; whoever verifies signs and writes in the same document.
    PublicSame,
    /// Anybody; whoever verifies gets a private child of the document.
    PublicChild,
}

impl Audience {
    /// Whether anybody may read until the link is deactivated.
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(self, Self::PublicSame | Self::PublicChild)
    }
}

/// One thing a link allows.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Read the document's pages.
    View,
    /// Take the original file away.
    Download,
    /// Write a message, decline, upload what was asked for.
    Write,
    /// Sign or approve.
    Sign,
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

    /// What the grant of whoever the link belongs to allows: its part about reading.
    #[must_use]
    pub fn of_grant(&self) -> grant::Rights {
        let rights = self.0.iter().filter_map(|right| match right {
            Right::View => Some(grant::Right::View),
            Right::Download => Some(grant::Right::Download),
            Right::Write | Right::Sign => None,
        });
        // Never refused, since a link's rights hold `view`.
        grant::Rights::try_from(rights.collect::<Vec<_>>()).unwrap_or_default()
    }
}

/// What a link gives unless it says otherwise: view and download, as any share.
impl Default for Rights {
    fn default() -> Self {
        Self(vec![Right::View, Right::Download])
    }
}

impl TryFrom<Vec<Right>> for Rights {
    type Error = grant::RightsError;

    fn try_from(mut rights: Vec<Right>) -> Result<Self, grant::RightsError> {
        rights.sort_unstable();
        rights.dedup();
        let holds_view = rights.contains(&Right::View);
        holds_view.then_some(Self(rights)).ok_or(grant::RightsError::NoView)
    }
}

impl From<Rights> for Vec<Right> {
    fn from(rights: Rights) -> Self {
        rights.0
    }
}

impl JsonSchema for Rights {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "LinkRights".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let right = generator.subschema_for::<Right>();
        json_schema!({
            "type": "array",
            "items": right,
            "minItems": 1,
            "uniqueItems": true,
            "examples": [["view", "download", "sign"]],
        })
    }
}

/// Whether a link lets anybody in, apart from time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It opens until it ends.
    Active,
    /// Staff stopped all viewing through it; copying it starts that again.
    Inactive,
    /// Access of whom it was for was closed. For good.
    Closed,
}

/// A URL that opens one document for one audience.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Which link; its secret is derived from this, never stored.
    pub id: LinkId,
    /// Audited changes so far, at least 1.
    pub version: u64,
    /// What it opens.
    pub document_id: DocumentId,
    /// For whom.
    pub audience: Audience,
    /// Whose it is: whom it was made for, or who verified first where nobody was named. Nobody's
    /// on a public link, and on one that waits for its person.
    pub contact_id: Option<ContactId>,
    /// The contact's epoch when the link became theirs. A later one ends the free first press, so
    /// that a changed address is asked for a code.
    pub contact_epoch: u32,
    /// What it allows at the most.
    pub rights: Rights,
    /// Until when it opens; for good if absent.
    pub expiry: Option<Expiry>,
    /// Whether it lets anybody in.
    pub state: State,
    /// Rises when the link is replaced after a leak; a secret of a lower one opens nothing.
    pub generation: u32,
    /// Rises at the first verification, which ends reading without proof.
    pub epoch: u32,
    /// The browser that got in first with proof. Every later one needs a code.
    pub first: Option<First>,
    /// Who made it, and hears what becomes of it.
    pub maker_id: MemberId,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The browser that got in first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct First {
    /// Which.
    pub device_id: DeviceId,
    /// SHA-256 of the nonce it chose, if it came by a press.
    pub nonce: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// What a link is judged by besides itself, read in one snapshot with it.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// The company.
    pub tenant: &'a Tenant,
    /// What the link opens.
    pub document: &'a Document,
    /// The link's own contact; on a public link whoever the browser verified as.
    pub contact: Option<&'a Contact>,
    /// Whom the contact works for.
    pub account: Option<&'a Account>,
    /// What opens the document to the contact, ended or not.
    pub grant: Option<&'a Grant>,
}

/// Whether a link opens at an instant, whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It does.
    Open,
    /// Not now: deactivated, over, or its contact is suspended. One word for all.
    Inactive,
    /// Never again; as good as a link that never was.
    Gone,
}

/// A closed link stays closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("access through this link was closed; make a new one")]
pub struct Closed;

impl Link {
    /// Judges the link at `now`.
    #[must_use]
    pub fn life(&self, around: &Around<'_>, now: Timestamp) -> Life {
        let is_deleted = around.document.deleted_at.is_some();
        if self.state == State::Closed || is_deleted {
            return Life::Gone;
        }
        let own = if self.audience.is_public() { None } else { around.contact };
        if let Some(contact) = own {
            // What the link was made with: a contact that is gone, or whose access was taken back.
            let is_taken_back = around.grant.is_none_or(|grant| {
                matches!(grant.state, grant::State::Removed | grant::State::DocumentDeleted)
            });
            if contact.deleted_at.is_some() || is_taken_back {
                return Life::Gone;
            }
            let is_granted = around.grant.is_some_and(|grant| grant.live(contact, now).is_some());
            if is_shut_out(contact, around.account) || !is_granted {
                return Life::Inactive;
            }
        }
        let is_over = self.expiry.as_ref().is_some_and(|expiry| expiry.is_over(now));
        if self.state == State::Inactive || is_over { Life::Inactive } else { Life::Open }
    }

    /// Whether anybody who holds the link reads without proof: it is public, or its person has no
    /// address and nobody verified yet.
    #[must_use]
    pub fn is_open_to_bearers(&self, contact: Option<&Contact>) -> bool {
        self.audience.is_public()
            || (self.first.is_none() && contact.is_none_or(|contact| contact.email.is_none()))
    }

    /// The link with all viewing through it stopped; nobody loses access by that.
    ///
    /// # Errors
    /// [`Closed`].
    pub fn deactivated(self) -> Result<Self, Closed> {
        self.into_state(State::Inactive)
    }

    /// The link open again: the same address, the same browsers.
    ///
    /// # Errors
    /// [`Closed`].
    pub fn activated(self) -> Result<Self, Closed> {
        self.into_state(State::Active)
    }

    /// The link closed for good, because access of whom it was for was closed.
    ///
    /// # Errors
    /// [`Closed`], if it was before.
    pub fn closed(self) -> Result<Self, Closed> {
        self.into_state(State::Closed)
    }

    /// The link under a new secret; the old one opens nothing from now on. Browsers that proved
    /// themselves stay.
    ///
    /// # Errors
    /// [`Closed`].
    pub fn replaced(mut self) -> Result<Self, Closed> {
        if self.state == State::Closed {
            return Err(Closed);
        }
        self.generation += 1;
        // Whoever held the leaked one and proved nothing holds nothing.
        self.epoch += 1;
        self.version += 1;
        Ok(self)
    }

    fn into_state(mut self, state: State) -> Result<Self, Closed> {
        if self.state == State::Closed {
            return Err(Closed);
        }
        self.state = state;
        self.version += 1;
        Ok(self)
    }
}
