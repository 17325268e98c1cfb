//! Seats that change hands: another role, a suspension, a removal.
//!
//! A company always keeps an administrator. There is no count to keep right: whoever takes an
//! administrator away names another one who stays, and the transaction requires that one to be as
//! it was read. Of two administrators who remove each other at once, the first to commit changes
//! what the second one's transaction requires.

use domain::activity::Detail;
use domain::id::MemberId;
use domain::member::{Member, Role};
use policy::trust::Action;
use serde_json::{Map, Value, json};
use store::Store;
use store::activities::Home;
use store::change::Change;
use store::lists::List;
use store::tasks::{Task, Work};

use crate::callers::staff::Staff;
use crate::exchange::answer::{Answer, Done};
use crate::exchange::cx::Cx;
use crate::exchange::extract::IfMatch;
use crate::exchange::problem::{Kind, Problem};
use crate::seating::counting::contacts_belong;
use crate::seating::{LOOKS_MAX, busy};

/// Members read at once while another administrator is looked for.
const MEMBERS_AT_ONCE: usize = 100;
/// Such reads at the most.
const MEMBER_PAGES_MAX: usize = 100;

/// What is to change about a seat; what is absent stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct Edit {
    /// What it is for.
    pub role: Option<Role>,
    /// The switch of that name.
    pub external_communications: Option<bool>,
    /// The switch of that name.
    pub manager_access: Option<bool>,
    /// Whether it is out of use.
    pub suspended: Option<bool>,
}

impl Edit {
    fn applied(self, seat: Member) -> Member {
        let role = self.role.unwrap_or(seat.role);
        let suspended = self.suspended.unwrap_or(seat.suspended);
        let seat = Member {
            version: seat.version + 1,
            external_communications: self
                .external_communications
                .unwrap_or(seat.external_communications),
            manager_access: self.manager_access.unwrap_or(seat.manager_access),
            ..seat
        };
        seat.with_access(role, suspended)
    }
}

impl Cx<Staff> {
    /// Changes a seat. Another role, or a suspension, ends what speaks from it at the next request.
    ///
    /// # Errors
    /// As [`Cx::member`], [`Kind::Stale`], [`Kind::WrongState`] for the last administrator,
    /// [`Kind::Busy`] after [`LOOKS_MAX`] looks, or the table's.
    pub async fn change_member<A: Answer>(
        &self,
        id: MemberId,
        if_match: IfMatch,
        edit: Edit,
        answer: impl Fn(&Member) -> A,
    ) -> Result<A, Problem> {
        let store = self.store();
        for _ in 0..LOOKS_MAX {
            let before = self.member(id, Action::MemberEdit).await?.into_inner();
            if_match.require(before.version)?;
            let after = edit.applied(before.clone());
            let mut change = self.change(&store);
            change.save_member(&after)?;
            if before.administers() && !after.administers() {
                change.check_member(&self.who_stays(&store, id).await?)?;
            }
            let detail = Detail::Plain(difference(&before, &after));
            change.audit(Home::Tenant, &self.line(after.id, after.version, detail))?;
            let answer = answer(&after);
            if let Ok(answer) = self.try_commit(change, answer).await? {
                return Ok(answer);
            }
        }
        Err(busy())
    }

