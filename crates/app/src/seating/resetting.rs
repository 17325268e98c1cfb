//! Another password: by a link mailed to whoever forgot theirs, or by knowing the present one.
//!
//! Asking for a link looks, answers, takes and costs the same whether or not the address is known:
//! a stranger has reads, a budget and a mail of their own, and only the mailer finds that nobody is
//! there. A link signs nobody in, so that it stands in for a password and for nothing else that a
//! sign-in asks for.

use domain::activity::{Actor, Detail};
use domain::challenge::standing::DAY;
use domain::email::Email;
use domain::id::{IdentityId, TenantId};
use domain::member::{Identity, Member, Seat};
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use domain::password::{Strength, check};
use domain::reset::{RESET_MAILS_MAX, life};
use domain::session::Session;
use domain::tenant::Tenant;
use serde_json::{Value, json};
use store::StoreError;
use store::activities::Home;
use store::change::{Change, Claim};

use crate::callers::anyone::Anyone;
use crate::callers::bearer::Bearer;
use crate::callers::staff::SignedIn;
use crate::exchange::answer::{Accepted, Done};
use crate::exchange::cx::{Cx, Principal};
use crate::exchange::problem::{Kind, Problem};
use crate::house::token::ResetToken;

/// Looks at a person at the most; each look after the first means that somebody else saved.
const LOOKS_MAX: u32 = 8;
/// Companies whose trail tells of a new password at the most: two steps each, of the hundred that
/// one transaction takes.
const COMPANIES_TOLD_MAX: usize = 40;

/// One answer for a link that is forged, late, used or replaced.
#[must_use]
pub fn reset_over() -> Problem {
    let detail = "The link was used, or its time has passed. Ask for a new one.";
    Problem::new(Kind::LinkOver, detail)
}

impl Cx<Anyone> {
    /// Mails a link to `email`, if somebody signs in with it who has a seat, or is offered one. The
    /// mail is that company's, as a person belongs to no company by themselves.
    ///
    /// # Errors
    /// [`Kind::Busy`] after [`LOOKS_MAX`] looks, or the table's.
    pub async fn ask_for_reset(&self, email: &Email) -> Result<Accepted, Problem> {
        let hash = self.house.keys.blind(&["reset", email.as_str()]);
        for _ in 0..LOOKS_MAX {
            let table = &self.house.table;
            let known = table.identity_behind(email, self.new_id()).await?;
            let (identity_id, epoch) = known
                .as_ref()
                .map_or_else(|| (self.new_id(), 0), |identity| (identity.id, identity.epoch));
            let home = self.home_of(identity_id).await?;
            let budget = table.reset_budget(&hash).await?;
            let Ok(spent) = budget.value.spend(self.now, RESET_MAILS_MAX, DAY) else {
                return Ok(Accepted);
            };
            let expires_at = self.now + life(&spent);
            let purpose = Purpose::PasswordReset { identity_id, epoch, expires_at };
            let mut change = self.change(&self.store_of(home));
            change.save_reset_budget(&hash, &budget.next(spent), self.now)?;
            change.owe(&Mail::new(purpose, self.now, expires_at))?;
            match self.try_commit(change, Accepted).await? {
                // Asked for twice in one instant: the mail is on its way.
                Err(lost) if !lost.contains(&Claim::Mail) => {}
                Ok(_) | Err(_) => return Ok(Accepted),
            }
        }
        Err(busy())
    }

    /// The company whose mail it is: where they have a seat in use, before where one is offered.
    /// Without either it is none that exists, and the mailer has nothing to say there.
    async fn home_of(&self, identity: IdentityId) -> Result<TenantId, Problem> {
        let nowhere: TenantId = self.new_id();
        let mut seats = self.house.table.seats(identity).await?;
        if seats.is_empty() {
            seats.push(Seat { tenant_id: nowhere, member_id: self.new_id() });
        }
        let behind = self.house.table.behind_seats(&seats).await?;
        let kept =
            |(_, member): &&(Tenant, Member)| member.identity_id == identity && member.is_kept();
        // Of equals the first; what is in use sorts before what is offered.
        let first = behind.iter().filter(kept).min_by_key(|(_, member)| !member.is_in_use());
        Ok(first.map_or(nowhere, |(tenant, _)| tenant.id))
    }
}

