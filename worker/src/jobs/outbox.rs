//! The outbox: one mail taken, written, sent and settled.

use domain::id::MailId;
use domain::outbox::{Mail, Outcome, State};
use mail::error::MailError;
use store::{Store, StoreError};

use crate::jobs::compose::{Letter, compose};
use crate::jobs::mail_events::tag;
use crate::{Deed, Worker};

impl Worker {
    /// Sends a mail, if it is due and nobody else is sending it.
    ///
    /// # Errors
    /// As the table's. The mail stays owed; a lease that was taken runs out by itself.
    pub async fn deliver(&self, store: &Store, id: MailId) -> Result<Deed, StoreError> {
        let now = self.house.clock.now();
        let Some(mail) = store.mail(id).await? else { return Ok(Deed::Nothing) };
        let Some(mail) = mail.leased(now) else { return Ok(Deed::Nothing) };
        match self.save(store, &mail).await {
            // Another worker has it.
            Err(StoreError::Lost(_)) => return Ok(Deed::Nothing),
            saved => saved?,
        }
        if mail.state != State::Leased {
            tracing::info!(mail.id = %mail.id, purpose = mail.purpose.as_str(), "a mail expired");
            return Ok(Deed::Done);
        }
        let outcome = match compose(&self.house, store, &mail, now).await? {
            Some(letter) if store.suppression(&letter.to).await?.is_some() => Outcome::Blocked,
            Some(letter) => self.send(store, &mail, &letter).await,
            None => Outcome::Moot,
        };
        let (id, purpose) = (mail.id, mail.purpose.as_str());
        let settled = mail.tried(outcome, self.house.clock.now());
        tracing::info!(mail.id = %id, purpose, state = ?settled.state, "a mail was tried");
        match self.save(store, &settled).await {
            // Our lease ran out, and another worker went on from there.
            Err(StoreError::Lost(_)) => Ok(Deed::Done),
            saved => saved.map(|()| Deed::Done),
        }
    }

    async fn save(&self, store: &Store, mail: &Mail) -> Result<(), StoreError> {
        let mut change = self.change(store);
        change.save_mail(mail)?;
        change.commit().await
    }

    async fn send(&self, store: &Store, mail: &Mail, letter: &Letter) -> Outcome {
        let sent = match letter.message.render(&letter.brand) {
            Ok(rendered) => {
                let (to, from) = (letter.to.as_str(), letter.brand.name.as_str());
                let reply_to = letter.brand.contact_email.as_deref();
                // News of the mail comes back with it.
                let tag = tag(store.tenant_id(), mail.id);
                self.mailer.send(to, from, reply_to, &rendered, &tag).await
            }
            Err(error) => Err(error),
        };
        match sent {
            Ok(message_id) => Outcome::Sent(message_id),
            Err(error) => {
                let outcome = outcome_of(&error);
                let error: &dyn std::error::Error = &error;
                tracing::warn!(mail.id = %mail.id, error, ?outcome, "a mail did not leave");
                outcome
            }
        }
    }
}

/// What a failed try comes to.
fn outcome_of(error: &MailError) -> Outcome {
    match error {
        MailError::Template { .. }
        | MailError::NotACode
        | MailError::NotALink
        | MailError::BadTag { .. }
        | MailError::Refused { .. } => Outcome::Refused,
        MailError::Throttled { .. } | MailError::Blocked { .. } | MailError::InDoubt { .. } => {
            Outcome::Again
        }
    }
}
