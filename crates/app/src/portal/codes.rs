//! Six-digit codes: asking for one, and paying for a guess.
//!
//! Asking looks, answers, takes and costs the same whether or not the address is known: strangers
//! have a standing, a budget, a challenge and a mail of their own, and only the mailer finds that
//! nobody is there to read it. A guess is paid for before it is compared.
//!
//! Who would read a code, and what a right one opens, is told by [`crate::portal::proving`] for a
//! portal and by [`crate::guest`] for a guest link.

use domain::challenge::standing::{
    ADDRESS_MAILS_MAX, Ask, DAY, RESEND_AFTER, SendBudget, Standing,
};
use domain::challenge::{CODE_LIFE, Challenge, Denied, State};
use domain::contact::Contact;
use domain::email::Email;
use domain::id::{ChallengeId, LinkId, TenantId};
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use domain::tenant::Tenant;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use store::challenges::IssuedCode;
use store::change::Change;
use store::item::Versioned;
use store::{Store, StoreError};

use crate::callers::bearer::Bearer;
use crate::exchange::answer::{AcceptedWith, WithCookies};
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem};
use crate::exchange::reissue::Reissue;
use crate::house::House;
use crate::house::cookie::challenge_name;
use crate::house::token::ChallengeCookie;

/// Looks at a challenge and its standing at the most; each look after the first means that
/// somebody else asked or guessed.
pub(crate) const LOOKS_MAX: u32 = 16;

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

/// Where whoever asks is counted.
#[derive(Clone, Debug)]
pub(crate) struct Asker {
    /// Keyed hash under which misses count and codes are paced.
    pub(crate) standing: String,
    /// Keyed hash under which mails to the address are counted.
    pub(crate) budget: String,
    /// On which guest link, if on one: the browser keeps a code for each.
    pub(crate) link: Option<LinkId>,
}

/// One answer for wrong, late, spent and unknown codes.
pub(crate) fn code_wrong() -> Problem {
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

pub(crate) fn hash(house: &House, what: &str, tenant: TenantId, place: &str) -> String {
    house.keys.blind(&[what, &tenant.to_string(), place])
}

/// The contact's address; its id where it has none, so that it cannot be mistaken for one.
pub(crate) fn place(contact: &Contact) -> String {
    contact.email.as_ref().map_or_else(|| contact.id.to_string(), Email::to_string)
}

impl Cx<Bearer> {
    /// Mails the code that `issued` makes, or what else the budgets of `asker` allow; `instead`
    /// adds the link of last resort, once short codes have stopped.
    ///
    /// # Errors
    /// [`Kind::TooMany`] with the seconds to wait, or the table's.
    pub(crate) async fn issue(
        &self,
        store: &Store,
        asker: &Asker,
        issued: impl Fn(ChallengeId, Challenge) -> IssuedCode,
        instead: impl Fn(&mut Change) -> Result<(), StoreError>,
    ) -> Result<CodeSent, Problem> {
        let before = self.challenge_cookie(asker.link);
        let before = before.filter(|cookie| cookie.tenant == store.tenant_id());
        for _ in 0..LOOKS_MAX {
            let (standing, budget) = store.standing(&asker.standing, &asker.budget).await?;
            let code = issued(self.new_id(), Challenge::new(self.now));
            let mut change = self.change(store);
            match paced(&standing.value, &budget.value, self.now) {
                Paced::Wait { until } => return Err(too_soon(until, self.now)),
                Paced::Code(next, spent) => {
                    change.save_standing(&asker.standing, &standing.next(next), self.now)?;
                    change.save_budget(&asker.budget, &budget.next(spent), self.now)?;
                    self.owe_code(&mut change, &code)?;
                }
                Paced::Confirmation(next) => {
                    change.save_standing(&asker.standing, &standing.next(next), self.now)?;
                    instead(&mut change)?;
                }
            }
            self.replace(store, &mut change, before).await?;
            let answer = self.code_sent(store, code.id, asker);
            if let Ok(answer) = self.try_commit(change, answer).await? {
                return Ok(answer);
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }

    fn owe_code(&self, change: &mut Change, challenge: &IssuedCode) -> Result<(), StoreError> {
        let purpose = Purpose::Code { challenge_id: challenge.id };
        let expires_at = challenge.challenge.expires_at;
        change.save_challenge(&Versioned { version: 1, value: challenge.clone() })?;
        change.owe(&Mail::new(purpose, self.now, expires_at))
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
            let replaced = IssuedCode { challenge, ..seen.value.clone() };
            change.save_challenge(&seen.next(replaced))?;
        }
        Ok(())
    }

    fn code_sent(&self, store: &Store, challenge: ChallengeId, asker: &Asker) -> CodeSent {
        let (tenant, link, standing) = (store.tenant_id(), asker.link, asker.standing.clone());
        let cookie = ChallengeCookie::new(tenant, challenge, &standing);
        let view = CodeSentView {
            resend_after_seconds: RESEND_AFTER.as_secs(),
            expires_at: self.now + CODE_LIFE,
        };
        WithCookies {
            answer: AcceptedWith { body: view },
            cookies: vec![self.house.challenge_cookie(&cookie, link)],
            reissue: Some(Reissue::Challenge { tenant, challenge, standing, link }),
        }
    }

    /// The code that this browser asked for, on `link` or on a portal.
    pub(crate) fn challenge_cookie(&self, link: Option<LinkId>) -> Option<ChallengeCookie> {
        let cookie = self.visit.cookie(&challenge_name(link))?;
        ChallengeCookie::verify(&self.house.keys, cookie)
    }

    /// Counts a guess as a miss, before anything is compared; and hears the caller meanwhile.
    ///
    /// # Errors
    /// [`Kind::CodeWrong`], [`Kind::TooMany`], or the table's.
    pub(crate) async fn pay(
        &self,
        store: &Store,
        cookie: &ChallengeCookie,
        link: Option<LinkId>,
    ) -> Result<IssuedCode, Problem> {
        let hash = cookie.standing_hash();
        let first = Box::pin(store.guessing(cookie.challenge, &hash));
        let (heard, first) = tokio::join!(self.hear(), first);
        heard?;
        let mut seen = first?;
        for _ in 0..LOOKS_MAX {
            let (code, standing) = seen.ok_or_else(code_wrong)?;
            let paid = counted(&code.value, &standing.value, (&hash, link), self.now);
            let (counted, missed) = paid.map_err(|Denied| code_wrong())?;
            let mut change = self.change(store);
            change.save_challenge(&code.next(counted.clone()))?;
            change.save_standing(&hash, &standing.next(missed), self.now)?;
            match change.commit().await {
                Ok(()) => return Ok(counted),
                Err(StoreError::Lost(_)) => {}
                Err(error) => return Err(error.into()),
            }
            seen = store.guessing(cookie.challenge, &hash).await?;
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }
}

/// The code and the standing once a guess at it is paid for, if it was asked for here: its misses
/// count under `hash`, and it is of `link` or of a portal.
fn counted(
    code: &IssuedCode,
    standing: &Standing,
    (hash, link): (&str, Option<LinkId>),
    now: Timestamp,
) -> Result<(IssuedCode, Standing), Denied> {
    let is_here = code.on_link.as_ref().map(|on| on.link_id) == link;
    if !is_here || code.standing != hash {
        return Err(Denied);
    }
    let challenge = code.challenge.attempt(now)?;
    Ok((IssuedCode { challenge, ..code.clone() }, standing.reserve_miss()?))
}

/// What the pace of codes and the address's mails allow together.
#[derive(Debug, PartialEq, Eq)]
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

#[cfg(test)]
mod tests;
