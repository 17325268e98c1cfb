//! Who may do what to a thing, and why.
//!
//! Nothing is decided here. A contact's answer comes from [`crate::callers::outsider`], which
//! decides what their portal opens; a member's from walking to the same door in that member's
//! place. What is added are the words: the facts between the person and the thing, each open or
//! shut, and what would have opened it and is over.

use std::fmt;
use std::str::FromStr;

use domain::account::Account;
use domain::activity::Object;
use domain::contact::Contact;
use domain::document::Document;
use domain::id::{ContactId, MemberId};
use domain::member::Member;
use domain::request::Request;
use domain::tenant::Tenant;
use jiff::Timestamp;
use policy::trust::{Action, Resource, is_done_to};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use crate::callers::staff::{Staff, contact_resource, document_resource};
use crate::exchange::cx::Cx;
use crate::exchange::problem::Problem;

mod anyone;
mod contact;
mod member;
pub mod open;
pub mod told;
pub mod ways;
mod words;

use crate::explain::told::Explanation;
use crate::explain::words::deed;

/// Whose access is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Somebody who proved nothing.
    Anyone,
    /// An outside person.
    Contact(ContactId),
    /// A member of the company.
    Member(MemberId),
}

/// Why a text names nobody whose access could be asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected `anyone`, or the id of a contact or a member")]
pub struct WhomError;

/// Why a text names nothing that could be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected the name of an action, such as `document.download`")]
pub struct DeedError;

/// What is asked about: the name of an action, such as `document.download`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deed(pub Action);

impl FromStr for Whom {
    type Err = WhomError;

    fn from_str(text: &str) -> Result<Self, WhomError> {
        if text == "anyone" {
            return Ok(Self::Anyone);
        }
        let contact = text.parse().map(Self::Contact);
        contact.or_else(|_| text.parse().map(Self::Member)).map_err(|_| WhomError)
    }
}

impl FromStr for Deed {
    type Err = DeedError;

    fn from_str(text: &str) -> Result<Self, DeedError> {
        Action::named(text).map(Self).ok_or(DeedError)
    }
}

macro_rules! from_text {
    ($name:ident) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

from_text!(Whom);
from_text!(Deed);

impl JsonSchema for Whom {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Whom".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^(anyone|(con|mem)_[0-7][0-9A-HJKMNP-TV-Z]{25})$",
            "examples": ["anyone", "con_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9"],
        })
    }
}

impl JsonSchema for Deed {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Deed".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<_> = Action::ALL.iter().map(|action| action.as_str()).collect();
        json_schema!({ "type": "string", "enum": names })
    }
}

/// The thing at the end of the question. Contacts, accounts and documents that were deleted are
/// ends too: that they opened once is asked about longest.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a request makes one, and moves it twice")]
pub(crate) enum End {
    Tenant(Tenant),
    Seat(Member),
    Account(Account),
    Contact(Contact),
    Document(Document),
    Request(Request, Contact),
}

impl End {
    fn resource(&self) -> Resource {
        match self {
            Self::Tenant(tenant) => Resource::Tenant(tenant.id),
            Self::Seat(member) => Resource::Seat(member.id),
            Self::Account(account) => Resource::Account(account.id),
            Self::Contact(contact) => contact_resource(contact),
            Self::Document(document) => document_resource(document),
            Self::Request(request, _) => Resource::Request(request.id),
        }
    }

    fn id(&self) -> Object {
        match self {
            Self::Tenant(tenant) => tenant.id.into(),
            Self::Seat(member) => member.id.into(),
            Self::Account(account) => account.id.into(),
            Self::Contact(contact) => contact.id.into(),
            Self::Document(document) => document.id.into(),
            Self::Request(request, _) => request.id.into(),
        }
    }

    fn deleted_at(&self) -> Option<Timestamp> {
        match self {
            Self::Account(account) => account.deleted_at,
            Self::Contact(contact) => contact.deleted_at,
            Self::Document(document) => document.deleted_at,
            Self::Tenant(_) | Self::Seat(_) | Self::Request(..) => None,
        }
    }

    /// What the kind of thing is called, in the singular; also the area of its actions.
    fn kind(&self) -> &'static str {
        match self {
            Self::Tenant(_) => "tenant",
            Self::Seat(_) => "member",
            Self::Account(_) => "account",
            Self::Contact(_) => "contact",
            Self::Document(_) => "document",
            Self::Request(..) => "request",
        }
    }
}

