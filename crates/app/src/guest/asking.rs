//! Asking for a code on a guest link.
//!
//! Who asks learns nothing by it: a code for an address that opens nothing here is issued, counted
//! and answered like any other, and never mailed.

use domain::challenge::Challenge;
use domain::email::Email;
use domain::id::{ChallengeId, ContactId, LinkId, SessionId};
use domain::link::verifying::Holder;
use domain::link::{Audience, Life};
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use store::challenges::{IssuedCode, OnLink};
use store::change::Change;
use store::item::Versioned;
use store::links::{Along, Linked};
use store::{Store, StoreError};

use super::binding::Known;
use super::link_inactive;
use crate::callers::bearer::Bearer;
use crate::exchange::cx::Cx;
use crate::exchange::problem::Problem;
use crate::house::token::guest::LinkToken;
use crate::portal::codes::{Asker, CodeSent, hash};

/// Whose code is asked for on a link.
#[derive(Clone, Debug)]
pub enum Sought {
    /// Somebody holds the link, and names an address unless the link has its own.
    Bearing {
        /// The link's secret.
        token: LinkToken,
        /// The address that is to be proved.
        email: Option<Email>,
    },
    /// Somebody without the link's secret names an address: it must be bound to the link already.
    Naming(Email),
    /// Whoever a notice went to wants to take a browser off the link, whether or not that opens.
    Disowning(Email),
}

impl Cx<Bearer> {
    /// Mails a code for `link`, or what else the budgets of the address allow.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::BadInput`] if an address must be named, the link's own
    /// stops, or [`crate::exchange::problem::Kind::TooMany`] with the seconds to wait, or the
    /// table's.
    pub async fn ask_on_link(&mut self, link: LinkId, sought: Sought) -> Result<CodeSent, Problem> {
        let (store, seen) = self.link_of(link, &sought, None).await?;
        let own = seen.contact.as_ref().filter(|_| !seen.link.audience.is_public());
        let own_email = own.and_then(|contact| contact.email.clone());
        let is_to_disown = matches!(sought, Sought::Disowning(_));
        let (email, bears) = match sought {
            Sought::Bearing { email, .. } => (email.or(own_email), true),
            Sought::Naming(email) | Sought::Disowning(email) => (Some(email), false),
        };
        let email = email.ok_or_else(|| {
            Problem::bad_input("/email", "say at which address the code is to be mailed")
        })?;
        let known = self.holder_of(&store, &seen, &email).await?;
        let holder = known.as_ref().map(Known::holder);
        let may = seen.link.bind(&seen.around(), &email, holder, self.now).is_ok();
        let is_mailed = is_to_disown || (may && (bears || is_bound(&seen, &email, holder)));
        let tenant = store.tenant_id();
        let whose = format!("{link} {email}");
        // What others ask for by the link must not use up what its owner needs against them.
        let what = if is_to_disown { "not-me" } else { "link" };
        let standing = hash(&self.house, what, tenant, &whose);
        let asker = Asker {
            standing: standing.clone(),
            budget: hash(&self.house, "codes", tenant, email.as_str()),
            link: Some(link),
        };
        let contact: Option<ContactId> = known.as_ref().map(|known| known.contact.id);
        let epoch = known.as_ref().map_or(0, |known| known.contact.epoch);
        let document_id = seen.document.id;
        let issued = |id, challenge| IssuedCode {
            id,
            challenge,
            contact_id: contact,
            epoch,
            standing: standing.clone(),
            on_link: Some(OnLink {
                link_id: link,
                document_id,
                email: email.clone(),
                is_mailed,
                is_to_disown,
            }),
        };
        // A link would let somebody in; the sender takes browsers off as well.
        let instead = |change: &mut Change| {
            if is_to_disown { Ok(()) } else { self.owe_link_of_last_resort(change, &issued) }
        };
        self.issue(&store, &asker, issued, instead).await
    }

    /// The link that an address is proved on, if it opens. A repeat is answered only to who signed
    /// in in `session`, if in one.
    pub(super) async fn link_of(
        &mut self,
        link: LinkId,
        sought: &Sought,
        session: Option<SessionId>,
    ) -> Result<(Store, Linked), Problem> {
        if let Some(session) = session {
            self.bears_for_oneself(session);
        }
        let (tenant, document, contact) = match sought {
            Sought::Bearing { token, .. } => {
                match session {
                    Some(session) => self.bears(token.tenant, session),
                    None => self.bears(token.tenant, link),
                }
                self.hear().await?;
                (token.tenant, token.document, token.contact)
            }
            Sought::Naming(_) | Sought::Disowning(_) => {
                let found = Box::pin(self.house.table.locate_link(link));
                let (heard, found) = tokio::join!(self.hear(), found);
                heard?;
                let found = found?.ok_or_else(Problem::not_found)?;
                (found.tenant_id, found.document_id, None)
            }
        };
        let store = self.store_of(tenant);
        let along = Along { contact, ..Along::default() };
        let seen = store.whole_link(document, link, along).await?;
        let seen = seen.ok_or_else(Problem::not_found)?;
        let is_replaced = match sought {
            Sought::Bearing { token, .. } => token.generation != seen.link.generation,
            Sought::Naming(_) | Sought::Disowning(_) => false,
        };
        if matches!(sought, Sought::Disowning(_)) {
            return Ok((store, seen));
        }
        match seen.link.life(&seen.around(), self.now) {
            Life::Gone => Err(Problem::not_found()),
            Life::Inactive(_) => Err(link_inactive()),
            Life::Open if is_replaced => Err(link_inactive()),
            Life::Open => Ok((store, seen)),
        }
    }

    /// Adds to a change the link of last resort, where `issued` makes what it answers.
    fn owe_link_of_last_resort(
        &self,
        change: &mut Change,
        issued: &impl Fn(ChallengeId, Challenge) -> IssuedCode,
    ) -> Result<(), StoreError> {
        let code = issued(self.new_id(), Challenge::of_last_resort(self.now));
        let purpose = Purpose::LinkConfirmation { challenge_id: code.id };
        let expires_at = code.challenge.expires_at;
        change.save_challenge(&Versioned { version: 1, value: code })?;
        change.owe(&Mail::new(purpose, self.now, expires_at))
    }
}

/// Whether `email` is bound to the link, so that a code goes there even without the link's secret:
/// it is its contact's, or that of somebody who was let in before where anybody is.
pub(super) fn is_bound(seen: &Linked, email: &Email, holder: Option<Holder<'_>>) -> bool {
    match seen.link.audience {
        Audience::PublicSame | Audience::PublicChild => {
            holder.is_some_and(|holder| holder.grant.is_some())
        }
        Audience::Contact | Audience::Undefined => {
            seen.contact.as_ref().and_then(|contact| contact.email.as_ref()) == Some(email)
        }
    }
}
