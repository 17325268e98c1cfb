//! Guest links: one document, one audience, no account.
//!
//! Staff activate and deactivate a link, and that is all that is stored. Everything else is judged:
//! a link past its end reads as inactive, and works again once the end is moved; one whose contact
//! is suspended waits; one whose contact's access was closed, though it be opened again, is as good
//! as a link that never was, because it counts fewer closings than the grant.
//!
//! Two things change a link on a guest's behalf, and neither is a visit: the first confirmed press
//! ([`opening`]), and the right code for an address ([`verifying`]). What a browser may do
//! afterwards is judged anew at each request ([`guest`]).

pub mod guest;
pub mod opening;
#[cfg(test)]
mod tests;
pub mod verifying;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::is_shut_out;
use crate::account::Account;
use crate::contact::Contact;
use crate::document::Document;
use crate::expiry::{Expiry, Milestone};
use crate::grant::{self, Grant};
use crate::id::{ContactId, DeviceId, DocumentId, EventId, LinkId, MemberId};
use crate::rights;
use crate::tenant::Tenant;
use crate::text::Title;

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
#[schemars(rename = "LinkRight")]
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

impl rights::Right for Right {
    const VIEW: Self = Self::View;
    const USUAL: &'static [Self] = &[Self::View, Self::Download];
    const SET: &'static str = "LinkRights";
    const EXAMPLE: &'static [Self] = &[Self::View, Self::Download, Self::Sign];
}

/// What a link allows: view and download unless it says otherwise, as any share.
pub type Rights = rights::Rights<Right>;

impl Rights {
    /// What the grant of whoever the link belongs to allows: its part about reading.
    #[must_use]
    pub fn of_grant(&self) -> grant::Rights {
        let rights = self.iter().filter_map(Right::of_grant);
        // Never refused, since a link's rights hold `view`.
        grant::Rights::try_from(rights.collect::<Vec<_>>()).unwrap_or_default()
    }
}

impl Right {
    /// The same in a grant, which knows what is about reading.
    #[must_use]
    pub const fn of_grant(self) -> Option<grant::Right> {
        match self {
            Self::View => Some(grant::Right::View),
            Self::Download => Some(grant::Right::Download),
            Self::Write | Self::Sign => None,
        }
    }
}

/// Whether staff let anybody in by a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It opens until it ends.
    Active,
    /// Staff stopped all viewing through it; copying it starts that again.
    Inactive,
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
    /// Whom it was made for, if for anybody in particular; its secret says so for good.
    pub made_for: Option<ContactId>,
    /// Whose it is: whom it was made for, or who verified first where nobody was named. Nobody's
    /// on a public link, and on one that waits for its person.
    pub contact_id: Option<ContactId>,
    /// The contact's epoch when the link became theirs. A later one ends the free first press, so
    /// that a changed address is asked for a code.
    pub contact_epoch: u32,
    /// The contact's link epoch when the link became theirs or was last activated. A later one
    /// keeps it shut: the contact came back from a suspension without it.
    pub link_epoch: u32,
    /// Times the contact's access was closed when the link became theirs. Once more, and it is
    /// over.
    pub closings: u32,
    /// The share that it stands for in the document's thread.
    pub event_id: EventId,
    /// What it allows at the most.
    pub rights: Rights,
    /// Until when it opens; for good if absent.
    pub expiry: Option<Expiry>,
    /// Whether it lets anybody in.
    pub state: State,
    /// The root key that its secret is signed by, whatever was rotated since.
    pub root: u8,
    /// Rises when the link is replaced after a leak; a secret of a lower one opens nothing.
    pub generation: u32,
    /// Rises at the first verification, which ends reading without proof.
    pub epoch: u32,
    /// The browser that got in first with proof. Every later one needs a code.
    pub first: Option<First>,
    /// Who made it, and hears what becomes of it.
    pub maker_id: MemberId,
    /// How they were called then, which is who its guests see as the sender.
    pub maker_name: Title,
    /// Times it was mailed to its contact.
    pub sendings: u32,
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
    /// Not now. Guests hear one word for all, staff the reason.
    Inactive(Pause),
    /// Never again; as good as a link that never was.
    Gone,
}

