//! Magic links, and the browsers they sign in.
//!
//! An invitation lives 7 days and signs in one browser. The browser sends a nonce that it chose
//! itself; the same nonce within 10 minutes gets the same device again, which is how a lost
//! reply is survived.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contact::Contact;
use crate::id::{ContactId, DeviceId, InvitationId, RequestId};

/// Life of a magic link.
pub const INVITATION_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a portal knows a browser.
pub const DEVICE_LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long the same nonce gets the same device again.
pub const NONCE_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// One mailed magic link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Which link; its token is derived from this, never stored.
    pub id: InvitationId,
    /// Whom it signs in.
    pub contact_id: ContactId,
    /// The request it answers, if any.
    pub request_id: Option<RequestId>,
    /// The contact's epoch when it was made; a later one kills it.
    pub epoch: u32,
    /// When it stops.
    pub expires_at: Timestamp,
    /// The browser that used it.
    pub used: Option<Use>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// That an invitation signed in a browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// SHA-256 of the nonce the browser chose.
    pub nonce: String,
    /// When.
    pub at: Timestamp,
    /// Which browser.
    pub device_id: DeviceId,
}

/// What opening a link by POST comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Sign this browser in and mark the link used.
    First,
    /// The same browser asks again: give it the same device.
    Again(DeviceId),
    /// Another browser was first.
    Taken,
    /// Its time has passed, or the contact's sessions were ended since.
    Over,
}

impl Invitation {
    /// Judges an opening at `now` by a browser whose nonce hashes to `nonce`.
    #[must_use]
    pub fn open(&self, contact: &Contact, nonce: &str, now: Timestamp) -> Opening {
        if self.epoch != contact.epoch {
            return Opening::Over;
        }
        match &self.used {
            Some(used) if used.nonce == nonce && now < used.at + NONCE_LIFE => {
                Opening::Again(used.device_id)
            }
            Some(_) => Opening::Taken,
            None if self.expires_at <= now => Opening::Over,
            None => Opening::First,
        }
    }
}

/// How a browser proved itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// By a magic link.
    MagicLink,
    /// By a mailed code.
    Code,
}

/// A browser signed in to a contact's portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Which browser.
    pub id: DeviceId,
    /// Whose.
    pub contact_id: ContactId,
    /// The contact's epoch when it was signed in; a later one kills it.
    pub epoch: u32,
    /// How it proved itself.
    pub proof: Proof,
    /// When it must prove itself again.
    pub expires_at: Timestamp,
    /// From where it was signed in.
    pub network: String,
    /// What it calls itself.
    pub agent: Option<String>,
    /// When it was signed in.
    pub created_at: Timestamp,
}

impl Device {
    /// Whether the browser is still known at `now`.
    #[must_use]
    pub fn is_known(&self, contact: &Contact, now: Timestamp) -> bool {
        self.epoch == contact.epoch && now < self.expires_at
    }
}
