//! The audit trail. A line commits with what it tells, in the partition of the thing it belongs to,
//! and is found from the other things it is about.

use domain::activity::{Activity, Object};
use domain::id::{AccountId, ContactId, DocumentId, Id};
use serde::{Deserialize, Serialize};

use crate::change::{Change, Claim};
use crate::item::{Item, Row};
use crate::keys::{self, ACTIVITY, Key, Keys};
use crate::read::{Index, Order, Query, Span};
use crate::{Store, StoreError};

/// The partition a line lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// With a contact: its own lines, and those of its grants, requests and browsers.
    Contact(ContactId),
    /// With a document: its own lines, and those of its files.
    Document(DocumentId),
    /// With an account.
    Account(AccountId),
    /// With the tenant: its own lines, and those of its members and agreements.
    Tenant,
}

#[derive(Serialize, Deserialize)]
struct Views {
    version: u64,
}

impl Home {
    fn partition(self, keys: Keys) -> String {
        match self {
            Self::Contact(id) => keys.contact(id).pk,
            Self::Document(id) => keys.document(id).pk,
            Self::Account(id) => keys.account(id).pk,
            Self::Tenant => keys.tenant().pk,
        }
    }
}

impl Store {
    /// The lines that lie with `home`, newest first, at most `limit` behind the line `cursor`.
    ///
    /// # Errors
    /// As every read.
    pub async fn activities_at(
        &self,
        home: Home,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Activity>, StoreError> {
        let cursor = cursor.map(keys::line);
        let query = Query {
            doing: "list activity",
            index: Index::Table,
            partition: home.partition(Keys(self.tenant)),
            span: Span::prefix(ACTIVITY).after(cursor.as_deref(), Order::Descending),
            order: Order::Descending,
            limit,
        };
        self.table.query(&query).await?.iter().map(Item::parse).collect()
    }

    /// The lines about `object` that lie elsewhere, newest first, at most `limit` behind `cursor`.
    /// They are found through an index that may lag by seconds.
    ///
    /// # Errors
    /// As every read.
    pub async fn activities_about(
        &self,
        object: Object,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Activity>, StoreError> {
        let cursor = cursor.map(keys::line_about);
        let query = Query {
            doing: "find activity",
            index: Index::Inverse,
            partition: Keys(self.tenant).about(object),
            span: Span::prefix("act#").after(cursor.as_deref(), Order::Descending),
            order: Order::Descending,
            limit,
        };
        let keys: Vec<Key> = self.table.query(&query).await?.iter().map(Item::key).collect();
        let items = self.table.batch("read activity", &keys).await?;
        let mut lines: Vec<Activity> = items.iter().map(Item::parse).collect::<Result<_, _>>()?;
        lines.sort_by_key(|line| std::cmp::Reverse(line.id));
        Ok(lines)
    }

    /// How many views `viewer`, a browser or session, was counted for.
    ///
    /// # Errors
    /// As every read.
    pub async fn views(&self, viewer: Object) -> Result<u64, StoreError> {
        let views: Option<Views> =
            self.table.get_as("read a view counter", &Keys(self.tenant).views(viewer)).await?;
        Ok(views.map_or(0, |views| views.version))
    }
}

impl Change {
    /// Writes a line of the trail. Its number is guarded by the save of its object in this same
    /// change, or by [`Change::count_view`].
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn audit(&mut self, home: Home, line: &Activity) -> Result<(), StoreError> {
        let sort = keys::line(line.id.ulid());
        let key = Key::from_parts(&home.partition(self.keys), &sort);
        let mut row = Row::new(&key, line)?;
        if let Some(elsewhere) = found_from(home, line) {
            row = row.inverse(self.keys.about(elsewhere), keys::line_about(line.id.ulid()));
        }
        self.put_new(Claim::Seq, row)
    }

    /// Counts the view that the line numbered `seq` of `viewer` records.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Seq`].
    pub fn count_view(&mut self, viewer: Object, seq: u64) -> Result<(), StoreError> {
        let row = Row::new(&self.keys.views(viewer), &Views { version: seq })?;
        self.put_version(Claim::Seq, row, seq)
    }
}

/// The thing from which a line is found besides its home: what it is about, else its object.
fn found_from(home: Home, line: &Activity) -> Option<Object> {
    let is_home = |object: Object| match (home, object) {
        (Home::Contact(id), Object::Contact(other)) => id == other,
        (Home::Document(id), Object::Document(other)) => id == other,
        (Home::Account(id), Object::Account(other)) => id == other,
        (Home::Tenant, Object::Tenant(_)) => true,
        _ => false,
    };
    let elsewhere = line.about.unwrap_or(line.object);
    (!is_home(elsewhere)).then_some(elsewhere)
}
