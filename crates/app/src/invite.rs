//! Magic links: making one, and owing the mail that carries it.

use domain::access::{Gate, Shut, gate};
use domain::account::Account;
use domain::contact::Contact;
use domain::id::{ContactId, RequestId};
use domain::invitation::{INVITATION_LIFE, Invitation};
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use jiff::{SignedDuration, Timestamp};
use store::StoreError;
use store::change::Change;
use store::item::Versioned;

use crate::house::House;
use crate::problem::{Kind, Problem};

/// Why a magic link is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// A request was approved.
    Approved(RequestId),
    /// Staff, or the contact from an expired page, asked for one.
    Sent,
    /// Documents were shared, and staff chose to say so.
    Shared,
    /// Short codes have stopped; this link proves the address instead.
    LastResort(SignedDuration),
}

/// Refuses a link for whom it would not let in.
///
/// # Errors
/// [`Kind::WrongState`] with the reason.
pub fn require_gate(
    contact: &Contact,
    account: Option<&Account>,
    now: Timestamp,
) -> Result<(), Problem> {
    match gate(contact, account, now) {
        Gate::Open => Ok(()),
        Gate::Shut(shut) => Err(Problem::new(Kind::WrongState, why_shut(shut))),
    }
}

fn why_shut(shut: Shut) -> String {
    match shut {
        Shut::ContactDeleted => "The contact was deleted.".to_owned(),
        Shut::Contact(status) => {
            format!("The contact is `{status}`; only an approved one gets a link.")
        }
        Shut::Account(status) => {
            format!("The contact's account is `{status}`; approve it first.")
        }
        Shut::AccountOver => "The access of the contact's account has ended.".to_owned(),
        Shut::AccountMissing => "The contact's account was deleted.".to_owned(),
    }
}

/// Adds a magic link for `contact` and its mail to `change`. Without an address there is nobody
/// to mail, and nothing is added.
///
/// # Errors
/// [`StoreError::Build`]. Claims [`store::change::Claim::Mail`].
pub fn invite(
    house: &House,
    change: &mut Change,
    contact: &Contact,
    occasion: Occasion,
    now: Timestamp,
) -> Result<(), StoreError> {
    if contact.email.is_none() {
        return Ok(());
    }
    write(house, change, (contact.id, contact.epoch), occasion, now)
}

/// Adds what [`invite`] adds, for an id that was never given: it takes as long and costs as much,
/// and the mailer finds nobody.
///
/// # Errors
/// As [`invite`].
pub fn invite_nobody(
    house: &House,
    change: &mut Change,
    nobody: ContactId,
    occasion: Occasion,
    now: Timestamp,
) -> Result<(), StoreError> {
    write(house, change, (nobody, 0), occasion, now)
}

fn write(
    house: &House,
    change: &mut Change,
    whose: (ContactId, u32),
    occasion: Occasion,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (link, purpose) = link(house, whose, occasion, now);
    let expires_at = link.expires_at;
    change.save_invitation(&Versioned { version: 1, value: link })?;
    change.owe(&Mail::new(purpose, now, expires_at))
}

/// A new magic link for a contact at its epoch, and why its mail is sent.
pub(crate) fn link(
    house: &House,
    (contact_id, epoch): (ContactId, u32),
    occasion: Occasion,
    now: Timestamp,
) -> (Invitation, Purpose) {
    let life = match occasion {
        Occasion::LastResort(life) => life,
        Occasion::Approved(_) | Occasion::Sent | Occasion::Shared => INVITATION_LIFE,
    };
    let request_id = match occasion {
        Occasion::Approved(request_id) => Some(request_id),
        Occasion::Sent | Occasion::Shared | Occasion::LastResort(_) => None,
    };
    let invitation = Invitation {
        id: house.dice.id(now),
        contact_id,
        request_id,
        epoch,
        expires_at: now + life,
        used: None,
        created_at: now,
    };
    let invitation_id = invitation.id;
    let purpose = match occasion {
        Occasion::Approved(_) | Occasion::Sent => {
            Purpose::MagicLink { contact_id, invitation_id, request_id }
        }
        Occasion::Shared => Purpose::Shared { contact_id, invitation_id },
        Occasion::LastResort(_) => Purpose::Confirmation { contact_id, invitation_id },
    };
    (invitation, purpose)
}
