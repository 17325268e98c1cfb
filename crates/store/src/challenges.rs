//! Six-digit codes that are out, where their askers stand, and what each address may be mailed.

use domain::account::Account;
use domain::challenge::Challenge;
use domain::challenge::standing::{SendBudget, Standing};
use domain::contact::Contact;
use domain::email::Email;
use domain::id::{ChallengeId, ContactId, DocumentId, LinkId};
use domain::tenant::Tenant;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::change::{Change, Claim};
use crate::item::{Row, Versioned, parse};
use crate::keys::Keys;
use crate::{Store, StoreError};

/// How long the row of a challenge stays after its end.
const CHALLENGE_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long a standing without misses stays after its last change; misses count for good.
const STANDING_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long a budget stays after its last change; the longest window is a day.
const BUDGET_KEPT: SignedDuration = SignedDuration::from_hours(48);

/// A code that was asked for on a portal or a guest link, or the link that stands in for one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedCode {
    /// Which code; its digits are derived from this, never stored.
    pub id: ChallengeId,
    /// How far it has come.
    #[serde(flatten)]
    pub challenge: Challenge,
    /// Who can read it; nobody, if the address is a stranger's. Strangers get a challenge all the
    /// same, so that asking teaches nothing.
    pub contact_id: Option<ContactId>,
    /// The contact's epoch when it was asked for; a later one kills it.
    pub epoch: u32,
    /// Keyed hash of portal or link and address: where its misses are counted.
    pub standing: String,
    /// On which guest link, if on one.
    #[serde(default)]
    pub on_link: Option<OnLink>,
}

/// A guest link that a code was asked for on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnLink {
    /// Which link.
    pub link_id: LinkId,
    /// What it opens.
    pub document_id: DocumentId,
    /// The address that is to be proved.
    pub email: Email,
    /// Whether the mail goes out. For an address that opens nothing there it does not, and nobody
    /// can tell.
    pub is_mailed: bool,
    /// Whether it takes a browser off the link, and lets none in.
    #[serde(default)]
    pub is_to_disown: bool,
}

/// What a right code is judged by, as one snapshot.
#[derive(Debug)]
pub struct Proving {
    /// The company whose portal it is.
    pub tenant: Tenant,
    /// Whom the code signs in.
    pub contact: Contact,
    /// The code's challenge.
    pub challenge: Versioned<IssuedCode>,
    /// Where its misses count.
    pub standing: Versioned<Standing>,
}

impl Store {
    /// The contact at `email` and its account. It takes the same reads whether there is one or
    /// not: for a stranger they look for `nobody`, an id that was never given.
    ///
    /// # Errors
    /// As every read.
    pub async fn reader_at(
        &self,
        email: &Email,
        nobody: ContactId,
    ) -> Result<Option<(Contact, Option<Account>)>, StoreError> {
        let id = self.contact_at(email).await?;
        self.reader(id.unwrap_or(nobody)).await
    }

    /// A contact and its account, in the same reads whether they are there or not.
    ///
    /// # Errors
    /// As every read.
    pub async fn reader(
        &self,
        id: ContactId,
    ) -> Result<Option<(Contact, Option<Account>)>, StoreError> {
        let keys = Keys(self.tenant);
        let contact = self.contact(id).await?;
        let account = contact.as_ref().and_then(|contact| contact.account_id);
        let key = keys.account_or_none(account);
        let account = self.table.get_as("read an account", &key).await?;
        Ok(contact.map(|contact| (contact, account)))
    }

    /// A challenge.
    ///
    /// # Errors
    /// As every read.
    pub async fn challenge(
        &self,
        id: ChallengeId,
    ) -> Result<Option<Versioned<IssuedCode>>, StoreError> {
        self.table.get_as("read a challenge", &Keys(self.tenant).challenge(id)).await
    }

