//! Signing in: proving an address by its password, and the session that follows.
//!
//! Wrong, unknown and without a password sound and take alike. A try is counted as a miss before
//! the password is looked at and taken back if it was right, so that many tries at once are no
//! cheaper than one after the other.

use std::sync::Arc;

use domain::activity::Actor;
use domain::email::Email;
use domain::id::TenantId;
use domain::member::{Identity, Member};
use domain::misses::Misses;
use domain::session::{Chosen, LIFE, Session};
use domain::tenant::Tenant;
use jiff::{SignedDuration, Timestamp};
use store::StoreError;
use store::item::Versioned;

use crate::callers::anyone::Anyone;
use crate::callers::second_factor::{Proven, SecondProof};
use crate::exchange::cx::{Heard, Principal, Visit};
use crate::exchange::network::Network;
use crate::exchange::problem::{Kind, Problem};
use crate::house::House;
use crate::house::cookie::{self, Cookie};
use crate::house::keyring::sha256_hex;
use crate::house::token::{SessionCookie, seated_secret};

/// Looks at the misses at the most; each look after the first means that another try was counted.
const LOOKS_MAX: u32 = 8;

/// A new session, and the cookie that is its only proof.
pub struct NewSession {
    /// The session.
    pub session: Session,
    /// SHA-256 of its secret.
    pub sha: String,
    /// What the browser keeps.
    pub cookie: Cookie,
}

/// Somebody about to sign in. Unlike [`Anyone`], who signs in is never answered by what was kept
/// under an idempotency key: nothing is, and the key may have been another call's.
#[derive(Clone, Copy, Debug)]
pub struct SigningIn;

impl Principal for SigningIn {
    const HEARD: Heard = Heard::ByTheHandler;
    const SECURITY: Option<&'static str> = None;

    async fn enter(house: &Arc<House>, visit: &Visit, now: Timestamp) -> Result<Self, Problem> {
        Anyone::enter(house, visit, now).await.map(|Anyone| Self)
    }

    fn actor(&self) -> Actor {
        Actor::Anyone
    }

    fn tenant(&self) -> Option<TenantId> {
        None
    }

    fn repeats_as(&self, visit: &Visit) -> String {
        visit.network_hash.clone()
    }
}

impl House {
    /// Proves `email` by its password and, where it is asked for, by a second `proof`, for a browser
    /// at `network`.
    ///
    /// # Errors
    /// As [`House::prove_password`], [`Kind::SecondFactorRequired`], [`Kind::CodeWrong`], or
    /// [`Kind::Busy`].
    pub async fn sign_in(
        &self,
        email: &Email,
        password: &str,
        proof: &SecondProof,
        network: &Network,
        now: Timestamp,
    ) -> Result<Proven, Problem> {
        let identity = self.prove_password(email, password, network, now).await?;
        self.proved_twice(identity, proof, now).await
    }

    /// Proves `email` by its password for a browser at `network`. It signs nobody in.
    ///
    /// # Errors
    /// [`Kind::WrongSignIn`] whatever was wrong, [`Kind::TooMany`] with the seconds to wait after
    /// too many misses, [`Kind::Unavailable`] while too many sign in at once, or the table's.
    pub async fn prove_password(
        &self,
        email: &Email,
        password: &str,
        network: &Network,
        now: Timestamp,
    ) -> Result<Identity, Problem> {
        // Taken first: who is turned away because others are hashing has not tried anything.
        let place = self.hashing_place()?;
        let whose = self.keys.blind(&["sign_in", email.as_str(), network.as_str()]);
        let (before, tried) = self.count_try(&whose, now).await?;
        let identity = self.table.identity_at(email).await?;
        let hash = identity.as_ref().and_then(|identity| identity.password.as_ref());
        let is_right = self.is_password_at(place, hash, password).await?;
        let Some(identity) = identity.filter(|_| is_right) else {
            return Err(Problem::new(Kind::WrongSignIn, "Check both, then try again."));
        };
        self.refund_try(&whose, before, tried).await?;
        Ok(identity)
    }

    /// Counts a try as a miss; tells the misses before and after it.
    async fn count_try(&self, whose: &str, now: Timestamp) -> Result<(Misses, Misses), Problem> {
        for _ in 0..LOOKS_MAX {
            let seen = self.table.misses(whose).await?;
            if let Some(end) = seen.value.wait_until(now) {
                return Err(too_many(end.duration_since(now)));
            }
            let tried = seen.value.missed(now);
            if self.save_misses(whose, &seen.next(tried)).await? {
                return Ok((seen.value, tried));
            }
        }
        Err(too_many(SignedDuration::from_secs(1)))
    }

    async fn refund_try(&self, whose: &str, before: Misses, tried: Misses) -> Result<(), Problem> {
        for _ in 0..LOOKS_MAX {
            let seen = self.table.misses(whose).await?;
            let refunded = seen.next(seen.value.refunded(before, tried));
            if self.save_misses(whose, &refunded).await? {
                break;
            }
        }
        // A try that could not be taken back counts as a miss, which harms nobody.
        Ok(())
    }

