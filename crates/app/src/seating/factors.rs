//! Second factors: enrolling an authenticator app, recovery codes, turning it off, also by order of an
//! administrator; and the fresh proof that each of these asks for.

use domain::activity::Detail;
use domain::challenge::code::Code;
use domain::id::MemberId;
use domain::member::{Identity, Member};
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use domain::second_factor::{RESET_DELAY, SecondFactor, Tried, Typed};
use domain::session::{Chosen, Session};
use domain::tenant::Tenant;
use jiff::Timestamp;
use policy::trust::Action;
use serde_json::{Value, json};
use store::activities::Home;
use store::change::Change;

use crate::callers::second_factor::{SecondProof, code_wrong};
use crate::callers::staff::{SignedIn, Staff};
use crate::exchange::answer::{Accepted, Done, Found};
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem};
use crate::exchange::reissue::Reissue;
use crate::exchange::repeat::{Kept, RecoveryCodesView, SeedView};
use crate::seating::LOOKS_MAX;
use crate::seating::resetting::{busy, ended};

impl Cx<SignedIn> {
    /// Notes that it is still the person who signed in: by their `password` and, where it is asked
    /// for, a second `proof`.
    ///
    /// # Errors
    /// [`Kind::BadInput`] at `/password`, those of [`crate::house::House::sign_in`], [`Kind::Busy`]
    /// after [`LOOKS_MAX`] looks, or the table's.
    pub async fn prove_again(&self, password: &str, proof: &SecondProof) -> Result<Done, Problem> {
        let (email, network) = (&self.who.identity.email, &self.visit.network);
        for _ in 0..LOOKS_MAX {
            let known = self.house.sign_in(email, password, proof, network, self.now).await;
            let known = known.map_err(|problem| match problem.kind {
                Kind::WrongSignIn => Problem::bad_input("/password", "this is not your password"),
                _ => problem,
            })?;
            if !known.speaks_in(&self.who.session) {
                return Err(ended());
            }
            // Who had the factor turned off by order is another one from here on.
            let (epoch, proved_at) = (known.identity.epoch, Some(self.now));
            let session =
                Session { epoch, proved_at, seen_at: self.now, ..self.who.session.clone() };
            let mut change = self.house.table.change(self.house.dice.token());
            known.note(&mut change)?;
            change.keep_session(&self.who.sha, &session)?;
            if self.try_commit(change, Done).await?.is_ok() {
                return Ok(Done);
            }
        }
        Err(busy())
    }

    /// Gives a new seed to an authenticator app. Nothing is asked for by it before
    /// [`Cx::confirm_totp`]; a seed that waited before is worth nothing any more.
    ///
    /// # Errors
    /// [`Kind::ProofRequired`], [`Kind::Busy`] after [`LOOKS_MAX`] looks, or the table's.
    pub async fn enrol_totp(&self) -> Result<Found<SeedView>, Problem> {
        self.require_fresh_proof()?;
        let person = &self.who.identity;
        let new = self.house.new_seed(person.id);
        let (seed, sealed) = new.ok_or_else(|| Problem::new(Kind::Internal, "No key seals it."))?;
        for _ in 0..LOOKS_MAX {
            let factor = self.house.table.second_factor(person.id).await?;
            let next = factor.enrolling(sealed.clone(), self.now);
            let mut change = self.house.table.change(self.house.dice.token());
            change.save_second_factor(person.id, &next)?;
            let (identity, email) = (person.id, person.email.clone());
            let reissue = Reissue::Seed { identity, email, seed: sealed.clone() };
            let kept = Kept { answer: Found::new(json!({})), reissue };
            if self.try_commit(change, kept).await?.is_ok() {
                return Ok(Found::new(SeedView::new(&seed, &person.email)));
            }
        }
        Err(busy())
    }

