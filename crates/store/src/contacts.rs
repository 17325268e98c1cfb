//! Contacts: the item itself, the lock on its address, its rows in lists, and the whole folder
//! that lies in its partition.

use domain::account::Account;
use domain::contact::Contact;
use domain::email::Email;
use domain::grant::Grant;
use domain::id::{ContactId, Id};
use domain::nda::NdaAcceptance;
use domain::request::Request;
use serde::{Deserialize, Serialize};

use crate::change::{Change, Claim};
use crate::item::{Item, Row};
use crate::keys::{ACTIVITY, Keys, SELF};
use crate::lists::{ContactRow, List};
use crate::read::{Index, Order, Query, Span};
use crate::saved::Saved;
use crate::{Store, StoreError};

/// Items one folder is read for at the most: grants, requests, acceptances, browsers.
const FOLDER_MAX: usize = 20_000;

#[derive(Serialize, Deserialize)]
struct AddressLock {
    contact_id: ContactId,
}

/// What lies in a contact's partition, as one strong read saw it.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The contact.
    pub contact: Contact,
    /// Every grant, ended ones included.
    pub grants: Vec<Grant>,
    /// Every request, oldest first.
    pub requests: Vec<Request>,
    /// Agreements accepted.
    pub acceptances: Vec<NdaAcceptance>,
}

impl ContactRow {
    /// The row of a new `contact` of `account`; what it shows besides follows off the stream.
    #[must_use]
    pub fn new(contact: &Contact, account: Option<&Account>) -> Self {
        Self {
            id: contact.id,
            email: contact.email.clone(),
            name: contact.full_name(),
            account_id: contact.account_id,
            account_name: account.map(|account| account.name.clone()),
            owner_id: contact.owner_id,
            status: contact.status,
            shared: 0,
            last_activity_at: None,
            created_at: contact.created_at,
            source_version: contact.version,
        }
    }
}

impl Store {
    /// One contact, deleted ones included.
    ///
    /// # Errors
    /// As every read.
    pub async fn contact(&self, id: ContactId) -> Result<Option<Contact>, StoreError> {
        self.table.get_as("read a contact", &Keys(self.tenant).contact(id)).await
    }

    /// Several contacts; absent ones are left out.
    ///
    /// # Errors
    /// As every read.
    pub async fn contacts_of(&self, ids: &[ContactId]) -> Result<Vec<Contact>, StoreError> {
        let keys: Vec<_> = ids.iter().map(|id| Keys(self.tenant).contact(*id)).collect();
        self.table.batch_as("read contacts", &keys).await
    }

    /// The contact whose address this is.
    ///
    /// # Errors
    /// As every read.
    pub async fn contact_at(&self, email: &Email) -> Result<Option<ContactId>, StoreError> {
        let key = Keys(self.tenant).address(email);
        let lock: Option<AddressLock> = self.table.get_as("find an address", &key).await?;
        Ok(lock.map(|lock| lock.contact_id))
    }

    /// Everything in a contact's partition but the trail: one query.
    ///
    /// # Errors
    /// As every read.
    pub async fn folder(&self, id: ContactId) -> Result<Option<Folder>, StoreError> {
        let query = Query {
            doing: "read a contact's folder",
            index: Index::Table,
            partition: Keys(self.tenant).contact(id).pk,
            span: Span::below(ACTIVITY),
            order: Order::Ascending,
            limit: FOLDER_MAX,
        };
        let items = self.table.query_all(&query).await?;
        let Some(contact) = items.iter().find(|item| item.sk() == SELF) else {
            return Ok(None);
        };
        Ok(Some(Folder {
            contact: contact.parse()?,
            grants: parse_all(&items, "grt#")?,
            requests: parse_all(&items, "req#")?,
            acceptances: parse_all(&items, "nda#")?,
        }))
    }
}

fn parse_all<T: serde::de::DeserializeOwned>(
    items: &[Item],
    prefix: &str,
) -> Result<Vec<T>, StoreError> {
    items.iter().filter(|item| item.sk().starts_with(prefix)).map(Item::parse).collect()
}

impl Change {
    /// Makes a contact: the item, the lock on its address, a row in every list it belongs to.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`] and [`Claim::Email`].
    pub fn create_contact(
        &mut self,
        contact: &Contact,
        row: &ContactRow,
    ) -> Result<(), StoreError> {
        self.save_contact(contact)?;
        if let Some(email) = &contact.email {
            self.take_address(contact.id, email)?;
        }
        lists_of(contact).into_iter().try_for_each(|list| self.put_row(list, row))
    }

    /// Saves a contact in place of the version before; rows follow off the stream.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn save_contact(&mut self, contact: &Contact) -> Result<(), StoreError> {
        self.note(|| Saved::Contact(Box::new(contact.clone())));
        let row = Row::new(&self.keys.contact(contact.id), contact)?
            .due(contact.erased_at(), contact.id.ulid());
        self.put_version(Claim::Version, row, contact.version)
    }

    /// Puts a contact into the lists it came to belong to and takes it out of those it left.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn move_contact(
        &mut self,
        before: &Contact,
        after: &Contact,
        row: &ContactRow,
    ) -> Result<(), StoreError> {
        let (left, joined) = (lists_of(before), lists_of(after));
        for list in left.iter().filter(|list| !joined.contains(list)) {
            self.drop_row(*list, before.id.ulid())?;
        }
        for list in joined.iter().filter(|list| !left.contains(list)) {
            self.put_row(*list, row)?;
        }
        Ok(())
    }

    /// Takes a free address.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Email`].
    pub fn take_address(&mut self, contact: ContactId, email: &Email) -> Result<(), StoreError> {
        let lock = AddressLock { contact_id: contact };
        self.put_new(Claim::Email, Row::new(&self.keys.address(email), &lock)?)
    }

    /// Leaves an address to others.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn leave_address(&mut self, email: &Email) -> Result<(), StoreError> {
        let key = self.keys.address(email);
        self.delete(&key)
    }

    /// Requires that the contact is as it was read.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Gate`].
    pub fn check_contact(&mut self, contact: &Contact) -> Result<(), StoreError> {
        let key = self.keys.contact(contact.id);
        self.check_version(Claim::Gate, &key, contact.version)
    }

    /// Records that the contact accepted a text of the agreement.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::New`].
    pub fn accept_nda(
        &mut self,
        contact: ContactId,
        acceptance: &NdaAcceptance,
    ) -> Result<(), StoreError> {
        let key = self.keys.acceptance(contact, acceptance.version);
        self.put_new(Claim::New, Row::new(&key, acceptance)?)
    }
}

/// The lists a contact belongs to, or their twins once it is archived; none once it is deleted.
#[must_use]
pub fn lists_of(contact: &Contact) -> Vec<List> {
    if contact.deleted_at.is_some() {
        return Vec::new();
    }
    let account = contact.account_id.map(List::ContactsOfAccount);
    let owner = contact.owner_id.map(List::ContactsOfOwner);
    let lists = [Some(List::Contacts), account, owner].into_iter().flatten();
    lists.map(|list| list.holding(contact)).collect()
}
