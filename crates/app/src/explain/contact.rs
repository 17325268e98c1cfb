//! What a contact may do, as their portal decides it.

use std::collections::BTreeSet;

use domain::access::{Gate, Shut};
use domain::activity::{Activity, Actor, Object};
use domain::contact::Contact;
use domain::document::{AccessLevel, Document};
use domain::grant::{Grant, Lapse, Right};
use domain::id::MemberId;
use domain::tenant::Tenant;
use jiff::Timestamp;
use policy::Decision;
use policy::trust::{Action, is_done_by};
use store::activities::Home;
use store::grants::Facts;

use crate::callers::outsider::Outsider;
use crate::callers::staff::Staff;
use crate::exchange::cx::Cx;
use crate::exchange::problem::Problem;
use crate::explain::told::{Explanation, Fact, Lapsed, OpenDocument, Stands};
use crate::explain::words::{Words, rules};
use crate::explain::{End, verdict};
use crate::portal::current_account;

/// Lines of a contact's trail that are searched for when a grant ended.
const LINES_MAX: usize = 200;

/// A contact's own actions on a document.
const ON_DOCUMENTS: [Action; 2] = [Action::DocumentView, Action::DocumentDownload];

/// One document before one contact.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case<'a> {
    pub(super) outsider: Outsider<'a>,
    pub(super) document: &'a Document,
    /// Ended or not.
    pub(super) grant: Option<&'a Grant>,
    /// The contact's newest lines, if they were needed.
    pub(super) lines: &'a [Activity],
    pub(super) words: &'a Words,
    pub(super) now: Timestamp,
}

impl Cx<Staff> {
    pub(super) async fn explain_contact(
        &self,
        contact: Contact,
        action: Action,
        end: End,
    ) -> Result<Explanation, Problem> {
        let (store, tenant) = (self.store(), &self.who.tenant);
        let account = self.account_of(&contact).await?;
        let outsider = Outsider { tenant, contact: &contact, account: account.as_ref() };
        let words = Words::new(tenant, Vec::new());
        let name = contact.full_name();
        if !is_done_by(action, &outsider.principal(None, self.now)) {
            let decision = Decision { allowed: false, policies: Vec::new() };
            let says = "Contacts never do this; members of the company do.".to_owned();
            let facts = vec![Fact::new(contact.id, Stands::Shuts, says)];
            return Ok(Explanation::new(
                decision,
                verdict(&name, false, action, &end, None),
                facts,
            ));
        }
        let End::Document(document) = &end else {
            let decision = outsider.enters(self.now);
            let facts = gate_facts(outsider, &words, self.now);
            let until = access_end(outsider).filter(|_| decision.allowed);
            let told = until.map(|until| words.moment(until));
            let told = verdict(&name, decision.allowed, action, &end, told);
            let ends = decision.allowed.then(|| ending_the_portal(&name)).into_iter().collect();
            return Ok(Explanation { until, ends, ..Explanation::new(decision, told, facts) });
        };
        // Read again as one snapshot with the grant, as the portal does.
        let facts = store.facts(contact.id, contact.account_id, document.id).await?;
        let Facts { contact, account, document, grant } = facts;
        let (contact, document) = contact.zip(document).ok_or_else(Problem::not_found)?;
        let account = current_account(&store, &contact, account).await?;
        let outsider = Outsider { tenant, contact: &contact, account: account.as_ref() };
        let lines = self.ends_of(&contact, grant.as_slice()).await?;
        let words = self.words(grant.as_slice(), &lines).await?;
        let (grant, now) = (grant.as_ref(), self.now);
        let case = Case { outsider, document: &document, grant, lines: &lines, words: &words, now };
        Ok(case.explained(action, &End::Document(document.clone())))
    }

    /// The newest lines of the contact's trail, if they are needed to tell when a grant ended.
    pub(super) async fn ends_of(
        &self,
        contact: &Contact,
        grants: &[Grant],
    ) -> Result<Vec<Activity>, Problem> {
        let wants_line = |grant: &Grant| match grant.lapse(contact, self.now) {
            Some(Lapse::Removed) => true,
            Some(Lapse::Dropped) => contact.deleted_at.is_none(),
            Some(Lapse::Expired | Lapse::DocumentDeleted) | None => false,
        };
        if !grants.iter().any(wants_line) {
            return Ok(Vec::new());
        }
        Ok(self.store().activities_at(Home::Contact(contact.id), None, LINES_MAX).await?)
    }

