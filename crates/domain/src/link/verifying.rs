//! Verification: whose address a right code proves on a link.
//!
//! Who asks for a code and who may be mailed one are judged alike, so that asking teaches nothing:
//! an address that is refused here is refused by silence.

use jiff::Timestamp;

use crate::access::is_shut_out;
use crate::account::Account;
use crate::contact::Contact;
use crate::email::Email;
use crate::grant::{Grant, State};
use crate::id::{ContactId, DeviceId};
use crate::link::{Around, Audience, First, Life, Link};

/// Who has an address in the trust center, if anybody.
#[derive(Clone, Copy, Debug)]
pub struct Holder<'a> {
    /// Who.
    pub contact: &'a Contact,
    /// Whom they work for.
    pub account: Option<&'a Account>,
    /// What opened the document to them before, if anything did.
    pub grant: Option<&'a Grant>,
}

/// Whom a proved address makes of its browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// The link's own contact.
    Own,
    /// The link's own contact, who had no address: this becomes theirs.
    Address,
    /// A contact who has the address already; what they typed about themselves changes nothing.
    Known(ContactId),
    /// Somebody new, under the details they give.
    New,
}

/// The address proves nothing here: a stranger's, a suspended contact's, or one whose access was
/// closed. One answer for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this address opens nothing here")]
pub struct Refused;

impl Holder<'_> {
    fn is_refused(&self) -> bool {
        let is_taken_back = |grant: &Grant| grant.state == State::Removed;
        is_shut_out(self.contact, self.account) || self.grant.is_some_and(is_taken_back)
    }
}

impl Link {
    /// Whom the proof of `address` makes of its browser at `now`.
    ///
    /// # Errors
    /// [`Refused`] if the link is somebody else's or does not open, or if the holder is suspended or
    /// had this access taken back: no code opens what staff closed.
    pub fn bind(
        &self,
        around: &Around<'_>,
        address: &Email,
        holder: Option<Holder<'_>>,
        now: Timestamp,
    ) -> Result<Binding, Refused> {
        if self.life(around, now) != Life::Open {
            return Err(Refused);
        }
        let of_holder = || match holder {
            Some(holder) if holder.is_refused() => Err(Refused),
            Some(holder) => Ok(Some(Binding::Known(holder.contact.id))),
            None => Ok(None),
        };
        match (self.audience, around.contact) {
            (Audience::PublicSame | Audience::PublicChild, _) | (Audience::Undefined, None) => {
                Ok(of_holder()?.unwrap_or(Binding::New))
            }
            (Audience::Contact | Audience::Undefined, Some(own)) => match &own.email {
                Some(email) if email == address => Ok(Binding::Own),
                // Whoever the link was given to is who they prove to be.
                None if self.first.is_none() => Ok(of_holder()?.unwrap_or(Binding::Address)),
                Some(_) | None => Err(Refused),
            },
            (Audience::Contact, None) => Err(Refused),
        }
    }

    /// The link after `contact`, to whom `grant` opens the document, verified in the browser
    /// `device_id`. A public link is nobody's and stays as it is.
    #[must_use]
    pub fn verified(
        mut self,
        contact: &Contact,
        grant: &Grant,
        device_id: DeviceId,
        now: Timestamp,
    ) -> Self {
        if self.audience.is_public() || self.is_settled_on(contact) {
            return self;
        }
        if self.first.is_none() {
            self.epoch += 1;
            self.first = Some(First { device_id, nonce: None, at: now });
        }
        self.contact_id = Some(contact.id);
        self.contact_epoch = contact.epoch;
        self.link_epoch = contact.link_epoch;
        self.closings = grant.closings;
        self.version += 1;
        self
    }

    /// Whether a verification by `contact` has nothing to add.
    fn is_settled_on(&self, contact: &Contact) -> bool {
        self.first.is_some() && self.contact_id == Some(contact.id)
    }
}
