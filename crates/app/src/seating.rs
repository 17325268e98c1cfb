//! Seats that are offered: making one for the person at an address, and mailing the invitation.
//!
//! Nobody learns whether an address is known here: the person is called what the company calls
//! them until they accept.

pub mod accepting;
pub mod counting;
pub mod factors;
pub mod founding;
pub mod planning;
pub mod resetting;
pub mod unseating;

use domain::activity::Detail;
use domain::email::Email;
use domain::id::MemberId;
use domain::member::{Identity, Member, Role};
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use domain::text::Title;
use policy::trust::Action;
use serde_json::json;
use store::activities::Home;
use store::change::Change;
use store::{Store, StoreError};

use crate::callers::staff::Staff;
use crate::exchange::answer::{Accepted, Answer};
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem};

/// Looks at what is there at the most; each look after the first means that somebody else saved.
pub(crate) const LOOKS_MAX: u32 = 8;

/// A seat that is wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Whose it will be.
    pub email: Email,
    /// What the company calls them until they say it themselves.
    pub name: Option<Title>,
    /// What the seat is for.
    pub role: Role,
    /// Their switch of that name.
    pub external_communications: bool,
    /// Their switch of that name.
    pub manager_access: bool,
}

/// The seat of `identity` in the company of `store`, if it has one.
pub(crate) async fn seat_of(
    store: &Store,
    identity: &Identity,
) -> Result<Option<Member>, StoreError> {
    let seats = store.table().seats(identity.id).await?;
    for seat in seats.iter().filter(|seat| seat.tenant_id == store.tenant_id()) {
        let member = store.member(seat.member_id).await?;
        let is_theirs =
            |member: &Member| member.identity_id == identity.id && member.removal.is_none();
        let member = member.filter(is_theirs);
        if member.is_some() {
            return Ok(member);
        }
    }
    Ok(None)
}

impl Cx<Staff> {
    /// Makes the seat that is `wanted` and mails the invitation to it. Somebody unknown becomes an
    /// identity that cannot sign in before they accept.
    ///
    /// # Errors
    /// [`Kind::Forbidden`], [`Kind::WrongState`] if the person has a seat or was invited already,
    /// [`Kind::Busy`] after [`LOOKS_MAX`] looks, or the table's.
    pub async fn invite_member<A: Answer>(
        &self,
        wanted: &Wanted,
        answer: impl Fn(&Member) -> A,
    ) -> Result<A, Problem> {
        self.allow_here(Action::MemberInvite)?;
        let store = self.store();
        for _ in 0..LOOKS_MAX {
            let known = self.house.table.identity_at(&wanted.email).await?;
            if let Some(identity) = &known
                && let Some(member) = seat_of(&store, identity).await?
            {
                return Err(seated(&member));
            }
            let mut change = self.change(&store);
            let identity = match known {
                Some(identity) => identity,
                None => self.newcomer(&mut change, wanted)?,
            };
            let member = self.offered(&identity, wanted);
            change.save_member(&member)?;
            change.seat(identity.id, member.id)?;
            let detail = json!({
                "email": member.email,
                "role": [null, member.role],
                "external_communications": [null, member.external_communications],
                "manager_access": [null, member.manager_access],
            });
            self.offer(&mut change, &member, Detail::Plain(detail))?;
            let answer = answer(&member);
            if let Ok(answer) = self.try_commit(change, answer).await? {
                return Ok(answer);
            }
        }
        Err(busy())
    }

    /// Mails a new invitation to a seat that nobody accepted yet; the link before stops working.
    ///
    /// # Errors
    /// As [`Cx::member`], [`Kind::WrongState`] for a seat that needs no invitation, [`Kind::Busy`]
    /// after [`LOOKS_MAX`] looks, or the table's.
    pub async fn invite_again(&self, id: MemberId) -> Result<Accepted, Problem> {
        for _ in 0..LOOKS_MAX {
            let before = self.member(id, Action::MemberEdit).await?.into_inner();
            if before.invitation.is_none() {
                let detail = "They have accepted. They sign in with their address and password.";
                return Err(Problem::new(Kind::WrongState, detail));
            }
            if before.suspended {
                let detail = "The seat is suspended. Take that back before you invite again.";
                return Err(Problem::new(Kind::WrongState, detail));
            }
            let member = Member { version: before.version + 1, ..before };
            let member = member.invited(self.who.member.id, self.now);
            let mut change = self.change(&self.store());
            change.save_member(&member)?;
            self.offer(&mut change, &member, Detail::None)?;
            if self.try_commit(change, Accepted).await?.is_ok() {
                return Ok(Accepted);
            }
        }
        Err(busy())
    }