/// How the thing is called in a sentence.
impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tenant(tenant) => f.write_str(tenant.name.as_str()),
            Self::Seat(member) => write!(f, "the seat of {}", member.name),
            Self::Account(account) => f.write_str(account.name.as_str()),
            Self::Contact(contact) => f.write_str(&contact.full_name()),
            Self::Document(document) => write!(f, "“{}”", document.title),
            Self::Request(_, contact) => write!(f, "a request of {}", contact.full_name()),
        }
    }
}

impl Cx<Staff> {
    /// Whether `whom` may do `action` to `object` now, and why.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::BadInput`] for an action that is never done to such a
    /// thing, [`crate::exchange::problem::Kind::NotFound`] unless the member sees both ends, or the
    /// table's.
    pub async fn explain(
        &self,
        whom: Whom,
        action: Action,
        object: Object,
    ) -> Result<Explanation, Problem> {
        let end = self.end(object).await?;
        if !is_done_to(action, &end.resource()) {
            let detail = format!("`{}` is never done to a {}", action.as_str(), end.kind());
            return Err(Problem::bad_input("action", detail));
        }
        match whom {
            Whom::Anyone => {
                let told = self.explain_anyone(action, &end);
                self.told_with_ways(told, action, &end, None).await
            }
            Whom::Contact(id) => {
                let contact = self.asked_contact(id).await?;
                let told = self.explain_contact(contact.clone(), action, end.clone()).await?;
                self.told_with_ways(told, action, &end, Some(&contact)).await
            }
            Whom::Member(id) => {
                let member = self.asked_member(id).await?;
                self.explain_member(member, action, &end).await
            }
        }
    }

    /// `told` with the guest links that lead to the same thing: they are no part of the portal's
    /// decision, and open all the same.
    async fn told_with_ways(
        &self,
        mut told: Explanation,
        action: Action,
        end: &End,
        contact: Option<&Contact>,
    ) -> Result<Explanation, Problem> {
        let End::Document(document) = end else { return Ok(told) };
        told.links = self.ways_to(document, contact).await?;
        let opening = told.links.iter().filter(|way| way.allows(action));
        told.reasons.extend(opening.map(|way| way.says.clone()));
        Ok(told)
    }

    /// The thing asked about, for whoever may ask about it.
    async fn end(&self, object: Object) -> Result<End, Problem> {
        let store = self.store();
        let end = match object {
            Object::Tenant(id) => {
                Some(End::Tenant(self.who.tenant.clone())).filter(|_| id == self.who.tenant.id)
            }
            Object::Member(id) => store.member(id).await?.map(End::Seat),
            Object::Account(id) => store.account(id).await?.map(End::Account),
            Object::Contact(id) => store.contact(id).await?.map(End::Contact),
            Object::Document(id) => store.document(id).await?.map(End::Document),
            Object::Request(id) => match store.contact_of_request(id).await? {
                Some(contact) => {
                    let request = store.request(contact, id).await?;
                    let found = request.zip(store.contact(contact).await?);
                    found.map(|(request, contact)| End::Request(request, contact))
                }
                None => None,
            },
            _ => {
                let detail = "expected the id of a document, contact, account, request, member, \
                              or of the company";
                return Err(Problem::bad_input("object", detail));
            }
        };
        let may = Action::AccessExplain;
        self.open(end, End::resource, may, may).map(crate::exchange::cx::Allowed::into_inner)
    }

    /// The contact whose access is asked about, for whoever may ask.
    async fn asked_contact(&self, id: ContactId) -> Result<Contact, Problem> {
        match self.end(id.into()).await? {
            End::Contact(contact) => Ok(contact),
            _ => Err(Problem::not_found()),
        }
    }

    /// The member whose access is asked about, for whoever may ask.
    async fn asked_member(&self, id: MemberId) -> Result<Member, Problem> {
        match self.end(id.into()).await? {
            End::Seat(member) => Ok(member),
            _ => Err(Problem::not_found()),
        }
    }
}

/// "Maya Lindt may download “SOC 2” now."
fn verdict(who: &str, allowed: bool, action: Action, end: &End, until: Option<String>) -> String {
    let deed = deed(action, end);
    match until {
        Some(until) if allowed => format!("{who} may {deed}, until {until}."),
        _ if allowed => format!("{who} may {deed}."),
        _ => format!("{who} may not {deed} now."),
    }
}

#[cfg(test)]
mod tests;
