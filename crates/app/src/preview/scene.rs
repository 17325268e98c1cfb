//! What a change is about, as it is or as it would be: the contacts concerned with everything of
//! theirs, their accounts, the documents, the company.

use std::collections::{BTreeMap, BTreeSet};

use domain::account::Account;
use domain::activity::Object;
use domain::contact::Contact;
use domain::document::Document;
use domain::grant::Grant;
use domain::id::{AccountId, ContactId, DocumentId, LinkId, MemberId};
use domain::link::Link;
use domain::member::Member;
use domain::outbox::Mail;
use domain::request::Status;
use domain::tenant::Tenant;
use store::contacts::Folder;
use store::lists::{ContactRow, List, Page, RequestRow};
use store::read::Order;
use store::saved::Saved;
use store::{Store, StoreError};

use crate::preview::CONTACTS_MAX;

/// Requests of one status that are looked through for a document that goes.
const REQUESTS_MAX: usize = 200;
/// Guest links of one contact or document that a preview looks at.
const LINKS_MAX: usize = 100;

/// A picture of everything concerned.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) tenant: Option<Tenant>,
    pub(crate) folders: BTreeMap<ContactId, Folder>,
    pub(crate) accounts: BTreeMap<AccountId, Account>,
    pub(crate) documents: BTreeMap<DocumentId, Document>,
    pub(crate) members: BTreeMap<MemberId, Member>,
    pub(crate) links: BTreeMap<LinkId, Link>,
    /// Whether everybody concerned is in it.
    pub(crate) complete: bool,
}

impl Scene {
    /// What is there now of everything that `saved` concerns.
    pub(crate) async fn around(store: &Store, saved: &[Saved]) -> Result<Self, StoreError> {
        let mut scene = Self {
            tenant: store.own_tenant().await?,
            folders: BTreeMap::new(),
            accounts: BTreeMap::new(),
            documents: BTreeMap::new(),
            members: BTreeMap::new(),
            links: BTreeMap::new(),
            complete: true,
        };
        let mut contacts = scene.concerned(store, saved).await?;
        if CONTACTS_MAX < contacts.len() {
            scene.complete = false;
            contacts = contacts.into_iter().take(CONTACTS_MAX).collect();
        }
        for id in contacts {
            if let Some(folder) = store.folder(id).await? {
                scene.folders.insert(id, folder);
            }
        }
        scene.read_links(store, saved).await?;
        scene.read_accounts(store, saved).await?;
        scene.read_documents(store, saved).await?;
        Ok(scene)
    }

    /// The contacts that `saved` concerns.
    async fn concerned(
        &mut self,
        store: &Store,
        saved: &[Saved],
    ) -> Result<BTreeSet<ContactId>, StoreError> {
        let mut contacts = BTreeSet::new();
        for saved in saved {
            match saved {
                Saved::Contact(contact) => drop(contacts.insert(contact.id)),
                Saved::Grant(grant) => drop(contacts.insert(grant.contact_id)),
                Saved::Link(link) => contacts.extend(link.contact_id),
                Saved::Request(request) => drop(contacts.insert(request.contact_id)),
                Saved::Account(account) => contacts.extend(self.people_of(store, account).await?),
                Saved::Document(document) => {
                    contacts.extend(self.readers_of(store, document).await?);
                }
                Saved::Member(member) => {
                    if let Some(found) = store.member(member.id).await? {
                        self.members.insert(found.id, found);
                    }
                }
                Saved::Mail(mail) => {
                    if let Some(Object::Contact(contact)) = mail.purpose.addressee() {
                        contacts.insert(contact);
                    }
                }
                Saved::Tenant(_) => {}
            }
        }
        Ok(contacts)
    }

    async fn people_of(
        &mut self,
        store: &Store,
        account: &Account,
    ) -> Result<Vec<ContactId>, StoreError> {
        let page = Page { order: Order::Ascending, cursor: None, limit: CONTACTS_MAX + 1 };
        let mut people = Vec::new();
        for list in List::ContactsOfAccount(account.id).with_archived() {
            let rows: Vec<ContactRow> = store.list_by_creation(list, None, &page).await?;
            people.extend(rows.into_iter().map(|row| row.id));
        }
        Ok(people)
    }

    /// Whoever was given a document, and whoever asks for it if it goes.
    async fn readers_of(
        &mut self,
        store: &Store,
        document: &Document,
    ) -> Result<Vec<ContactId>, StoreError> {
        let grants = store.grants_of_document(document.id, None, CONTACTS_MAX + 1).await?;
        let mut contacts: Vec<ContactId> = grants.iter().map(|grant| grant.contact_id).collect();
        if document.deleted_at.is_none() {
            return Ok(contacts);
        }
        for status in Status::ALL.into_iter().filter(|status| status.is_pending()) {
            let page = Page { order: Order::Ascending, cursor: None, limit: REQUESTS_MAX + 1 };
            let group = Some(status.as_str());
            let rows: Vec<RequestRow> =
                store.list_by_creation(List::Requests, group, &page).await?;
            self.complete &= rows.len() <= REQUESTS_MAX;
            for row in rows {
                let request = store.request(row.contact_id, row.id).await?;
                let names = |request: domain::request::Request| {
                    request.items.iter().any(|item| item.document_id == document.id)
                };
                if request.is_some_and(names) {
                    contacts.push(row.contact_id);
                }
            }
        }
        Ok(contacts)
    }

