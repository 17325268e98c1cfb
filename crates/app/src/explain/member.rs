//! What a member may do: whatever happens when they go to the same door.

use domain::member::Member;
use policy::Decision;
use policy::trust::{Action, Resource, is_done_by, is_done_to, permitting};

use crate::callers::staff::{Staff, principal_of};
use crate::exchange::cx::{Allowed, Cx};
use crate::exchange::problem::{Kind, Problem, sentence};
use crate::explain::told::{Explanation, Fact, Stands};
use crate::explain::words::{Words, role};
use crate::explain::{End, verdict};

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

#[cfg(test)]
mod tests {
    use domain::document::AccessLevel;
    use domain::member::Role;

    use super::*;
    use crate::fixtures::{
        NOW, account, contact, cx, document, id, member, request, staff, tenant,
    };

    /// The ends of every kind, of which the member 10 owns and uploaded nothing.
    fn ends() -> [End; 6] {
        [
            End::Tenant(tenant()),
            End::Seat(Member { id: id(99), ..member(Role::Member) }),
            End::Account(account()),
            End::Contact(contact()),
            End::Document(document(AccessLevel::Restricted)),
            End::Request(request(), contact()),
        ]
    }

    fn seat(number: u128) -> Member {
        Member { id: id(number), ..member(Role::Member) }
    }

    #[test]
    fn things_are_somebodys_own_or_somebody_elses_or_nobodys() {
        let [company, seat_of_another, account, contact, document, request] = ends();
        let own = |number, end: &End| own(&seat(number), end);
        let yes = |says: &str| Some((true, says.to_owned()));
        let no = |says: &str| Some((false, says.to_owned()));
        assert_eq!(own(12, &document), yes("Anna Keller uploaded “SOC 2”."));
        assert_eq!(own(10, &document), no("Somebody else uploaded “SOC 2”."));
        assert_eq!(own(11, &contact), yes("Anna Keller owns Maya Lindt."));
        assert_eq!(own(10, &contact), no("Somebody else owns Maya Lindt."));
        let nobodys = domain::contact::Contact { owner_id: None, ..crate::fixtures::contact() };
        assert_eq!(own(10, &End::Contact(nobodys)), no("Nobody owns Maya Lindt."));
        assert_eq!(own(99, &seat_of_another), yes("It is Anna Keller's own seat."));
        assert_eq!(own(10, &seat_of_another), no("It is somebody else's seat."));
        for end in [company, account, request] {
            assert_eq!(own(10, &end), None);
        }
    }

    /// What the seat, what is own and what was deleted come to.
    fn stands(member: &Member, end: &End, allowed: bool) -> Vec<Stands> {
        let words = Words::new(&tenant(), Vec::new());
        let facts = member_facts(member, end, allowed, &words);
        facts.into_iter().map(|fact| fact.stands).collect()
    }

    #[test]
    fn what_is_own_opens_and_else_the_role_does_or_shuts() {
        use Stands::{Beside, Opens, Shuts};

        let [company, .., document, _] = ends();
        assert_eq!(stands(&seat(12), &document, true), [Beside, Opens]);
        assert_eq!(stands(&seat(12), &document, false), [Shuts, Beside]);
        assert_eq!(stands(&seat(10), &document, true), [Opens, Beside]);
        assert_eq!(stands(&seat(10), &document, false), [Shuts, Beside]);
        assert_eq!(stands(&seat(10), &company, true), [Opens]);
        let suspended = Member { suspended: true, ..seat(10) };
        assert_eq!(stands(&suspended, &company, false), [Shuts]);
        let mut gone = crate::fixtures::document(AccessLevel::Restricted);
        gone.deleted_at = Some(NOW);
        let gone = End::Document(gone);
        assert_eq!(stands(&seat(10), &gone, false), [Shuts, Beside, Shuts]);
        assert_eq!(stands(&seat(10), &gone, true), [Opens, Beside, Beside]);
    }

    #[test]
    fn owning_ends_with_another_owner_and_the_rest_with_another_role() {
        let [_, _, _, contact, document, _] = ends();
        let role = "Give Anna Keller another role, or remove the seat.";
        assert_eq!(
            endings(&seat(11), &contact),
            ["Give Maya Lindt another owner than Anna Keller."]
        );
        assert_eq!(endings(&seat(10), &contact), [role]);
        assert_eq!(endings(&seat(12), &document), [role]);
    }

    #[test]
    fn what_is_seen_may_be_acted_on_and_what_was_deleted_is_only_looked_back_at() {
        let (administrator, member) = (cx(staff(Role::Administrator)), cx(staff(Role::Member)));
        let actions = [
            Action::TenantEdit,
            Action::MemberEdit,
            Action::AccountEdit,
            Action::ContactEdit,
            Action::DocumentEdit,
            Action::RequestDecide,
        ];
        for (place, (action, end)) in actions.into_iter().zip(&ends()).enumerate() {
            assert!(administrator.sees(action, end), "{}", action.as_str());
            assert_eq!(member.sees(action, end), place == 0, "{}", action.as_str());
        }
        let [_, _, account, ..] = ends();
        assert!(member.sees(Action::AccountAttach, &account), "naming it is all they see of it");
        let gone = domain::contact::Contact { deleted_at: Some(NOW), ..contact() };
        let gone = End::Contact(gone);
        assert!(!administrator.sees(Action::ContactEdit, &gone));
        assert!(administrator.sees(Action::ActivityRead, &gone));
        assert!(administrator.sees(Action::AccessExplain, &gone));
    }

    #[test]
    fn what_else_may_be_done_is_what_else_the_role_allows() {
        let [company, ..] = ends();
        let also = cx(staff(Role::Member)).also(Action::TenantRead, &company);
        assert!(also.contains(&"contact.create") && also.contains(&"documents.list"));
        assert!(!also.contains(&"tenant.read") && !also.contains(&"tenant.edit"));
        assert!(!also.contains(&"document.read"), "that is done to something else");
    }

    #[test]
    fn whoever_asks_walks_in_the_members_place() {
        let place = cx(staff(Role::Administrator)).in_the_place_of(&seat(99));
        assert_eq!((place.who.member.id, place.who.member.role), (id(99), Role::Member));
        assert_eq!(place.who.tenant.id, id(1));
        assert!(place.repeat.is_none());
    }

    #[tokio::test]
    async fn the_door_to_the_company_and_to_a_seat_decides_by_the_role() {
        let [company, seat, ..] = ends();
        let allowed = async |role, action, end: &End| {
            cx(staff(role)).at_the_door(action, end).await.unwrap().allowed
        };
        assert!(allowed(Role::Administrator, Action::TenantEdit, &company).await);
        assert!(!allowed(Role::Member, Action::TenantEdit, &company).await);
        assert!(allowed(Role::Administrator, Action::MemberEdit, &seat).await);
        assert!(!allowed(Role::Member, Action::MemberEdit, &seat).await);
        assert!(!allowed(Role::Member, Action::AccessExplain, &seat).await);
        assert!(allowed(Role::Administrator, Action::AccessExplain, &seat).await);
    }
}