    /// Somebody whom the installation does not know. Nobody signs in without a password.
    fn newcomer(&self, change: &mut Change, wanted: &Wanted) -> Result<Identity, StoreError> {
        let identity = Identity::new(self.new_id(), wanted.email.clone(), called(wanted), self.now);
        change.create_identity(&identity)?;
        Ok(identity)
    }

    /// The seat that waits for `identity`, which may be called otherwise elsewhere.
    fn offered(&self, identity: &Identity, wanted: &Wanted) -> Member {
        let seat = Member {
            name: called(wanted),
            external_communications: wanted.external_communications,
            manager_access: wanted.manager_access,
            ..Member::new(self.new_id(), identity, wanted.role, self.now)
        };
        seat.invited(self.who.member.id, self.now)
    }

    /// Adds the line of the trail and the mail of an invitation to `member`.
    fn offer(
        &self,
        change: &mut Change,
        member: &Member,
        detail: Detail,
    ) -> Result<(), StoreError> {
        let line = self.line(member.id, member.version, detail);
        change.audit(Home::Tenant, &line)?;
        let Some(invitation) = member.invitation else { return Ok(()) };
        let purpose = Purpose::SeatInvitation { member_id: member.id, round: invitation.round };
        change.owe(&Mail::new(purpose, self.now, invitation.expires_at))
    }
}

/// What the company calls them; what stands before the `@`, if it does not say.
fn called(wanted: &Wanted) -> Title {
    wanted.name.clone().unwrap_or_else(|| {
        let local = wanted.email.as_str().split('@').next().unwrap_or_default();
        // At most 64 visible characters of ASCII, which every title may hold.
        local.parse().unwrap_or_else(|_| Title::erased())
    })
}

fn seated(member: &Member) -> Problem {
    let detail = match member.invitation {
        Some(_) => format!(
            "they are invited already; `POST /v1/members/{}/invite` mails a new link",
            member.id
        ),
        None => format!("they have a seat already: `{}`", member.id),
    };
    Problem::mistake(Kind::WrongState, "/email", detail)
}

pub(crate) fn busy() -> Problem {
    Problem::new(Kind::Busy, "Others are changing the same seats. Try again.").after(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{NOW, cx, identity, staff};

    fn wanted(name: Option<&str>) -> Wanted {
        Wanted {
            email: "grace@navy.example".parse().unwrap(),
            name: name.map(|name| name.parse().unwrap()),
            role: Role::Representative,
            external_communications: true,
            manager_access: true,
        }
    }

    #[test]
    fn a_seat_is_offered_with_its_switches_and_by_whom() {
        let cx = cx(staff(Role::Administrator));
        let seat = cx.offered(&identity(), &wanted(Some("Grace")));
        let expected = Member {
            name: "Grace".parse().unwrap(),
            external_communications: true,
            manager_access: true,
            ..Member::new(seat.id, &identity(), Role::Representative, NOW)
        };
        assert_eq!(seat, expected.invited(cx.who.member.id, NOW));
    }

    #[test]
    fn who_is_not_named_is_called_what_stands_before_the_at() {
        assert_eq!(called(&wanted(None)).as_str(), "grace");
        assert_eq!(called(&wanted(Some("Grace"))).as_str(), "Grace");
    }

    #[test]
    fn who_has_a_seat_is_told_apart_from_who_was_invited() {
        let cx = cx(staff(Role::Administrator));
        let seat = cx.offered(&identity(), &wanted(None));
        let invited = seated(&seat);
        assert_eq!(
            (invited.kind, invited.errors[0].pointer.as_str()),
            (Kind::WrongState, "/email")
        );
        assert!(invited.errors[0].detail.contains("mails a new link"));
        let accepted = seated(&Member { invitation: None, ..seat });
        assert!(accepted.errors[0].detail.starts_with("they have a seat already"));
    }
}
