//! Magic links and the browsers they signed in, and everything a portal's decision is made from.

use domain::account::Account;
use domain::activity::Object;
use domain::contact::Contact;
use domain::document::{Document, File};
use domain::grant::Grant;
use domain::id::{AccountId, ContactId, DocumentId, FileId, InvitationId};
use domain::invitation::{Device, Invitation};
use domain::tenant::Tenant;

use crate::change::{Change, Claim};
use crate::item::{Item, Row, Versioned, parse};
use crate::keys::{Key, Keys};
use crate::{Store, StoreError};

/// Names one portal browser: its contact, its secret's hash, and the account that its cookie
/// remembers, which may have changed since.
#[derive(Clone, Copy, Debug)]
pub struct Bearer<'a> {
    /// Whose browser.
    pub contact: ContactId,
    /// SHA-256 of the browser's secret.
    pub sha: &'a str,
    /// The contact's account when the cookie was made.
    pub account: Option<AccountId>,
}

/// Who a portal browser speaks for, as one snapshot.
#[derive(Debug)]
pub struct PortalFacts {
    /// The company whose portal it is.
    pub tenant: Option<Tenant>,
    /// The person.
    pub contact: Option<Contact>,
    /// The browser.
    pub device: Option<Device>,
    /// The account that the cookie remembers.
    pub account: Option<Account>,
}

impl PortalFacts {
    fn of(items: [Option<Item>; 4]) -> Result<Self, StoreError> {
        let [tenant, contact, device, account] = items;
        Ok(Self {
            tenant: parse(tenant)?,
            contact: parse(contact)?,
            device: parse(device)?,
            account: parse(account)?,
        })
    }
}

/// What a magic link opens, as one snapshot.
#[derive(Debug)]
pub struct Invited {
    /// The company whose portal it is.
    pub tenant: Tenant,
    /// Whom the link signs in.
    pub contact: Contact,
    /// The link.
    pub link: Versioned<Invitation>,
    /// The account that the link's token remembers.
    pub account: Option<Account>,
}

/// A file a portal browser wants, as part of the same snapshot.
#[derive(Debug)]
pub struct WantedFile {
    /// Its document.
    pub document: Document,
    /// The file.
    pub file: File,
    /// What may open it.
    pub grant: Option<Grant>,
}

impl WantedFile {
    /// Whether it is kept from the contact though its document is open to them.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.grant.as_ref().is_some_and(|grant| grant.hides(Object::File(self.file.id)))
    }
}

impl Store {
    /// Reads who a portal browser speaks for.
    ///
    /// # Errors
    /// As every read.
    pub async fn portal(&self, bearer: Bearer<'_>) -> Result<PortalFacts, StoreError> {
        let keys = self.portal_keys(bearer);
        PortalFacts::of(self.table.snapshot("read a portal browser", keys).await?)
    }

    /// Reads who a portal browser speaks for and the file it wants, all as one snapshot.
    ///
    /// # Errors
    /// As every read.
    pub async fn portal_file(
        &self,
        bearer: Bearer<'_>,
        document: DocumentId,
        file: FileId,
    ) -> Result<(PortalFacts, Option<WantedFile>), StoreError> {
        let keys = Keys(self.tenant);
        let [tenant, contact, device, account] = self.portal_keys(bearer);
        let wanted = [
            tenant,
            contact,
            device,
            account,
            keys.document(document),
            keys.file(document, file),
            keys.grant(bearer.contact, document),
        ];
        let [tenant, contact, device, account, document, file, grant] =
            self.table.snapshot("read a file for a portal browser", wanted).await?;
        let facts = PortalFacts::of([tenant, contact, device, account])?;
        let grant = parse(grant)?;
        let wanted = parse(document)?.zip(parse(file)?).map(|(document, file)| WantedFile {
            document,
            file,
            grant,
        });
        Ok((facts, wanted))
    }

    fn portal_keys(&self, bearer: Bearer<'_>) -> [Key; 4] {
        let keys = Keys(self.tenant);
        [
            keys.tenant(),
            keys.contact(bearer.contact),
            keys.device(bearer.contact, bearer.sha),
            keys.account_or_none(bearer.account),
        ]
    }

    /// Reads a magic link, the person it signs in, the company and the `account` that the link's
    /// token remembers, as one snapshot; `None` unless the first three are there.
    ///
    /// # Errors
    /// As every read.
    pub async fn invitation(
        &self,
        contact: ContactId,
        id: InvitationId,
        account: Option<AccountId>,
    ) -> Result<Option<Invited>, StoreError> {
        let keys = Keys(self.tenant);
        let account = keys.account_or_none(account);
        let wanted = [keys.tenant(), keys.contact(contact), keys.invitation(contact, id), account];
        let [tenant, contact, link, account] =
            self.table.snapshot("read a magic link", wanted).await?;
        let account = parse(account)?;
        let found = parse(tenant)?.zip(parse(contact)?).zip(parse(link)?);
        Ok(found.map(|((tenant, contact), link)| Invited { tenant, contact, link, account }))
    }
}

impl Change {
    /// Saves a magic link in place of the save before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn save_invitation(&mut self, link: &Versioned<Invitation>) -> Result<(), StoreError> {
        let key = self.keys.invitation(link.value.contact_id, link.value.id);
        // Kept past its end, so that an old mail can still be told from a forged one.
        let kept = link.value.expires_at + domain::request::ANSWER_LIFE;
        let row = Row::new(&key, link)?.forget(kept);
        self.put_version(Claim::Version, row, link.version)
    }

    /// Signs a browser in under the SHA-256 of its secret.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn put_device(&mut self, sha: &str, device: &Device) -> Result<(), StoreError> {
        let key = self.keys.device(device.contact_id, sha);
        let row = Row::new(&key, device)?.forget(device.expires_at);
        self.put_over(row)
    }

    /// Signs a browser out.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn drop_device(&mut self, contact: ContactId, sha: &str) -> Result<(), StoreError> {
        let key = self.keys.device(contact, sha);
        self.delete(&key)
    }
}