impl Cx<Bearer> {
    /// Sets the password of whoever the link of `token` was mailed to, and ends all their sessions.
    ///
    /// # Errors
    /// [`Kind::LinkOver`], [`Kind::BadInput`] at `/password` if it is too weak,
    /// [`Kind::Busy`] after [`LOOKS_MAX`] looks, or the table's.
    pub async fn reset_password(
        &mut self,
        token: &ResetToken,
        password: &str,
    ) -> Result<Done, Problem> {
        self.bears_for_oneself(format_args!("reset#{}#{}", token.identity, token.epoch));
        self.hear().await?;
        if token.expires_at <= self.now {
            return Err(reset_over());
        }
        for _ in 0..LOOKS_MAX {
            let identity = self.house.table.identity(token.identity).await?;
            let identity = identity.filter(|identity| identity.epoch == token.epoch);
            let identity = identity.ok_or_else(reset_over)?;
            let change = self.with_password(identity, password).await?.0;
            if self.try_commit(change, Done).await?.is_ok() {
                return Ok(Done);
            }
        }
        Err(busy())
    }
}

impl Cx<SignedIn> {
    /// Sets one's own password in place of the `present` one, and ends one's other sessions.
    ///
    /// # Errors
    /// [`Kind::BadInput`] at `/current_password` or `/password`, [`Kind::TooMany`] after too many
    /// misses, [`Kind::Busy`] after [`LOOKS_MAX`] looks, or the table's.
    pub async fn change_password(&self, present: &str, password: &str) -> Result<Done, Problem> {
        let (email, network) = (&self.who.identity.email, &self.visit.network);
        for _ in 0..LOOKS_MAX {
            let proved = self.house.prove_password(email, present, network, self.now).await;
            let identity = proved.map_err(|problem| match problem.kind {
                Kind::WrongSignIn => {
                    Problem::bad_input("/current_password", "this is not your password")
                }
                _ => problem,
            })?;
            if identity.epoch != self.who.session.epoch {
                return Err(ended());
            }
            let (mut change, epoch) = self.with_password(identity, password).await?;
            let session = Session { epoch, seen_at: self.now, ..self.who.session.clone() };
            change.keep_session(&self.who.sha, &session)?;
            if self.try_commit(change, Done).await?.is_ok() {
                return Ok(Done);
            }
        }
        Err(busy())
    }
}

impl<P: Principal> Cx<P> {
    /// Everything that another password of `identity` changes, and the epoch after it. The trail of
    /// each company they sit in tells of it, on their seat: it knows seats, not identities.
    async fn with_password(
        &self,
        identity: Identity,
        password: &str,
    ) -> Result<(Change, u32), Problem> {
        let seats = self.house.live_seats(&identity).await?;
        let companies = seats.iter().map(|(tenant, _)| tenant.name.as_str());
        let known: Vec<&str> = [identity.email.as_str(), identity.name.as_str()]
            .into_iter()
            .chain(companies)
            .collect();
        check(password, self.strength(&identity).await?, &known)
            .map_err(|error| Problem::bad_input("/password", error.to_string()))?;
        let next = identity.with_password(self.house.hash_password(password).await?);

        let mut change = self.house.table.change(self.house.dice.token());
        change.save_identity(&next)?;
        self.tell_companies(&mut change, &seats, &json!({ "password": "replaced" }))?;
        Ok((change, next.epoch))
    }

    /// What protects `person` besides a password, unless that is about to be turned off.
    async fn strength(&self, person: &Identity) -> Result<Strength, Problem> {
        let orders = match person.strength() {
            Strength::Alone => None,
            Strength::WithSecondFactor => self.house.table.second_factor(person.id).await?.reset,
        };
        Ok(orders.map_or(person.strength(), |_| Strength::Alone))
    }

    /// Adds to the trail of each company what became of how the person on one of `seats` signs in.
    pub(super) fn tell_companies(
        &self,
        change: &mut Change,
        seats: &[(Tenant, Member)],
        detail: &Value,
    ) -> Result<(), StoreError> {
        for (tenant, member) in seats.iter().take(COMPANIES_TOLD_MAX) {
            let mut told = self.change(&self.store_of(tenant.id));
            let member = Member { version: member.version + 1, ..member.clone() };
            told.save_member(&member)?;
            let mut line = self.line(member.id, member.version, Detail::Plain(detail.clone()));
            line.actor = Actor::Member(member.id);
            told.audit(Home::Tenant, &line)?;
            change.join(told);
        }
        Ok(())
    }
}

/// The session ended while it was being asked.
pub(super) fn ended() -> Problem {
    Problem::new(Kind::SignIn, "Your session ended meanwhile. Sign in again.")
}

pub(super) fn busy() -> Problem {
    Problem::new(Kind::Busy, "Others are changing the same person. Try again.").after(1)
}
