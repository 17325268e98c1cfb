//! A guest signs, approves or declines the link's document.
//!
//! What they did is decided on, and written under the condition of, everything it rests on: the
//! newest version, the link, what opens the document to them, and the browser they do it in. If any
//! of these moved meanwhile it is judged again, or refused.

use domain::activity::Object;
use domain::contact::Contact;
use domain::document::Sha256;
use domain::event::{Event, Kind as EventKind};
use domain::signature::signing::{Hand, Sheet, SignError};
use domain::signature::{Act, Block, Effect, Exact};
use domain::text::{Note, Reason};
use policy::trust::Action;
use store::StoreError;
use store::change::Change;

use super::{Comer, Guest, code_required};
use crate::exchange::answer::Answer;
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem, sentence};
use crate::linking::signatures::certificate_task;

/// Looks at a block at the most; each look after the first means that somebody else saved one of
/// the things that a signature rests on.
const LOOKS_MAX: u32 = 16;

/// What a guest is asked, and how far it is.
#[derive(Clone, Debug)]
pub struct Signing {
    /// The document's signatures, if anybody was ever asked.
    pub block: Option<Block>,
    /// What would be signed now, if anything is published.
    pub newest: Option<Exact>,
    /// Whose signature it is about, if anybody's.
    pub contact: Option<Contact>,
}

impl Signing {
    /// Whether whose signature it is about has signed or approved: the certificate names everybody
    /// who did, and is theirs to read.
    #[must_use]
    pub fn is_party(&self) -> bool {
        let signer = self.block.as_ref().zip(self.contact.as_ref());
        let signer = signer.and_then(|(block, contact)| block.signer(contact.id));
        signer.is_some_and(|signer| signer.finished().is_some())
    }
}

/// What a guest does.
#[derive(Clone, Debug)]
enum Doing {
    /// Signs or approves.
    Signs(Act),
    /// Declines, and says why.
    Declines(Reason),
}

impl Doing {
    fn kind(&self) -> EventKind {
        match self {
            Self::Signs(act) => EventKind::from(*act),
            Self::Declines(_) => EventKind::Declined,
        }
    }

    /// Refuses whoever may not do it. Who may sign may decline.
    fn require(&self, guest: &Guest) -> Result<(), Problem> {
        match self {
            Self::Signs(_) => guest.require(Action::DocumentSign),
            Self::Declines(_) => guest
                .require(Action::DocumentWrite)
                .or_else(|_| guest.require(Action::DocumentSign)),
        }
    }
}

impl Cx<Guest> {
    /// What the guest is asked to sign, and how far it is.
    ///
    /// # Errors
    /// As [`Cx::allow`], or the table's.
    pub async fn signing(&self) -> Result<Signing, Problem> {
        self.allow(Action::DocumentView)?;
        self.signing_of(&self.who).await.map_err(Problem::from)
    }

    async fn signing_of(&self, guest: &Guest) -> Result<Signing, StoreError> {
        let (store, document) = (self.store(), guest.document().id);
        let block = store.signatures(document).await?;
        let newest = Exact::newest(&store.files(document).await?);
        let contact = guest.sees_as().cloned();
        let grant = guest.seen.grant.as_ref().filter(|_| contact.is_some());
        let is_hidden =
            |file: &Exact| grant.is_some_and(|grant| grant.hides(Object::File(file.id)));
        Ok(Signing { block, newest: newest.filter(|newest| !is_hidden(newest)), contact })
    }

    /// Signs or approves what has the SHA-256 `seen`. `answer` tells how far it is then. A second
    /// press changes nothing.
    ///
    /// # Errors
    /// [`Kind::WrongState`] for what cannot be signed so now, as [`Cx::allow`], or the table's.
    pub async fn sign<A: Answer>(
        &self,
        act: Act,
        seen: &Sha256,
        answer: impl Fn(&Signing) -> A,
    ) -> Result<A, Problem> {
        self.answered(&Doing::Signs(act), Some(seen), answer).await
    }

    /// Says that the guest will not sign, or does not want the document, and why. Whoever is asked
    /// for nothing tells the sender so.
    ///
    /// # Errors
    /// As [`Cx::sign`].
    pub async fn decline<A: Answer>(
        &self,
        reason: Reason,
        seen: Option<&Sha256>,
        answer: impl Fn(&Signing) -> A,
    ) -> Result<A, Problem> {
        self.answered(&Doing::Declines(reason), seen, answer).await
    }