    /// Asks for codes of the seed that waits from now on, as its app shows `code`; ends one's other
    /// sessions, and gives recovery codes.
    ///
    /// # Errors
    /// [`Kind::ProofRequired`], [`Kind::WrongState`] if no seed waits, [`Kind::CodeWrong`],
    /// [`Kind::TooMany`], [`Kind::Busy`] after [`LOOKS_MAX`] looks, or the table's.
    pub async fn confirm_totp(&self, code: Code) -> Result<Found<RecoveryCodesView>, Problem> {
        self.require_fresh_proof()?;
        let (person, root) = (&self.who.identity, self.house.keys.current());
        let shown = |factor: &SecondFactor| {
            let waits = factor.enrolment.as_ref().filter(|waits| waits.stands(self.now));
            let seed = waits.and_then(|waits| self.house.seed(person.id, &waits.seed));
            seed.map(|seed| seed.typed(code, self.now))
        };
        let factor = self.house.table.second_factor(person.id).await?;
        let root_of_seed = factor.enrolment.as_ref().map(|waits| waits.seed.root);
        if root_of_seed.is_some_and(|root| !self.house.keys.holds(root)) {
            return Err(code_wrong());
        }
        if shown(&factor).is_none() {
            let detail = "No app waits for its first code, or it waited too long. Enrol one first.";
            return Err(Problem::new(Kind::WrongState, detail));
        }
        for _ in 0..LOOKS_MAX {
            let tried = |factor: &SecondFactor| -> Tried {
                factor.confirmed(shown(factor).unwrap_or(Typed::Wrong), root, self.now)
            };
            let next = self.house.counted(person, self.now, tried).await?;
            if let Some(answer) = self.factor_saved(&next, &json!("on")).await? {
                return Ok(answer);
            }
        }
        Err(busy())
    }

    /// Gives new recovery codes; those before are good no more.
    ///
    /// # Errors
    /// [`Kind::ProofRequired`], [`Kind::WrongState`] while there is no second factor, [`Kind::Busy`]
    /// after [`LOOKS_MAX`] looks, or the table's.
    pub async fn renew_recovery_codes(&self) -> Result<Found<RecoveryCodesView>, Problem> {
        self.require_fresh_proof()?;
        for _ in 0..LOOKS_MAX {
            let factor = self.house.table.second_factor(self.who.identity.id).await?;
            if !factor.is_on() {
                let detail = "There is no second factor. Enrol an authenticator app first.";
                return Err(Problem::new(Kind::WrongState, detail));
            }
            let next = factor.with_new_recovery(self.house.keys.current());
            if let Some(answer) = self.factor_saved(&next, &json!("new recovery codes")).await? {
                return Ok(answer);
            }
        }
        Err(busy())
    }

    /// Turns the second factor off, and ends one's other sessions.
    ///
    /// # Errors
    /// [`Kind::ProofRequired`], [`Kind::WrongState`] if the password is too short to stand alone,
    /// [`Kind::Busy`] after [`LOOKS_MAX`] looks, or the table's.
    pub async fn remove_totp(&self) -> Result<Done, Problem> {
        self.require_fresh_proof()?;
        let person = &self.who.identity;
        if !person.second_factor {
            return Ok(Done);
        }
        if person.password.as_ref().is_some_and(|password| !password.stands_alone) {
            let detail = "Your password is too short to be the only proof. Choose one of at least \
                          15 characters first.";
            return Err(Problem::new(Kind::WrongState, detail));
        }
        for _ in 0..LOOKS_MAX {
            let next = self.house.table.second_factor(person.id).await?.off();
            let change = self.with_factor(&next, &json!("off")).await?;
            if self.try_commit(change, Done).await?.is_ok() {
                return Ok(Done);
            }
        }
        Err(busy())
    }

    /// Recovery codes that are left to them; none without a second factor.
    ///
    /// # Errors
    /// The table's.
    pub async fn recovery_codes_left(&self) -> Result<Option<usize>, Problem> {
        if !self.who.identity.second_factor {
            return Ok(None);
        }
        let factor = self.house.table.second_factor(self.who.identity.id).await?;
        Ok(Some(factor.recovery_codes_left()))
    }

