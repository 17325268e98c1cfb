//! Guest links, where they are found, and everything that a decision about one is made from.

use domain::account::Account;
use domain::activity::Object;
use domain::contact::Contact;
use domain::document::Document;
use domain::grant::Grant;
use domain::id::{AccountId, ContactId, DocumentId, Id, LinkId, TenantId};
use domain::link::guest::Guest;
use domain::link::{Around, Link};
use domain::tenant::Tenant;
use serde::{Deserialize, Serialize};

use crate::change::{Change, Claim};
use crate::item::{Row, parse};
use crate::keys::{self, Keys};
use crate::read::{Index, Order, Query, Span};
use crate::saved::Saved;
use crate::{Store, StoreError, Table};

/// Where a link is found by its id alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locator {
    /// Whose link.
    pub tenant_id: TenantId,
    /// Which document it opens.
    pub document_id: DocumentId,
}

/// Who is read along with a link: whoever it is for, as far as the caller knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Along<'a> {
    /// The contact.
    pub contact: Option<ContactId>,
    /// The contact's account when last read, which may have changed since.
    pub account: Option<AccountId>,
    /// Keyed hash of the browser on the link, if there is one.
    pub device: Option<&'a str>,
    /// The child document of whoever the browser speaks for.
    pub child: Option<DocumentId>,
}

/// A link with everything that a decision about it is made from, as one snapshot.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The company.
    pub tenant: Tenant,
    /// What the link opens.
    pub document: Document,
    /// The link.
    pub link: Link,
    /// The contact that was asked for.
    pub contact: Option<Contact>,
    /// The account that was asked for.
    pub account: Option<Account>,
    /// What opens the document to the contact, ended or not.
    pub grant: Option<Grant>,
    /// The browser that was asked for.
    pub device: Option<Guest>,
    /// The document of the browser's contact alone, where each guest gets one.
    pub child: Option<Document>,
}

impl Linked {
    /// What the link is judged by.
    #[must_use]
    pub fn around(&self) -> Around<'_> {
        Around {
            tenant: &self.tenant,
            document: &self.document,
            contact: self.contact.as_ref(),
            account: self.account.as_ref(),
            grant: self.grant.as_ref(),
        }
    }
}

impl Table {
    /// Where a link is found.
    ///
    /// # Errors
    /// As every read.
    pub async fn locate_link(&self, id: LinkId) -> Result<Option<Locator>, StoreError> {
        self.get_as("find a link", &keys::link_locator(id)).await
    }
}

impl Store {
    /// A link of `document` with everything that a decision about it is made from, and who is asked
    /// for `along` with it, as one snapshot; `None` unless company, document and link are there.
    ///
    /// # Errors
    /// As every read.
    pub async fn linked(
        &self,
        document: DocumentId,
        id: LinkId,
        along: Along<'_>,
    ) -> Result<Option<Linked>, StoreError> {
        let keys = Keys(self.tenant);
        let mut wanted = vec![keys.tenant(), keys.document(document), keys.link(document, id)];
        let mut ask = |key: Option<_>| {
            key.map(|key| {
                wanted.push(key);
                wanted.len() - 1
            })
        };
        let contact = ask(along.contact.map(|contact| keys.contact(contact)));
        let grant = ask(along.contact.map(|contact| keys.grant(contact, document)));
        let account = ask(along.account.map(|account| keys.account(account)));
        let device = ask(along.device.map(|sha| keys.guest(id, sha)));
        let child = ask(along.child.map(|child| keys.document(child)));
        let mut found = self.table.snapshot_of("read a link", &wanted).await?;
        let mut take = |place: Option<usize>| found.get_mut(place?)?.take();
        let (tenant, whole, link) = (take(Some(0)), take(Some(1)), take(Some(2)));
        let (contact, grant) = (parse(take(contact))?, parse(take(grant))?);
        let (account, device) = (parse(take(account))?, parse(take(device))?);
        let child = parse(take(child))?;
        let found = parse(tenant)?.zip(parse(whole)?).zip(parse(link)?);
        Ok(found.map(|((tenant, document), link)| Linked {
            tenant,
            document,
            link,
            contact,
            account,
            grant,
            device,
            child,
        }))
    }