    async fn answered<A: Answer>(
        &self,
        doing: &Doing,
        seen: Option<&Sha256>,
        answer: impl Fn(&Signing) -> A,
    ) -> Result<A, Problem> {
        doing.require(&self.who)?;
        let author = self.who.speaks_for().ok_or_else(code_required)?;
        self.count_writing(author).await?;
        for look in 0..LOOKS_MAX {
            let guest = &*self.guest_at(look).await?;
            doing.require(guest)?;
            let mut signing = self.signing_of(guest).await?;
            let mut change = self.change(&self.store());
            let newest = signing.newest.clone();
            match self.judged(guest, doing, seen, &signing)? {
                Judged::Stands => return Ok(answer(&signing)),
                Judged::Told => self.tell_of_refusal(&mut change, guest, doing)?,
                Judged::Changed(block) => {
                    self.write_signed(&mut change, guest, doing, (&block, newest.as_ref()))?;
                    signing.block = Some(block);
                }
            }
            let answer = answer(&signing);
            if let Ok(answer) = self.try_commit(change, answer).await? {
                return Ok(answer);
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }

    /// What comes of what the guest does, without a write.
    fn judged(
        &self,
        guest: &Guest,
        doing: &Doing,
        seen: Option<&Sha256>,
        signing: &Signing,
    ) -> Result<Judged, Problem> {
        let Comer::Browser { browser, standing, .. } = &guest.comer else {
            return Err(code_required());
        };
        let Some(contact) = &signing.contact else { return Err(code_required()) };
        let hand = Hand {
            contact,
            standing: *standing,
            device_id: browser.id,
            link_id: Some(guest.seen.link.id),
            network: self.visit.network.as_str(),
            agent: self.visit.agent.as_deref(),
        };
        let newest = signing.newest.as_ref();
        let seen = seen.or_else(|| newest.map(|newest| &newest.sha256));
        let Some(block) = signing.block.clone() else {
            return match doing {
                Doing::Declines(_) => Ok(Judged::Told),
                Doing::Signs(_) => Err(refused(SignError::NotAsked)),
            };
        };
        let Some(seen) = seen else { return Err(refused(SignError::NoFile)) };
        let sheet = Sheet { seen, newest };
        let effect = match doing {
            Doing::Signs(act) => block.signed(*act, &hand, sheet, self.now),
            Doing::Declines(reason) => block.declined(reason.clone(), &hand, sheet, self.now),
        };
        match (effect, doing) {
            (Ok(Effect::Changed(block)), _) => Ok(Judged::Changed(block)),
            (Ok(Effect::Unchanged), _) => Ok(Judged::Stands),
            (Err(SignError::NotAsked | SignError::OwnCopy), Doing::Declines(_)) => Ok(Judged::Told),
            (Err(error), _) => Err(refused(error)),
        }
    }

    /// Adds to `change` what the guest did to the newest version, on condition of all it rests on.
    fn write_signed(
        &self,
        change: &mut Change,
        guest: &Guest,
        doing: &Doing,
        (block, newest): (&Block, Option<&Exact>),
    ) -> Result<(), StoreError> {
        let seen = &guest.seen;
        change.save_signatures(block)?;
        change.check_document(guest.document())?;
        if guest.document().id != seen.document.id {
            change.check_document(&seen.document)?;
        }
        if let Some(account) = &seen.account {
            change.check_account(account)?;
        }
        change.check_link(&seen.link)?;
        if let Some(grant) = &seen.grant {
            change.check_grant(grant)?;
        }
        if let Comer::Browser { browser, sha, .. } = &guest.comer {
            change.check_guest(sha, browser)?;
        }
        if let Some(contact) = guest.speaks_for() {
            change.check_contact(contact)?;
            let file = newest.map(|newest| newest.id);
            let event = Event {
                file_ids: file.into_iter().collect(),
                ..self.entry_of(guest, contact, doing.kind(), text_of(doing))
            };
            self.add_event(change, &event)?;
            self.tell_sender(change, guest, &event)?;
        }
        if block.is_complete() {
            change.start_task(&certificate_task(&self.house, block.document_id, self.now))?;
        }
        Ok(())
    }

    /// Adds to `change` that a guest who is asked for nothing does not want the document.
    fn tell_of_refusal(
        &self,
        change: &mut Change,
        guest: &Guest,
        doing: &Doing,
    ) -> Result<(), StoreError> {
        let Some(contact) = guest.speaks_for() else { return Ok(()) };
        let event = self.entry_of(guest, contact, doing.kind(), text_of(doing));
        self.add_event(change, &event)?;
        self.tell_sender(change, guest, &event)
    }
}

/// What comes of what a guest does.
enum Judged {
    /// It was so before.
    Stands,
    /// The sender is told, and no signature changes.
    Told,
    /// The block as it is then.
    Changed(Block),
}

fn text_of(doing: &Doing) -> Option<Note> {
    match doing {
        Doing::Signs(_) => None,
        Doing::Declines(reason) => Some(reason.clone().widened()),
    }
}

fn refused(error: SignError) -> Problem {
    match error {
        SignError::NotVerified => code_required(),
        _ => Problem::new(Kind::WrongState, sentence(&error.to_string())),
    }
}