/// Why a link does not open now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "LinkPause")]
pub enum Pause {
    /// Staff deactivated it.
    Deactivated,
    /// Its end has passed.
    Over,
    /// Its contact, or their account, is suspended.
    Suspended,
    /// Its contact came back from a suspension without it, until it is activated again.
    NotRestored,
    /// What opened the document to its contact has ended.
    GrantOver,
    /// The company's plan does not hold links that open to anybody.
    Plan,
}

impl Link {
    /// Judges the link at `now`.
    #[must_use]
    pub fn life(&self, around: &Around<'_>, now: Timestamp) -> Life {
        if around.document.deleted_at.is_some() {
            return Life::Gone;
        }
        if self.audience.is_public() {
            if !around.tenant.plan.public_links {
                return Life::Inactive(Pause::Plan);
            }
        } else if let Some(contact) = around.contact {
            match self.life_with(contact, around, now) {
                Life::Open => {}
                shut => return shut,
            }
        }
        let is_over = self.expiry.as_ref().is_some_and(|expiry| expiry.is_over(now));
        match self.state {
            State::Inactive => Life::Inactive(Pause::Deactivated),
            State::Active if is_over => Life::Inactive(Pause::Over),
            State::Active => Life::Open,
        }
    }

    /// Judges what the link's own contact makes of it.
    fn life_with(&self, contact: &Contact, around: &Around<'_>, now: Timestamp) -> Life {
        // What the link was made with: a contact that is gone, or access that was closed since.
        let Some(grant) = around.grant else { return Life::Gone };
        let is_closed =
            matches!(grant.state, grant::State::Removed | grant::State::DocumentDeleted)
                || grant.closings != self.closings;
        if contact.deleted_at.is_some() || is_closed {
            Life::Gone
        } else if is_shut_out(contact, around.account) {
            Life::Inactive(Pause::Suspended)
        } else if grant.live(contact, now).is_none() {
            Life::Inactive(Pause::GrantOver)
        } else if self.link_epoch != contact.link_epoch {
            Life::Inactive(Pause::NotRestored)
        } else {
            Life::Open
        }
    }

    /// Whether anybody who holds the link reads without proof: it is public, or its person has no
    /// address and nobody verified yet.
    #[must_use]
    pub(crate) fn is_open_to_bearers(&self, contact: Option<&Contact>) -> bool {
        self.audience.is_public()
            || (self.first.is_none() && contact.is_none_or(|contact| contact.email.is_none()))
    }

    /// When the worker should look at it next: a warning of its end is due then, or the end itself.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        self.active_expiry()?.next().map(|(_, at)| at)
    }

    /// What is to be told about its end at `now`.
    #[must_use]
    pub fn milestone(&self, now: Timestamp) -> Option<Milestone> {
        self.active_expiry()?.due(now)
    }

    fn active_expiry(&self) -> Option<&Expiry> {
        self.expiry.as_ref().filter(|_| self.state == State::Active)
    }

    /// The link after whoever made it was told what had come of its end by `now`.
    #[must_use]
    pub fn told(self, now: Timestamp) -> Self {
        let expiry = self.expiry.map(|expiry| expiry.told(now));
        Self { expiry, version: self.version + 1, ..self }
    }

    /// The link with all viewing through it stopped; nobody loses access by that.
    #[must_use]
    pub fn deactivated(self) -> Self {
        Self { state: State::Inactive, version: self.version + 1, ..self }
    }

    /// The link open again: the same address, the same browsers. `contact` is its own, who may have
    /// come back from a suspension without it.
    #[must_use]
    pub fn activated(self, contact: Option<&Contact>) -> Self {
        let link_epoch = contact.map_or(self.link_epoch, |contact| contact.link_epoch);
        Self { state: State::Active, link_epoch, version: self.version + 1, ..self }
    }

    /// The link under a new secret; the old one opens nothing from now on. Browsers that proved
    /// themselves stay.
    #[must_use]
    pub fn replaced(mut self) -> Self {
        self.generation += 1;
        // Whoever held the leaked one and proved nothing holds nothing.
        self.epoch += 1;
        self.version += 1;
        self
    }
}
