//! The second proof of signing in, where the person has turned it on.
//!
//! A miss is saved before anybody hears of it, under the condition that nobody else tried in
//! between: of many guesses at once each counts. What proves somebody is saved with whatever they
//! proved themselves for, so that a code is used up exactly when that happened.

use domain::challenge::code::Code;
use domain::member::{Identity, Member};
use domain::second_factor::{RecoveryCode, SecondFactor, Tried, Typed};
use domain::session::{Chosen, Session};
use jiff::Timestamp;
use store::StoreError;
use store::change::Change;

use crate::exchange::problem::{Kind, Problem};
use crate::house::House;

/// Looks at a second factor at the most; each look after the first means that another try was
/// counted.
const LOOKS_MAX: u32 = 8;

/// What somebody proves besides their password; a recovery code, if both are given. Each body that
/// takes it spells both out, as serde flattens nothing where unknown fields are refused.
#[derive(Clone, Debug, Default)]
pub struct SecondProof {
    /// What their authenticator app shows.
    pub totp: Option<Code>,
    /// One of their recovery codes.
    pub recovery_code: Option<RecoveryCode>,
}

/// Somebody who proved who they are.
#[derive(Clone, Debug)]
#[must_use = "what proved them is used up by `Proven::note`"]
pub struct Proven {
    /// Who.
    pub identity: Identity,
    /// Their second factor without what they used of it.
    used: Option<SecondFactor>,
    /// Whether it was turned off by order, so that they are saved as somebody without one.
    is_reset: bool,
}

impl Proven {
    /// Somebody whose password was enough.
    pub(crate) fn by_password(identity: Identity) -> Self {
        Self { identity, used: None, is_reset: false }
    }

    /// Whether `session` is theirs as they were when they proved themselves: nothing ended it since.
    pub(crate) fn speaks_in(&self, session: &Session) -> bool {
        self.identity.epoch == session.epoch + u32::from(self.is_reset)
    }

    /// Uses up what proved them, as part of what they proved themselves for.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn note(&self, change: &mut Change) -> Result<(), StoreError> {
        if self.is_reset {
            change.save_identity(&self.identity)?;
        }
        let mut used = self.used.iter();
        used.try_for_each(|used| change.save_second_factor(self.identity.id, used))
    }
}

impl House {
    /// Asks `identity`, whose password was right, for the second proof, if there is one.
    ///
    /// # Errors
    /// [`Kind::SecondFactorRequired`] without one, [`Kind::CodeWrong`], [`Kind::TooMany`] with the
    /// seconds to wait after too many misses, [`Kind::Busy`], or the table's.
    pub(crate) async fn proved_twice(
        &self,
        identity: Identity,
        proof: &SecondProof,
        now: Timestamp,
    ) -> Result<Proven, Problem> {
        if !identity.second_factor {
            return Ok(Proven::by_password(identity));
        }
        let factor = self.table.second_factor(identity.id).await?;
        if proof.totp.is_none() && proof.recovery_code.is_none() {
            return self.proved_by_order(identity, factor, now).await;
        }
        // Under a root that this process does not know yet nothing is wrong: nothing is counted, and
        // the caller is heard again once the roots were read.
        let root = match proof.recovery_code {
            Some(_) => factor.recovery.as_ref().map(|recovery| recovery.root),
            None => factor.seed.as_ref().map(|seed| seed.root),
        };
        if root.is_some_and(|root| !self.keys.holds(root)) {
            return Err(code_wrong());
        }
        let tried =
            |factor: &SecondFactor| factor.tried(self.typed(&identity, factor, proof, now), now);
        let used = Some(self.counted(&identity, now, tried).await?);
        Ok(Proven { identity, used, is_reset: false })
    }

    /// Lets in whose factor an administrator ordered to be turned off, a day ago, for a company that
    /// is still the only one to rely on it.
    async fn proved_by_order(
        &self,
        identity: Identity,
        factor: SecondFactor,
        now: Timestamp,
    ) -> Result<Proven, Problem> {
        let order = factor.due_reset(now);
        let is_good = match order {
            Some(order) => self.relies_alone(&identity, order.seat).await?,
            None => false,
        };
        if !is_good {
            let detail = "Type the code of your authenticator app, or one of your recovery codes.";
            return Err(Problem::new(Kind::SecondFactorRequired, detail));
        }
        if identity.password.as_ref().is_some_and(|password| !password.stands_alone) {
            let detail = "Your second factor is turned off, and your password is too short without \
                          it. Set a new one by the link for forgotten passwords.";
            return Err(Problem::new(Kind::SecondFactorRequired, detail));
        }
        let identity = identity.with_second_factor(false);
        Ok(Proven { identity, used: Some(factor.off()), is_reset: true })
    }

