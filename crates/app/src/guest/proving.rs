//! Proving an address on a guest link: by a code, by the link of last resort, or by one's own
//! account.

use domain::challenge::State;
use domain::challenge::code::Code;
use domain::id::LinkId;
use domain::link::Life;
use domain::link::guest::Proof;
use domain::text::{JobTitle, PersonName, Title};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::challenges::{IssuedCode, OnLink};
use store::change::Change;
use store::item::Versioned;
use store::links::{Along, Linked};
use store::{Store, StoreError};

use super::asking::{Sought, is_bound};
use super::binding::{Known, Proved};
use super::{Guest, link_inactive};
use crate::callers::bearer::Bearer;
use crate::callers::staff::SignedIn;
use crate::exchange::answer::{Answer, WithCookies};
use crate::exchange::cx::{Cx, Principal};
use crate::exchange::problem::{Kind, Problem};
use crate::house::token::guest::{LastResortToken, LinkToken};
use crate::house::token::is_code_of;
use crate::portal::codes::{LOOKS_MAX, code_wrong};

/// What somebody says about themselves whom nobody knows yet.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "GuestDetails")]
pub struct Details {
    /// First name.
    pub first_name: PersonName,
    /// Last name.
    pub last_name: PersonName,
    /// What they do.
    pub job_title: JobTitle,
    /// The company.
    pub company: Title,
}

/// By what an address is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// A code, paid for as a guess.
    Code,
    /// The link that is mailed once short codes have stopped.
    LastResort,
}

impl Cx<Bearer> {
    /// Lets in the browser that asked for a code on `link` and now types it. `answer` tells what it
    /// then is.
    ///
    /// # Errors
    /// [`Kind::CodeWrong`] whatever was wrong, [`Kind::BadInput`] if
    /// the code was right and nobody knows them, [`Kind::TooMany`], or the table's.
    pub async fn type_code_on_link<A: Answer>(
        &mut self,
        link: LinkId,
        code: Code,
        details: Option<&Details>,
        answer: impl Fn(&Guest) -> A,
    ) -> Result<WithCookies<A>, Problem> {
        let cookie = self.challenge_cookie(Some(link)).ok_or_else(code_wrong)?;
        self.bears(cookie.tenant, cookie.challenge);
        let store = self.store_of(cookie.tenant);
        let paid = self.pay(&store, &cookie, Some(link)).await?;
        if !is_code_of(&self.house.keys, cookie.tenant, cookie.challenge, code) {
            return Err(code_wrong());
        }
        Box::pin(self.redeem_on_link(&store, &paid, By::Code, details, answer)).await
    }

    /// Lets in the browser that opens the link of last resort on `link`, and proves that one; never
    /// the one that asked for it.
    ///
    /// # Errors
    /// [`Kind::LinkOver`], [`Kind::BadInput`] if nobody knows them, [`Kind::TooMany`], or the
    /// table's.
    pub async fn confirm_on_link<A: Answer>(
        &mut self,
        link: LinkId,
        token: &LastResortToken,
        details: Option<&Details>,
        answer: impl Fn(&Guest) -> A,
    ) -> Result<WithCookies<A>, Problem> {
        self.bears(token.tenant, token.challenge);
        let store = self.store_of(token.tenant);
        let found = Box::pin(store.challenge(token.challenge));
        let (heard, found) = tokio::join!(self.hear(), found);
        heard?;
        let over = || Problem::new(Kind::LinkOver, "This link was used or has run out.");
        let code = found?.ok_or_else(over)?.value;
        let is_here = code.on_link.as_ref().is_some_and(|on| on.link_id == link);
        let is_pending = code.challenge.state == State::Pending;
        if !is_here || !is_pending || code.challenge.is_over(self.now) {
            return Err(over());
        }
        Box::pin(self.redeem_on_link(&store, &code, By::LastResort, details, answer)).await
    }

