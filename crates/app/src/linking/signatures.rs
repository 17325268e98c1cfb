//! Signatures as staff ask for them, and the files that are evidence because of them.

use domain::document::Document;
use domain::event::{Event, Kind as EventKind};
use domain::id::{ContactId, DocumentId, LinkId};
use domain::link::{Audience, Link, Right, State};
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use domain::signature::asking::{AskError, Wanted};
use domain::signature::{Block, Effect, Exact, Whom};
use jiff::Timestamp;
use store::StoreError;
use store::change::Change;
use store::tasks::{Task, Work};

use crate::callers::staff::{Filed, Staff};
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem, sentence};
use crate::house::House;
use crate::library::require_no_child;
use crate::linking::{LINK_PAGES_MAX, LINKS_AT_ONCE, SENDING_LIFE};

/// The task that makes the certificate of a block that has become complete.
#[must_use]
pub fn certificate_task(house: &House, document: DocumentId, now: Timestamp) -> Task {
    let (work, mark) = (Work::Certificate(document), house.dice.token());
    Task { work, place: None, passes: 0, due_at: now, mark }
}

/// The signatures of a document, and what would be signed now.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The block, if anybody was ever asked.
    pub block: Option<Block>,
    /// The newest version, if anything is published.
    pub newest: Option<Exact>,
}

impl Cx<Staff> {
    /// The signatures of a document.
    ///
    /// # Errors
    /// The table's.
    pub async fn signatures_of(&self, document: &Document) -> Result<Asked, StoreError> {
        let store = self.store();
        let block = store.signatures(document.id).await?;
        let files = store.files(document.id).await?;
        Ok(Asked { block, newest: Exact::newest(&files) })
    }

    /// Adds to `change` that signatures are asked for as `wanted`, in place of the block `before`,
    /// and the mails to whoever is asked anew. What is so already stays as it is.
    ///
    /// # Errors
    /// [`Kind::BadInput`] for a signer whom no guest link lets sign, [`Kind::WrongState`] while
    /// there is nothing to sign or once somebody has finished whom it leaves out, or the table's.
    pub async fn ask_for_signatures(
        &self,
        change: &mut Change,
        document: &Document,
        asked: Asked,
        wanted: Wanted,
    ) -> Result<Asked, Problem> {
        if asked.newest.is_none() {
            let detail = "The document has no file to sign. Publish one first.";
            return Err(Problem::new(Kind::WrongState, detail));
        }
        require_no_child(document)?;
        if let Whom::Group(_) = wanted.whom {
            self.require_no_shared_link(document).await?;
        }
        let named: Vec<ContactId> = wanted.signers.iter().map(|signer| signer.contact_id).collect();
        let by = self.who.member.id;
        let block = match asked.block.clone() {
            None => Block::new(document.id, wanted, by, self.now),
            Some(before) => match before.clone().asked_anew(wanted, by, self.now) {
                Ok(Effect::Unchanged) => return Ok(asked),
                Ok(Effect::Changed(block)) => Ok(block),
                Err(error) => Err(error),
            },
        };
        let block = block.map_err(|error| refused(&error, &named))?;
        let links = self.links_to_sign_by(document, &block).await?;
        change.save_signatures(&block)?;
        let event = Event {
            contact_ids: named,
            text: block.message.clone(),
            ..self.new_event(document.id, EventKind::SignatureRequest)
        };
        self.add_event(change, &event)?;
        for (contact_id, link_id) in links {
            let purpose = Purpose::SignatureRequest {
                contact_id,
                document_id: document.id,
                link_id,
                event_id: event.id,
            };
            change.owe(&Mail::new(purpose, self.now, self.now + SENDING_LIFE))?;
        }
        if block.is_complete() {
            change.start_task(&certificate_task(&self.house, document.id, self.now))?;
        }
        Ok(Asked { block: Some(block), newest: asked.newest })
    }

    /// The guest link by which each signer who is asked anew signs.
    async fn links_to_sign_by(
        &self,
        document: &Document,
        block: &Block,
    ) -> Result<Vec<(ContactId, LinkId)>, Problem> {
        let waiting = (0..)
            .zip(&block.signers)
            .filter(|(_, signer)| signer.asked_at == self.now && signer.signature.is_none())
            .map(|(place, signer)| (place, signer.contact_id));
        let doors = self.doors(document.id, Right::Sign, waiting.collect()).await?;
        match doors.missing.first() {
            None => Ok(doors.found),
            Some((place, id)) => {
                let detail = format!(
                    "no guest link lets `{id}` sign this document now; make them one with the \
                     right `sign` first"
                );
                Err(Problem::bad_input(format!("/signers/{place}/contact_id"), detail))
            }
        }
    }

    /// Refuses a group signature while a link lets everybody into the one document: they would find
    /// none of their own there.
    async fn require_no_shared_link(&self, document: &Document) -> Result<(), Problem> {
        let (store, mut after) = (self.store(), None);
        for _ in 0..LINK_PAGES_MAX {
            let links = store.links_of(document.id, after, LINKS_AT_ONCE).await?;
            let is_shared =
                |link: &Link| link.audience == Audience::PublicSame && link.state == State::Active;
            if links.iter().any(is_shared) {
                let detail = "A link lets everybody into this one document. Deactivate it first; a \
                              new one will give each guest a document of their own.";
                return Err(Problem::new(Kind::WrongState, detail));
            }
            after = links.last().map(|link| link.id);
            if links.len() < LINKS_AT_ONCE {
                break;
            }
        }
        Ok(())
    }

    /// Refuses to touch a file that somebody signed, or the certificate that says so, while it must
    /// be kept; and adds to `change` that nobody signs it meanwhile.
    ///
    /// # Errors
    /// [`Kind::WrongState`], or the table's.
    pub async fn require_no_evidence(
        &self,
        change: &mut Change,
        filed: &Filed,
    ) -> Result<(), Problem> {
        let block = self.store().signatures(filed.document.id).await?;
        change.check_signatures(filed.document.id, block.as_ref())?;
        let days = self.who.tenant.retention_days;
        let until = block.and_then(|block| block.kept_until(filed.file.id, days));
        match until.filter(|until| self.now < *until) {
            None => Ok(()),
            Some(until) => {
                let detail = format!(
                    "The file is evidence of what was signed, and kept until {}.",
                    until.strftime("%-d %B %Y")
                );
                Err(Problem::new(Kind::WrongState, detail))
            }
        }
    }
}

/// Why a block cannot be as it is wanted, where `named` are its signers.
fn refused(error: &AskError, named: &[ContactId]) -> Problem {
    let text = error.to_string();
    match error {
        AskError::Nobody | AskError::TooMany | AskError::GroupNames => {
            Problem::bad_input("/signers", text)
        }
        AskError::Twice(id) => {
            let place = named.iter().rposition(|named| named == id).unwrap_or_default();
            Problem::bad_input(format!("/signers/{place}/contact_id"), text)
        }
        AskError::Finished(_) | AskError::Complete => {
            Problem::new(Kind::WrongState, sentence(&text))
        }
    }
}
