//! Lines of the trail as clients see them.

use std::collections::BTreeSet;

use app::house::House;
use app::house::audit::reveal;
use domain::activity::{Activity, Actor, Object};
use domain::contact::Contact;
use domain::id::{ActivityId, ContactId, DeviceId, MemberId};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use store::{Store, StoreError};

/// One line of the trail.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Activity")]
pub struct ActivityView {
    /// Which line.
    pub id: ActivityId,
    /// Who did it.
    pub actor: ActorView,
    /// What was done: a route's name such as `contacts.create`, or a rule's.
    pub verb: String,
    /// What it was done to.
    pub object: Object,
    /// What the line is also about, such as the document of a grant or a view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<Object>,
    /// The line's number among the object's lines, from 1, without a gap.
    pub seq: u64,
    /// What changed, as `{"field": [before, after]}`; null if nothing more is known, or the person
    /// it told about was erased.
    pub detail: Option<Value>,
    /// When.
    pub at: Timestamp,
    /// From which network address; absent for the rules' own deeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// In which browser, where one was proved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_id: Option<DeviceId>,
}

/// Who did something.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Actor")]
pub struct ActorView {
    /// What they are to the company.
    pub kind: ActorKind,
    /// Which member or contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Object>,
    /// How they are called now, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What an actor is to the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A member of the company.
    Member,
    /// A contact in a proved browser.
    Contact,
    /// Somebody who proved nothing.
    Anyone,
    /// The rules themselves: an expiry, a coverage, a sweep.
    System,
    /// Whoever runs the installation.
    Operator,
}

impl From<Actor> for ActorView {
    fn from(actor: Actor) -> Self {
        let (kind, id) = match actor {
            Actor::Member(id) => (ActorKind::Member, Some(Object::Member(id))),
            Actor::Contact(id) => (ActorKind::Contact, Some(Object::Contact(id))),
            Actor::Anyone => (ActorKind::Anyone, None),
            Actor::System => (ActorKind::System, None),
            Actor::Operator => (ActorKind::Operator, None),
        };
        Self { kind, id, name: None }
    }
}

impl ActivityView {
    /// A line of the trail. `subject` is the person that its personal values tell about; without it
    /// they stay sealed. Members are named by [`name_actors`] afterwards.
    #[must_use]
    pub fn new(house: &House, subject: Option<&Contact>, line: Activity) -> Self {
        let is_actor = |subject: &&Contact| line.actor == Actor::Contact(subject.id);
        let name = subject.filter(is_actor).map(Contact::full_name);
        Self {
            id: line.id,
            actor: ActorView { name, ..ActorView::from(line.actor) },
            verb: line.verb,
            object: line.object,
            about: line.about,
            seq: line.seq,
            detail: reveal(house, subject, &line.detail),
            at: line.at,
            network: line.origin.network,
            device_id: line.origin.device_id,
        }
    }
}

/// Names the members and contacts of a page who have no name yet: one batch read for each kind.
///
/// # Errors
/// The table's.
pub async fn name_actors(store: &Store, lines: &mut [ActivityView]) -> Result<(), StoreError> {
    let (mut members, mut contacts) = (BTreeSet::<MemberId>::new(), BTreeSet::<ContactId>::new());
    for actor in lines.iter().map(|line| &line.actor).filter(|actor| actor.name.is_none()) {
        match actor.id {
            Some(Object::Member(id)) => drop(members.insert(id)),
            Some(Object::Contact(id)) => drop(contacts.insert(id)),
            _ => {}
        }
    }
    let members = store.members_of(&Vec::from_iter(members)).await?;
    let contacts = store.contacts_of(&Vec::from_iter(contacts)).await?;
    let names: Vec<(Object, String)> = members
        .iter()
        .map(|member| (Object::Member(member.id), member.name.to_string()))
        .chain(contacts.iter().map(|contact| (Object::Contact(contact.id), contact.full_name())))
        .collect();
    for actor in lines.iter_mut().map(|line| &mut line.actor) {
        let known = names.iter().find(|(id, _)| actor.id == Some(*id));
        actor.name = actor.name.take().or_else(|| known.map(|(_, name)| name.clone()));
    }
    Ok(())
}
