//! Members of a tenant.

use domain::id::MemberId;
use domain::member::Member;

use crate::change::{Change, Claim};
use crate::item::Row;
use crate::keys::Keys;
use crate::read::{Index, Order, Query, Span};
use crate::saved::Saved;
use crate::{Store, StoreError};

impl Store {
    /// One member.
    ///
    /// # Errors
    /// As every read.
    pub async fn member(&self, id: MemberId) -> Result<Option<Member>, StoreError> {
        self.table.get_as("read a member", &Keys(self.tenant).member(id)).await
    }

    /// Members by creation, at most `limit` behind `cursor`.
    ///
    /// # Errors
    /// As every read.
    pub async fn members(
        &self,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Member>, StoreError> {
        let query = Query {
            doing: "list members",
            index: Index::Table,
            partition: Keys(self.tenant).members(),
            span: Span::prefix("mem_").after(cursor, Order::Ascending),
            order: Order::Ascending,
            limit,
        };
        self.table.query_as(&query).await
    }

    /// Several members; absent ones are left out.
    ///
    /// # Errors
    /// As every read.
    pub async fn members_of(&self, ids: &[MemberId]) -> Result<Vec<Member>, StoreError> {
        let keys: Vec<_> = ids.iter().map(|id| Keys(self.tenant).member(*id)).collect();
        self.table.batch_as("read members", &keys).await
    }
}

impl Change {
    /// Saves a member in place of the version before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn save_member(&mut self, member: &Member) -> Result<(), StoreError> {
        self.note(|| Saved::Member(Box::new(member.clone())));
        let row = Row::new(&self.keys.member(member.id), member)?;
        self.put_version(Claim::Version, row, member.version)
    }

    /// Requires that the member is as it was read.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Gate`].
    pub fn check_member(&mut self, member: &Member) -> Result<(), StoreError> {
        let key = self.keys.member(member.id);
        self.check_version(Claim::Gate, &key, member.version)
    }
}
