//! The single table.
//!
//! A [`Table`] reaches what belongs to nobody: sign-in addresses, sessions, locators, public
//! rates. A [`Store`] is made for one tenant, begins every key with it, and cannot name another's
//! item. Keys are formatted in [`keys`] and nowhere else.
//!
//! Writes that belong together are one [`change::Change`]: effect, audit line, mails and the stored
//! answer commit in one `TransactWriteItems` or not at all.

pub mod accounts;
pub mod activities;
pub mod browsers;
pub mod challenges;
pub mod change;
pub mod children;
mod conflicts;
pub mod contacts;
pub mod devices;
pub mod documents;
pub mod due;
pub mod estate;
pub mod events;
pub mod grants;
pub mod idempotency;
pub mod identities;
pub mod item;
pub mod keys;
pub mod links;
pub mod lists;
pub mod members;
pub mod meter;
pub mod outbox;
pub mod rates;
pub mod read;
pub mod renewal;
pub mod requests;
pub mod saved;
pub mod schema;
pub mod second_factors;
pub mod signatures;
pub mod stream;
pub mod tasks;
pub mod tenants;
mod things;
pub mod words;

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::SharedInterceptor;
use aws_sdk_dynamodb::error::DisplayErrorContext;
use domain::id::TenantId;

use crate::change::Claim;
use crate::meter::Meter;

/// The table, open for what belongs to no tenant.
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    name: Arc<str>,
    meter: Option<Arc<Meter>>,
}

/// The table, open for one tenant.
#[derive(Clone, Debug)]
pub struct Store {
    table: Table,
    tenant: TenantId,
}

/// Why the table did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// DynamoDB failed or could not be reached, after all retries.
    #[error("failed to {doing}")]
    Aws {
        /// What was being done.
        doing: &'static str,
        /// What DynamoDB or the network said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Others kept writing the same items for as long as we tried.
    #[error("gave up after {attempts} conflicts")]
    Busy {
        /// Tries made.
        attempts: u32,
    },
    /// Conditions failed: somebody else was first. Nothing was written.
    #[error("lost {0:?}")]
    Lost(Vec<Claim>),
    /// An item is not what its key says.
    #[error("failed to read an item as what its key says it is")]
    Corrupt(#[source] serde_dynamo::Error),
    /// A change was only rehearsed, and is never written.
    #[error("a rehearsed change is never written")]
    Rehearsed,
    /// A value cannot be built; a bug, not bad input.
    #[error("failed to build a request")]
    Build(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    fn aws<E>(doing: &'static str, error: E) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        tracing::warn!(doing, error = %DisplayErrorContext(&error), "dynamodb call failed");
        Self::Aws { doing, source: Box::new(error) }
    }

    fn build<E>(error: E) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        Self::Build(Box::new(error))
    }
}

impl Table {
    /// Opens the table `name` through `client`.
    #[must_use]
    pub fn new(client: Client, name: &str) -> Self {
        Self { client, name: name.into(), meter: None }
    }

    /// Connects to DynamoDB as `config` says.
    #[must_use]
    pub fn connect(config: &aws_config::SdkConfig, name: &str) -> Self {
        Self::new(Client::new(config), name)
    }

    /// The table with every call's requests and capacity units counted by `meter`.
    #[must_use]
    pub fn metered(mut self, meter: Arc<Meter>) -> Self {
        self.meter = Some(meter);
        self
    }

    /// The table with every call told to `interceptor` before it is sent.
    #[must_use]
    pub fn watched(mut self, interceptor: SharedInterceptor) -> Self {
        let config = self.client.config().to_builder().interceptor(interceptor);
        self.client = Client::from_conf(config.build());
        self
    }

    /// Opens what belongs to `tenant`.
    #[must_use]
    pub fn tenant(&self, tenant: TenantId) -> Store {
        Store { table: self.clone(), tenant }
    }
}

impl Store {
    /// Whose store this is.
    #[must_use]
    pub fn tenant_id(&self) -> TenantId {
        self.tenant
    }

    /// The table beneath, for what belongs to no tenant.
    #[must_use]
    pub fn table(&self) -> &Table {
        &self.table
    }
}