    /// Whether the misses were saved before anybody else's.
    async fn save_misses(&self, whose: &str, misses: &Versioned<Misses>) -> Result<bool, Problem> {
        let mut change = self.table.change(self.dice.token());
        change.save_misses(whose, misses)?;
        match change.commit().await {
            Ok(()) => Ok(true),
            Err(StoreError::Lost(_) | StoreError::Busy { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The companies where `identity` sits on a seat that is in use.
    ///
    /// # Errors
    /// The table's.
    pub async fn live_seats(&self, identity: &Identity) -> Result<Vec<(Tenant, Member)>, Problem> {
        let seats = self.table.seats(identity.id).await?;
        let mut seats = self.table.behind_seats(&seats).await?;
        seats.retain(|(_, member)| member.identity_id == identity.id && member.is_in_use());
        Ok(seats)
    }

    /// A session of `identity` that begins now, with a secret of its own.
    #[must_use]
    pub fn new_session(
        &self,
        identity: &Identity,
        seat: Option<&(Tenant, Member)>,
        visit: &Visit,
        now: Timestamp,
    ) -> NewSession {
        self.with_secret(self.session(identity, seat, visit, now), self.dice.secret())
    }

    /// As [`House::new_session`], with a secret that can be made again from the session's id:
    /// whoever never got the reply gets the same cookie.
    #[must_use]
    pub(crate) fn seated_session(
        &self,
        identity: &Identity,
        seat: &(Tenant, Member),
        visit: &Visit,
        now: Timestamp,
    ) -> NewSession {
        let session = self.session(identity, Some(seat), visit, now);
        let secret = seated_secret(&self.keys, session.id);
        self.with_secret(session, secret)
    }

    fn session(
        &self,
        identity: &Identity,
        seat: Option<&(Tenant, Member)>,
        visit: &Visit,
        now: Timestamp,
    ) -> Session {
        Session {
            id: self.dice.id(now),
            identity_id: identity.id,
            seat: seat.map(chosen),
            seat_epoch: seat.map_or(0, |(_, member)| member.epoch),
            epoch: identity.epoch,
            network: visit.network.as_str().to_owned(),
            agent: visit.agent.clone(),
            proved_at: Some(now),
            seen_at: now,
            created_at: now,
        }
    }

    /// `session` in another company, under a new id and secret. Its life still ends a day after
    /// signing in, however often a company is chosen.
    #[must_use]
    pub fn moved_session(
        &self,
        session: &Session,
        seat: &(Tenant, Member),
        now: Timestamp,
    ) -> NewSession {
        let session = Session {
            id: self.dice.id(now),
            seat: Some(chosen(seat)),
            seat_epoch: seat.1.epoch,
            seen_at: now,
            ..session.clone()
        };
        self.with_secret(session, self.dice.secret())
    }

    fn with_secret(&self, session: Session, secret: [u8; 32]) -> NewSession {
        let left = session.forgotten_at().duration_since(session.seen_at).min(LIFE);
        let cookie = self.session_cookie(session.identity_id, session.seat, secret, left.as_secs());
        NewSession { session, sha: sha256_hex(&secret), cookie }
    }

    /// SHA-256 of the secret of the session that a browser came with, whether or not it stands.
    #[must_use]
    pub fn session_brought(&self, visit: &Visit) -> Option<String> {
        let cookie = SessionCookie::verify(&self.keys, visit.cookie(cookie::SESSION)?)?;
        Some(sha256_hex(&cookie.secret))
    }
}

fn chosen((tenant, member): &(Tenant, Member)) -> Chosen {
    Chosen { tenant_id: tenant.id, member_id: member.id }
}

fn too_many(wait: SignedDuration) -> Problem {
    // Whole seconds, rounded up: whoever waits that long is not turned away again.
    let seconds = u64::try_from(wait.as_millis()).unwrap_or_default().div_ceil(1000);
    let detail = "Too many wrong passwords came from this network. Wait, then try again.";
    Problem::new(Kind::TooMany, detail).after(seconds)
}

#[cfg(test)]
mod tests {
    use domain::id::Id;
    use domain::member::Role;

    use super::*;
    use crate::fixtures::{NOW, house, id, identity, member, session, tenant, visit, visit_with};

    #[test]
    fn a_session_begins_proved_in_the_seat_and_epochs_of_now() {
        let house = house();
        let person = Identity { epoch: 3, ..identity() };
        let seat = (tenant(), Member { epoch: 2, ..member(Role::Member) });
        let session = house.new_session(&person, Some(&seat), &visit(), NOW).session;
        assert_eq!((session.identity_id, session.epoch, session.seat_epoch), (person.id, 3, 2));
        assert_eq!(session.seat, Some(Chosen { tenant_id: seat.0.id, member_id: seat.1.id }));
        let times = (session.proved_at, session.seen_at, session.created_at);
        assert_eq!(times, (Some(NOW), NOW, NOW));
    }

    #[test]
    fn a_session_in_another_company_is_another_one_and_no_younger() {
        let house = house();
        let (before, later) = (session(), NOW + SignedDuration::from_hours(1));
        let seat = (tenant(), Member { id: id(77), epoch: 2, ..member(Role::Member) });
        let moved = house.moved_session(&before, &seat, later);
        let expected = Session {
            id: moved.session.id,
            seat: Some(Chosen { tenant_id: seat.0.id, member_id: id(77) }),
            seat_epoch: 2,
            seen_at: later,
            ..before.clone()
        };
        assert_eq!(moved.session, expected);
        assert_ne!(moved.session.id.ulid(), before.id.ulid());
        let left = (LIFE - SignedDuration::from_hours(1)).as_secs();
        let lives = format!("Max-Age={left};");
        assert!(moved.cookie.header.contains(&lives), "{}", moved.cookie.header);
    }

    #[test]
    fn the_session_that_a_browser_brings_is_known_by_its_secret() {
        let house = house();
        let cookie = SessionCookie { identity: id(9), seat: None, secret: [7; 32] };
        let visit = visit_with(cookie::SESSION, &cookie.sign(&house.keys));
        assert_eq!(house.session_brought(&visit), Some(sha256_hex(&[7; 32])));
        assert_eq!(house.session_brought(&visit_with(cookie::SESSION, "forged")), None);
    }
}
