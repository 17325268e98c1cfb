//! Everything a company has in the table, for the operator: handed out whole, or erased.
//!
//! What belongs to one company lies under thousands of keys that begin with it, so it is found by
//! reading the whole table, a page at a time, at half a unit for 4 KB. That is the price of a rare
//! order, so that no route pays for one.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::id::{Id, TenantId};
use domain::member::Member;
use domain::tenant::Slug;
use futures_util::future::try_join_all;

use crate::item::{Item, key_attributes};
use crate::keys::{self, Key, Keys};
use crate::{StoreError, Table};

/// Items that are erased at once.
const AT_ONCE: usize = 25;

/// What one page of the table holds of a company.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its items there; often none.
    pub items: Vec<Item>,
    /// Where to read on; nothing after the last page.
    pub next: Option<String>,
}

impl Table {
    /// What the page of the table behind `after` holds of `tenant`.
    ///
    /// # Errors
    /// [`StoreError::Aws`] if DynamoDB fails.
    pub async fn part_of(&self, tenant: TenantId, after: Option<&str>) -> Result<Part, StoreError> {
        let start = after.and_then(|after| after.split_once('\n'));
        let page = self
            .client
            .scan()
            .table_name(&*self.name)
            .filter_expression("begins_with(PK, :tenant)")
            .expression_attribute_values(":tenant", AttributeValue::S(tenant.ulid().to_string()))
            .set_exclusive_start_key(start.map(|(pk, sk)| key_attributes(&Key::from_parts(pk, sk))))
            .send()
            .await
            .map_err(|error| StoreError::aws("read the whole table", error))?;
        let items = page.items.unwrap_or_default().into_iter().map(Item).collect();
        let next = page.last_evaluated_key.map(|key| {
            let key = Item(key).key();
            format!("{}\n{}", key.pk, key.sk)
        });
        Ok(Part { items, next })
    }

    /// Takes a company's own item away, so that every request about it finds nothing from now on.
    ///
    /// # Errors
    /// [`StoreError::Aws`] if DynamoDB fails.
    pub async fn close(&self, tenant: TenantId) -> Result<(), StoreError> {
        self.erase_one(&Keys(tenant).tenant()).await
    }

    /// Leaves a company's place in addresses to others.
    ///
    /// # Errors
    /// [`StoreError::Aws`] if DynamoDB fails.
    pub async fn vacate(&self, slug: &Slug) -> Result<(), StoreError> {
        self.erase_one(&keys::slug(slug)).await
    }

    /// Erases `items` of `tenant` for good, each after what lies elsewhere because of it: locators of
    /// links, seats, and who has no seat left. Doing it twice changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails; what is left is found again.
    pub async fn erase(&self, tenant: TenantId, items: &[Item]) -> Result<(), StoreError> {
        for chunk in items.chunks(AT_ONCE) {
            try_join_all(chunk.iter().map(|item| self.erase_with_rest(tenant, item))).await?;
        }
        Ok(())
    }

    async fn erase_with_rest(&self, tenant: TenantId, item: &Item) -> Result<(), StoreError> {
        let key = item.key();
        if let Some(link) = key.sk.strip_prefix("lnk#").and_then(|id| id.parse().ok()) {
            self.erase_one(&keys::link_locator(link)).await?;
        }
        if key.sk.starts_with("mem_") && key.pk == Keys(tenant).members() {
            self.erase_seat(tenant, &item.parse()?).await?;
        }
        self.erase_one(&key).await
    }

    async fn erase_seat(&self, tenant: TenantId, member: &Member) -> Result<(), StoreError> {
        let id = member.identity_id;
        self.erase_one(&keys::seat(id, tenant, member.id)).await?;
        if !self.seats(id).await?.is_empty() {
            return Ok(());
        }
        if let Some(identity) = self.identity(id).await? {
            self.erase_one(&keys::sign_in_address(&identity.email)).await?;
        }
        self.erase_one(&keys::second_factor(id)).await?;
        self.erase_one(&keys::identity(id)).await
    }

    async fn erase_one(&self, key: &Key) -> Result<(), StoreError> {
        self.client
            .delete_item()
            .table_name(&*self.name)
            .set_key(Some(key_attributes(key)))
            .send()
            .await
            .map(drop)
            .map_err(|error| StoreError::aws("erase an item", error))
    }
}

impl Item {
    /// The item as one line of JSON.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if a value has no place in JSON.
    pub fn line(&self) -> Result<String, StoreError> {
        Ok(self.parse::<serde_json::Value>()?.to_string())
    }
}
