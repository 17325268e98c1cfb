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

use crate::exchange::problem::{Kind, Problem};
use crate::house::House;

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

#[cfg(test)]
mod tests {
    use domain::contact::ReviewStatus;
    use domain::outbox::purpose::Purpose;
    use store::saved::Saved;

    use super::*;
    use crate::fixtures::{NOW, account, contact, ends_in, house, id, refusal, saved_by};

    #[test]
    fn a_link_is_made_for_whom_it_lets_in_and_others_hear_why_not() {
        let cancelled = Account { status: ReviewStatus::Cancelled, ..account() };
        let over = Account { access_expiry: Some(ends_in(0)), ..account() };
        let deleted = Contact { deleted_at: Some(NOW), ..contact() };
        let waiting = Contact { status: ReviewStatus::ToReview, ..contact() };
        assert_eq!(refusal(require_gate(&contact(), Some(&account()), NOW)), None);
        for (contact, account, why) in [
            (deleted, Some(account()), "The contact was deleted."),
            (
                waiting,
                Some(account()),
                "The contact is `to_review`; only an approved one gets a link.",
            ),
            (contact(), Some(cancelled), "The contact's account is `cancelled`; approve it first."),
            (contact(), Some(over), "The access of the contact's account has ended."),
            (contact(), None, "The contact's account was deleted."),
        ] {
            let refused = require_gate(&contact, account.as_ref(), NOW).unwrap_err();
            assert_eq!((refused.kind, refused.detail.as_str()), (Kind::WrongState, why));
        }
    }

    #[test]
    fn an_occasion_says_how_long_a_link_lives_and_what_its_mail_says() {
        let (whose, hour) = ((id(3), 5), SignedDuration::from_hours(1));
        for (occasion, life, request) in [
            (Occasion::Approved(id(15)), INVITATION_LIFE, Some(id(15))),
            (Occasion::Sent, INVITATION_LIFE, None),
            (Occasion::Shared, INVITATION_LIFE, None),
            (Occasion::LastResort(hour), hour, None),
        ] {
            let (link, purpose) = link(&house(), whose, occasion, NOW);
            assert_eq!((link.contact_id, link.epoch, link.used), (id(3), 5, None));
            assert_eq!((link.expires_at, link.request_id), (NOW + life, request));
            let (contact_id, invitation_id) = (id(3), link.id);
            let expected = match occasion {
                Occasion::Approved(_) | Occasion::Sent => {
                    Purpose::MagicLink { contact_id, invitation_id, request_id: request }
                }
                Occasion::Shared => Purpose::Shared { contact_id, invitation_id },
                Occasion::LastResort(_) => Purpose::Confirmation { contact_id, invitation_id },
            };
            assert_eq!(purpose, expected);
        }
    }

    #[test]
    fn without_an_address_nobody_is_mailed_and_nobody_is_mailed_like_anybody() {
        let house = house();
        let mails = |saved: Vec<Saved>| {
            let lives = |saved: &Saved| match saved {
                Saved::Mail(mail) => Some((mail.purpose.addressee(), mail.expires_at)),
                _ => None,
            };
            saved.iter().map(lives).collect::<Vec<_>>()
        };
        let invited = |contact: &Contact| {
            mails(saved_by(|change| {
                invite(&house, change, contact, Occasion::Sent, NOW).unwrap();
            }))
        };
        let to = |id: ContactId| Some((Some(id.into()), NOW + INVITATION_LIFE));
        assert_eq!(invited(&contact()), [to(id(3))]);
        assert_eq!(invited(&Contact { email: None, ..contact() }), []);
        let nobody = mails(saved_by(|change| {
            invite_nobody(&house, change, id(33), Occasion::Sent, NOW).unwrap();
        }));
        assert_eq!(nobody, [to(id(33))]);
    }
}