    /// Saves a second factor that is on, and gives all its recovery codes; nothing, if somebody
    /// else saved first.
    async fn factor_saved(
        &self,
        next: &SecondFactor,
        became: &Value,
    ) -> Result<Option<Found<RecoveryCodesView>>, Problem> {
        let identity = self.who.identity.id;
        let recovery = next.recovery.clone();
        let recovery = recovery.ok_or_else(|| Problem::new(Kind::Internal, "It has no codes."))?;
        let change = self.with_factor(next, became).await?;
        let view = RecoveryCodesView::new(&self.house, identity, &recovery);
        let reissue = Reissue::RecoveryCodes { identity, recovery };
        let kept = Kept { answer: Found::new(json!({})), reissue };
        let is_saved = self.try_commit(change, kept).await?.is_ok();
        Ok(is_saved.then(|| Found::new(view)))
    }

    /// Everything that another second factor changes. Turning it on or off is another way to sign
    /// in, so that only the session that did it goes on.
    async fn with_factor(&self, next: &SecondFactor, became: &Value) -> Result<Change, Problem> {
        let person = &self.who.identity;
        let seats: Vec<(Tenant, Member)> = self.house.live_seats(person).await?;
        let mut change = self.house.table.change(self.house.dice.token());
        change.save_second_factor(person.id, next)?;
        // The person is saved in any case: whoever's session ended in between changes nothing any
        // more.
        let saved = if person.second_factor == next.is_on() {
            Identity { version: person.version + 1, ..person.clone() }
        } else {
            person.clone().with_second_factor(next.is_on())
        };
        change.save_identity(&saved)?;
        if saved.epoch != person.epoch {
            let session =
                Session { epoch: saved.epoch, seen_at: self.now, ..self.who.session.clone() };
            change.keep_session(&self.who.sha, &session)?;
        }
        self.tell_companies(&mut change, &seats, &json!({ "second_factor": became }))?;
        Ok(change)
    }

    fn require_fresh_proof(&self) -> Result<(), Problem> {
        require_fresh(&self.who.session, self.now)
    }
}

impl Cx<Staff> {
    /// Orders the second factor of a member to be turned off, for whoever lost it: a day later, as a
    /// mail tells them, unless they prove it before.
    ///
    /// # Errors
    /// As [`Cx::member`], [`Kind::ProofRequired`], [`Kind::WrongState`] if there is none, or if it is
    /// not this company's alone, [`Kind::Busy`] after [`LOOKS_MAX`] looks, or the table's.
    pub async fn reset_factor(&self, id: MemberId) -> Result<Accepted, Problem> {
        for _ in 0..LOOKS_MAX {
            let seat = self.member(id, Action::MemberEdit).await?.into_inner();
            require_fresh(&self.who.session, self.now)?;
            let person = self.house.table.identity(seat.identity_id).await?;
            let person = person.filter(|person| person.second_factor).ok_or_else(no_factor)?;
            let factor = self.house.table.second_factor(person.id).await?;
            // Another company may rely on it as well. Which, and that there is one, is not said; it is
            // looked at again when the order is in force.
            let whose = Chosen { tenant_id: self.who.tenant.id, member_id: seat.id };
            if !self.house.relies_alone(&person, whose).await? {
                return Err(no_factor());
            }
            if factor.reset.is_some_and(|order| order.seat == whose) {
                return Ok(Accepted);
            }
            let next = factor.to_be_reset(whose, self.now);
            let at = self.now + RESET_DELAY;
            let member = Member { version: seat.version + 1, ..seat };
            let mut change = self.change(&self.store());
            change.save_second_factor(person.id, &next)?;
            change.save_member(&member)?;
            let detail = Detail::Plain(json!({ "second_factor": ["on", "off"], "from": at }));
            change.audit(Home::Tenant, &self.line(member.id, member.version, detail))?;
            let purpose = Purpose::SecondFactorReset { member_id: member.id, at };
            change.owe(&Mail::new(purpose, self.now, at))?;
            if self.try_commit(change, Accepted).await?.is_ok() {
                return Ok(Accepted);
            }
        }
        Err(busy())
    }
}

fn no_factor() -> Problem {
    let detail = "They have no second factor that your company can turn off. Recovery codes help \
                  them without you.";
    Problem::new(Kind::WrongState, detail)
}

fn require_fresh(session: &Session, now: Timestamp) -> Result<(), Problem> {
    if session.is_freshly_proved(now) {
        return Ok(());
    }
    let detail = "Send your password to `POST /v1/sessions/current/proof`, then repeat this.";
    Err(Problem::new(Kind::ProofRequired, detail))
}
