//! Whose lines of the trail a member may read.
//!
//! Contacts, documents and accounts that were deleted keep their trail: it is the evidence that
//! outlives them, and whoever might read it before may read it after.

use std::collections::BTreeSet;
use std::str::FromStr;

use domain::activity::{Activity, Actor, Object};
use domain::contact::Contact;
use domain::id::{ActivityId, ContactId, Id};
use jiff::Timestamp;
use policy::trust::{Action, Resource};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use store::StoreError;
use store::activities::{Home, Line, Run, Window};
use ulid::Ulid;

use crate::callers::staff::{Staff, contact_resource, document_resource};
use crate::exchange::cx::{Allowed, Cx};
use crate::exchange::problem::Problem;
use crate::linking::link_resource;

/// Lines that one page looks at in search of some.
const LOOKED_AT_MAX: usize = 1_000;
/// Lines that are read at once in search of some.
const LOOKED_AT_ONCE: usize = 100;
/// Longest name of a deed.
const VERB_BYTES_MAX: usize = 60;

/// Where lines lie.
#[derive(Clone, Debug)]
pub struct Trail {
    /// The runs they are of.
    pub runs: Vec<Run>,
    /// The person that their personal values tell about.
    pub subject: Option<Contact>,
}

/// What narrows a trail.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// Only what this member or contact did.
    pub actor: Option<Object>,
    /// Only such deeds.
    pub verb: Option<Verb>,
    /// Only what happened at this instant or later.
    pub from: Option<Timestamp>,
    /// Only what happened before this instant.
    pub to: Option<Timestamp>,
}

/// The name of a deed, such as `contacts.create`, or of all deeds of an area: `contacts.*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verb(String);

/// Why a text names no deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected the name of a deed, such as `contacts.create`, or an area such as `contacts.*`")]
pub struct VerbError;

impl Cx<Staff> {
    /// Where the lines about `object` lie, for who may read them.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::NotFound`] for what is absent, not the member's to see, or
    /// has no trail of its own, [`crate::exchange::problem::Kind::Forbidden`] for what they see
    /// without its trail, or the table's.
    pub async fn trail(&self, object: Object) -> Result<Allowed<Trail>, Problem> {
        let store = self.store();
        let (read, resource, trail) = match object {
            Object::Tenant(id) if id == self.who.tenant.id => {
                let resource = Resource::Tenant(id);
                (Action::TenantRead, resource, Trail::at(Home::Tenant))
            }
            Object::Member(id) => {
                store.member(id).await?.ok_or_else(Problem::not_found)?;
                (Action::MemberRead, Resource::Seat(id), Trail::about(object))
            }
            Object::Account(id) => {
                store.account(id).await?.ok_or_else(Problem::not_found)?;
                (Action::AccountRead, Resource::Account(id), Trail::at(Home::Account(id)))
            }
            Object::Contact(id) => {
                let contact = store.contact(id).await?.ok_or_else(Problem::not_found)?;
                let resource = contact_resource(&contact);
                let subject = Some(contact);
                (Action::ContactRead, resource, Trail { subject, ..Trail::at(Home::Contact(id)) })
            }
            Object::Document(id) => {
                let document = store.document(id).await?.ok_or_else(Problem::not_found)?;
                let resource = document_resource(&document);
                let runs = vec![Run::At(Home::Document(id)), Run::About(object)];
                (Action::DocumentRead, resource, Trail { runs, subject: None })
            }
            Object::Link(id) => {
                let seen = self.linked(id).await?.ok_or_else(Problem::not_found)?;
                (Action::LinkRead, link_resource(&seen), Trail::about(object))
            }
            Object::Request(id) => {
                let asker = store.contact_of_request(id).await?.ok_or_else(Problem::not_found)?;
                let subject = store.contact(asker).await?;
                let trail = Trail { subject, ..Trail::about(object) };
                (Action::RequestRead, Resource::Request(id), trail)
            }
            // Grants, browsers and files lie with the contact or document they belong to.
            _ => return Err(Problem::not_found()),
        };
        self.open(Some(trail), |_| resource, read, Action::ActivityRead)
    }

    /// Where the lines of what `actor`, a member or contact, did are found, for who may read them.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::NotFound`] for who is absent or not the member's to see,
    /// [`crate::exchange::problem::Kind::Forbidden`] for whom they see without their deeds, or the
    /// table's.
    pub async fn deeds(&self, actor: Object) -> Result<Allowed<Trail>, Problem> {
        let store = self.store();
        let (read, action, resource) = match actor {
            Object::Member(id) => {
                store.member(id).await?.ok_or_else(Problem::not_found)?;
                (Action::MemberRead, Action::MemberDeeds, Resource::Seat(id))
            }
            Object::Contact(id) => {
                let contact = store.contact(id).await?.ok_or_else(Problem::not_found)?;
                (Action::ContactRead, Action::ActivityRead, contact_resource(&contact))
            }
            _ => return Err(Problem::not_found()),
        };
        // What a contact does to what is theirs lies with them, among what others do to it.
        let with_them = match actor {
            Object::Contact(id) => Some(Run::At(Home::Contact(id))),
            _ => None,
        };
        let runs = [Run::By(actor)].into_iter().chain(with_them).collect();
        let trail = Trail { runs, subject: None };
        self.open(Some(trail), |_| resource, read, action)
    }