    /// A challenge with where its misses count, under the keyed hash `standing`, the person it
    /// signs in and the company, as one snapshot; `None` unless all are there.
    ///
    /// # Errors
    /// As every read.
    pub async fn proving(
        &self,
        id: ChallengeId,
        standing: &str,
        contact: ContactId,
    ) -> Result<Option<Proving>, StoreError> {
        let keys = Keys(self.tenant);
        let wanted =
            [keys.tenant(), keys.contact(contact), keys.challenge(id), keys.standing(standing)];
        let [tenant, contact, challenge, standing] =
            self.table.snapshot("read what a code proves", wanted).await?;
        let people = parse(tenant)?.zip(parse(contact)?);
        let found = people.zip(parse(challenge)?.zip(parse(standing)?));
        Ok(found.map(|((tenant, contact), (challenge, standing))| Proving {
            tenant,
            contact,
            challenge,
            standing,
        }))
    }

    /// A challenge and where its misses count, under the keyed hash `standing`, as one snapshot;
    /// `None` if there is no such challenge.
    ///
    /// # Errors
    /// As every read.
    pub async fn guessing(
        &self,
        id: ChallengeId,
        standing: &str,
    ) -> Result<Option<(Versioned<IssuedCode>, Versioned<Standing>)>, StoreError> {
        let keys = [Keys(self.tenant).challenge(id), Keys(self.tenant).standing(standing)];
        let [code, standing] = self.table.snapshot("read what is guessed", keys).await?;
        let standing = parse(standing)?.unwrap_or_default();
        Ok(parse(code)?.map(|code| (code, standing)))
    }

    /// Where misses count under the keyed hash `standing`.
    ///
    /// # Errors
    /// As every read.
    pub async fn misses_of(&self, standing: &str) -> Result<Versioned<Standing>, StoreError> {
        let key = Keys(self.tenant).standing(standing);
        let standing = self.table.get_as("read where misses count", &key).await?;
        Ok(standing.unwrap_or_default())
    }

    /// Where the asker with keyed hash `standing` stands, and what `address` was mailed.
    ///
    /// # Errors
    /// As every read.
    pub async fn standing(
        &self,
        standing: &str,
        address: &str,
    ) -> Result<(Versioned<Standing>, Versioned<SendBudget>), StoreError> {
        let keys = [Keys(self.tenant).standing(standing), Keys(self.tenant).budget(address)];
        let [standing, budget] = self.table.snapshot("read where an asker stands", keys).await?;
        Ok((parse(standing)?.unwrap_or_default(), parse(budget)?.unwrap_or_default()))
    }

    /// What the address with keyed hash `address` was mailed.
    ///
    /// # Errors
    /// As every read.
    pub async fn budget(&self, address: &str) -> Result<Versioned<SendBudget>, StoreError> {
        let key = Keys(self.tenant).budget(address);
        let budget = self.table.get_as("read a mail budget", &key).await?;
        Ok(budget.unwrap_or_default())
    }
}

impl Change {
    /// Saves a challenge in place of the save before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Attempt`].
    pub fn save_challenge(&mut self, challenge: &Versioned<IssuedCode>) -> Result<(), StoreError> {
        let kept = challenge.value.challenge.expires_at + CHALLENGE_KEPT;
        let row = Row::new(&self.keys.challenge(challenge.value.id), challenge)?.forget(kept);
        self.put_version(Claim::Attempt, row, challenge.version)
    }

    /// Saves a standing in place of the save before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Attempt`].
    pub fn save_standing(
        &mut self,
        hash: &str,
        standing: &Versioned<Standing>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut row = Row::new(&self.keys.standing(hash), standing)?;
        if standing.value.misses == 0 {
            row = row.forget(now + STANDING_KEPT);
        }
        self.put_version(Claim::Attempt, row, standing.version)
    }

    /// Saves a mail budget in place of the save before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Attempt`].
    pub fn save_budget(
        &mut self,
        hash: &str,
        budget: &Versioned<SendBudget>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let row = Row::new(&self.keys.budget(hash), budget)?.forget(now + BUDGET_KEPT);
        self.put_version(Claim::Attempt, row, budget.version)
    }
}
