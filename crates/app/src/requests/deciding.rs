//! Deciding a request item by item: sharing some of its documents, declining others, in one
//! transaction with everything that follows.
//!
//! Sharing is planned by [`crate::sharing`], so that it approves contact and account as any share
//! does and revives nobody. Whoever loses to another writer looks again; if the documents have come
//! to be shared meanwhile and the request was approved, what was wanted is so.

use std::collections::BTreeSet;

use domain::access::is_shut_out;
use domain::activity::Detail;
use domain::contact::Contact;
use domain::expiry::Expiry;
use domain::grant::{Right, Rights};
use domain::id::{DocumentId, RequestId};
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use domain::request::{ItemState, Request, RequestError, Status};
use jiff::Timestamp;
use policy::trust::Action;
use serde_json::json;
use store::StoreError;
use store::activities::Home;
use store::change::{Change, Claim};

use crate::callers::staff::Staff;
use crate::exchange::answer::Answer;
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem};
use crate::requests::{LOOKS_MAX, Reviewed, busy};
use crate::sharing::arrival::NOTICE_LIFE;
use crate::sharing::cover::cover;
use crate::sharing::invite::{Occasion, invite};
use crate::sharing::{Plan, Share};

/// What a reviewer decides.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What to share, and how.
    pub share: Picked<Terms>,
    /// What to decline.
    pub decline: Picked<()>,
    /// Whether a rejection is mailed.
    pub notice: Notice,
}

/// Some of a request's open items.
#[derive(Clone, Debug)]
pub enum Picked<T> {
    /// Every one, each in this way.
    All(T),
    /// These, each with the pointer to where the body names it.
    These(Vec<(String, DocumentId, T)>),
}

/// How a document is shared, as far as the reviewer said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// With which rights; view and download if absent.
    pub rights: Option<Rights>,
    /// Until when; for good if absent.
    pub expiry: Option<Expiry>,
}

/// Whether a rejection is mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// It mails nobody.
    None,
    /// The contact is told, if the request ends rejected.
    Mailed,
}

impl Terms {
    /// Refuses what cannot be given; `place` points to where the body says it.
    ///
    /// # Errors
    /// [`Kind::BadInput`].
    pub fn check(&self, place: &str) -> Result<(), Problem> {
        if self.rights.as_ref().is_some_and(|rights| !rights.allows(Right::Download)) {
            let detail = "pages cannot be rendered yet: add `download`";
            return Err(Problem::bad_input(format!("{place}/rights"), detail));
        }
        Ok(())
    }
}

impl<T: Clone> Picked<T> {
    /// The items meant. Of a request that has ended, all means all that were shared.
    fn of(&self, request: &Request) -> Vec<(String, DocumentId, T)> {
        let state = if request.status.is_pending() { ItemState::Open } else { ItemState::Shared };
        match self {
            Self::These(these) => these.clone(),
            Self::All(how) => request
                .items
                .iter()
                .filter(|item| item.state == state)
                .map(|item| (String::new(), item.document_id, how.clone()))
                .collect(),
        }
    }
}

impl Decision {
    fn check(&self) -> Result<(), Problem> {
        match &self.share {
            Picked::All(terms) => terms.check("")?,
            Picked::These(these) => {
                these.iter().try_for_each(|(pointer, _, terms)| terms.check(pointer))?;
                named_once(these)?;
            }
        }
        match &self.decline {
            Picked::All(()) => Ok(()),
            Picked::These(these) => named_once(these),
        }
    }
}

fn named_once<T>(these: &[(String, DocumentId, T)]) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    match these.iter().find(|(_, document, _)| !seen.insert(*document)) {
        Some((pointer, ..)) => Err(Problem::bad_input(pointer.clone(), "name each document once")),
        None => Ok(()),
    }
}

/// The items a decision means, once the request was looked at.
struct Meant {
    share: Vec<(String, DocumentId, Terms)>,
    decline: Vec<(String, DocumentId, ())>,
}

impl Meant {
    fn documents<T>(these: &[(String, DocumentId, T)]) -> BTreeSet<DocumentId> {
        these.iter().map(|(_, document, _)| *document).collect()
    }

    /// The request as this leaves it.
    fn decide(&self, cx: &Cx<Staff>, request: &Request) -> Result<Request, Problem> {
        let (share, decline) = (Self::documents(&self.share), Self::documents(&self.decline));
        let decided = request.clone().decide(&share, &decline, cx.who.member.id, cx.now);
        decided.map_err(|error| match error {
            RequestError::NotOpen(document) | RequestError::Both(document) => {
                let shared = self.share.iter().map(|(pointer, id, _)| (pointer, id));
                let declined = self.decline.iter().map(|(pointer, id, ())| (pointer, id));
                let named = declined.chain(shared).find(|(_, id)| **id == document);
                let pointer = named.map_or("", |(pointer, _)| pointer);
                Problem::bad_input(pointer, error.to_string())
            }
            _ => error.into(),
        })
    }

    /// Whether the documents are shared in this way and the request was approved because of it.
    fn is_so(&self, seen: &Reviewed, now: Timestamp) -> bool {
        let is_shared = |(_, document, terms): &(String, DocumentId, Terms)| {
            let shared = |item: &&domain::request::Item| {
                item.document_id == *document && item.state == ItemState::Shared
            };
            let mut grants = crate::sharing::cover::live_grants(&seen.folder, now);
            seen.request.items.iter().any(|item| shared(&item))
                && grants.any(|grant| {
                    grant.document_id == *document
                        && terms.rights.as_ref().is_none_or(|rights| *rights == grant.rights)
                        && terms.expiry.as_ref().is_none_or(|end| {
                            grant.expiry.as_ref().is_some_and(|expiry| expiry.is_same_end(end))
                        })
                })
        };
        seen.request.status == Status::Approved
            && self.decline.is_empty()
            && !self.share.is_empty()
            && self.share.iter().all(is_shared)
    }