    /// The lines of a trail that are sought, newest first, at most `limit`; and behind which line
    /// the rest begins, if there may be more. What is sought by more than time is looked for among
    /// [`LOOKED_AT_MAX`] lines at the most, so that a run may be short or empty and yet go on.
    ///
    /// # Errors
    /// The table's.
    pub async fn lines(
        &self,
        trail: &Allowed<Trail>,
        sought: &Sought,
        behind: Option<ActivityId>,
        limit: usize,
    ) -> Result<(Vec<Line>, Option<ActivityId>), StoreError> {
        let mut window = Window {
            behind: behind.map(|line| line.ulid().to_string()),
            from: sought.from,
            to: sought.to,
        };
        let at_once = if sought.is_all() { limit + 1 } else { LOOKED_AT_ONCE };
        let (mut found, mut looked_at) = (Vec::new(), 0);
        while looked_at < LOOKED_AT_MAX {
            let (lines, more) = self.run_on(trail, &window, at_once).await?;
            looked_at += at_once;
            let last = lines.last().map(|line| line.activity.id);
            found.extend(lines.into_iter().filter(|line| sought.holds(&line.activity)));
            if limit < found.len() {
                found.truncate(limit);
                let next = found.last().map(|line| line.activity.id);
                return Ok((found, next));
            }
            let Some(last) = last.filter(|_| more) else { return Ok((found, None)) };
            window.behind = Some(last.ulid().to_string());
        }
        let next = window.behind.and_then(|ulid| Ulid::from_string(&ulid).ok());
        Ok((found, next.map(ActivityId::from_ulid)))
    }

    /// The newest `limit` lines of all runs of a trail in `window`, and whether there may be more.
    async fn run_on(
        &self,
        trail: &Trail,
        window: &Window,
        limit: usize,
    ) -> Result<(Vec<Line>, bool), StoreError> {
        let (store, mut all, mut more) = (self.store(), Vec::new(), false);
        for run in &trail.runs {
            let lines = store.lines(*run, window, limit).await?;
            more |= limit <= lines.len();
            all.extend(lines);
        }
        all.sort_by_key(|line| std::cmp::Reverse(line.activity.id));
        all.dedup_by_key(|line| line.activity.id);
        more |= limit < all.len();
        all.truncate(limit);
        Ok((all, more))
    }

    /// Whom the personal values of `lines` tell about: the trail's own subject, and of contacts
    /// whose lines are found by who did something, those whose activity the member may read.
    ///
    /// # Errors
    /// The table's.
    pub async fn subjects(
        &self,
        trail: &Allowed<Trail>,
        lines: &[Line],
    ) -> Result<Vec<Contact>, StoreError> {
        if let Some(subject) = &trail.subject {
            return Ok(vec![subject.clone()]);
        }
        if !trail.runs.iter().any(|run| matches!(run, Run::By(_))) {
            return Ok(Vec::new());
        }
        let ids: BTreeSet<ContactId> = lines.iter().filter_map(|line| line.contact).collect();
        let mut contacts = self.store().contacts_of(&Vec::from_iter(ids)).await?;
        contacts.retain(|contact| self.may(Action::ActivityRead, &contact_resource(contact)));
        Ok(contacts)
    }
}

impl Sought {
    /// Whether nothing but time narrows it.
    fn is_all(&self) -> bool {
        self.actor.is_none() && self.verb.is_none()
    }

    fn holds(&self, line: &Activity) -> bool {
        let is_by = |actor: &Object| match line.actor {
            Actor::Member(id) => *actor == Object::Member(id),
            Actor::Contact(id) => *actor == Object::Contact(id),
            Actor::Anyone | Actor::System | Actor::Operator => false,
        };
        // Keys tell the time to the millisecond, lines exactly.
        self.from.is_none_or(|from| from <= line.at)
            && self.to.is_none_or(|to| line.at < to)
            && self.actor.as_ref().is_none_or(is_by)
            && self.verb.as_ref().is_none_or(|verb| verb.names(&line.verb))
    }
}

impl Verb {
    /// Whether `verb` is it, or of its area.
    #[must_use]
    pub fn names(&self, verb: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some(area) => verb.starts_with(area),
            None => verb == self.0,
        }
    }
}

impl FromStr for Verb {
    type Err = VerbError;

    fn from_str(text: &str) -> Result<Self, VerbError> {
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|c| c.is_ascii_lowercase() || c == b'_')
        };
        let (area, deed) = text.split_once('.').ok_or(VerbError)?;
        let fits = is_word(area) && (deed == "*" || is_word(deed)) && text.len() <= VERB_BYTES_MAX;
        if fits { Ok(Self(text.to_owned())) } else { Err(VerbError) }
    }
}

impl<'de> Deserialize<'de> for Verb {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Verb {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Verb".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[a-z_]+\\.([a-z_]+|\\*)$",
            "examples": ["contacts.create", "contacts.*"],
        })
    }
}

impl Trail {
    fn at(home: Home) -> Self {
        Self { runs: vec![Run::At(home)], subject: None }
    }

    fn about(object: Object) -> Self {
        Self { runs: vec![Run::About(object)], subject: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_is_exact_or_an_area() {
        let names = |verb: &str, done: &str| verb.parse::<Verb>().unwrap().names(done);
        assert!(names("contacts.create", "contacts.create"));
        assert!(names("contacts.*", "contacts.create"));
        assert!(!names("contacts.*", "contacts_of.create") && !names("contacts.*", "contacts"));
        assert!(!names("contacts.create", "contacts.created"));
        for text in ["", "contacts", "contacts.", ".*", "*", "Contacts.*", "a.b.c", "a.**", "a. b"]
        {
            assert_eq!(text.parse::<Verb>(), Err(VerbError), "{text}");
        }
    }
}
