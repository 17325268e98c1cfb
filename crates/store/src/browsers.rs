//! Browsers on guest links. Each lies with its link under a keyed hash, and the views it was
//! counted for apart from it.

use std::collections::HashMap;

use domain::id::{DeviceId, LinkId};
use domain::link::guest::Guest;
use serde::{Deserialize, Serialize};

use crate::change::{Change, Claim};
use crate::item::{Item, Row, number, text};
use crate::keys::Keys;
use crate::read::{Index, Order, Query, Span};
use crate::{Store, StoreError};

/// Browsers that are looked through at once for one of them.
const BROWSERS_AT_ONCE: usize = 500;
/// Times that many are looked through for it.
const PAGES_MAX: usize = 200;

/// The views that a browser on a link was counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestViews {
    /// How many.
    pub version: u64,
    /// Which browser; another one may be known under the same hash later.
    pub device_id: DeviceId,
}

impl Store {
    /// The browser known on a link under the keyed hash `sha`.
    ///
    /// # Errors
    /// As every read.
    pub async fn guest(&self, link: LinkId, sha: &str) -> Result<Option<Guest>, StoreError> {
        let key = Keys(self.tenant).guest(link, sha);
        self.table.get_as("read a browser on a link", &key).await
    }

    /// How many views the browser known under the hash `sha` was counted for, and which it is. It
    /// is apart from what decisions read, so that counting never cancels one.
    ///
    /// # Errors
    /// As every read.
    pub async fn guest_views(
        &self,
        link: LinkId,
        sha: &str,
    ) -> Result<Option<GuestViews>, StoreError> {
        let key = Keys(self.tenant).guest_views(link, sha);
        self.table.get_as("read a view counter", &key).await
    }

    /// The browser `device` on a link, with the keyed hash under which it is known there.
    ///
    /// # Errors
    /// As every read.
    pub async fn guest_on(
        &self,
        link: LinkId,
        device: DeviceId,
    ) -> Result<Option<(String, Guest)>, StoreError> {
        let mut after: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let some = self.guests_of(link, after.as_deref(), BROWSERS_AT_ONCE).await?;
            let is_last = some.len() < BROWSERS_AT_ONCE;
            after = some.last().map(|(sha, _)| sha.clone());
            let found = some.into_iter().find(|(_, guest)| guest.id == device);
            if found.is_some() || is_last {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The browsers known on a link, in no order that means anything, at most `limit` behind the
    /// one whose keyed hash is `after`; each with its own.
    ///
    /// # Errors
    /// As every read.
    pub async fn guests_of(
        &self,
        link: LinkId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, Guest)>, StoreError> {
        let keys = Keys(self.tenant);
        let after = after.map(|sha| keys.guest(link, sha).sk);
        let query = Query {
            doing: "list the browsers of a link",
            index: Index::Table,
            partition: keys.link_home(link),
            span: Span::prefix("dev#").after(after.as_deref(), Order::Ascending),
            order: Order::Ascending,
            limit,
        };
        let named = |item: &Item| {
            let sha = item.sk().strip_prefix("dev#").unwrap_or_default().to_owned();
            Ok((sha, item.parse()?))
        };
        self.table.query_all(&query).await?.iter().map(named).collect()
    }
}

impl Change {
    /// Lets a browser in on a link under its keyed hash.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn put_guest(&mut self, sha: &str, guest: &Guest) -> Result<(), StoreError> {
        let row = Row::new(&self.keys.guest(guest.link_id, sha), guest)?.forget(guest.expires_at);
        self.put_over(row)
    }

    /// Requires that the browser `guest` is still known under its keyed hash.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Version`].
    pub fn check_guest(&mut self, sha: &str, guest: &Guest) -> Result<(), StoreError> {
        let key = self.keys.guest(guest.link_id, sha);
        self.check_if(Claim::Version, &key, "id = :seen", text(&guest.id.to_string()))
    }

    /// Counts a view of `guest`, known under the hash `sha`; the first one whatever was counted
    /// there before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`Claim::Seq`].
    pub fn count_guest_view(
        &mut self,
        guest: &Guest,
        sha: &str,
        seq: u64,
    ) -> Result<(), StoreError> {
        let views = GuestViews { version: seq, device_id: guest.id };
        let key = self.keys.guest_views(guest.link_id, sha);
        let row = Row::new(&key, &views)?.forget(guest.expires_at);
        if seq <= 1 {
            return self.put_over(row);
        }
        let seen = HashMap::from([
            (":seen".to_owned(), number(seq - 1)),
            (":device".to_owned(), text(&guest.id.to_string())),
        ]);
        self.put_if(Claim::Seq, row, "version = :seen AND device_id = :device", seen)
    }

    /// Forgets a browser on a link.
    ///
    /// # Errors
    /// [`StoreError::Build`].
    pub fn drop_guest(&mut self, link: LinkId, sha: &str) -> Result<(), StoreError> {
        let key = self.keys.guest(link, sha);
        self.delete(&key)
    }
}
