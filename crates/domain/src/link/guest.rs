//! A browser on a link, and what it may do at an instant.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::is_shut_out;
use crate::id::{ContactId, DeviceId, DocumentId, LinkId};
use crate::link::{Around, Life, Link, Right};

/// How a browser came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// It holds the link, on one that is open to whoever does.
    Bearer,
    /// It pressed first.
    FirstPress,
    /// Somebody typed the code that was mailed, or followed the link that stands in for one.
    Code,
    /// Its owner was signed in under the address.
    Account,
}

/// One browser on one link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    /// Which browser.
    pub id: DeviceId,
    /// On which link.
    pub link_id: LinkId,
    /// Who it speaks for; nobody, if it only bears the link.
    pub contact_id: Option<ContactId>,
    /// The link's epoch when it came; a later one ends what it bears.
    pub epoch: u32,
    /// The contact's epoch when it came; a later one ends its trust.
    pub contact_epoch: u32,
    /// Times the contact's access was closed when it came. Access that was opened again is new
    /// access: its browsers prove themselves.
    pub closings: u32,
    /// How it came in.
    pub proof: Proof,
    /// The child document that is its contact's own, where each guest gets one.
    #[serde(default)]
    pub child_id: Option<DocumentId>,
    /// When it must prove itself again.
    pub expires_at: Timestamp,
    /// From where it came.
    pub network: String,
    /// What it calls itself.
    pub agent: Option<String>,
    /// When it came.
    pub created_at: Timestamp,
}

/// What a browser is on its link right now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It reads pages and no more.
    Bearer,
    /// It pressed first: it does whatever the link allows, but signs only after a code.
    Trusted,
    /// Its address is proved: it does whatever the link allows.
    Verified,
}

/// Why a browser is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Not known, or not any more: a code lets it in.
    CodeRequired,
    /// The link does not open now.
    Inactive,
    /// The link never opens again.
    Gone,
}

impl Guest {
    /// What the browser is on `link` at `now`.
    ///
    /// # Errors
    /// [`Stop`], the same whatever about browser, contact or grant has ended.
    pub fn standing(
        &self,
        link: &Link,
        around: &Around<'_>,
        now: Timestamp,
    ) -> Result<Standing, Stop> {
        match link.life(around, now) {
            Life::Gone => return Err(Stop::Gone),
            Life::Inactive(_) => return Err(Stop::Inactive),
            Life::Open => {}
        }
        let is_here = self.link_id == link.id && now < self.expires_at;
        let stands = match self.proof {
            Proof::Bearer => self.epoch == link.epoch && link.is_open_to_bearers(around.contact),
            Proof::FirstPress | Proof::Code | Proof::Account => self.is_trusted(around, now),
        };
        if !(is_here && stands) {
            return Err(Stop::CodeRequired);
        }
        Ok(match self.proof {
            Proof::Bearer => Standing::Bearer,
            Proof::FirstPress => Standing::Trusted,
            Proof::Code | Proof::Account => Standing::Verified,
        })
    }

    /// Whether the contact it speaks for still has access, and had it without a break since.
    fn is_trusted(&self, around: &Around<'_>, now: Timestamp) -> bool {
        let Some((contact, grant)) = around.contact.zip(around.grant) else { return false };
        let is_theirs = self.contact_id == Some(contact.id) && self.contact_epoch == contact.epoch;
        let is_open = !is_shut_out(contact, around.account) && grant.live(contact, now).is_some();
        is_theirs && is_open && grant.closings == self.closings
    }
}

impl Standing {
    /// Whether a browser of this standing may use `right` of a link that has it.
    #[must_use]
    pub const fn allows(self, right: Right) -> bool {
        match self {
            Self::Bearer => matches!(right, Right::View),
            Self::Trusted => !matches!(right, Right::Sign),
            Self::Verified => true,
        }
    }
}
