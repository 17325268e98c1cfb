//! Staff ask for signatures, and change whom they ask.

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{ContactId, DocumentId, MemberId};
use crate::signature::{Act, Block, Effect, SIGNERS_MAX, Signer, Whom};
use crate::text::Note;

/// One person to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Who.
    pub contact_id: ContactId,
    /// For what.
    pub act: Act,
}

/// The block as staff want it to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Who may sign.
    pub whom: Whom,
    /// Whom to list; empty where everyone signs a copy of their own.
    pub signers: Vec<Asked>,
    /// What to say to them.
    pub message: Option<Note>,
}

/// Why a block cannot be as it is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// Nobody is named, and nobody may come.
    #[error("name at least one signer, or let everyone who verifies sign")]
    Nobody,
    /// More than the block holds.
    #[error("a document asks at most {SIGNERS_MAX} signers; use a group signature for more")]
    TooMany,
    /// Somebody is named more than once.
    #[error("`{0}` is named twice; name each signer once")]
    Twice(ContactId),
    /// A group signature names somebody.
    #[error("with a group signature everyone signs a copy of their own; name no signers")]
    GroupNames,
    /// It leaves out, or asks something else of, a signer who has finished.
    #[error("`{0}` has finished, and that stays as evidence; keep them as they are")]
    Finished(ContactId),
    /// Everybody has finished.
    #[error("everybody has finished, so these signatures change no more; make a new document")]
    Complete,
}

impl Block {
    /// A new block under `document_id`.
    ///
    /// # Errors
    /// [`AskError`], but for what a block may not change.
    pub fn new(
        document_id: DocumentId,
        wanted: Wanted,
        by: MemberId,
        now: Timestamp,
    ) -> Result<Self, AskError> {
        wanted.check()?;
        let signers = wanted.signers.into_iter().map(|asked| asked.signer(now)).collect();
        Ok(Self {
            document_id,
            version: 1,
            whom: wanted.whom,
            signers,
            asked_by: by,
            message: wanted.message,
            completed_at: None,
            certificate: None,
            created_at: now,
        })
    }

    /// The block as staff want it now. While nobody has finished it may become any other; whoever
    /// has finished stays. Somebody asked for the same as before keeps what they did, a decline
    /// too. Leaving out the last who had not finished completes the block.
    ///
    /// # Errors
    /// [`AskError`].
    pub fn asked_anew(
        self,
        wanted: Wanted,
        by: MemberId,
        now: Timestamp,
    ) -> Result<Effect, AskError> {
        if self.is(&wanted) {
            return Ok(Effect::Unchanged);
        }
        if self.is_complete() {
            return Err(AskError::Complete);
        }
        wanted.check()?;
        let is_kept = |signer: &&Signer| wanted.signers.contains(&signer.asked());
        let mut finished = self.signers.iter().filter(|signer| signer.finished().is_some());
        if let Some(lost) = finished.find(|signer| !is_kept(signer)) {
            return Err(AskError::Finished(lost.contact_id));
        }
        let before =
            |asked: &Asked| self.signer(asked.contact_id).filter(|old| old.act == asked.act);
        let signers = wanted.signers.iter();
        let signers = signers.map(|asked| before(asked).cloned().unwrap_or(asked.signer(now)));
        let signers = signers.collect();
        let (whom, message) = (wanted.whom, wanted.message);
        Ok(Effect::Changed(Self { whom, signers, asked_by: by, message, ..self }.changed(now)))
    }

    /// The block of the document that is made for `contact_id` from this one, whose block is a
    /// group's; `None` if it is not.
    #[must_use]
    pub fn of_copy(
        &self,
        document_id: DocumentId,
        contact_id: ContactId,
        now: Timestamp,
    ) -> Option<Self> {
        let Whom::Group(act) = self.whom else { return None };
        let message = self.message.clone();
        let wanted =
            Wanted { whom: Whom::Named, signers: vec![Asked { contact_id, act }], message };
        Self::new(document_id, wanted, self.asked_by, now).ok()
    }

    /// Whether the block is already as it is wanted.
    fn is(&self, wanted: &Wanted) -> bool {
        let listed = self.signers.iter().map(Signer::asked);
        self.whom == wanted.whom
            && self.message == wanted.message
            && listed.eq(wanted.signers.iter().copied())
    }
}

impl Wanted {
    fn check(&self) -> Result<(), AskError> {
        match (self.whom, self.signers.as_slice()) {
            (Whom::Named, []) => return Err(AskError::Nobody),
            (Whom::Group(_), [_, ..]) => return Err(AskError::GroupNames),
            (Whom::Named | Whom::Open(_), listed) if SIGNERS_MAX < listed.len() => {
                return Err(AskError::TooMany);
            }
            (Whom::Named | Whom::Open(_) | Whom::Group(_), _) => {}
        }
        let mut seen = BTreeSet::new();
        let twice = self.signers.iter().find(|asked| !seen.insert(asked.contact_id));
        twice.map_or(Ok(()), |asked| Err(AskError::Twice(asked.contact_id)))
    }
}

impl Asked {
    const fn signer(self, now: Timestamp) -> Signer {
        Signer { contact_id: self.contact_id, act: self.act, asked_at: now, signature: None }
    }
}

impl Signer {
    const fn asked(&self) -> Asked {
        Asked { contact_id: self.contact_id, act: self.act }
    }
}
