//! What of a preview its caller may see: no more than the things themselves would show them.

use domain::activity::Object;
use domain::id::{AccountId, ContactId, DocumentId, MemberId, RequestId};
use policy::trust::{Action, Resource};

use crate::preview::compare::Change;
use crate::preview::scene::Scene;
use crate::staff::{contact_resource, document_resource};

/// The caller, looking at both pictures.
pub(crate) struct Eyes<'a> {
    pub(crate) before: &'a Scene,
    pub(crate) after: &'a Scene,
    /// Whether the caller may do an action to a resource.
    pub(crate) may: &'a (dyn Fn(Action, &Resource) -> bool + Sync),
}

impl Eyes<'_> {
    /// Whether the caller would learn of `change` by looking at what it is about.
    pub(crate) fn see(&self, change: &Change) -> bool {
        match *change {
            Change::Shared { contact_id, document_id, .. }
            | Change::Unshared { contact_id, document_id }
            | Change::ShareChanged { contact_id, document_id, .. }
            | Change::Opens { contact_id, document_id }
            | Change::Closes { contact_id, document_id } => {
                // Whoever sees who may open a document sees those people's names there.
                self.sees_document(document_id, Action::DocumentRead)
                    && (self.sees_contact(contact_id)
                        || self.sees_document(document_id, Action::DocumentAccess))
            }
            Change::ContactStatus { contact_id, .. }
            | Change::SignedOut { contact_id }
            | Change::ContactDeleted { contact_id } => self.sees_contact(contact_id),
            Change::AccountStatus { account_id, .. } | Change::AccountAccess { account_id, .. } => {
                self.sees_account(account_id)
            }
            Change::RequestStatus { request_id, .. } => self.sees_request(request_id),
            Change::LinkMade { document_id, .. }
            | Change::LinkOpens { document_id, .. }
            | Change::LinkStops { document_id, .. }
            | Change::LinkCloses { document_id, .. }
            | Change::LinkReplaced { document_id, .. } => {
                self.sees_document(document_id, Action::DocumentAccess)
            }
            Change::DocumentDeleted { document_id } | Change::AccessLevel { document_id, .. } => {
                self.sees_document(document_id, Action::DocumentRead)
            }
            Change::NdaPublished { .. } | Change::TrustPage { .. } => true,
            Change::MemberRole { member_id, .. }
            | Change::MemberSuspended { member_id, .. }
            | Change::MemberInvited { member_id, .. }
            | Change::MemberRemoved { member_id } => self.sees_member(member_id),
        }
    }

    /// Whether the caller would see a mail to `addressee`.
    pub(crate) fn see_mail_to(&self, addressee: Object) -> bool {
        match addressee {
            Object::Contact(id) => self.sees_contact(id),
            Object::Member(id) => self.sees_member(id),
            _ => false,
        }
    }

    fn may(&self, action: Action, resource: &Resource) -> bool {
        (self.may)(action, resource)
    }

    fn sees_document(&self, id: DocumentId, action: Action) -> bool {
        let document = self.before.documents.get(&id).or_else(|| self.after.documents.get(&id));
        document.is_some_and(|document| self.may(action, &document_resource(document)))
    }

    fn sees_contact(&self, id: ContactId) -> bool {
        let folder = self.before.folders.get(&id).or_else(|| self.after.folders.get(&id));
        folder
            .is_some_and(|folder| self.may(Action::ContactRead, &contact_resource(&folder.contact)))
    }

    /// Requests are read in their own list, or with the contact who made them.
    fn sees_request(&self, id: RequestId) -> bool {
        let is_theirs = |contact: ContactId| {
            let folder = self.after.folders.get(&contact);
            folder.is_some_and(|folder| folder.requests.iter().any(|request| request.id == id))
        };
        self.may(Action::RequestRead, &Resource::Request(id))
            || self.after.folders.keys().any(|id| is_theirs(*id) && self.sees_contact(*id))
    }

    fn sees_account(&self, id: AccountId) -> bool {
        self.may(Action::AccountRead, &Resource::Account(id))
    }

    fn sees_member(&self, id: MemberId) -> bool {
        self.may(Action::MemberRead, &Resource::Seat(id))
    }
}
