//! What of a preview its caller may see: no more than the things themselves would show them.

use domain::activity::Object;
use domain::id::{AccountId, ContactId, DocumentId, MemberId, RequestId};
use policy::trust::{Action, Principal, Resource, decide};

use crate::callers::staff::{contact_resource, document_resource};
use crate::preview::compare::Change;
use crate::preview::scene::Scene;

/// The caller, looking at both pictures.
pub(crate) struct Eyes<'a> {
    pub(crate) before: &'a Scene,
    pub(crate) after: &'a Scene,
    /// The caller; nobody who is no member.
    pub(crate) who: Option<&'a Principal>,
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
        self.who.is_some_and(|who| decide(who, action, resource).allowed)
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

#[cfg(test)]
mod tests {
    use domain::contact::ReviewStatus;
    use domain::document::AccessLevel;
    use domain::id::{LinkId, MailId};
    use domain::member::{Member, Role};
    use domain::request::Status;

    use super::*;
    use crate::callers::staff::principal_of;
    use crate::fixtures::{id, member, request};

    /// The sample, in which the contact asks for something.
    fn scene() -> Scene {
        let mut scene = Scene::sample();
        scene.lay_request(request());
        scene
    }

    /// What somebody sees of each kind of thing: shares, contacts, accounts, requests, links,
    /// documents, the company, other seats.
    fn sees(who: Option<&Principal>) -> [bool; 8] {
        let scene = scene();
        let eyes = Eyes { before: &scene, after: &scene, who };
        kinds().map(|changes| {
            let seen: Vec<bool> = changes.iter().map(|change| eyes.see(change)).collect();
            assert!(seen.iter().all(|one| *one == seen[0]), "{changes:?}: {seen:?}");
            seen[0]
        })
    }

    fn kinds() -> [Vec<Change>; 8] {
        let (contact_id, document_id) = (id(3), id(4));
        let (link_id, account_id, member_id): (LinkId, _, _) = (id(6), id(2), id(99));
        let (from, to) = (ReviewStatus::ToReview, ReviewStatus::Approved);
        let (was, is) = (AccessLevel::Public, AccessLevel::Nda);
        let (role, automatic) = (Role::Member, false);
        let moved = (Status::InReview, Status::Approved);
        [
            vec![
                Change::Shared { contact_id, document_id, expires_at: None },
                Change::Unshared { contact_id, document_id },
                Change::ShareChanged { contact_id, document_id, expires_at: None },
                Change::Opens { contact_id, document_id },
                Change::Closes { contact_id, document_id },
            ],
            vec![
                Change::ContactStatus { contact_id, from, to },
                Change::SignedOut { contact_id },
                Change::ContactDeleted { contact_id },
            ],
            vec![
                Change::AccountStatus { account_id, from, to },
                Change::AccountAccess { account_id, expires_at: None },
            ],
            vec![Change::RequestStatus {
                request_id: id(15),
                from: moved.0,
                to: moved.1,
                automatic,
            }],
            vec![
                Change::LinkMade { link_id, document_id },
                Change::LinkOpens { link_id, document_id },
                Change::LinkStops { link_id, document_id },
                Change::LinkCloses { link_id, document_id },
                Change::LinkReplaced { link_id, document_id },
            ],
            vec![
                Change::DocumentDeleted { document_id },
                Change::AccessLevel { document_id, from: was, to: is },
            ],
            vec![Change::NdaPublished { version: 2 }, Change::TrustPage { open: true }],
            vec![
                Change::MemberRole { member_id, from: role, to: role },
                Change::MemberSuspended { member_id, suspended: true },
                Change::MemberInvited { member_id, role },
                Change::MemberRemoved { member_id },
            ],
        ]
    }

    #[test]
    fn a_preview_shows_its_caller_what_the_things_themselves_would_show_them() {
        let seat = |number, role| principal_of(&Member { id: id(number), ..member(role) });
        let (yes, no) = (true, false);
        for (who, caller, expected) in [
            ("an administrator", seat(10, Role::Administrator), [yes; 8]),
            ("an account manager", seat(10, Role::AccountManager), [yes; 8]),
            ("anybody else", seat(10, Role::Member), [no, no, no, no, no, no, yes, no]),
            // Requests are read with the contact who made them.
            ("their owner", seat(11, Role::Member), [no, yes, no, yes, no, no, yes, no]),
            // Whoever sees who may open a document sees those people's names there.
            ("the uploader", seat(12, Role::Member), [yes, no, no, no, yes, yes, yes, no]),
            ("oneself", seat(99, Role::Member), [no, no, no, no, no, no, yes, yes]),
        ] {
            assert_eq!(sees(Some(&caller)), expected, "{who}");
        }
        assert_eq!(sees(None), [no, no, no, no, no, no, yes, no], "nobody who is no member");
    }

    #[test]
    fn what_is_in_neither_picture_is_seen_by_nobody_and_what_is_in_one_is_enough() {
        let (with, mut without) = (scene(), scene());
        without.folders.clear();
        without.documents.clear();
        let who = principal_of(&member(Role::Administrator));
        let contact = Change::SignedOut { contact_id: id(3) };
        let document = Change::DocumentDeleted { document_id: id(4) };
        for (before, after, expected) in
            [(&with, &without, true), (&without, &with, true), (&without, &without, false)]
        {
            let eyes = Eyes { before, after, who: Some(&who) };
            assert_eq!((eyes.see(&contact), eyes.see(&document)), (expected, expected));
        }
    }

    #[test]
    fn an_owner_does_not_see_what_others_ask_for() {
        let scene = scene();
        let owner = principal_of(&Member { id: id(11), ..member(Role::Member) });
        let eyes = Eyes { before: &scene, after: &scene, who: Some(&owner) };
        let (from, to, automatic) = (Status::InReview, Status::Approved, false);
        let others = Change::RequestStatus { request_id: id(150), from, to, automatic };
        assert!(!eyes.see(&others));
    }

    #[test]
    fn a_mail_is_seen_by_who_sees_its_reader() {
        let scene = scene();
        let to = |role, addressee: Object| {
            let who = principal_of(&member(role));
            Eyes { before: &scene, after: &scene, who: Some(&who) }.see_mail_to(addressee)
        };
        let (contact, seat) = (Object::Contact(id(3)), Object::Member(id(99)));
        assert!(to(Role::Administrator, contact) && to(Role::Administrator, seat));
        assert!(!to(Role::Member, contact) && !to(Role::Member, seat));
        assert!(to(Role::Member, Object::Member(id(10))), "one's own");
        let mail: MailId = id(1);
        assert!(!to(Role::Administrator, mail.into()), "nobody reads there");
    }
}