    /// The guest links of everybody and everything concerned.
    async fn read_links(&mut self, store: &Store, saved: &[Saved]) -> Result<(), StoreError> {
        let mut links = Vec::new();
        for id in self.folders.keys() {
            links.extend(store.links_to(*id, LINKS_MAX).await?);
        }
        for saved in saved {
            match saved {
                Saved::Document(document) => {
                    links.extend(store.links_of(document.id, None, LINKS_MAX).await?);
                }
                Saved::Link(link) => links.extend(store.link(link.document_id, link.id).await?),
                _ => {}
            }
        }
        self.links = links.into_iter().map(|link| (link.id, link)).collect();
        Ok(())
    }

    async fn read_accounts(&mut self, store: &Store, saved: &[Saved]) -> Result<(), StoreError> {
        let of_contacts = self.folders.values().filter_map(|folder| folder.contact.account_id);
        let of_saved = saved.iter().filter_map(|saved| match saved {
            Saved::Account(account) => Some(account.id),
            Saved::Contact(contact) => contact.account_id,
            _ => None,
        });
        let ids: BTreeSet<AccountId> = of_contacts.chain(of_saved).collect();
        let accounts = store.accounts_of(&Vec::from_iter(ids)).await?;
        self.accounts = accounts.into_iter().map(|account| (account.id, account)).collect();
        Ok(())
    }

    async fn read_documents(&mut self, store: &Store, saved: &[Saved]) -> Result<(), StoreError> {
        let granted = self.folders.values().flat_map(|folder| &folder.grants);
        let of_saved = saved.iter().filter_map(|saved| match saved {
            Saved::Document(document) => Some(document.id),
            Saved::Grant(grant) => Some(grant.document_id),
            Saved::Link(link) => Some(link.document_id),
            _ => None,
        });
        let linked = self.links.values().map(|link| link.document_id);
        let granted = granted.map(|grant: &Grant| grant.document_id);
        let ids: BTreeSet<DocumentId> = granted.chain(of_saved).chain(linked).collect();
        let documents = store.documents_of(&Vec::from_iter(ids)).await?;
        self.documents = documents.into_iter().map(|document| (document.id, document)).collect();
        Ok(())
    }

    /// Lays what would be saved over what is there, and hands back the mails among it.
    pub(crate) fn lay(&mut self, saved: &[Saved]) -> Vec<Mail> {
        let mut mails = Vec::new();
        for saved in saved {
            match saved {
                Saved::Contact(contact) => {
                    let contact = (**contact).clone();
                    match self.folders.get_mut(&contact.id) {
                        Some(folder) => folder.contact = contact,
                        None => drop(self.folders.insert(contact.id, empty(contact))),
                    }
                }
                Saved::Account(account) => {
                    self.accounts.insert(account.id, (**account).clone());
                }
                Saved::Document(document) => {
                    self.documents.insert(document.id, (**document).clone());
                }
                Saved::Grant(grant) => self.lay_grant((**grant).clone()),
                Saved::Link(link) => drop(self.links.insert(link.id, (**link).clone())),
                Saved::Request(request) => self.lay_request((**request).clone()),
                Saved::Tenant(tenant) => self.tenant = Some((**tenant).clone()),
                Saved::Member(member) => {
                    self.members.insert(member.id, (**member).clone());
                }
                Saved::Mail(mail) => mails.push((**mail).clone()),
            }
        }
        mails
    }

    fn lay_grant(&mut self, grant: Grant) {
        let Some(folder) = self.folders.get_mut(&grant.contact_id) else { return };
        let before = folder.grants.iter_mut().find(|old| old.document_id == grant.document_id);
        match before {
            Some(old) => *old = grant,
            None => folder.grants.push(grant),
        }
    }

    pub(crate) fn lay_request(&mut self, request: domain::request::Request) {
        let Some(folder) = self.folders.get_mut(&request.contact_id) else { return };
        match folder.requests.iter_mut().find(|old| old.id == request.id) {
            Some(old) => *old = request,
            None => folder.requests.push(request),
        }
    }

    /// The account of a contact of the scene.
    pub(crate) fn account_of(&self, contact: &Contact) -> Option<&Account> {
        contact.account_id.and_then(|id| self.accounts.get(&id))
    }
}

