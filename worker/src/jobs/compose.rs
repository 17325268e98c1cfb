//! Composing: from why a mail is owed to whom it goes and what it says.
//!
//! Everything is read again, since the cause may be gone: a suspended contact, a changed address,
//! a withdrawn request, a code that was used. Then there is nothing to say any more. Links and
//! codes are derived here; no row ever held them.

mod access;
mod endings;
mod links;
mod requests;
mod seats;
mod thread;

use app::house::House;
use app::house::token::ResetToken;
use domain::access::is_shut_out;
use domain::contact::Contact;
use domain::document::Document;
use domain::email::Email;
use domain::id::{ContactId, DocumentId};
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use domain::tenant::Tenant;
use jiff::Timestamp;
use mail::brand::{Accent, Brand};
use mail::message::Message;
use store::{Store, StoreError};

use crate::account_of;

/// A mail ready to be written out and sent.
pub(crate) struct Letter {
    pub(crate) to: Email,
    pub(crate) brand: Brand,
    pub(crate) message: Message,
}

/// What composing reads from.
struct Desk<'a> {
    house: &'a House,
    store: &'a Store,
    tenant: Tenant,
    now: Timestamp,
}

/// Somebody who may be mailed, and where.
struct Addressee {
    contact: Contact,
    email: Email,
}

/// Composes `mail`; `None` if there is nothing to say any more.
pub(crate) async fn compose(
    house: &House,
    store: &Store,
    mail: &Mail,
    now: Timestamp,
) -> Result<Option<Letter>, StoreError> {
    let Some(tenant) = store.own_tenant().await? else { return Ok(None) };
    let desk = Desk { house, store, tenant, now };
    let written = match mail.purpose {
        Purpose::MagicLink { contact_id, invitation_id, request_id } => {
            desk.magic_link(contact_id, invitation_id, request_id).await?
        }
        Purpose::Shared { contact_id, invitation_id } => {
            desk.magic_link(contact_id, invitation_id, None).await?
        }
        Purpose::GuestLink { .. } | Purpose::LinkNews { .. } | Purpose::NewDevice { .. } => {
            desk.of_link(&mail.purpose).await?
        }
        Purpose::ThreadMessage { .. }
        | Purpose::SignatureRequest { .. }
        | Purpose::GuestActed { .. }
        | Purpose::Certified { .. }
        | Purpose::CertifiedStaff { .. } => desk.of_thread(&mail.purpose).await?,
        Purpose::Confirmation { contact_id, invitation_id } => {
            desk.confirmation(contact_id, invitation_id).await?
        }
        Purpose::Code { challenge_id } => desk.code(challenge_id).await?,
        Purpose::LinkConfirmation { challenge_id } => desk.last_resort(challenge_id).await?,
        Purpose::RequestReceived { contact_id, request_id } => {
            desk.received(contact_id, request_id).await?
        }
        Purpose::Question { contact_id, request_id, round } => {
            desk.question(contact_id, request_id, round).await?
        }
        Purpose::Rejected { contact_id, request_id } => {
            desk.rejected(contact_id, request_id).await?
        }
        Purpose::Ending { contact_id, ends_at, milestone } => {
            desk.ending(contact_id, (ends_at, milestone)).await?
        }
        Purpose::EndingStaff { member_id, contact_id, ends_at, milestone } => {
            desk.ending_staff(member_id, contact_id, (ends_at, milestone)).await?
        }
        Purpose::AccountEnding { member_id, account_id, ends_at, milestone } => {
            desk.account_ending(member_id, account_id, (ends_at, milestone)).await?
        }
        Purpose::RequestArrived { member_id, contact_id, request_id } => {
            desk.arrived(member_id, contact_id, request_id).await?
        }
        Purpose::SeatInvitation { member_id, round } => {
            desk.seat_invitation(member_id, round).await?
        }
        Purpose::PasswordReset { identity_id, epoch, expires_at } => {
            desk.password_reset(ResetToken { identity: identity_id, epoch, expires_at }).await?
        }
        Purpose::SecondFactorReset { member_id, at } => desk.factor_reset(member_id, at).await?,
    };
    Ok(written.map(|(to, message)| Letter { to, brand: desk.brand(), message }))
}

type Written = Option<(Email, Message)>;

impl Desk<'_> {
    fn brand(&self) -> Brand {
        let tenant = &self.tenant;
        Brand {
            name: tenant.name.to_string(),
            accent: Accent::from_hex(tenant.accent.as_str()),
            contact_email: tenant.contact_email.as_ref().map(ToString::to_string),
            zone: tenant.zone.rules(),
        }
    }

    /// The contact, unless mail to it must stop or it has no address.
    async fn addressee(&self, id: ContactId) -> Result<Option<Addressee>, StoreError> {
        let Some(contact) = self.store.contact(id).await? else { return Ok(None) };
        let account = account_of(self.store, &contact).await?;
        if is_shut_out(&contact, account.as_ref()) {
            return Ok(None);
        }
        let email = contact.email.clone();
        Ok(email.map(|email| Addressee { contact, email }))
    }

    /// Titles of those of the documents that can be read; what is deleted or empty opens to nobody.
    async fn titles(&self, ids: &[DocumentId]) -> Result<Vec<String>, StoreError> {
        let is_open =
            |document: &Document| document.deleted_at.is_none() && document.published.is_some();
        let found = self.store.documents_of(ids).await?;
        let mut titles: Vec<String> =
            found.into_iter().filter(is_open).map(|document| document.title.to_string()).collect();
        titles.sort_unstable();
        Ok(titles)
    }
}

impl Addressee {
    /// The name to greet by, once the address is proved.
    fn first_name(&self) -> Option<String> {
        self.contact.proved_at.map(|_| self.contact.first_name.to_string())
    }
}
