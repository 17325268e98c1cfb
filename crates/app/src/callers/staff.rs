//! Members, signed in and with a company chosen, and everything they reach.
//!
//! Reading is authorising: each method reads the thing, decides, and answers 404 for what is
//! absent or not theirs to see and 403 for what they see but may not do.

use std::sync::Arc;

use domain::account::Account;
use domain::activity::Actor;
use domain::contact::Contact;
use domain::document::{Document, File, FileState};
use domain::id::{AccountId, ContactId, DocumentId, FileId, MemberId, RequestId, TenantId};
use domain::member::{Identity, Member};
use domain::request::Request;
use domain::session::{Chosen, Session};
use domain::tenant::Tenant;
use jiff::Timestamp;
use policy::trust::{Action, Principal as Who, Resource, decide};
use store::Store;
use store::contacts::Folder;
use store::identities::SessionFacts;

use crate::exchange::cx::{Allowed, Cx, Principal, Visit};
use crate::exchange::problem::{Kind, Problem};
use crate::house::House;
use crate::house::cookie;
use crate::house::keyring::sha256_hex;
use crate::house::token::SessionCookie;

/// Somebody signed in, with or without a company chosen.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub identity: Identity,
    /// In which session.
    pub session: Session,
    /// SHA-256 of the session's secret.
    pub sha: String,
    /// The company and seat chosen, if any.
    pub seat: Option<(Tenant, Member)>,
}

/// A member of the company they chose.
#[derive(Debug)]
pub struct Staff {
    /// Which company.
    pub tenant: Tenant,
    /// From which seat.
    pub member: Member,
    /// In which session.
    pub session: Session,
}

impl SignedIn {
    /// The company and seat that they speak for now. A seat that was taken away, or is another one
    /// since it was chosen, must be chosen anew.
    #[must_use]
    pub fn chosen(&self) -> Option<Chosen> {
        self.session.seat.filter(|_| self.seat.is_some())
    }

    /// Whoever bears `cookie`, if what was read about them is as it says and the session stands.
    fn known(cookie: &SessionCookie, sha: String, of: SessionFacts, at: Timestamp) -> Option<Self> {
        let (session, identity) = of.session.zip(of.identity)?;
        let is_its_own = session.identity_id == identity.id && session.seat == cookie.seat;
        if !is_its_own || !session.stands(identity.epoch, at) {
            return None;
        }
        let sits = |(_, member): &(Tenant, Member)| {
            member.identity_id == identity.id
                && member.is_in_use()
                && member.epoch == session.seat_epoch
        };
        let seat = of.tenant.zip(of.member).filter(sits);
        Some(Self { identity, session, sha, seat })
    }
}

impl Principal for SignedIn {
    const SECURITY: Option<&'static str> = Some("session");

    async fn enter(house: &Arc<House>, visit: &Visit, now: Timestamp) -> Result<Self, Problem> {
        let sign_in = || Problem::new(Kind::SignIn, "Your session is over, or there was none.");
        let cookie = visit.cookie(cookie::SESSION).ok_or_else(sign_in)?;
        let cookie = SessionCookie::verify(&house.keys, cookie).ok_or_else(sign_in)?;
        let sha = sha256_hex(&cookie.secret);
        let facts = match cookie.seat {
            Some(Chosen { tenant_id, member_id }) => {
                house.table.session_in_seat(&sha, cookie.identity, tenant_id, member_id).await?
            }
            None => house.table.session(&sha, cookie.identity).await?,
        };
        let known = Self::known(&cookie, sha, facts, now).ok_or_else(sign_in)?;
        if known.session.wants_touch(now) {
            house.table.touch_session(&known.sha, now).await?;
        }
        Ok(known)
    }

    fn actor(&self) -> Actor {
        self.seat.as_ref().map_or(Actor::Anyone, |(_, member)| Actor::Member(member.id))
    }

    fn tenant(&self) -> Option<TenantId> {
        self.seat.as_ref().map(|(tenant, _)| tenant.id)
    }

    fn repeats_as(&self, _: &Visit) -> String {
        self.identity.id.to_string()
    }
}

impl Principal for Staff {
    const SECURITY: Option<&'static str> = Some("session");

    async fn enter(house: &Arc<House>, visit: &Visit, now: Timestamp) -> Result<Self, Problem> {
        let SignedIn { session, seat, .. } = SignedIn::enter(house, visit, now).await?;
        let (tenant, member) = seat.ok_or_else(|| {
            let detail = "Choose a company by `POST /v1/sessions/current/tenant`.";
            Problem::new(Kind::ChooseTenant, detail)
        })?;
        Ok(Self { tenant, member, session })
    }

