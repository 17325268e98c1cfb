//! Accepting a seat: what the link of an invitation shows, and what its button does.
//!
//! The token is checked before anything is read. It stands for the mailbox, which is enough for
//! somebody who never signed in: they choose a name and a password. Whoever has a password proves
//! it besides, as at signing in, so that a mailbox alone never enters a company in their name.

use domain::activity::{Actor, Detail};
use domain::member::{Identity, Member, SeatInvitation};
use domain::password::{Strength, check};
use domain::session::Chosen;
use domain::tenant::Tenant;
use domain::text::Title;
use serde_json::json;
use store::Store;
use store::activities::Home;
use store::change::Change;

use crate::callers::bearer::Bearer;
use crate::callers::second_factor::{Proven, SecondProof};
use crate::callers::sign_in::NewSession;
use crate::exchange::answer::Answer;
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Mistake, Problem};
use crate::exchange::reissue::Reissue;
use crate::house::token::SeatToken;
use crate::seating::{LOOKS_MAX, busy};

/// A seat that waits, with everything about it.
#[derive(Debug)]
pub struct Offer {
    /// In which company.
    pub tenant: Tenant,
    /// The seat.
    pub member: Member,
    /// The invitation.
    pub invitation: SeatInvitation,
    /// Whose it will be.
    pub identity: Identity,
    /// What the one who invites is called, while they have a seat.
    pub inviter: Option<Title>,
}

/// Somebody who took their seat and is signed in there.
pub struct Welcome {
    /// Who.
    pub identity: Identity,
    /// Their session.
    pub new: NewSession,
    /// Every seat they may choose, the new one included.
    pub seats: Vec<(Tenant, Member)>,
    /// From what the cookie can be made again.
    pub reissue: Reissue,
}

/// One answer for a link that is forged, late, used, taken back or replaced.
#[must_use]
pub fn offer_over() -> Problem {
    let detail = "The invitation was used or replaced, or its time has passed. Sign in, or ask \
                  whoever invited you for a new one.";
    Problem::new(Kind::LinkOver, detail)
}

impl Cx<Bearer> {
    /// What the invitation of `token` offers. It changes nothing.
    ///
    /// # Errors
    /// [`Kind::LinkOver`], [`Kind::TooMany`], or the table's.
    pub async fn offered_seat(&mut self, token: &SeatToken) -> Result<Offer, Problem> {
        self.bears(token.tenant, format_args!("offer#{}#{}", token.member, token.round));
        self.hear().await?;
        let store = self.store_of(token.tenant);
        self.offer(&store, token).await
    }

    /// Takes the seat of `token` and signs in there. Somebody new chooses `name` and `password`;
    /// whoever has a password proves it, and their second factor by `proof`, and keeps their name.
    ///
    /// # Errors
    /// [`Kind::LinkOver`], [`Kind::BadInput`] for a name or password that is missing or weak, those
    /// of [`crate::house::House::sign_in`], [`Kind::Busy`] after [`LOOKS_MAX`] looks, or the
    /// table's.
    pub async fn accept_seat<A: Answer>(
        &mut self,
        token: &SeatToken,
        (name, password): (Option<Title>, Option<&str>),
        proof: &SecondProof,
        answer: impl Fn(&Welcome) -> A,
    ) -> Result<A, Problem> {
        self.bears(token.tenant, format_args!("seat#{}#{}", token.member, token.round));
        self.hear().await?;
        let store = self.store_of(token.tenant);
        for _ in 0..LOOKS_MAX {
            let Offer { tenant, member, identity, .. } = self.offer(&store, token).await?;
            let mut change = self.change(&store);
            let identity = if identity.password.is_some() {
                let known = self.known(&identity, password, proof).await?;
                known.note(&mut change)?;
                known.identity
            } else {
                let named = (name.clone(), password);
                let person = self.newcomer(identity, &tenant, named).await?;
                change.save_identity(&person)?;
                person
            };
            let seat = member.accepted(&identity);
            let welcome = self.welcome(&mut change, identity, (tenant, seat)).await?;
            let answer = answer(&welcome);
            if let Ok(answer) = self.try_commit(change, answer).await? {
                return Ok(answer);
            }
        }
        Err(busy())
    }