    /// Lets in a browser in which somebody is signed in whose address the link is for.
    ///
    /// # Errors
    /// [`Kind::SignIn`], [`Kind::Forbidden`] for an address that opens nothing here, or as a code.
    pub async fn prove_by_account<A: Answer>(
        &mut self,
        link: LinkId,
        token: Option<LinkToken>,
        details: Option<&Details>,
        answer: impl Fn(&Guest) -> A,
    ) -> Result<WithCookies<A>, Problem> {
        let who = Box::pin(SignedIn::enter(&self.house, &self.visit, self.now)).await?;
        let email = &who.identity.email;
        let bears = token.is_some();
        let sought = match token {
            Some(token) => Sought::Bearing { token, email: Some(email.clone()) },
            None => Sought::Naming(email.clone()),
        };
        let (store, mut seen) = Box::pin(self.link_of(link, &sought, Some(who.session.id))).await?;
        let tenant = store.tenant_id();
        if who.seat.as_ref().is_some_and(|(company, _)| company.id == tenant) {
            let detail = "You are signed in as a member of the company, who only looks.";
            return Err(Problem::new(Kind::Forbidden, detail));
        }
        let nothing =
            || Problem::new(Kind::Forbidden, "Your account's address opens nothing here.");
        let arriving = self.arriving(link, &who.session.id.to_string());
        for _ in 0..LOOKS_MAX {
            let known = self.holder_of(&store, &seen, email).await?;
            if !bears && !is_bound(&seen, email, known.as_ref().map(Known::holder)) {
                return Err(nothing());
            }
            let mut change = self.change(&store);
            let proved = Proved { email, proof: Proof::Account, details };
            let device = (self.new_id(), arriving.sha.as_str());
            // Boxed, as it makes a large future.
            let guest = Box::pin(self.bind(&store, &mut change, &seen, device, proved)).await;
            let (guest, admission) = guest.map_err(|problem| match problem.kind {
                Kind::CodeWrong => nothing(),
                _ => problem,
            })?;
            let values = json!({ "by": who.identity.id, "agent": self.visit.agent });
            self.admit_guest(&mut change, &guest, admission, &values)?;
            let answer = self.with_device(&guest, &arriving, answer(&guest));
            if let Ok(answer) = self.try_commit(change, answer).await? {
                return Ok(answer);
            }
            seen = Box::pin(self.link_of(link, &sought, Some(who.session.id))).await?.1;
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }

    /// Uses up what proved an address on a link, and lets the browser in.
    async fn redeem_on_link<A: Answer>(
        &self,
        store: &Store,
        paid: &IssuedCode,
        by: By,
        details: Option<&Details>,
        answer: impl Fn(&Guest) -> A,
    ) -> Result<WithCookies<A>, Problem> {
        let on = paid.on_link.as_ref().filter(|on| on.is_mailed && !on.is_to_disown);
        let on = on.ok_or_else(code_wrong)?;
        let arriving = self.arriving(on.link_id, &paid.id.to_string());
        for _ in 0..LOOKS_MAX {
            let along = Along { contact: paid.contact_id, ..Along::default() };
            let seen = Box::pin(store.linked(on.document_id, on.link_id, along));
            let (found, seen) = tokio::join!(store.guessing(paid.id, &paid.standing), seen);
            let (code, standing) = found?.ok_or_else(code_wrong)?;
            let seen = seen?.ok_or_else(code_wrong)?;
            let seen = self.link_to_prove(store, on, paid, seen).await?;
            let mut change = self.change(store);
            let settled = match by {
                By::Code => standing.value.refund_miss(),
                // The next one need not wait for this one's end.
                By::LastResort => standing.value.confirmed(),
            };
            let proved = Proved { email: &on.email, proof: Proof::Code, details };
            let device = (self.new_id(), arriving.sha.as_str());
            let bound = self.bind(store, &mut change, &seen, device, proved).await;
            let (guest, admission) = match bound {
                Ok(bound) => bound,
                // The code was right: it is not a miss, and may be typed again with who they are.
                Err(problem) if problem.kind == Kind::BadInput && by == By::Code => {
                    self.refund(store, paid).await?;
                    return Err(problem);
                }
                Err(problem) => return Err(problem),
            };
            use_up(&mut change, &code)?;
            change.save_standing(&paid.standing, &standing.next(settled), self.now)?;
            let values = json!({
                "by": paid.id,
                "proof": Proof::Code,
                "details": details,
                "agent": self.visit.agent,
            });
            self.admit_guest(&mut change, &guest, admission, &values)?;
            let answer = self.with_device(&guest, &arriving, answer(&guest));
            if let Ok(answer) = self.try_commit(change, answer).await? {
                return Ok(answer);
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }

    /// The link that is to be proved on, which was `seen` with whom the code is for; if it opens,
    /// and they are as when the code was asked for.
    async fn link_to_prove(
        &self,
        store: &Store,
        on: &OnLink,
        paid: &IssuedCode,
        seen: Linked,
    ) -> Result<Linked, Problem> {
        let current = seen.contact.as_ref().map_or(0, |contact| contact.epoch);
        if paid.contact_id.is_some() && current != paid.epoch {
            return Err(code_wrong());
        }
        // A link of their own was read with them; any other is judged without.
        let mut seen = if seen.link.contact_id == paid.contact_id {
            store.with_account(seen).await?
        } else {
            let along = Along { contact: seen.link.contact_id, ..Along::default() };
            let seen = store.whole_link(on.document_id, on.link_id, along).await?;
            seen.ok_or_else(code_wrong)?
        };
        match seen.link.life(&seen.around(), self.now) {
            Life::Open => {}
            Life::Inactive(_) => return Err(link_inactive()),
            Life::Gone => return Err(Problem::not_found()),
        }
        seen.device = None;
        Ok(seen)
    }

    /// Gives back what a right guess paid that let nobody in yet.
    async fn refund(&self, store: &Store, paid: &IssuedCode) -> Result<(), Problem> {
        for _ in 0..LOOKS_MAX {
            let found = store.guessing(paid.id, &paid.standing).await?;
            let (code, standing) = found.ok_or_else(code_wrong)?;
            let challenge = code.value.challenge.refund();
            let mut change = self.change(store);
            let back = IssuedCode { challenge, ..code.value.clone() };
            change.save_challenge(&code.next(back))?;
            let refunded = standing.value.refund_miss();
            change.save_standing(&paid.standing, &standing.next(refunded), self.now)?;
            match change.commit().await {
                Ok(()) => return Ok(()),
                Err(StoreError::Lost(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }
}

/// Adds to `change` that a right code was used: it works once.
pub(super) fn use_up(change: &mut Change, code: &Versioned<IssuedCode>) -> Result<(), Problem> {
    let challenge = code.value.challenge.consume().map_err(|_| code_wrong())?;
    let used = IssuedCode { challenge, ..code.value.clone() };
    Ok(change.save_challenge(&code.next(used))?)
}
