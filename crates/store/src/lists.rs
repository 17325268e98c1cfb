//! Lists: rows of their own, so that a page of fifty is one query whatever there is.
//!
//! A row lies in every list it appears in: `all` contacts, those of one account, those of one
//! owner, requests, documents, accounts. It exists from the transaction that made the thing; what it
//! shows follows off the stream, guarded by the version it was taken from.

mod rows;

use domain::contact::Contact;
use domain::id::{AccountId, MemberId};
use futures_util::future::try_join_all;
use serde::Serialize;
use serde::de::DeserializeOwned;
use ulid::Ulid;

pub use self::rows::{AccountRow, ContactRow, DocumentRow, RequestRow};
use crate::change::Change;
use crate::item::{Item, Row};
use crate::keys::{self, Keys};
use crate::read::{Index, Order, Query, Span};
use crate::{Store, StoreError};

/// A list of the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum List {
    /// Every contact.
    Contacts,
    /// The contacts of one account.
    ContactsOfAccount(AccountId),
    /// The contacts one member owns.
    ContactsOfOwner(MemberId),
    /// Every archived contact; they are in none of the lists above.
    ArchivedContacts,
    /// The archived contacts of one account.
    ArchivedContactsOfAccount(AccountId),
    /// The archived contacts one member owns.
    ArchivedContactsOfOwner(MemberId),
    /// Every account.
    Accounts,
    /// Every access request.
    Requests,
    /// Every document of the library.
    Documents,
    /// The documents one member uploaded.
    DocumentsOfUploader(MemberId),
}

impl List {
    /// Where what is archived is listed that would be in this list; a list without archive is its
    /// own.
    #[must_use]
    pub fn archived(self) -> Self {
        match self {
            Self::Contacts => Self::ArchivedContacts,
            Self::ContactsOfAccount(id) => Self::ArchivedContactsOfAccount(id),
            Self::ContactsOfOwner(id) => Self::ArchivedContactsOfOwner(id),
            other => other,
        }
    }

    /// This list and its archived twin: everybody, in sight or not.
    #[must_use]
    pub fn with_archived(self) -> [Self; 2] {
        [self, self.archived()]
    }

    /// This list, or its twin if the contact is archived.
    #[must_use]
    pub fn holding(self, contact: &Contact) -> Self {
        match contact.archived_at {
            Some(_) => self.archived(),
            None => self,
        }
    }

    /// Whether contacts are searched in it: where everybody is, and what one member owns.
    pub(crate) fn is_searched(self) -> bool {
        match self {
            Self::Contacts
            | Self::ContactsOfOwner(_)
            | Self::ArchivedContacts
            | Self::ArchivedContactsOfOwner(_) => true,
            Self::ContactsOfAccount(_)
            | Self::ArchivedContactsOfAccount(_)
            | Self::Accounts
            | Self::Requests
            | Self::Documents
            | Self::DocumentsOfUploader(_) => false,
        }
    }

    pub(crate) fn name(self) -> String {
        match self {
            Self::Contacts => "all".to_owned(),
            Self::ContactsOfAccount(id) => id.to_string(),
            Self::ContactsOfOwner(id) => id.to_string(),
            Self::ArchivedContacts => "all_archived".to_owned(),
            Self::ArchivedContactsOfAccount(id) => format!("{id}_archived"),
            Self::ArchivedContactsOfOwner(id) => format!("{id}_archived"),
            Self::Accounts => "accs".to_owned(),
            Self::Requests => "reqs".to_owned(),
            Self::Documents => "docs".to_owned(),
            Self::DocumentsOfUploader(id) => format!("docs_{id}"),
        }
    }
}

/// What a list row shows: which group it is in, and where it stands by activity.
pub trait Listed: Serialize + DeserializeOwned {
    /// The thing's own ULID, which orders the list by creation.
    fn ulid(&self) -> Ulid;
    /// The group that filters the list, such as a status.
    fn group(&self) -> String;
    /// The day of the last activity, as `YYYY-MM-DD`.
    fn day(&self) -> String;
    /// The version of the thing that the row was taken from.
    fn version(&self) -> u64;