/// The folder of a contact that is new.
fn empty(contact: Contact) -> Folder {
    Folder { contact, grants: Vec::new(), requests: Vec::new(), acceptances: Vec::new() }
}

#[cfg(test)]
impl Scene {
    /// A picture of the contact with the document shared, their company, a member and their link.
    pub(super) fn sample() -> Self {
        use domain::document::AccessLevel;
        use domain::member::Role;

        use crate::fixtures::{account, document, folder, id, link, member, tenant};

        Self {
            tenant: Some(tenant()),
            folders: [(id(3), folder())].into(),
            accounts: [(id(2), account())].into(),
            documents: [(id(4), document(AccessLevel::Restricted))].into(),
            members: [(id(10), member(Role::Member))].into(),
            links: [(id(6), link())].into(),
            complete: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::member::Role;
    use domain::outbox::purpose::Purpose;

    use super::*;
    use crate::fixtures::{NOW, account, contact, grant, id, link, member, request, tenant};

    fn laid(saved: Saved) -> Scene {
        let mut scene = Scene::sample();
        assert_eq!(scene.lay(&[saved]), []);
        scene
    }

    #[test]
    fn what_would_be_saved_lies_over_what_is_there() {
        let scene = laid(Saved::Contact(Box::new(Contact { version: 2, ..contact() })));
        let folder = &scene.folders[&id(3)];
        assert_eq!((folder.contact.version, folder.grants.len()), (2, 1), "the folder stays");
        let scene = laid(Saved::Account(Box::new(Account { version: 2, ..account() })));
        assert_eq!(scene.accounts[&id(2)].version, 2);
        let document = Scene::sample().documents[&id(4)].clone();
        let scene = laid(Saved::Document(Box::new(Document { version: 2, ..document })));
        assert_eq!(scene.documents[&id(4)].version, 2);
        let scene = laid(Saved::Link(Box::new(Link { version: 2, ..link() })));
        assert_eq!(scene.links[&id(6)].version, 2);
        let scene = laid(Saved::Tenant(Box::new(Tenant { version: 2, ..tenant() })));
        assert_eq!(scene.tenant.map(|tenant| tenant.version), Some(2));
        let newcomer = Member { id: id(99), ..member(Role::Member) };
        let scene = laid(Saved::Member(Box::new(newcomer)));
        assert_eq!(scene.members.len(), 2);
    }

    #[test]
    fn a_contact_who_is_new_has_an_empty_folder() {
        let scene = laid(Saved::Contact(Box::new(Contact { id: id(30), ..contact() })));
        let folder = &scene.folders[&id(30)];
        assert!(folder.grants.is_empty() && folder.requests.is_empty());
        assert_eq!(scene.folders.len(), 2);
    }

    #[test]
    fn a_grant_replaces_the_one_on_the_same_document_and_joins_the_others() {
        let grants = |grant: Grant| {
            let scene = laid(Saved::Grant(Box::new(grant)));
            let grants = &scene.folders[&id(3)].grants;
            grants.iter().map(|grant| (grant.document_id, grant.version)).collect::<Vec<_>>()
        };
        assert_eq!(grants(Grant { version: 2, ..grant() }), [(id(4), 2)]);
        assert_eq!(grants(Grant { document_id: id(40), ..grant() }), [(id(4), 1), (id(40), 1)]);
        assert_eq!(grants(Grant { contact_id: id(30), version: 2, ..grant() }), [(id(4), 1)]);
    }

    #[test]
    fn a_request_replaces_itself_and_joins_the_others() {
        let mut scene = Scene::sample();
        let status = |scene: &Scene| {
            let requests = &scene.folders[&id(3)].requests;
            requests.iter().map(|request| (request.id, request.version)).collect::<Vec<_>>()
        };
        scene.lay_request(request());
        scene
            .lay(&[Saved::Request(Box::new(domain::request::Request { version: 2, ..request() }))]);
        scene.lay_request(domain::request::Request { id: id(16), ..request() });
        scene.lay_request(domain::request::Request { contact_id: id(30), id: id(17), ..request() });
        assert_eq!(status(&scene), [(id(15), 2), (id(16), 1)]);
    }

    #[test]
    fn mails_are_handed_back_in_their_order() {
        let mail = |number| {
            let purpose = Purpose::Code { challenge_id: id(number) };
            Mail::new(purpose, NOW, NOW)
        };
        let saved = [Saved::Mail(Box::new(mail(1))), Saved::Mail(Box::new(mail(2)))];
        assert_eq!(Scene::sample().lay(&saved), [mail(1), mail(2)]);
    }

    #[test]
    fn a_contact_works_for_the_account_they_name() {
        let scene = Scene::sample();
        assert_eq!(scene.account_of(&contact()).map(|account| account.id), Some(id(2)));
        for account_id in [None, Some(id(20))] {
            assert!(scene.account_of(&Contact { account_id, ..contact() }).is_none());
        }
    }
}