    /// Removes a member, whose contacts `successor` looks after from then on. Access ends at once;
    /// the worker hands the contacts over, however many there are.
    ///
    /// # Errors
    /// As [`Cx::member`], [`Kind::WrongState`] for the last administrator and for whoever has
    /// contacts and no successor, [`Kind::BadInput`] for a successor who is none,
    /// [`Kind::Busy`] after [`LOOKS_MAX`] looks, or the table's.
    pub async fn remove_member(
        &self,
        id: MemberId,
        successor: Option<MemberId>,
    ) -> Result<Done, Problem> {
        let store = self.store();
        for _ in 0..LOOKS_MAX {
            let before = self.member(id, Action::MemberRemove).await?.into_inner();
            let successor = match successor {
                Some(named) => Some(self.successor(&store, id, named).await?),
                None => None,
            };
            if successor.is_none() {
                refuse_without_successor(&store, id).await?;
            }
            let heir = successor.as_ref().map(|heir| heir.id);
            let after = before.clone().removed(heir, self.now);
            let mut change = self.change(&store);
            change.save_member(&after)?;
            change.unseat(after.identity_id, after.id)?;
            self.require_stay(&mut change, &store, &before, successor).await?;
            change.start_task(&Task {
                work: Work::Member(after.id),
                place: None,
                passes: 0,
                due_at: self.now,
                mark: self.house.dice.token(),
            })?;
            let detail = json!({ "role": [before.role, null], "successor_id": heir });
            let line = self.line(after.id, after.version, Detail::Plain(detail));
            change.audit(Home::Tenant, &line)?;
            if self.try_commit(change, Done).await?.is_ok() {
                return Ok(Done);
            }
        }
        Err(busy())
    }

    /// Requires that the successor stays, and an administrator, if one is removed.
    async fn require_stay(
        &self,
        change: &mut Change,
        store: &Store,
        removed: &Member,
        successor: Option<Member>,
    ) -> Result<(), Problem> {
        let administrator = match &successor {
            _ if !removed.administers() => None,
            // One item is required once, for both.
            Some(heir) if heir.administers() => None,
            Some(_) | None => Some(self.who_stays(store, removed.id).await?),
        };
        for stays in successor.iter().chain(&administrator) {
            change.check_member(stays)?;
        }
        Ok(())
    }

    /// An administrator besides `leaving`: the caller, or whoever is found if it is they who leave.
    async fn who_stays(&self, store: &Store, leaving: MemberId) -> Result<Member, Problem> {
        let caller = self.who.member.id;
        if caller != leaving {
            let caller = store.member(caller).await?.filter(Member::administers);
            // They were one when they asked; somebody else was faster.
            return caller.ok_or_else(|| Problem::new(Kind::Forbidden, "You administer no more."));
        }
        let mut after: Option<String> = None;
        for _ in 0..MEMBER_PAGES_MAX {
            let page = store.members(after.as_deref(), MEMBERS_AT_ONCE).await?;
            let stays = |member: &&Member| member.id != leaving && member.administers();
            if let Some(found) = page.iter().find(stays) {
                return Ok(found.clone());
            }
            after = page.get(MEMBERS_AT_ONCE - 1).map(|last| last.id.to_string());
            if after.is_none() {
                break;
            }
        }
        let detail = "This is the last administrator. Make somebody else one first.";
        Err(Problem::new(Kind::WrongState, detail))
    }

    /// Whoever is to look after the contacts of `leaving`.
    async fn successor(
        &self,
        store: &Store,
        leaving: MemberId,
        named: MemberId,
    ) -> Result<Member, Problem> {
        let found = store.member(named).await?;
        let found = found.filter(|member| member.id != leaving && member.is_in_use());
        let detail = "expected another member whose seat is in use";
        found.ok_or_else(|| Problem::bad_input("successor", detail))
    }
}

async fn refuse_without_successor(store: &Store, id: MemberId) -> Result<(), Problem> {
    let count = contacts_belong(store, List::ContactsOfOwner(id)).await?;
    let Some(count) = count else { return Ok(()) };
    let detail = format!("{count} to this member. Name who takes over: `?successor=mem_…`.");
    Err(Problem::new(Kind::WrongState, detail))
}

/// What changed, each as it was and as it is.
fn difference(before: &Member, after: &Member) -> Value {
    let switches = |seat: &Member| (seat.external_communications, seat.manager_access);
    let (was, is) = (switches(before), switches(after));
    let pairs = [
        ("role", json!(before.role), json!(after.role)),
        ("external_communications", json!(was.0), json!(is.0)),
        ("manager_access", json!(was.1), json!(is.1)),
        ("suspended", json!(before.suspended), json!(after.suspended)),
    ];
    let changed = pairs.into_iter().filter(|(_, was, is)| was != is);
    changed.map(|(name, was, is)| (name.to_owned(), json!([was, is]))).collect::<Map<_, _>>().into()
}