    /// The row as it lies under the sort key `ulid`, which tells the id and the time of creation.
    #[must_use]
    fn found_at(self, ulid: Ulid) -> Self;

    /// The row's place by activity.
    fn activity(&self) -> String {
        keys::by_day(&self.day(), self.ulid())
    }
}

/// How a list is read.
#[derive(Clone, Debug)]
pub struct Page {
    /// Which way.
    pub order: Order,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows at the most.
    pub limit: usize,
}

impl Store {
    /// A page of a list by creation; only of one group, if named.
    ///
    /// # Errors
    /// As every read.
    pub async fn list_by_creation<R: Listed>(
        &self,
        list: List,
        group: Option<&str>,
        page: &Page,
    ) -> Result<Vec<R>, StoreError> {
        let keys = Keys(self.tenant);
        let (index, partition) = match group {
            Some(group) => (Index::Created, keys.list_group(&list.name(), group)),
            None => (Index::Rows, keys.list(&list.name())),
        };
        self.list_page(index, partition, page).await
    }

    /// A page of a list's groups by day of activity: one query a group, all at once, merged.
    ///
    /// # Errors
    /// As every read.
    pub async fn list_by_activity<R: Listed>(
        &self,
        list: List,
        groups: &[&str],
        page: &Page,
    ) -> Result<Vec<R>, StoreError> {
        let reading = groups.iter().map(|group| {
            let partition = Keys(self.tenant).list_group(&list.name(), group);
            self.list_page::<R>(Index::Activity, partition, page)
        });
        let mut rows = try_join_all(reading).await?.into_iter().flatten().collect::<Vec<R>>();
        rows.sort_by_key(Listed::activity);
        if page.order == Order::Descending {
            rows.reverse();
        }
        rows.truncate(page.limit);
        Ok(rows)
    }

    async fn list_page<R: Listed>(
        &self,
        index: Index,
        partition: String,
        page: &Page,
    ) -> Result<Vec<R>, StoreError> {
        let query = Query {
            doing: "read a list",
            index,
            partition,
            span: Span::all().after(page.cursor.as_deref(), page.order),
            order: page.order,
            limit: page.limit,
        };
        self.table.query(&query).await?.iter().map(read_row).collect()
    }

    /// One row of a list.
    ///
    /// # Errors
    /// As every read.
    pub async fn list_row<R: Listed>(
        &self,
        list: List,
        ulid: Ulid,
    ) -> Result<Option<R>, StoreError> {
        let key = Keys(self.tenant).list_row(&list.name(), ulid);
        let item = self.table.get("read a list row", &key).await?;
        item.as_ref().map(read_row).transpose()
    }
}

/// The row that an item is.
fn read_row<R: Listed>(item: &Item) -> Result<R, StoreError> {
    let row: R = item.parse()?;
    Ok(row.found_at(Ulid::from_string(item.sk()).unwrap_or_default()))
}

impl Change {
    /// Puts a row into a list.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn put_row<R: Listed>(&mut self, list: List, row: &R) -> Result<(), StoreError> {
        let row = self.row(list, row)?;
        self.put_over(row)
    }

    /// Takes a row out of a list.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn drop_row(&mut self, list: List, ulid: Ulid) -> Result<(), StoreError> {
        self.delete(&self.keys.list_row(&list.name(), ulid))
    }

    pub(crate) fn row<R: Listed>(&self, list: List, row: &R) -> Result<Row, StoreError> {
        let list = list.name();
        let key = self.keys.list_row(&list, row.ulid());
        let group = self.keys.list_group(&list, &row.group());
        Ok(Row::new(&key, row)?.listed(group, row.activity()))
    }
}