    /// The seat that `token` offers now.
    async fn offer(&self, store: &Store, token: &SeatToken) -> Result<Offer, Problem> {
        let member = store.member(token.member).await?;
        let member = member.filter(|member| member.awaits(token.round, self.now));
        let member = member.ok_or_else(offer_over)?;
        let invitation = member.invitation.ok_or_else(offer_over)?;
        let tenant = store.own_tenant().await?.ok_or_else(offer_over)?;
        let identity = self.house.table.identity(member.identity_id).await?;
        let identity = identity.ok_or_else(offer_over)?;
        let inviter = store.member(invitation.by).await?;
        let inviter = inviter.filter(|inviter| inviter.removal.is_none());
        let inviter = inviter.map(|inviter| inviter.name);
        Ok(Offer { tenant, member, invitation, identity, inviter })
    }

    /// Somebody with a password, which they prove as at signing in.
    async fn known(
        &self,
        identity: &Identity,
        password: Option<&str>,
        proof: &SecondProof,
    ) -> Result<Proven, Problem> {
        let missing = || Problem::bad_input("/password", "enter the password you sign in with");
        let password = password.ok_or_else(missing)?;
        self.house.sign_in(&identity.email, password, proof, &self.visit.network, self.now).await
    }

    /// Somebody new, as they will be.
    async fn newcomer(
        &self,
        identity: Identity,
        tenant: &Tenant,
        (name, password): (Option<Title>, Option<&str>),
    ) -> Result<Identity, Problem> {
        let (Some(name), Some(password)) = (&name, password) else {
            return Err(missing(name.as_ref(), password));
        };
        let known = [identity.email.as_str(), name.as_str(), tenant.name.as_str()];
        check(password, Strength::Alone, &known)
            .map_err(|error| Problem::bad_input("/password", error.to_string()))?;
        let hash = self.house.hash_password(password).await?;
        // There is no session yet that the first password would have to end.
        let (version, name) = (identity.version + 1, name.clone());
        Ok(Identity { version, name, password: Some(hash), ..identity })
    }

    /// Adds what taking a seat changes besides the identity.
    async fn welcome(
        &self,
        change: &mut Change,
        identity: Identity,
        seat: (Tenant, Member),
    ) -> Result<Welcome, Problem> {
        let (tenant, member) = (&seat.0, &seat.1);
        change.save_member(member)?;
        let mut line = self.line(member.id, member.version, joined(member));
        line.actor = Actor::Member(member.id);
        change.audit(Home::Tenant, &line)?;

        let new = self.house.seated_session(&identity, &seat, &self.visit, self.now);
        change.begin_session(&new.sha, &new.session)?;
        if let Some(before) = self.house.session_brought(&self.visit) {
            change.end_session(&before)?;
        }
        let chosen = Chosen { tenant_id: tenant.id, member_id: member.id };
        let reissue =
            Reissue::Session { identity: identity.id, seat: chosen, session: new.session.id };
        let mut seats = self.house.live_seats(&identity).await?;
        seats.push(seat);
        Ok(Welcome { identity, new, seats, reissue })
    }
}

fn joined(member: &Member) -> Detail {
    Detail::Plain(json!({ "name": member.name, "role": member.role }))
}

/// What somebody new did not say, at least one of both.
fn missing(name: Option<&Title>, password: Option<&str>) -> Problem {
    let wanted = [
        ("/name", "say how you are called", name.is_some()),
        ("/password", "choose a password", password.is_some()),
    ];
    let errors = wanted.into_iter().filter(|(.., is_given)| !is_given);
    let errors = errors.map(|(pointer, detail, _)| Mistake {
        pointer: pointer.to_owned(),
        detail: detail.to_owned(),
    });
    let errors = errors.collect();
    let detail = "Choose a name and a password to sign in with.";
    Problem { errors, ..Problem::new(Kind::BadInput, detail) }
}
