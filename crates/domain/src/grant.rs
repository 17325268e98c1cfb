//! Grants: what lets one contact read one document, with which rights and for how long.

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::activity::Object;
use crate::contact::Contact;
use crate::expiry::{Expiry, ExpiryError, Milestone, RESTORABLE, When};
use crate::id::{ContactId, DocumentId, GrantId, MemberId};
use crate::rights;
use crate::tenant::Zone;

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

impl rights::Right for Right {
    const VIEW: Self = Self::View;
    const USUAL: &'static [Self] = &[Self::View, Self::Download];
    const SET: &'static str = "Rights";
    const EXAMPLE: &'static [Self] = &[Self::View, Self::Download];
}

/// What a grant allows: view and download unless it says otherwise.
pub type Rights = rights::Rights<Right>;

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
    pub expiry: Option<Expiry>,
    /// Who granted it; nobody if the account approves on arrival.
    pub granted_by: Option<MemberId>,
    /// Whether it is over.
    pub state: State,
    /// The contact's grant epoch when it was granted.
    pub epoch: u32,
    /// Times access was closed. What was made under a lower number, such as a guest link or a
    /// browser on one, is over for good, though access be opened again.
    #[serde(default)]
    pub closings: u32,
    /// Files and entries of the thread that are kept from them though the document is open, at most
    /// [`HIDDEN_MAX`].
    #[serde(default)]
    pub hidden: Vec<Object>,
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

/// Why a grant cannot be extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExtensionError {
    /// It was taken back, or ended with its document or a suspension.
    #[error("this access was taken back; share the document again instead")]
    Ended,
    /// It has no end.
    #[error("this access has no end")]
    NoEnd,
    /// It ended too long ago.
    #[error("this access ended more than 30 days ago; share the document again instead")]
    TooLate,
    /// The new end is refused.
    #[error(transparent)]
    Expiry(#[from] ExpiryError),
}

/// Things of one document that are kept from one contact at the most.
pub const HIDDEN_MAX: usize = 100;

/// Too many things are kept from one contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{HIDDEN_MAX} things of this document are kept from the contact; close the document to them instead"
)]
pub struct TooMuchHidden;

/// Why a grant opens nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lapse {
    /// Staff took it back.
    Removed,
    /// Its time passed.
    Expired,
    /// The document was deleted.
    DocumentDeleted,
    /// The contact was deleted, or came back from a suspension without it.
    Dropped,
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
    /// What lets `contact` view and download a document for good, in place of what did before, if
    /// anything did.
    #[must_use]
    pub fn new(
        contact: &Contact,
        document_id: DocumentId,
        before: Option<&Self>,
        new_id: impl FnOnce() -> GrantId,
        now: Timestamp,
    ) -> Self {
        Self {
            id: before.map_or_else(new_id, |before| before.id),
            version: before.map_or(1, |before| before.version + 1),
            contact_id: contact.id,
            document_id,
            rights: Rights::default(),
            expiry: None,
            granted_by: None,
            state: State::Live,
            epoch: contact.grant_epoch,
            closings: before.map_or(0, |before| before.closings),
            hidden: before.map_or_else(Vec::new, |before| before.hidden.clone()),
            created_at: now,
        }
    }

    /// The grant if it opens its document at `now`: neither ended, nor expired, nor dropped when
    /// the contact came back from a suspension.
    #[must_use]
    pub fn live(&self, contact: &Contact, now: Timestamp) -> Option<Live<&Self>> {
        self.lapse(contact, now).is_none().then_some(Live(self))
    }

    /// Why the grant opens nothing at `now`, if it does not.
    #[must_use]
    pub fn lapse(&self, contact: &Contact, now: Timestamp) -> Option<Lapse> {
        match self.state {
            State::Removed => Some(Lapse::Removed),
            State::Expired => Some(Lapse::Expired),
            State::DocumentDeleted => Some(Lapse::DocumentDeleted),
            State::Live if self.expiry.as_ref().is_some_and(|end| end.is_over(now)) => {
                Some(Lapse::Expired)
            }
            State::Live if self.epoch != contact.grant_epoch => Some(Lapse::Dropped),
            State::Live => None,
        }
    }

    /// When it ends by itself; never, if absent.
    #[must_use]
    pub fn ends_at(&self) -> Option<Timestamp> {
        self.expiry.as_ref().map(|expiry| expiry.at)
    }

    /// When the worker should look at it next: a warning is due then, or its end.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        self.live_expiry()?.next().map(|(_, at)| at)
    }

    /// What is to be told about its end at `now`; [`Milestone::Over`] is also to be recorded.
    #[must_use]
    pub fn milestone(&self, now: Timestamp) -> Option<Milestone> {
        self.live_expiry()?.due(now)
    }

    fn live_expiry(&self) -> Option<&Expiry> {
        self.expiry.as_ref().filter(|_| self.state == State::Live)
    }

    /// The grant after people were told what had come of its end by `now`.
    #[must_use]
    pub fn told(mut self, now: Timestamp) -> Self {
        self.expiry = self.expiry.map(|expiry| expiry.told(now));
        self.version += 1;
        self
    }

    /// The grant with a later end, as [`Expiry::extended`] has it. What ended by time alone, and
    /// not long ago, lives again.
    ///
    /// # Errors
    /// [`ExtensionError`].
    pub fn extended(
        mut self,
        contact: &Contact,
        when: Option<When>,
        zone: Option<&Zone>,
        now: Timestamp,
    ) -> Result<Self, ExtensionError> {
        if !matches!(self.state, State::Live | State::Expired) || self.epoch != contact.grant_epoch
        {
            return Err(ExtensionError::Ended);
        }
        let expiry = self.expiry.as_ref().ok_or(ExtensionError::NoEnd)?;
        if expiry.at + RESTORABLE <= now {
            return Err(ExtensionError::TooLate);
        }
        self.expiry = Some(expiry.extended(when, zone, now)?);
        self.state = State::Live;
        self.version += 1;
        Ok(self)
    }

    /// The grant with `thing`, a file or an entry of the thread, kept from its contact; `None` if
    /// it is so already.
    ///
    /// # Errors
    /// [`TooMuchHidden`].
    pub fn hiding(mut self, thing: Object) -> Result<Option<Self>, TooMuchHidden> {
        if self.hides(thing) {
            return Ok(None);
        }
        if HIDDEN_MAX <= self.hidden.len() {
            return Err(TooMuchHidden);
        }
        self.hidden.push(thing);
        self.version += 1;
        Ok(Some(self))
    }

    /// The grant with `thing` shown again; `None` if it is shown.
    #[must_use]
    pub fn showing(mut self, thing: Object) -> Option<Self> {
        if !self.hides(thing) {
            return None;
        }
        self.hidden.retain(|hidden| *hidden != thing);
        self.version += 1;
        Some(self)
    }

    /// Whether `thing` is kept from the contact.
    #[must_use]
    pub fn hides(&self, thing: Object) -> bool {
        self.hidden.contains(&thing)
    }

    /// The grant ended because of `state`.
    #[must_use]
    pub fn ended(mut self, state: State) -> Self {
        if state == State::Removed {
            self.closings += 1;
        }
        self.state = state;
        self.version += 1;
        self
    }
}