    fn actor(&self) -> Actor {
        Actor::Member(self.member.id)
    }

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant.id)
    }

    fn eyes(&self) -> Option<Who> {
        Some(principal_of(&self.member))
    }

    fn repeats_as(&self, _: &Visit) -> String {
        self.member.id.to_string()
    }
}

/// A request with the person who made it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The request.
    pub request: Request,
    /// Who asks.
    pub contact: Contact,
}

/// A file with its document.
#[derive(Clone, Debug)]
pub struct Filed {
    /// The document.
    pub document: Document,
    /// The file.
    pub file: File,
}

/// A document as policies see it.
#[must_use]
pub fn document_resource(document: &Document) -> Resource {
    Resource::Document(policy::trust::Document {
        id: document.id,
        uploader: document.uploader_id,
        access_level: document.access_level,
        published: document.published.is_some(),
    })
}

/// A member as policies see them.
pub(crate) fn principal_of(member: &Member) -> Who {
    Who::Member(policy::trust::Member {
        id: member.id,
        role: member.role,
        external_communications: member.external_communications,
    })
}

pub(crate) fn contact_resource(contact: &Contact) -> Resource {
    Resource::Contact { id: contact.id, owner: contact.owner_id }
}

impl Cx<Staff> {
    /// The store of the member's company.
    #[must_use]
    pub fn store(&self) -> Store {
        self.store_of(self.who.tenant.id)
    }

    /// Whether the member may do `action` to `resource`.
    #[must_use]
    pub fn may(&self, action: Action, resource: &Resource) -> bool {
        decide(&principal_of(&self.who.member), action, resource).allowed
    }

    /// Refuses unless the member may do `action` to `resource`, which they see.
    ///
    /// # Errors
    /// [`Kind::Forbidden`].
    pub fn allow(&self, action: Action, resource: &Resource) -> Result<(), Problem> {
        self.decided(action, resource).map(drop)
    }

    /// Refuses unless the member may do `action` to their company: its settings, its lists, what
    /// is made new in it.
    ///
    /// # Errors
    /// [`Kind::Forbidden`].
    pub fn allow_here(&self, action: Action) -> Result<(), Problem> {
        self.allow(action, &Resource::Tenant(self.who.tenant.id))
    }