    /// The same with whoever the link belongs to, or else the browser `along` speaks for, read
    /// along as they are: what `along` names is believed only if it is so, and read anew if not.
    ///
    /// # Errors
    /// As every read.
    pub async fn whole_link(
        &self,
        document: DocumentId,
        id: LinkId,
        along: Along<'_>,
    ) -> Result<Option<Linked>, StoreError> {
        let Some(mut seen) = self.linked(document, id, along).await? else { return Ok(None) };
        let of_device = seen.device.as_ref().and_then(|device| device.contact_id);
        let contact = seen.link.contact_id.or(of_device);
        if contact != seen.contact.as_ref().map(|contact| contact.id) {
            let along = Along { contact, account: None, ..along };
            match self.linked(document, id, along).await? {
                Some(again) => seen = again,
                None => return Ok(None),
            }
        }
        let own = seen.device.as_ref().and_then(|device| device.child_id);
        if own != seen.child.as_ref().map(|child| child.id) {
            seen.child = match own {
                Some(id) => self.document(id).await?,
                None => None,
            };
        }
        // Boxed, so that whoever reads a link stays small.
        Ok(Some(Box::pin(self.with_account(seen)).await?))
    }

    /// The same with the account of its contact, read anew unless it was read along.
    ///
    /// # Errors
    /// As every read.
    pub async fn with_account(&self, mut seen: Linked) -> Result<Linked, StoreError> {
        let wanted = seen.contact.as_ref().and_then(|contact| contact.account_id);
        if wanted != seen.account.as_ref().map(|account| account.id) {
            seen.account = match wanted {
                Some(id) => self.account(id).await?,
                None => None,
            };
        }
        Ok(seen)
    }

    /// The links of a document, newest first, at most `limit` behind `after`.
    ///
    /// # Errors
    /// As every read.
    pub async fn links_of(
        &self,
        document: DocumentId,
        after: Option<LinkId>,
        limit: usize,
    ) -> Result<Vec<Link>, StoreError> {
        let keys = Keys(self.tenant);
        let after = after.map(|link| keys.link(document, link).sk);
        let query = Query {
            doing: "list the links of a document",
            index: Index::Table,
            partition: keys.document(document).pk,
            span: Span::prefix("lnk#").after(after.as_deref(), Order::Descending),
            order: Order::Descending,
            limit,
        };
        self.table.query_all_as(&query).await
    }

    /// One link of a document.
    ///
    /// # Errors
    /// As every read.
    pub async fn link(&self, document: DocumentId, id: LinkId) -> Result<Option<Link>, StoreError> {
        self.table.get_as("read a link", &Keys(self.tenant).link(document, id)).await
    }

    /// The links that are a contact's, newest first, at most `limit`. They are found through an
    /// index that may lag by seconds, and read as they are now.
    ///
    /// # Errors
    /// As every read.
    pub async fn links_to(
        &self,
        contact: ContactId,
        limit: usize,
    ) -> Result<Vec<Link>, StoreError> {
        let query = Query {
            doing: "list the links of a contact",
            index: Index::Inverse,
            partition: Keys(self.tenant).about(Object::Contact(contact)),
            span: Span::prefix("lnk#"),
            order: Order::Descending,
            limit,
        };
        let mut links: Vec<Link> = self.table.find_as(&query, "read links").await?;
        links.sort_by_key(|link| std::cmp::Reverse(link.id));
        Ok(links)
    }
}

impl Change {
    /// Makes a link, and where it is found.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`] and [`Claim::New`].
    pub fn create_link(&mut self, link: &Link) -> Result<(), StoreError> {
        self.save_link(link)?;
        let locator = Locator { tenant_id: self.keys.0, document_id: link.document_id };
        self.put_new(Claim::New, Row::new(&keys::link_locator(link.id), &locator)?)
    }

    /// Saves a link in place of the version before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn save_link(&mut self, link: &Link) -> Result<(), StoreError> {
        self.note(|| Saved::Link(Box::new(link.clone())));
        let row = Row::new(&self.keys.link(link.document_id, link.id), link)?;
        let mut row = row.due(link.due_at(), link.id.ulid());
        if let Some(contact) = link.contact_id {
            let about = self.keys.about(Object::Contact(contact));
            row = row.inverse(about, keys::link_about(link.id));
        }
        self.put_version(Claim::Version, row, link.version)
    }

    /// Requires that the link is as it was read.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn check_link(&mut self, link: &Link) -> Result<(), StoreError> {
        let key = self.keys.link(link.document_id, link.id);
        self.check_version(Claim::Version, &key, link.version)
    }
}
