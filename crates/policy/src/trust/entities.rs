//! How who asks, and what is asked for, become entities of the schema.

use std::collections::{HashMap, HashSet};

use cedar_policy::{Entity, RestrictedExpression};
use domain::document::AccessLevel;
use domain::id::{DocumentId, MemberId};
use domain::link::Right;
use domain::link::guest::Standing;

use super::{Contact, Document, Guest, Link, Member, Principal, Resource};
use crate::rules::{Rules, RulesError};

impl Principal {
    /// The entity's type.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Member(_) => "Member",
            Self::Contact(_) => "Contact",
            Self::Guest(_) => "Guest",
            Self::Anyone => "Anyone",
        }
    }

    /// The entity that asks.
    pub(crate) fn entity(&self, rules: &Rules) -> Result<Entity, RulesError> {
        match self {
            Self::Member(member) => member.entity(rules),
            Self::Contact(contact) => contact.entity(rules),
            Self::Guest(guest) => guest.entity(rules),
            Self::Anyone => {
                Ok(Entity::new_no_attrs(rules.uid("Anyone", "anyone")?, HashSet::new()))
            }
        }
    }
}

impl Member {
    fn entity(&self, rules: &Rules) -> Result<Entity, RulesError> {
        let switch = RestrictedExpression::new_bool(self.external_communications);
        let attributes = HashMap::from([("external_communications".to_owned(), switch)]);
        let parents = HashSet::from([rules.uid("Role", self.role.as_str())?]);
        Entity::new(rules.uid("Member", &self.id.to_string())?, attributes, parents)
            .map_err(|err| RulesError::BuildEntity(Box::new(err)))
    }
}

impl Contact {
    fn entity(&self, rules: &Rules) -> Result<Entity, RulesError> {
        let grants = RestrictedExpression::new_record([
            ("view".to_owned(), documents(&self.view, rules)?),
            ("download".to_owned(), documents(&self.download, rules)?),
        ])
        .map_err(|err| RulesError::BuildRecord(Box::new(err)))?;
        let attributes = HashMap::from([
            ("approved".to_owned(), RestrictedExpression::new_bool(self.approved)),
            ("nda_accepted".to_owned(), RestrictedExpression::new_bool(self.nda_accepted)),
            ("grants".to_owned(), grants),
        ]);
        Entity::new(rules.uid("Contact", &self.id.to_string())?, attributes, HashSet::new())
            .map_err(|err| RulesError::BuildEntity(Box::new(err)))
    }
}

impl Guest {
    fn entity(&self, rules: &Rules) -> Result<Entity, RulesError> {
        let allows = |right| {
            let held = self.rights.allows(right).then_some(self.document);
            documents(held.as_slice(), rules)
        };
        let rights = RestrictedExpression::new_record([
            ("view".to_owned(), allows(Right::View)?),
            ("download".to_owned(), allows(Right::Download)?),
            ("write".to_owned(), allows(Right::Write)?),
            ("sign".to_owned(), allows(Right::Sign)?),
        ])
        .map_err(|err| RulesError::BuildRecord(Box::new(err)))?;
        let attributes = HashMap::from([
            ("nda_accepted".to_owned(), RestrictedExpression::new_bool(self.nda_accepted)),
            ("rights".to_owned(), rights),
        ]);
        let standing = match self.standing {
            Standing::Bearer => "bearer",
            Standing::Trusted => "trusted",
            Standing::Verified => "verified",
        };
        let parents = HashSet::from([rules.uid("Standing", standing)?]);
        Entity::new(rules.uid("Guest", &self.id.to_string())?, attributes, parents)
            .map_err(|err| RulesError::BuildEntity(Box::new(err)))
    }
}

impl Resource {
    /// The entity's type.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Tenant(_) => "Tenant",
            Self::Seat(_) => "Seat",
            Self::Account(_) => "Account",
            Self::Contact { .. } => "Person",
            Self::Document(_) => "Document",
            Self::Link(_) => "Link",
            Self::Request(_) => "Request",
        }
    }

    /// The entity that is asked for.
    pub(crate) fn entity(&self, rules: &Rules) -> Result<Entity, RulesError> {
        let (uid, attributes) = match self {
            Self::Tenant(id) => (rules.uid("Tenant", &id.to_string())?, HashMap::new()),
            Self::Account(id) => (rules.uid("Account", &id.to_string())?, HashMap::new()),
            Self::Request(id) => (rules.uid("Request", &id.to_string())?, HashMap::new()),
            Self::Seat(id) => {
                let attributes = HashMap::from([("member".to_owned(), member(*id, rules)?)]);
                (rules.uid("Seat", &id.to_string())?, attributes)
            }
            Self::Contact { id, owner } => {
                let mut attributes = HashMap::new();
                if let Some(owner) = owner {
                    attributes.insert("owner".to_owned(), member(*owner, rules)?);
                }
                (rules.uid("Person", &id.to_string())?, attributes)
            }
            Self::Document(document) => {
                let uid = rules.uid("Document", &document.id.to_string())?;
                (uid, document.attributes(rules)?)
            }
            Self::Link(link) => {
                let uid = rules.uid("Link", &link.id.to_string())?;
                (uid, link.attributes(rules)?)
            }
        };
        Entity::new(uid, attributes, HashSet::new())
            .map_err(|err| RulesError::BuildEntity(Box::new(err)))
    }
}

impl Document {
    fn attributes(
        &self,
        rules: &Rules,
    ) -> Result<HashMap<String, RestrictedExpression>, RulesError> {
        let (public, nda) = match self.access_level {
            AccessLevel::Public => (true, false),
            AccessLevel::Restricted => (false, false),
            AccessLevel::Nda => (false, true),
        };
        Ok(HashMap::from([
            ("uploader".to_owned(), member(self.uploader, rules)?),
            ("public".to_owned(), RestrictedExpression::new_bool(public)),
            ("nda".to_owned(), RestrictedExpression::new_bool(nda)),
            ("published".to_owned(), RestrictedExpression::new_bool(self.published)),
        ]))
    }
}

impl Link {
    fn attributes(
        &self,
        rules: &Rules,
    ) -> Result<HashMap<String, RestrictedExpression>, RulesError> {
        let mut attributes = HashMap::from([
            ("maker".to_owned(), member(self.maker, rules)?),
            ("uploader".to_owned(), member(self.uploader, rules)?),
        ]);
        if let Some(owner) = self.owner {
            attributes.insert("owner".to_owned(), member(owner, rules)?);
        }
        Ok(attributes)
    }
}

fn documents(ids: &[DocumentId], rules: &Rules) -> Result<RestrictedExpression, RulesError> {
    let named = ids.iter().map(|id| rules.uid("Document", &id.to_string()));
    let uids = named.collect::<Result<Vec<_>, _>>()?;
    let expressions = uids.into_iter().map(RestrictedExpression::new_entity_uid);
    Ok(RestrictedExpression::new_set(expressions))
}

fn member(id: MemberId, rules: &Rules) -> Result<RestrictedExpression, RulesError> {
    Ok(RestrictedExpression::new_entity_uid(rules.uid("Member", &id.to_string())?))
}