    pub(crate) fn decided(
        &self,
        action: Action,
        resource: &Resource,
    ) -> Result<Vec<&'static str>, Problem> {
        let decision = decide(&principal_of(&self.who.member), action, resource);
        tracing::debug!(action = action.as_str(), allowed = decision.allowed, policies = ?decision.policies, "decided");
        if decision.allowed {
            Ok(decision.policies)
        } else {
            Err(Problem::new(Kind::Forbidden, "Your role does not allow this."))
        }
    }

    /// Decides on a thing that was read: unseen is absent, seen may still be forbidden.
    pub(crate) fn open<T>(
        &self,
        thing: Option<T>,
        resource: impl FnOnce(&T) -> Resource,
        read: Action,
        action: Action,
    ) -> Result<Allowed<T>, Problem> {
        let thing = thing.ok_or_else(Problem::not_found)?;
        let resource = resource(&thing);
        if !self.may(read, &resource) {
            return Err(Problem::not_found());
        }
        self.decided(action, &resource).map(|policies| Allowed::new(thing, policies))
    }

    /// A contact, to do `action` with.
    ///
    /// # Errors
    /// [`Kind::NotFound`], [`Kind::Forbidden`], or the table's.
    pub async fn contact(
        &self,
        id: ContactId,
        action: Action,
    ) -> Result<Allowed<Contact>, Problem> {
        let contact = self.store().contact(id).await?;
        let contact = contact.filter(|contact| contact.deleted_at.is_none());
        self.open(contact, contact_resource, Action::ContactRead, action)
    }

    /// A contact with everything in its folder, to do `action` with: one query.
    ///
    /// # Errors
    /// [`Kind::NotFound`], [`Kind::Forbidden`], or the table's.
    pub async fn folder(&self, id: ContactId, action: Action) -> Result<Allowed<Folder>, Problem> {
        let folder = self.store().folder(id).await?;
        let folder = folder.filter(|folder| folder.contact.deleted_at.is_none());
        let resource = |folder: &Folder| contact_resource(&folder.contact);
        self.open(folder, resource, Action::ContactRead, action)
    }

    /// A contact that was just made or read, to do `action` with.
    ///
    /// # Errors
    /// [`Kind::Forbidden`].
    pub fn allow_contact(&self, contact: &Contact, action: Action) -> Result<(), Problem> {
        self.allow(action, &contact_resource(contact))
    }

    /// Whether the member may set a status on `contact`.
    #[must_use]
    pub fn may_set_status(&self, contact: &Contact) -> bool {
        self.may(Action::ContactSetStatus, &contact_resource(contact))
    }

    /// A contact's account, if it has one. Whoever may act on the contact may know its company.
    ///
    /// # Errors
    /// The table's.
    pub async fn account_of(&self, contact: &Contact) -> Result<Option<Account>, Problem> {
        match contact.account_id {
            Some(id) => Ok(self.store().account(id).await?),
            None => Ok(None),
        }
    }

    /// An account, to do `action` with.
    ///
    /// # Errors
    /// [`Kind::NotFound`], [`Kind::Forbidden`], or the table's.
    pub async fn account(
        &self,
        id: AccountId,
        action: Action,
    ) -> Result<Allowed<Account>, Problem> {
        let account = self.store().account(id).await?;
        let account = account.filter(|account| account.deleted_at.is_none());
        // Naming an account is all that some may do with it; it is then what they see of it.
        let read = if action == Action::AccountAttach { action } else { Action::AccountRead };
        self.open(account, |account| Resource::Account(account.id), read, action)
    }

    /// A document, to do `action` with.
    ///
    /// # Errors
    /// [`Kind::NotFound`], [`Kind::Forbidden`], or the table's.
    pub async fn document(
        &self,
        id: DocumentId,
        action: Action,
    ) -> Result<Allowed<Document>, Problem> {
        let document = self.store().document(id).await?;
        let document = document.filter(|document| document.deleted_at.is_none());
        self.open(document, document_resource, Action::DocumentRead, action)
    }

    /// Several documents, each to do `action` with, in the order asked.
    ///
    /// # Errors
    /// [`Kind::BadInput`] that points at the first that is absent or not the member's to see,
    /// [`Kind::Forbidden`], or the table's.
    pub async fn documents(
        &self,
        ids: &[(String, DocumentId)],
        action: Action,
    ) -> Result<Vec<Document>, Problem> {
        let wanted: Vec<DocumentId> = ids.iter().map(|(_, id)| *id).collect();
        let mut found = self.store().documents_of(&wanted).await?;
        found.retain(|document| document.deleted_at.is_none());
        ids.iter()
            .map(|(pointer, id)| {
                let document = found.iter().find(|document| document.id == *id).cloned();
                self.open(document, document_resource, Action::DocumentRead, action)
                    .map(Allowed::into_inner)
                    .map_err(|problem| match problem.kind {
                        Kind::NotFound => {
                            Problem::bad_input(pointer.clone(), format!("there is no `{id}`"))
                        }
                        _ => problem,
                    })
            })
            .collect()
    }

    /// A file with its document, to do `action` with the document.
    ///
    /// # Errors
    /// [`Kind::NotFound`], [`Kind::Forbidden`], or the table's.
    pub async fn file(&self, id: FileId, action: Action) -> Result<Allowed<Filed>, Problem> {
        let found = self.store().document_of_file(id).await?;
        let found = found
            .map(|(document, file)| Filed { document, file })
            .filter(|filed| filed.document.deleted_at.is_none())
            .filter(|filed| filed.file.state != FileState::Deleted);
        let resource = |filed: &Filed| document_resource(&filed.document);
        self.open(found, resource, Action::DocumentRead, action)
    }

    /// A request with the person who made it, to do `action` with.
    ///
    /// # Errors
    /// [`Kind::NotFound`], [`Kind::Forbidden`], or the table's.
    pub async fn request(&self, id: RequestId, action: Action) -> Result<Allowed<Asked>, Problem> {
        let store = self.store();
        let found = match store.contact_of_request(id).await? {
            Some(contact) => {
                let (request, contact) =
                    (store.request(contact, id).await?, store.contact(contact).await?);
                request.zip(contact).map(|(request, contact)| Asked { request, contact })
            }
            None => None,
        };
        let resource = |asked: &Asked| Resource::Request(asked.request.id);
        self.open(found, resource, Action::RequestRead, action)
    }

    /// A member of the company, to do `action` with.
    ///
    /// # Errors
    /// [`Kind::NotFound`], [`Kind::Forbidden`], or the table's.
    pub async fn member(&self, id: MemberId, action: Action) -> Result<Allowed<Member>, Problem> {
        let member = self.store().member(id).await?;
        let member = member.filter(|member| member.removal.is_none());
        self.open(member, |member| Resource::Seat(member.id), Action::MemberRead, action)
    }
}

#[cfg(test)]
mod tests;