    /// The words for grants, with the members whom they and `lines` name.
    pub(super) async fn words(
        &self,
        grants: &[Grant],
        lines: &[Activity],
    ) -> Result<Words, Problem> {
        let by_line = lines.iter().filter_map(|line| member(line.actor));
        let members = grants.iter().filter_map(|grant| grant.granted_by).chain(by_line);
        let members: BTreeSet<MemberId> = members.collect();
        let members = self.store().members_of(&Vec::from_iter(members)).await?;
        Ok(Words::new(&self.who.tenant, members))
    }
}

fn member(actor: Actor) -> Option<MemberId> {
    match actor {
        Actor::Member(id) => Some(id),
        Actor::Contact(_) | Actor::Anyone | Actor::System | Actor::Operator => None,
    }
}

/// When the gate shuts by itself.
pub(super) fn access_end(outsider: Outsider<'_>) -> Option<Timestamp> {
    outsider.account.and_then(domain::account::Account::access_ends_at)
}

/// The contact and their account, as the gate sees them.
pub(super) fn gate_facts(outsider: Outsider<'_>, words: &Words, now: Timestamp) -> Vec<Fact> {
    let contact = outsider.contact;
    let (account_opens, account) = words.account(contact, outsider.account, now);
    let is_let_in = match outsider.gate(now) {
        Gate::Open | Gate::Shut(Shut::Account(_) | Shut::AccountOver | Shut::AccountMissing) => {
            true
        }
        Gate::Shut(Shut::ContactDeleted | Shut::Contact(_)) => false,
    };
    let person = Fact::new(contact.id, Stands::if_so(is_let_in), words.contact(contact));
    let account = contact.account_id.map(|id| Fact::new(id, Stands::if_so(account_opens), account));
    [Some(person), account].into_iter().flatten().collect()
}

fn ending_the_portal(name: &str) -> String {
    format!("Suspend {name}: the portal and everything that was shared shut at once.")
}

