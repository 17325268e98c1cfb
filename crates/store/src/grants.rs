//! Grants: who may read what. A grant lies with its contact and is found again from its document.

use domain::account::Account;
use domain::activity::Object;
use domain::contact::Contact;
use domain::document::Document;
use domain::grant::Grant;
use domain::id::{AccountId, ContactId, DocumentId, Id};

use crate::change::{Change, Claim};
use crate::item::{Row, parse};
use crate::keys::{self, Key, Keys};
use crate::read::{Index, Order, Query, Span};
use crate::saved::Saved;
use crate::{Store, StoreError};

/// What opens one document to one contact, as one snapshot.
#[derive(Debug)]
pub struct Facts {
    /// The person.
    pub contact: Option<Contact>,
    /// The account that was asked for.
    pub account: Option<Account>,
    /// The document.
    pub document: Option<Document>,
    /// What may open it, ended or not.
    pub grant: Option<Grant>,
}

impl Store {
    /// Reads everything that opens `document` to `contact`, who was of `account` when last read.
    ///
    /// # Errors
    /// As every read.
    pub async fn facts(
        &self,
        contact: ContactId,
        account: Option<AccountId>,
        document: DocumentId,
    ) -> Result<Facts, StoreError> {
        let keys = Keys(self.tenant);
        let wanted = [
            keys.contact(contact),
            keys.account_or_none(account),
            keys.document(document),
            keys.grant(contact, document),
        ];
        let [contact, account, document, grant] =
            self.table.snapshot("read what opens a document", wanted).await?;
        Ok(Facts {
            contact: parse(contact)?,
            account: parse(account)?,
            document: parse(document)?,
            grant: parse(grant)?,
        })
    }

    /// The grants of one contact in the order of their documents, ended ones included, at most
    /// `limit` behind `after`.
    ///
    /// # Errors
    /// As every read.
    pub async fn grants_of_contact(
        &self,
        contact: ContactId,
        after: Option<DocumentId>,
        limit: usize,
    ) -> Result<Vec<Grant>, StoreError> {
        let keys = Keys(self.tenant);
        let after = after.map(|document| keys.grant(contact, document).sk);
        let query = Query {
            doing: "list the grants of a contact",
            index: Index::Table,
            partition: keys.contact(contact).pk,
            span: Span::prefix("grt#").after(after.as_deref(), Order::Ascending),
            order: Order::Ascending,
            limit,
        };
        self.table.query_as(&query).await
    }

    /// The grant of one document to one contact, ended ones included.
    ///
    /// # Errors
    /// As every read.
    pub async fn grant(
        &self,
        contact: ContactId,
        document: DocumentId,
    ) -> Result<Option<Grant>, StoreError> {
        self.table.get_as("read a grant", &Keys(self.tenant).grant(contact, document)).await
    }

    /// The grants of one contact for several documents, ended ones included.
    ///
    /// # Errors
    /// As every read.
    pub async fn grants(
        &self,
        contact: ContactId,
        documents: &[DocumentId],
    ) -> Result<Vec<Grant>, StoreError> {
        let keys: Vec<_> =
            documents.iter().map(|document| Keys(self.tenant).grant(contact, *document)).collect();
        self.table.batch_as("read grants", &keys).await
    }

    /// The grants of one document to several contacts, ended ones included.
    ///
    /// # Errors
    /// As every read.
    pub async fn grants_to(
        &self,
        document: DocumentId,
        contacts: &[ContactId],
    ) -> Result<Vec<Grant>, StoreError> {
        let keys: Vec<_> =
            contacts.iter().map(|contact| Keys(self.tenant).grant(*contact, document)).collect();
        self.table.batch_as("read grants", &keys).await
    }

    /// The grants of a document by contact, ended ones included, at most `limit` behind `cursor`.
    /// They are found through an index that may lag by seconds, and read as they are now.
    ///
    /// # Errors
    /// As every read.
    pub async fn grants_of_document(
        &self,
        document: DocumentId,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Grant>, StoreError> {
        let query = Query {
            doing: "list who may read a document",
            index: Index::Inverse,
            partition: Keys(self.tenant).about(Object::Document(document)),
            span: Span::prefix("grt#").after(cursor, Order::Ascending),
            order: Order::Ascending,
            limit,
        };
        let mut grants: Vec<Grant> = self.table.find_as(&query, "read grants").await?;
        grants.sort_by_key(|grant| grant.contact_id);
        Ok(grants)
    }

    /// The grant that a locator names.
    ///
    /// # Errors
    /// As every read.
    pub async fn grant_in(&self, key: &Key) -> Result<Option<Grant>, StoreError> {
        self.table.get_as("read a grant", key).await
    }
}

/// Where the page of a document's grants that ends with `contact` continues.
#[must_use]
pub fn grant_cursor(contact: ContactId) -> String {
    keys::grant_about(contact)
}

impl Change {
    /// Saves a grant in place of the version before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Grant`].
    pub fn save_grant(&mut self, grant: &Grant) -> Result<(), StoreError> {
        self.note(|| Saved::Grant(Box::new(grant.clone())));
        let row = Row::new(&self.keys.grant(grant.contact_id, grant.document_id), grant)?
            .inverse(
                self.keys.about(Object::Document(grant.document_id)),
                grant_cursor(grant.contact_id),
            )
            .due(grant.due_at(), grant.id.ulid());
        self.put_version(Claim::Grant(grant.document_id), row, grant.version)
    }

    /// Requires that the grant is as it was read.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Grant`].
    pub fn check_grant(&mut self, grant: &Grant) -> Result<(), StoreError> {
        let key = self.keys.grant(grant.contact_id, grant.document_id);
        self.check_version(Claim::Grant(grant.document_id), &key, grant.version)
    }
}
