//! Magic links, and the browsers they sign in.
//!
//! An invitation lives 7 days and signs in one browser. The browser sends a nonce that it chose
//! itself; the same nonce within 10 minutes gets the same device again, which is how a lost
//! reply is survived.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::challenge::standing::CONFIRMATION_LIFE;
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
    /// Whether it was mailed in place of a code, because short codes have stopped: no other link
    /// lives that short.
    #[must_use]
    pub fn stands_in_for_a_code(&self) -> bool {
        self.created_at + CONFIRMATION_LIFE == self.expires_at
    }

    /// What the browser that opens it has proved. Whoever cannot get a code any more must still
    /// be able to prove as much as a code does.
    #[must_use]
    pub fn proof(&self) -> Proof {
        if self.stands_in_for_a_code() { Proof::Code } else { Proof::MagicLink }
    }

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
    /// By a mailed code, or by the link that stands in for one.
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

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::id::Id;

    fn contact(epoch: u32) -> Contact {
        Contact { epoch, ..Contact::sample() }
    }

    fn link(used: Option<Use>) -> Invitation {
        Invitation {
            id: InvitationId::from_ulid(Ulid::from_parts(1, 1)),
            contact_id: contact(0).id,
            request_id: None,
            epoch: 0,
            expires_at: at(1000),
            used,
            created_at: at(0),
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_link_lives_a_week_and_a_browser_is_known_for_thirty_days() {
        let days = |life: SignedDuration| life.as_secs() / 86_400;
        assert_eq!((days(INVITATION_LIFE), days(DEVICE_LIFE)), (7, 30));
        assert_eq!(NONCE_LIFE.as_secs(), 600);
    }

    #[test]
    fn a_link_opens_until_the_instant_it_is_over() {
        assert_eq!(link(None).open(&contact(0), "n", at(999)), Opening::First);
        assert_eq!(link(None).open(&contact(0), "n", at(1000)), Opening::Over);
    }

    #[test]
    fn the_same_browser_gets_the_same_device_for_ten_minutes_and_others_never() {
        let device_id = DeviceId::from_ulid(Ulid::from_parts(1, 9));
        let used = Use { nonce: "mine".to_owned(), at: at(500), device_id };
        let open = |nonce, second| link(Some(used.clone())).open(&contact(0), nonce, at(second));
        assert_eq!(open("mine", 500 + 599), Opening::Again(device_id));
        assert_eq!(open("mine", 500 + 600), Opening::Taken);
        assert_eq!(open("yours", 501), Opening::Taken);
    }

    #[test]
    fn ending_a_contacts_sessions_kills_their_links() {
        assert_eq!(link(None).open(&contact(1), "n", at(1)), Opening::Over);
    }

    #[test]
    fn what_stands_in_for_a_code_proves_as_much_and_no_other_link_does() {
        let lives = |life: SignedDuration| Invitation {
            expires_at: at(5) + life,
            created_at: at(5),
            ..link(None)
        };
        let code = lives(CONFIRMATION_LIFE);
        assert!(code.stands_in_for_a_code() && code.proof() == Proof::Code);
        let usual = lives(INVITATION_LIFE);
        assert!(!usual.stands_in_for_a_code() && usual.proof() == Proof::MagicLink);
    }

    #[test]
    fn a_browser_is_known_until_it_is_over_or_the_contacts_sessions_are_ended() {
        let device = Device {
            id: DeviceId::from_ulid(Ulid::from_parts(1, 9)),
            contact_id: contact(0).id,
            epoch: 3,
            proof: Proof::Code,
            expires_at: at(1000),
            network: "192.0.2.7".to_owned(),
            agent: None,
            created_at: at(0),
        };
        assert!(device.is_known(&contact(3), at(999)));
        assert!(!device.is_known(&contact(3), at(1000)));
        assert!(!device.is_known(&contact(4), at(0)));
    }
}