    /// What to share. What is shared already, and of which nothing else was said, stays as it is.
    fn shares(&self, seen: &Reviewed, now: Timestamp) -> Vec<Share> {
        let live = |document: DocumentId| {
            crate::sharing::cover::live_grants(&seen.folder, now)
                .find(|grant| grant.document_id == document)
        };
        self.share
            .iter()
            .map(|(_, document_id, terms)| match live(*document_id) {
                Some(grant) if *terms == Terms::default() => Share {
                    document_id: *document_id,
                    rights: grant.rights.clone(),
                    expiry: grant.expiry.clone(),
                },
                Some(_) | None => Share {
                    document_id: *document_id,
                    rights: terms.rights.clone().unwrap_or_default(),
                    expiry: terms.expiry.clone(),
                },
            })
            .collect()
    }
}

impl Cx<Staff> {
    /// Decides a request and answers with what it came to.
    ///
    /// # Errors
    /// [`Kind::NotFound`]; [`Kind::Forbidden`]; [`Kind::BadInput`] that points at what cannot be
    /// shared or declined; [`Kind::WrongState`] if the request has ended otherwise, or if contact
    /// or account is cancelled; [`Kind::Busy`] after [`LOOKS_MAX`] looks; or the table's.
    pub async fn decide<A: Answer>(
        &self,
        id: RequestId,
        decision: &Decision,
        answer: impl Fn(&Reviewed) -> A,
    ) -> Result<A, Problem> {
        decision.check()?;
        for look in 0..LOOKS_MAX {
            let seen = self.reviewed(id, Action::RequestDecide).await?;
            let meant = Meant {
                share: decision.share.of(&seen.request),
                decline: decision.decline.of(&seen.request),
            };
            let was_overtaken = 0 < look || seen.request.automatic;
            let contact = seen.folder.contact.id;
            let decided = if was_overtaken && meant.is_so(&seen, self.now) {
                let answer = answer(&seen);
                self.try_commit(self.change(&self.store()), answer).await?
            } else {
                Box::pin(self.try_decide(seen, &meant, decision.notice, &answer)).await?
            };
            if let Ok(answer) = decided {
                self.soon(cover(&self.house, &self.store(), contact, self.now).await);
                return Ok(answer);
            }
        }
        Err(busy())
    }

    async fn try_decide<A: Answer>(
        &self,
        seen: Reviewed,
        meant: &Meant,
        notice: Notice,
        answer: impl Fn(&Reviewed) -> A,
    ) -> Result<Result<A, Vec<Claim>>, Problem> {
        let request = meant.decide(self, &seen.request)?;
        let mut plan = self.plan_decision(&seen, meant).await?;
        match plan.write_ahead(self).await {
            Ok(()) => {}
            Err(StoreError::Lost(lost)) => return Ok(Err(lost)),
            Err(error) => return Err(error.into()),
        }
        let mut change = self.change(&self.store());
        plan.write(&mut change)?;
        // What the plan does not save must be as it was read: nobody is let in past a suspension.
        if plan.contact.is_none() {
            change.check_contact(&seen.folder.contact)?;
        }
        if let Some(account) = seen.account.as_ref().filter(|_| plan.account.is_none()) {
            change.check_account(account)?;
        }
        change.save_request(&request)?;
        let detail = json!({
            "status": [seen.request.status, request.status],
            "shared": Meant::documents(&meant.share),
            "declined": Meant::documents(&meant.decline),
        });
        let line = self.line(request.id, request.version, Detail::Plain(detail));
        change.audit(Home::Contact(request.contact_id), &line)?;

        let mut after = Reviewed { request, ..seen };
        if let Some((contact, _)) = plan.contact {
            after.folder.contact = contact;
        }
        self.owe_outcome(&mut change, &after, notice)?;
        self.try_commit(change, answer(&after)).await
    }

    /// Authorises the sharing part and plans it.
    async fn plan_decision(&self, seen: &Reviewed, meant: &Meant) -> Result<Plan, Problem> {
        let contact: &Contact = &seen.folder.contact;
        if !meant.share.is_empty() {
            let named: Vec<(String, DocumentId)> =
                meant.share.iter().map(|(place, id, _)| (place.clone(), *id)).collect();
            self.documents(&named, Action::DocumentShare).await?;
            self.allow_contact(contact, Action::ContactEdit)?;
            if contact.deleted_at.is_some() {
                let detail = "The contact was deleted; nothing can be shared with them.";
                return Err(Problem::new(Kind::WrongState, detail));
            }
        }
        let shares = meant.shares(seen, self.now);
        self.plan_sharing(contact, seen.account.as_ref(), &shares, &[]).await
    }

    /// Owes the mail that the end of a request owes: a magic link when something was shared, a
    /// notice of the rejection where it is wanted.
    fn owe_outcome(
        &self,
        change: &mut Change,
        after: &Reviewed,
        notice: Notice,
    ) -> Result<(), StoreError> {
        let (contact, request_id) = (&after.folder.contact, after.request.id);
        if is_shut_out(contact, after.account.as_ref()) {
            return Ok(());
        }
        match after.request.status {
            Status::Approved => {
                let occasion = Occasion::Approved(request_id);
                invite(&self.house, change, contact, occasion, self.now)
            }
            Status::Rejected if notice == Notice::Mailed && contact.email.is_some() => {
                let purpose = Purpose::Rejected { contact_id: contact.id, request_id };
                change.owe(&Mail::new(purpose, self.now, self.now + NOTICE_LIFE))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
