//! A signer signs, approves or declines.
//!
//! Whoever does so names the SHA-256 of what they saw, so that nobody puts their name under bytes
//! that were exchanged behind their back.

use jiff::Timestamp;

use crate::contact::Contact;
use crate::document::Sha256;
use crate::id::{DeviceId, LinkId};
use crate::link::Right;
use crate::link::guest::Standing;
use crate::signature::{Act, Block, Deed, Effect, Exact, SIGNERS_MAX, Signature, Signer, Whom};
use crate::text::Reason;

/// Whose hand it is, as it was judged for this very call. Whether their link allows it was judged
/// too.
#[derive(Clone, Copy, Debug)]
pub struct Hand<'a> {
    /// Who.
    pub contact: &'a Contact,
    /// What their browser is right now.
    pub standing: Standing,
    /// Which browser.
    pub device_id: DeviceId,
    /// Through which link they came, if through one.
    pub link_id: Option<LinkId>,
    /// From where.
    pub network: &'a str,
    /// What the browser calls itself.
    pub agent: Option<&'a str>,
}

/// What lies under the pen.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// The SHA-256 that the signer names.
    pub seen: &'a Sha256,
    /// The newest published file, if there is one.
    pub newest: Option<&'a Exact>,
}

/// Why somebody cannot sign, approve or decline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The browser has not proved its address.
    #[error("prove your address first: ask for a code and enter it")]
    NotVerified,
    /// Nobody asked them.
    #[error("you are not among those who are asked to sign this document; ask its sender")]
    NotAsked,
    /// Everyone signs a copy of their own.
    #[error("everyone signs a copy of their own; open the link again to get yours")]
    OwnCopy,
    /// They are asked for the other act.
    #[error("you are asked to {} this document; do that instead", .0.as_str())]
    OtherAct(Act),
    /// They have signed or approved before.
    #[error("you have finished with version {version}, and that stays")]
    Finished {
        /// The version they signed or approved.
        version: u32,
    },
    /// What they saw is not the newest.
    #[error("there is a newer version {version}; read that one first, then answer")]
    Stale {
        /// The newest version.
        version: u32,
    },
    /// There is nothing to sign.
    #[error("the document has no file at the moment; try again when its sender has added one")]
    NoFile,
    /// The list is full.
    #[error("this document takes at most {SIGNERS_MAX} signatures; ask its sender for a copy")]
    Full,
}

impl Block {
    /// The block signed or approved, as `act` says, by `hand`.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn signed(
        self,
        act: Act,
        hand: &Hand<'_>,
        sheet: Sheet<'_>,
        now: Timestamp,
    ) -> Result<Effect, SignError> {
        let asked = self.asked_of(hand, Right::Sign)?;
        if asked != act {
            return Err(SignError::OtherAct(asked));
        }
        self.with(act.done(), asked, hand, sheet, now)
    }

    /// The block declined by `hand`, which ends nothing for the others but keeps it from being
    /// complete. A press on *open* is proof enough for that.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn declined(
        self,
        reason: Reason,
        hand: &Hand<'_>,
        sheet: Sheet<'_>,
        now: Timestamp,
    ) -> Result<Effect, SignError> {
        let asked = self.asked_of(hand, Right::Write)?;
        self.with(Deed::Declined(reason), asked, hand, sheet, now)
    }

    /// What `hand` is asked to do, whose answer takes a browser that may use `right`.
    fn asked_of(&self, hand: &Hand<'_>, right: Right) -> Result<Act, SignError> {
        if !hand.standing.allows(right) {
            return Err(SignError::NotVerified);
        }
        match (self.whom, self.signer(hand.contact.id)) {
            (Whom::Group(_), _) => Err(SignError::OwnCopy),
            (Whom::Named | Whom::Open(_), Some(signer)) => Ok(signer.act),
            (Whom::Named, None) => Err(SignError::NotAsked),
            (Whom::Open(_), None) if SIGNERS_MAX <= self.signers.len() => Err(SignError::Full),
            (Whom::Open(act), None) => Ok(act),
        }
    }

    /// The block with what `hand`, asked to `act`, did. What it did before to the same bytes comes
    /// first: whoever never heard of it hears it now, whatever happened meanwhile.
    fn with(
        mut self,
        deed: Deed,
        act: Act,
        hand: &Hand<'_>,
        sheet: Sheet<'_>,
        now: Timestamp,
    ) -> Result<Effect, SignError> {
        let before = self.signer(hand.contact.id).and_then(|signer| signer.signature.as_ref());
        if let Some(before) = before {
            if before.deed == deed && before.file.sha256 == *sheet.seen {
                return Ok(Effect::Unchanged);
            }
            if before.deed.is_final() {
                return Err(SignError::Finished { version: before.file.version });
            }
        }
        let newest = sheet.newest.ok_or(SignError::NoFile)?;
        if newest.sha256 != *sheet.seen {
            return Err(SignError::Stale { version: newest.version });
        }
        let signature = Some(hand.signature(deed, newest, now)?);
        let is_theirs = |signer: &&mut Signer| signer.contact_id == hand.contact.id;
        match self.signers.iter_mut().find(is_theirs) {
            Some(signer) => signer.signature = signature,
            None => self.signers.push(Signer {
                contact_id: hand.contact.id,
                act,
                asked_at: now,
                signature,
            }),
        }
        Ok(Effect::Changed(self.changed(now)))
    }
}

impl Hand<'_> {
    fn signature(&self, deed: Deed, file: &Exact, now: Timestamp) -> Result<Signature, SignError> {
        Ok(Signature {
            deed,
            file: file.clone(),
            email: self.contact.email.clone().ok_or(SignError::NotVerified)?,
            first_name: self.contact.first_name.clone(),
            last_name: self.contact.last_name.clone(),
            at: now,
            device_id: self.device_id,
            link_id: self.link_id,
            network: self.network.to_owned(),
            agent: self.agent.map(str::to_owned),
        })
    }
}