    /// Whether `seat` is in use, and no other company gave `person` one that they took, suspended
    /// or not.
    ///
    /// # Errors
    /// The table's.
    pub(crate) async fn relies_alone(
        &self,
        person: &Identity,
        seat: Chosen,
    ) -> Result<bool, Problem> {
        let seats = self.table.seats(person.id).await?;
        let seats = self.table.behind_seats(&seats).await?;
        let taken = |member: &Member| {
            member.identity_id == person.id
                && member.removal.is_none()
                && member.invitation.is_none()
        };
        let taken: Vec<_> = seats.iter().filter(|(_, member)| taken(member)).collect();
        let is_it = |member: &Member| member.id == seat.member_id && member.is_in_use();
        Ok(taken.iter().all(|(tenant, _)| tenant.id == seat.tenant_id)
            && taken.iter().any(|(_, member)| is_it(member)))
    }

    /// What a try proves, which is not saved yet; a miss is.
    ///
    /// # Errors
    /// As [`House::proved_twice`].
    pub(crate) async fn counted(
        &self,
        identity: &Identity,
        now: Timestamp,
        tried: impl Fn(&SecondFactor) -> Tried,
    ) -> Result<SecondFactor, Problem> {
        for _ in 0..LOOKS_MAX {
            let factor = self.table.second_factor(identity.id).await?;
            let missed = match tried(&factor) {
                Tried::Proved(next) => return Ok(next),
                Tried::Missed(next) => next,
                Tried::Wait(end) => return Err(too_many(end, now)),
            };
            let mut change = self.table.change(self.dice.token());
            change.save_second_factor(identity.id, &missed)?;
            match change.commit().await {
                Ok(()) => return Err(code_wrong()),
                Err(StoreError::Lost(_) | StoreError::Busy { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Problem::new(Kind::Busy, "Others are typing codes for the same person. Try again.")
            .after(1))
    }

    fn typed(
        &self,
        identity: &Identity,
        factor: &SecondFactor,
        proof: &SecondProof,
        now: Timestamp,
    ) -> Typed {
        if let Some(code) = &proof.recovery_code {
            let of = factor.recovery.as_ref();
            return of.map_or(Typed::Wrong, |of| self.typed_recovery(identity.id, of, code));
        }
        let seed = factor.seed.as_ref().and_then(|sealed| self.seed(identity.id, sealed));
        seed.zip(proof.totp).map_or(Typed::Wrong, |(seed, code)| seed.typed(code, now))
    }
}

pub(crate) fn code_wrong() -> Problem {
    let detail =
        "Type the code that your app shows now; each is good once. Or use a recovery code.";
    Problem::new(Kind::CodeWrong, detail)
}

fn too_many(end: Timestamp, now: Timestamp) -> Problem {
    let seconds = u64::try_from(end.duration_since(now).as_millis()).unwrap_or_default();
    let detail = "Too many wrong codes were typed. Wait, then try again, or use a recovery code.";
    Problem::new(Kind::TooMany, detail).after(seconds.div_ceil(1000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{NOW, house, id, identity};

    #[tokio::test]
    async fn who_has_no_second_factor_is_asked_for_none() {
        let proven = house().proved_twice(identity(), &SecondProof::default(), NOW).await.unwrap();
        assert_eq!((proven.identity, proven.used), (identity(), None));
    }

    #[test]
    fn a_recovery_code_counts_before_a_code_and_each_for_its_owner() {
        let house = house();
        let (seed, sealed) = house.new_seed(identity().id).unwrap();
        let waiting = SecondFactor::default().enrolling(sealed, NOW);
        let Tried::Proved(factor) = waiting.confirmed(Typed::Step(1), 1, NOW) else { panic!() };
        let step = domain::second_factor::steps(NOW)[0];
        let shown = (0..1_000_000_u32).map(Code::ending);
        let code = shown.into_iter().find(|code| seed.typed(*code, NOW) == Typed::Step(step));
        let recovery = factor.recovery.clone().unwrap();
        let recovery = house.recovery_codes(identity().id, &recovery).remove(4);

        let app = SecondProof { totp: code, recovery_code: None };
        assert_eq!(house.typed(&identity(), &factor, &app, NOW), Typed::Step(step));
        let both = SecondProof { totp: code, recovery_code: Some(recovery) };
        assert_eq!(house.typed(&identity(), &factor, &both, NOW), Typed::Recovery(5));
        let other = Identity { id: id(8), ..identity() };
        for proof in [&app, &both] {
            assert_eq!(house.typed(&other, &factor, proof, NOW), Typed::Wrong);
        }
        assert_eq!(house.typed(&identity(), &factor.off(), &both, NOW), Typed::Wrong);
    }

    #[test]
    fn the_wait_is_told_in_whole_seconds_rounded_up() {
        let end = NOW + jiff::SignedDuration::from_millis(1_001);
        assert_eq!(too_many(end, NOW).retry_after, Some(2));
        assert_eq!(code_wrong().kind, Kind::CodeWrong);
    }
}
