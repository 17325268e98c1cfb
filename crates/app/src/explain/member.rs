//! What a member may do: whatever happens when they go to the same door.

use domain::member::Member;
use policy::Decision;
use policy::trust::{Action, Resource, is_done_by, is_done_to, permitting};

use crate::cx::{Allowed, Cx};
use crate::explain::told::{Explanation, Fact, Stands};
use crate::explain::words::{Words, role};
use crate::explain::{End, verdict};
use crate::problem::{Kind, Problem, sentence};
use crate::staff::{Staff, principal_of};

impl Cx<Staff> {
    pub(super) async fn explain_member(
        &self,
        member: Member,
        action: Action,
        end: &End,
    ) -> Result<Explanation, Problem> {
        let (resource, who) = (end.resource(), principal_of(&member));
        let place = self.in_the_place_of(&member);
        let decision = if !member.is_in_use() || !is_done_by(action, &who) {
            Decision { allowed: false, policies: Vec::new() }
        } else {
            place.at_the_door(action, end).await?
        };
        let allowed = decision.allowed;
        let told = verdict(member.name.as_str(), allowed, action, end, None);
        let could: Vec<String> =
            permitting(&who, action, &resource).map(|policy| sentence(policy.says)).collect();
        let facts = member_facts(&member, end, allowed, &Words::new(&self.who.tenant, Vec::new()));
        let mut told = Explanation::new(decision, told, facts);
        if allowed {
            told.also = place.also(action, end);
            told.ends = endings(&member, end);
        } else if is_done_by(action, &who) {
            told.reasons.extend(could);
        } else {
            told.reasons.push("Members never do this; contacts and visitors do.".to_owned());
        }
        Ok(told)
    }

    /// The same request as if `member` had made it, for reading only: what it answers is what
    /// they would be answered.
    pub(super) fn in_the_place_of(&self, member: &Member) -> Self {
        let who = Staff {
            tenant: self.who.tenant.clone(),
            member: member.clone(),
            session: self.who.session.clone(),
        };
        Self {
            house: self.house.clone(),
            now: self.now,
            who,
            visit: self.visit.clone(),
            route: self.route,
            repeat: None,
        }
    }

    /// Reads the thing to do `action` with, by the way that every route takes.
    async fn at_the_door(&self, action: Action, end: &End) -> Result<Decision, Problem> {
        let walked = match (action, end) {
            (Action::ActivityRead, end) => policies(self.trail(end.id()).await),
            (Action::AccessExplain, end) => {
                policies(self.open(Some(end), |end| end.resource(), action, action))
            }
            (_, End::Tenant(_)) => self.decided(action, &end.resource()),
            (_, End::Seat(member)) => {
                let resource = |member: &Member| Resource::Seat(member.id);
                policies(self.open(Some(member.clone()), resource, Action::MemberRead, action))
            }
            (_, End::Account(account)) => policies(self.account(account.id, action).await),
            (_, End::Contact(contact)) => policies(self.contact(contact.id, action).await),
            (_, End::Document(document)) => policies(self.document(document.id, action).await),
            (_, End::Request(request, _)) => policies(self.request(request.id, action).await),
        };
        match walked {
            Ok(policies) => Ok(Decision { allowed: true, policies }),
            Err(problem) if matches!(problem.kind, Kind::NotFound | Kind::Forbidden) => {
                Ok(Decision { allowed: false, policies: Vec::new() })
            }
            Err(problem) => Err(problem),
        }
    }

    /// What else the member may do to the thing.
    fn also(&self, action: Action, end: &End) -> Vec<&'static str> {
        let resource = end.resource();
        let others = Action::ALL.iter().copied().filter(|other| *other != action);
        let others = others.filter(|other| is_done_to(*other, &resource));
        let others = others.filter(|other| self.may(*other, &resource) && self.sees(*other, end));
        others.map(Action::as_str).collect()
    }

    /// Whether the member sees the thing, to do `action` with.
    fn sees(&self, action: Action, end: &End) -> bool {
        let read = match (action, end) {
            (Action::AccessExplain | Action::AccountAttach, _) => action,
            (_, End::Tenant(_)) => Action::TenantRead,
            (_, End::Seat(_)) => Action::MemberRead,
            (_, End::Account(_)) => Action::AccountRead,
            (_, End::Contact(_)) => Action::ContactRead,
            (_, End::Document(_)) => Action::DocumentRead,
            (_, End::Request(..)) => Action::RequestRead,
        };
        // All that is done to what was deleted is looking back.
        let looks_back = matches!(action, Action::ActivityRead | Action::AccessExplain);
        self.may(read, &end.resource()) && (looks_back || end.deleted_at().is_none())
    }
}

fn policies<T>(walked: Result<Allowed<T>, Problem>) -> Result<Vec<&'static str>, Problem> {
    walked.map(|allowed| allowed.policies)
}

/// Whose thing it is, where things are somebody's: the member's own, or not.
fn own(member: &Member, end: &End) -> Option<(bool, String)> {
    let name = &member.name;
    match end {
        End::Document(document) => {
            let is_own = document.uploader_id == member.id;
            let who = if is_own { name.as_str() } else { "Somebody else" };
            Some((is_own, format!("{who} uploaded {end}.")))
        }
        End::Contact(contact) => match contact.owner_id {
            Some(owner) if owner == member.id => Some((true, format!("{name} owns {end}."))),
            Some(_) => Some((false, format!("Somebody else owns {end}."))),
            None => Some((false, format!("Nobody owns {end}."))),
        },
        End::Seat(seat) if seat.id == member.id => {
            Some((true, format!("It is {name}'s own seat.")))
        }
        End::Seat(_) => Some((false, "It is somebody else's seat.".to_owned())),
        End::Tenant(_) | End::Account(_) | End::Request(..) => None,
    }
}

fn member_facts(member: &Member, end: &End, allowed: bool, words: &Words) -> Vec<Fact> {
    let own = own(member, end);
    let by_own = own.as_ref().is_some_and(|(is_own, _)| *is_own) && allowed;
    let seat = if member.is_in_use() {
        let stands = if by_own { Stands::Beside } else { Stands::if_so(allowed) };
        Fact::new(member.id, stands, format!("{} is {}.", member.name, role(member.role)))
    } else {
        Fact::new(member.id, Stands::Shuts, format!("The seat of {} is out of use.", member.name))
    };
    let own = own.map(|(is_own, says)| {
        let stands = if is_own && allowed { Stands::Opens } else { Stands::Beside };
        Fact::new(end.id(), stands, says)
    });
    let gone = end.deleted_at().map(|at| {
        let says = format!("{end} was deleted on {}.", words.moment(at));
        Fact::new(end.id(), if allowed { Stands::Beside } else { Stands::Shuts }, says)
    });
    [Some(seat), own, gone].into_iter().flatten().collect()
}

fn endings(member: &Member, end: &End) -> Vec<String> {
    let is_own = own(member, end).is_some_and(|(is_own, _)| is_own);
    let name = &member.name;
    match end {
        End::Contact(_) if is_own => vec![format!("Give {end} another owner than {name}.")],
        End::Tenant(_)
        | End::Seat(_)
        | End::Account(_)
        | End::Contact(_)
        | End::Document(_)
        | End::Request(..) => vec![format!("Give {name} another role, or remove the seat.")],
    }
}
