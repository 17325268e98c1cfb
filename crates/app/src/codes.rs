//! Six-digit codes for a portal: asking for one, and typing it.
//!
//! Asking looks, answers, takes and costs the same whether or not the address is known: strangers
//! have a standing, a budget, a challenge and a mail of their own, and only the mailer finds that
//! nobody is there to read it. A guess is paid for before it is compared.

use domain::access::{Gate, gate};
use domain::account::Account;
use domain::challenge::code::Code;
use domain::challenge::standing::{
    ADDRESS_MAILS_MAX, Ask, CONFIRMATION_LIFE, DAY, RESEND_AFTER, SendBudget, Standing,
};
use domain::challenge::{CODE_LIFE, Challenge, State};
use domain::contact::Contact;
use domain::email::Email;
use domain::id::{ChallengeId, ContactId, TenantId};
use domain::invitation::Proof;
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use domain::tenant::{Slug, Tenant};
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use store::challenges::PortalChallenge;
use store::change::Change;
use store::item::Versioned;
use store::{Store, StoreError};

use crate::answer::{AcceptedWith, WithCookies};
use crate::bearer::Bearer;
use crate::cx::Cx;
use crate::entry::{Cause, Entered};
use crate::house::House;
use crate::invite::{Occasion, invite, invite_nobody};
use crate::portal::{CHALLENGE_COOKIE, challenge_cookie, current_account};
use crate::problem::{Kind, Problem};
use crate::repeat::Reissue;
use crate::token::{ChallengeCookie, InvitationToken, is_code_of};

/// Looks at a challenge and its standing at the most; each look after the first means that
/// somebody else asked or guessed.
const LOOKS_MAX: u32 = 16;

/// How somebody says whose code they want.
#[derive(Clone, Debug)]
pub enum Whose {
    /// By a magic link, whatever became of it.
    Link(InvitationToken),
    /// By a company and an address.
    Address {
        /// The company's place in addresses.
        slug: Slug,
        /// The address.
        email: Email,
    },
}

/// What somebody who asked for a code may expect.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "CodeSent")]
pub struct CodeSentView {
    /// Seconds after which asking again makes sense.
    pub resend_after_seconds: i64,
    /// When the code stops working.
    pub expires_at: Timestamp,
}

/// The answer to somebody who asked for a code.
pub type CodeSent = WithCookies<AcceptedWith<CodeSentView>>;

/// Whoever reads the mail, if anybody does.
struct Reader {
    /// Who is let in by the code; nobody for a stranger, and for a contact that the gate shuts out.
    contact: Option<Contact>,
    /// Keyed hash under which misses count and codes are paced.
    standing: String,
    /// Keyed hash under which mails to the address are counted.
    budget: String,
}

/// One answer for wrong, late, spent and unknown codes.
fn code_wrong() -> Problem {
    Problem::new(Kind::CodeWrong, "Check the digits, or ask for a new code.")
}

/// Keyed hash under which the misses of a contact's address count.
pub(crate) fn standing_hash(house: &House, tenant: &Tenant, contact: &Contact) -> String {
    hash(house, "portal", tenant.id, &place(contact))
}

/// Keyed hash under which mails to an address are counted that anybody could cause.
pub(crate) fn unproved_hash(house: &House, tenant: TenantId, email: &Email) -> String {
    hash(house, "unproved", tenant, email.as_str())
}

fn hash(house: &House, what: &str, tenant: TenantId, place: &str) -> String {
    house.keys.blind(&[what, &tenant.to_string(), place])
}

/// The contact's address; its id where it has none, so that it cannot be mistaken for one.
fn place(contact: &Contact) -> String {
    contact.email.as_ref().map_or_else(|| contact.id.to_string(), Email::to_string)
}

