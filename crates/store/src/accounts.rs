//! Accounts, and the locks that keep a domain to one account.

use domain::account::Account;
use domain::email::Domain;
use domain::id::{AccountId, Id};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::change::{Change, Claim};
use crate::item::Row;
use crate::keys::{Key, Keys};
use crate::lists::{AccountRow, List};
use crate::saved::Saved;
use crate::{Store, StoreError};

#[derive(Serialize, Deserialize)]
struct DomainLock {
    account_id: AccountId,
}

impl From<&Account> for AccountRow {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id,
            name: account.name.clone(),
            status: account.status,
            created_at: account.created_at,
            source_version: account.version,
        }
    }
}

impl Keys {
    /// Where the account lies, or nothing if there is none to read.
    pub(crate) fn account_or_none(self, id: Option<AccountId>) -> Key {
        id.map_or_else(|| self.no_account(), |id| self.account(id))
    }
}

impl Store {
    /// One account, deleted ones included.
    ///
    /// # Errors
    /// As every read.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.table.get_as("read an account", &Keys(self.tenant).account(id)).await
    }

    /// Several accounts; absent ones are left out.
    ///
    /// # Errors
    /// As every read.
    pub async fn accounts_of(&self, ids: &[AccountId]) -> Result<Vec<Account>, StoreError> {
        let keys: Vec<_> = ids.iter().map(|id| Keys(self.tenant).account(*id)).collect();
        self.table.batch_as("read accounts", &keys).await
    }

    /// The account whose domain this is, found by the exact domain only; in the same reads whether
    /// there is one or not.
    ///
    /// # Errors
    /// As every read.
    pub async fn account_at(&self, domain: &Domain) -> Result<Option<Account>, StoreError> {
        let key = Keys(self.tenant).domain(domain);
        let lock = self.table.get_as::<DomainLock>("find a domain", &key).await?;
        // No account has the nil id.
        let nobody = AccountId::from_ulid(Ulid::nil());
        self.account(lock.map_or(nobody, |lock| lock.account_id)).await
    }
}

impl Change {
    /// Saves an account in place of the version before, and its row in the list.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn save_account(&mut self, account: &Account) -> Result<(), StoreError> {
        self.note(|| Saved::Account(Box::new(account.clone())));
        let row = Row::new(&self.keys.account(account.id), account)?
            .due(account.due_at(), account.id.ulid());
        self.put_version(Claim::Version, row, account.version)?;
        match account.deleted_at {
            None => self.put_row(List::Accounts, &AccountRow::from(account)),
            Some(_) => self.drop_row(List::Accounts, account.id.ulid()),
        }
    }

    /// Takes a domain for an account; `place` is its place among the account's domains.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Domain`].
    pub fn take_domain(
        &mut self,
        account: AccountId,
        domain: &Domain,
        place: usize,
    ) -> Result<(), StoreError> {
        let lock = DomainLock { account_id: account };
        self.put_new(Claim::Domain(place), Row::new(&self.keys.domain(domain), &lock)?)
    }

    /// Leaves a domain to others.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn leave_domain(&mut self, domain: &Domain) -> Result<(), StoreError> {
        let key = self.keys.domain(domain);
        self.delete(&key)
    }

    /// Requires that the account is as it was read.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Gate`].
    pub fn check_account(&mut self, account: &Account) -> Result<(), StoreError> {
        let key = self.keys.account(account.id);
        self.check_version(Claim::Gate, &key, account.version)
    }
}
