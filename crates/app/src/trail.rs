//! Whose lines of the trail a member may read.
//!
//! Contacts, documents and accounts that were deleted keep their trail: it is the evidence that
//! outlives them, and whoever might read it before may read it after.

use domain::activity::{Activity, Object};
use domain::contact::Contact;
use policy::trust::{Action, Resource};
use store::StoreError;
use store::activities::Home;

use crate::cx::{Allowed, Cx};
use crate::problem::Problem;
use crate::staff::{Staff, contact_resource, document_resource};

/// Where the lines about one thing lie.
#[derive(Clone, Debug)]
pub struct Trail {
    /// Those that lie with it.
    pub home: Option<Home>,
    /// Those that lie elsewhere and are found by it.
    pub about: Option<Object>,
    /// The person that their personal values tell about.
    pub subject: Option<Contact>,
}

impl Cx<Staff> {
    /// Where the lines about `object` lie, for who may read them.
    ///
    /// # Errors
    /// [`crate::problem::Kind::NotFound`] for what is absent, not the member's to see, or has no
    /// trail of its own, [`crate::problem::Kind::Forbidden`] for what they see without its trail,
    /// or the table's.
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
                let home = Some(Home::Document(id));
                (Action::DocumentRead, resource, Trail { home, ..Trail::about(object) })
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

    /// The lines of a trail, newest first, at most `limit` behind the line `cursor`.
    ///
    /// # Errors
    /// The table's.
    pub async fn lines(
        &self,
        trail: &Allowed<Trail>,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Activity>, StoreError> {
        let store = self.store();
        let mut lines = match trail.home {
            Some(home) => store.activities_at(home, cursor, limit).await?,
            None => Vec::new(),
        };
        if let Some(object) = trail.about {
            lines.extend(store.activities_about(object, cursor, limit).await?);
            lines.sort_by_key(|line| std::cmp::Reverse(line.id));
            lines.dedup_by_key(|line| line.id);
            lines.truncate(limit);
        }
        Ok(lines)
    }
}

impl Trail {
    fn at(home: Home) -> Self {
        Self { home: Some(home), about: None, subject: None }
    }

    fn about(object: Object) -> Self {
        Self { home: None, about: Some(object), subject: None }
    }
}
