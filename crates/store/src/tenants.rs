//! Tenants: the item itself, the place of its slug, its agreement's texts, the bytes it uses.

use std::collections::HashMap;

use domain::id::TenantId;
use domain::nda::NdaVersion;
use domain::tenant::{Slug, Tenant};
use serde::{Deserialize, Serialize};

use crate::change::{Change, Claim};
use crate::item::{Row, number};
use crate::keys::{self, Keys};
use crate::read::{Index, Order, Query, Span};
use crate::saved::Saved;
use crate::{Store, StoreError, Table};

#[derive(Serialize, Deserialize)]
struct Place {
    tenant_id: TenantId,
}

impl Table {
    /// The tenant at `slug`.
    ///
    /// # Errors
    /// As every read: [`StoreError::Aws`], [`StoreError::Corrupt`].
    pub async fn tenant_at(&self, slug: &Slug) -> Result<Option<TenantId>, StoreError> {
        let place: Option<Place> = self.get_as("find a slug", &keys::slug(slug)).await?;
        Ok(place.map(|place| place.tenant_id))
    }
}

impl Store {
    /// The tenant itself.
    ///
    /// # Errors
    /// As every read.
    pub async fn own_tenant(&self) -> Result<Option<Tenant>, StoreError> {
        self.table.get_as("read the tenant", &Keys(self.tenant).tenant()).await
    }

    /// One text of the agreement.
    ///
    /// # Errors
    /// As every read.
    pub async fn nda(&self, version: u32) -> Result<Option<NdaVersion>, StoreError> {
        self.table.get_as("read an agreement", &Keys(self.tenant).nda(version)).await
    }

    /// Texts of the agreement, newest first, at most `limit` that are older than `before`.
    ///
    /// # Errors
    /// As every read.
    pub async fn ndas(
        &self,
        before: Option<u32>,
        limit: usize,
    ) -> Result<Vec<NdaVersion>, StoreError> {
        let keys = Keys(self.tenant);
        let cursor = before.map(|version| keys.nda(version).sk);
        let query = Query {
            doing: "list agreements",
            index: Index::Table,
            partition: keys.tenant().pk,
            span: Span::prefix("nda#").after(cursor.as_deref(), Order::Descending),
            order: Order::Descending,
            limit,
        };
        self.table.query_all_as(&query).await
    }
}

impl Change {
    /// Saves the tenant in place of the version before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn save_tenant(&mut self, tenant: &Tenant) -> Result<(), StoreError> {
        self.note(|| Saved::Tenant(Box::new(tenant.clone())));
        let row = Row::new(&self.keys.tenant(), tenant)?;
        self.put_version(Claim::Version, row, tenant.version)
    }

    /// Takes the place of `slug`.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Slug`].
    pub fn take_slug(&mut self, slug: &Slug) -> Result<(), StoreError> {
        let place = Place { tenant_id: self.keys.0 };
        self.put_new(Claim::Slug, Row::new(&keys::slug(slug), &place)?)
    }

    /// Leaves the place of `slug` to others.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn leave_slug(&mut self, slug: &Slug) -> Result<(), StoreError> {
        self.delete(&keys::slug(slug))
    }

    /// Publishes a text of the agreement.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn add_nda(&mut self, nda: &NdaVersion) -> Result<(), StoreError> {
        self.put_new(Claim::Version, Row::new(&self.keys.nda(nda.version), nda)?)
    }

    /// Reserves `bytes` of a quota of `quota_bytes`.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Quota`].
    pub fn reserve_bytes(&mut self, bytes: u64, quota_bytes: u64) -> Result<(), StoreError> {
        let values = HashMap::from([
            (":bytes".to_owned(), number(bytes)),
            (":most".to_owned(), number(i128::from(quota_bytes) - i128::from(bytes))),
            (":none".to_owned(), number(0)),
        ]);
        // A quota smaller than the file itself must refuse the first upload too.
        let fits = "(attribute_not_exists(PK) AND :most >= :none) OR used_bytes <= :most";
        self.update(Claim::Quota, &self.keys.usage(), "ADD used_bytes :bytes", Some(fits), values)
    }

    /// Gives `bytes` back.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn release_bytes(&mut self, bytes: u64) -> Result<(), StoreError> {
        let values = HashMap::from([(":bytes".to_owned(), number(-i128::from(bytes)))]);
        self.update(Claim::Quota, &self.keys.usage(), "ADD used_bytes :bytes", None, values)
    }
}