impl Cx<Bearer> {
    /// Mails a code to `whose` address, or what else their budgets allow.
    ///
    /// # Errors
    /// [`Kind::NotFound`] for a company that does not exist, [`Kind::TooMany`] with the seconds to
    /// wait, or the table's.
    pub async fn ask_for_code(&mut self, whose: Whose) -> Result<CodeSent, Problem> {
        let (store, reader) = self.reader(whose).await?;
        let before = self.challenge_cookie().filter(|cookie| cookie.tenant == store.tenant_id());
        for _ in 0..LOOKS_MAX {
            let (standing, budget) = store.standing(&reader.standing, &reader.budget).await?;
            let challenge = PortalChallenge {
                id: self.new_id(),
                challenge: Challenge::new(self.now),
                contact_id: reader.contact.as_ref().map(|contact| contact.id),
                epoch: reader.contact.as_ref().map_or(0, |contact| contact.epoch),
                standing: reader.standing.clone(),
            };
            let mut change = self.change(&store);
            match paced(&standing.value, &budget.value, self.now) {
                Paced::Wait { until } => return Err(too_soon(until, self.now)),
                Paced::Code(next, spent) => {
                    change.save_standing(&reader.standing, &standing.next(next), self.now)?;
                    change.save_budget(&reader.budget, &budget.next(spent), self.now)?;
                    self.owe_code(&mut change, &challenge)?;
                }
                Paced::Confirmation(next) => {
                    change.save_standing(&reader.standing, &standing.next(next), self.now)?;
                    self.owe_confirmation(&mut change, reader.contact.as_ref())?;
                }
            }
            self.replace(&store, &mut change, before).await?;
            let answer = self.code_sent(&store, challenge.id);
            match self.try_commit(change, &answer).await? {
                Ok(()) => return Ok(answer),
                Err(StoreError::Lost(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }

    /// Finds out who would read the mail.
    async fn reader(&mut self, whose: Whose) -> Result<(Store, Reader), Problem> {
        let (store, found, place) = match whose {
            Whose::Link(token) => {
                self.bears(token.tenant, token.invitation);
                let store = self.store_of(token.tenant);
                let found = Box::pin(store.reader(token.contact));
                let (heard, found) = tokio::join!(self.hear(), found);
                heard?;
                let found = found?;
                let place = found.as_ref().map(|(contact, _)| place(contact));
                (store, found, place.unwrap_or_else(|| token.contact.to_string()))
            }
            Whose::Address { slug, email } => {
                let tenant = Box::pin(self.house.table.tenant_at(&slug));
                let (heard, tenant) = tokio::join!(self.hear(), tenant);
                heard?;
                let store = self.store_of(tenant?.ok_or_else(Problem::not_found)?);
                let found = store.reader_at(&email, self.new_id::<ContactId>()).await?;
                (store, found, email.to_string())
            }
        };
        let tenant = store.tenant_id();
        let is_let_in = |(contact, account): &(Contact, Option<Account>)| {
            contact.email.is_some() && gate(contact, account.as_ref(), self.now) == Gate::Open
        };
        let reader = Reader {
            contact: found.filter(is_let_in).map(|(contact, _)| contact),
            standing: hash(&self.house, "portal", tenant, &place),
            budget: hash(&self.house, "codes", tenant, &place),
        };
        Ok((store, reader))
    }

    fn owe_code(&self, change: &mut Change, challenge: &PortalChallenge) -> Result<(), StoreError> {
        let purpose = Purpose::Code { challenge_id: challenge.id };
        let expires_at = challenge.challenge.expires_at;
        change.save_challenge(&Versioned { version: 1, value: challenge.clone() })?;
        change.owe(&Mail::new(purpose, self.now, expires_at))
    }

    /// The browser that asks learns nothing and proves nothing by this: the link proves the one
    /// that opens it.
    fn owe_confirmation(
        &self,
        change: &mut Change,
        contact: Option<&Contact>,
    ) -> Result<(), StoreError> {
        let occasion = Occasion::LastResort(CONFIRMATION_LIFE);
        match contact {
            Some(contact) => invite(&self.house, change, contact, occasion, self.now),
            None => invite_nobody(&self.house, change, self.new_id(), occasion, self.now),
        }
    }

    /// Ends the code that this browser asked for before; those of others go on.
    async fn replace(
        &self,
        store: &Store,
        change: &mut Change,
        before: Option<ChallengeCookie>,
    ) -> Result<(), Problem> {
        let Some(before) = before else { return Ok(()) };
        let Some(seen) = store.challenge(before.challenge).await? else { return Ok(()) };
        if seen.value.challenge.state == State::Pending {
            let challenge = seen.value.challenge.replace();
            let replaced = PortalChallenge { challenge, ..seen.value.clone() };
            change.save_challenge(&seen.next(replaced))?;
        }
        Ok(())
    }

    fn code_sent(&self, store: &Store, challenge: ChallengeId) -> CodeSent {
        let tenant = store.tenant_id();
        let cookie = ChallengeCookie { tenant, challenge };
        let view = CodeSentView {
            resend_after_seconds: RESEND_AFTER.as_secs(),
            expires_at: self.now + CODE_LIFE,
        };
        WithCookies {
            answer: AcceptedWith { body: view },
            cookies: vec![challenge_cookie(&self.house, &cookie)],
            reissue: Some(Reissue::Challenge { tenant, challenge }),
        }
    }

    fn challenge_cookie(&self) -> Option<ChallengeCookie> {
        let cookie = self.visit.cookie(CHALLENGE_COOKIE)?;
        ChallengeCookie::verify(&self.house.keys, cookie)
    }

    /// Signs in the browser that asked for a code and now types it.
    ///
    /// # Errors
    /// [`Kind::CodeWrong`] whatever was wrong, [`Kind::TooMany`], or the table's.
    pub async fn type_code(&mut self, code: Code) -> Result<Entered, Problem> {
        let cookie = self.challenge_cookie().ok_or_else(code_wrong)?;
        self.bears(cookie.tenant, cookie.challenge);
        let store = self.store_of(cookie.tenant);
        self.hear().await?;
        let paid = self.pay(&store, cookie.challenge).await?;
        if is_code_of(&self.house.keys, cookie.tenant, cookie.challenge, code) {
            self.redeem(&store, &paid).await
        } else {
            Err(code_wrong())
        }
    }

    /// Counts a guess as a miss, before anything is compared.
    async fn pay(&self, store: &Store, id: ChallengeId) -> Result<PortalChallenge, Problem> {
        for _ in 0..LOOKS_MAX {
            let seen = store.challenge(id).await?.ok_or_else(code_wrong)?;
            let hash = &seen.value.standing;
            let standing = store.misses_of(hash).await?;
            let challenge = seen.value.challenge.attempt(self.now).map_err(|_| code_wrong())?;
            let missed = standing.value.reserve_miss().map_err(|_| code_wrong())?;
            let counted = PortalChallenge { challenge, ..seen.value.clone() };
            let mut change = self.change(store);
            change.save_challenge(&seen.next(counted.clone()))?;
            change.save_standing(hash, &standing.next(missed), self.now)?;
            match change.commit().await {
                Ok(()) => return Ok(counted),
                Err(StoreError::Lost(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }

    /// Uses a code up that was right, and signs the browser in. A stranger's code opens nothing.
    async fn redeem(&self, store: &Store, paid: &PortalChallenge) -> Result<Entered, Problem> {
        let contact = paid.contact_id.ok_or_else(code_wrong)?;
        let id = paid.id.to_string();
        let cause = Cause { id: &id, nonce_sha: "", proof: Proof::Code };
        for _ in 0..LOOKS_MAX {
            let seen = store.proving(paid.id, &paid.standing, contact).await?;
            let seen = seen.ok_or_else(code_wrong)?;
            let account = current_account(store, &seen.contact, None).await?;
            let is_current = seen.contact.epoch == paid.epoch;
            if !is_current || gate(&seen.contact, account.as_ref(), self.now) != Gate::Open {
                return Err(code_wrong());
            }
            let challenge = seen.challenge.value.challenge.consume().map_err(|_| code_wrong())?;
            let used = PortalChallenge { challenge, ..seen.challenge.value.clone() };
            let (cookie, answer) = self.entered(&seen.tenant, &seen.contact, cause)?;
            let mut change = self.change(store);
            change.save_challenge(&seen.challenge.next(used))?;
            let refunded = seen.standing.value.refund_miss();
            change.save_standing(&paid.standing, &seen.standing.next(refunded), self.now)?;
            self.admit(&mut change, &seen.contact, cause, &cookie)?;
            match self.try_commit(change, &answer).await? {
                Ok(()) => return Ok(answer),
                Err(StoreError::Lost(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }
}

/// What the pace of codes and the address's mails allow together.
enum Paced {
    Code(Standing, SendBudget),
    Confirmation(Standing),
    Wait { until: Timestamp },
}

fn paced(standing: &Standing, budget: &SendBudget, now: Timestamp) -> Paced {
    let asked = match standing.ask(now) {
        Ask::Code(next) => match budget.spend(now, ADDRESS_MAILS_MAX, DAY) {
            Ok(spent) => return Paced::Code(next, spent),
            Err(_) => standing.ask_confirmation(now),
        },
        other => other,
    };
    match asked {
        Ask::Confirmation(next) => Paced::Confirmation(next),
        Ask::Wait { until } => Paced::Wait { until },
        // Not without a mail to spend, and `ask_confirmation` never says so.
        Ask::Code(_) => Paced::Wait { until: now + RESEND_AFTER },
    }
}

fn too_soon(until: Timestamp, now: Timestamp) -> Problem {
    // Up to the next whole second: asking at the promised instant must help.
    let left = until.duration_since(now) + SignedDuration::from_nanos(999_999_999);
    let detail = "A mail is on its way. Wait a little before you ask for another.";
    Problem::new(Kind::TooMany, detail).after(u64::try_from(left.as_secs()).unwrap_or(1))
}