impl Case<'_> {
    pub(super) fn opens(&self, action: Action) -> Decision {
        self.outsider.opens(action, self.document, self.grant, self.now)
    }

    fn right(action: Action) -> Right {
        if action == Action::DocumentDownload { Right::Download } else { Right::View }
    }

    /// The grant, if it is live and gives what `action` takes.
    fn deciding(&self, action: Action) -> Option<&Grant> {
        let live = self.grant?.live(self.outsider.contact, self.now)?;
        let grant: &Grant = live.get();
        grant.rights.allows(Self::right(action)).then_some(grant)
    }

    /// Whether anybody may have what `action` takes.
    fn is_public(&self, action: Action) -> bool {
        action == Action::DocumentDownload && self.document.access_level == AccessLevel::Public
    }

    /// When `action` ends by itself.
    pub(super) fn until(&self, action: Action) -> Option<Timestamp> {
        let grant = self.deciding(action).and_then(Grant::ends_at);
        let grant = grant.filter(|_| !self.is_public(action));
        grant.into_iter().chain(access_end(self.outsider)).min()
    }

    fn explained(&self, action: Action, end: &End) -> Explanation {
        let decision = self.opens(action);
        let (allowed, name) = (decision.allowed, self.outsider.contact.full_name());
        let until = self.until(action).filter(|_| allowed);
        let told = until.map(|until| self.words.moment(until));
        let told = verdict(&name, allowed, action, end, told);
        let grant = self.deciding(action).filter(|_| allowed);
        let also = ON_DOCUMENTS.into_iter().filter(|other| *other != action);
        let also = also.filter(|other| self.opens(*other).allowed);
        Explanation {
            also: also.map(Action::as_str).collect(),
            until,
            grant_id: grant.map(|grant| grant.id),
            granted_by: grant.and_then(|grant| grant.granted_by),
            ends: if allowed { self.endings(action, &name) } else { Vec::new() },
            lapsed: self.lapsed().into_iter().collect(),
            ..Explanation::new(decision, told, self.facts(action))
        }
    }

    fn endings(&self, action: Action, name: &str) -> Vec<String> {
        let title = &self.document.title;
        let here = if self.is_public(action) {
            format!("Give “{title}” another access level: it is public, and opens to anybody.")
        } else {
            format!("Take “{title}” back from {name}: only that ends.")
        };
        vec![here, ending_the_portal(name)]
    }

    /// The path from the contact to the document. Whatever on it shuts stops them, and nothing
    /// else does.
    pub(super) fn facts(&self, action: Action) -> Vec<Fact> {
        let mut facts = gate_facts(self.outsider, self.words, self.now);
        facts.extend(self.share_fact(action));
        facts.extend(self.agreement_fact());
        let document = self.document;
        let is_there = document.deleted_at.is_none() && document.published.is_some();
        let says = self.words.document(document);
        facts.push(Fact::new(document.id, Stands::if_so(is_there), says));
        facts
    }

    fn share_fact(&self, action: Action) -> Option<Fact> {
        let is_public = self.is_public(action);
        let shut = if is_public { Stands::Beside } else { Stands::Shuts };
        let (contact, title) = (self.outsider.contact, &self.document.title);
        let Some(grant) = self.grant else {
            let says = format!("“{title}” was never shared with {}.", contact.full_name());
            return (!is_public).then(|| Fact::new(self.document.id, shut, says));
        };
        if let Some(lapsed) = self.lapsed() {
            return Some(Fact::new(grant.id, shut, lapsed.says));
        }
        if self.deciding(action).is_none() {
            let says = format!("“{title}” is shared for viewing, not for downloading.");
            return Some(Fact::new(grant.id, shut, says));
        }
        let fact = Fact::new(grant.id, Stands::Opens, self.words.share(grant));
        Some(Fact { deciding: true, ..fact })
    }

    fn agreement_fact(&self) -> Option<Fact> {
        if self.document.access_level != AccessLevel::Nda {
            return None;
        }
        let Tenant { id, nda, .. } = self.outsider.tenant;
        let stands = match nda {
            Some(_) => Stands::if_so(self.outsider.nda_accepted()),
            None => Stands::Beside,
        };
        let about = nda.as_ref().map_or(Object::Tenant(*id), |nda| Object::Nda(nda.id));
        let says = Words::agreement(self.outsider.contact, self.outsider.tenant);
        Some(Fact::new(about, stands, says))
    }

    /// The grant, if it is over: since when, and why.
    pub(super) fn lapsed(&self) -> Option<Lapsed> {
        let (grant, contact) = (self.grant?, self.outsider.contact);
        let why = grant.lapse(contact, self.now)?;
        let line = |is_it: &dyn Fn(&Activity) -> bool| {
            let line = self.lines.iter().find(|line| is_it(line));
            (line.map(|line| line.at), line.and_then(|line| member(line.actor)))
        };
        let since = match why {
            Lapse::Expired => (grant.ends_at(), None),
            Lapse::DocumentDeleted => (self.document.deleted_at, None),
            Lapse::Removed => {
                line(&|line| line.object == Object::Grant(grant.id) && line.seq == grant.version)
            }
            Lapse::Dropped if contact.deleted_at.is_some() => (contact.deleted_at, None),
            Lapse::Dropped => line(&|line| line.verb == "contacts.unsuspend"),
        };
        Some(Lapsed {
            grant_id: grant.id,
            document_id: grant.document_id,
            title: self.document.title.clone(),
            rights: grant.rights.clone(),
            granted_by: grant.granted_by,
            why,
            at: since.0,
            says: self.words.lapse(contact, self.document.title.as_str(), why, since),
        })
    }

    /// The document in a list of what opens; what opens nothing now says what is in the way.
    pub(super) fn listed(&self) -> OpenDocument {
        let opens = ON_DOCUMENTS.map(|action| (action, self.opens(action)));
        let allowed = opens.iter().rfind(|(_, decision)| decision.allowed);
        let (action, decision) = allowed.cloned().unwrap_or_else(|| {
            let [(action, decision), _] = opens.clone();
            (action, decision)
        });
        let reason = self.reason(action, &decision);
        let grant = self.deciding(action);
        let actions = opens.iter().filter(|(_, decision)| decision.allowed);
        OpenDocument {
            actions: actions.map(|(action, _)| action.as_str()).collect(),
            rights: grant.map(|grant| grant.rights.clone()),
            until: self.until(action),
            grant_id: grant.map(|grant| grant.id),
            granted_by: grant.and_then(|grant| grant.granted_by),
            ..OpenDocument::new(self.document, decision, reason)
        }
    }

    fn reason(&self, action: Action, decision: &Decision) -> String {
        let facts = self.facts(action);
        let says = |is_it: &dyn Fn(&Fact) -> bool| {
            facts.iter().find(|fact| is_it(fact)).map(|fact| fact.says.clone())
        };
        let found = if decision.allowed {
            says(&|fact| fact.deciding)
        } else {
            says(&|fact| fact.stands == Stands::Shuts)
        };
        let rule = || rules(&decision.policies).into_iter().next();
        found.or_else(rule).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
