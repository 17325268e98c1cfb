//! The press: what *open* comes to in a browser that proved nothing yet.

use jiff::Timestamp;
use serde::Serialize;

use crate::id::DeviceId;
use crate::invitation::NONCE_LIFE;
use crate::link::{Around, First, Life, Link};
use crate::tenant::FirstClick;

/// How the link came to whoever presses; its secret says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// We mailed it to the contact's address.
    Mailed,
    /// Somebody copied it.
    Copied,
}

/// A press on *open*, by POST.
#[derive(Clone, Copy, Debug)]
pub struct Press<'a> {
    /// SHA-256 of the nonce that the browser chose before it asked.
    pub nonce: &'a str,
    /// How the link came.
    pub way: Way,
}

/// What a press comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// The first press: trust this browser, and keep everybody else to codes.
    First,
    /// The same browser asks again, since it never heard: give it the same device.
    Again(DeviceId),
    /// It reads, and proves nothing by that.
    Bearer,
    /// Somebody was first, or no press is believed here.
    CodeRequired,
    /// Not now.
    Inactive,
    /// Never again.
    Gone,
}

impl Link {
    /// Judges a press at `now`.
    #[must_use]
    pub fn press(&self, around: &Around<'_>, press: Press<'_>, now: Timestamp) -> Opening {
        match self.life(around, now) {
            Life::Gone => return Opening::Gone,
            Life::Inactive(_) => return Opening::Inactive,
            Life::Open => {}
        }
        if self.is_open_to_bearers(around.contact) {
            return Opening::Bearer;
        }
        match &self.first {
            // Whatever ended the contact's browsers meanwhile ended this one too.
            _ if !self.is_still(around) => Opening::CodeRequired,
            Some(first) if first.is_again(press.nonce, now) => Opening::Again(first.device_id),
            None if believes(around.tenant.first_click, press.way) => Opening::First,
            Some(_) | None => Opening::CodeRequired,
        }
    }

    /// The link after the browser `device_id` came first by `press`.
    #[must_use]
    pub fn pressed(mut self, device_id: DeviceId, press: Press<'_>, now: Timestamp) -> Self {
        self.first = Some(First { device_id, nonce: Some(press.nonce.to_owned()), at: now });
        self.version += 1;
        self
    }

    /// Whether the contact is as they were when the link became theirs: at the same address, and
    /// never suspended since.
    fn is_still(&self, around: &Around<'_>) -> bool {
        around.contact.is_some_and(|contact| contact.epoch == self.contact_epoch)
    }
}

/// Whether a first press is proof enough.
const fn believes(policy: FirstClick, way: Way) -> bool {
    match policy {
        FirstClick::AnyLink => true,
        FirstClick::MailedLink => matches!(way, Way::Mailed),
        FirstClick::Never => false,
    }
}

impl First {
    /// Whether the browser with this nonce was the first, a short while ago.
    fn is_again(&self, nonce: &str, now: Timestamp) -> bool {
        self.nonce.as_deref() == Some(nonce) && now < self.at + NONCE_LIFE
    }
}
