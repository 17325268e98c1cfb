//! Where the demo is laid out, and when its things seem to have happened.

use std::sync::Arc;

use app::house::House;
use app::house::dice::Dice;
use domain::activity::{Activity, Actor, Detail, Object};
use domain::contact::Contact;
use domain::id::Id;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use store::change::Change;
use store::{Store, StoreError};

use crate::demo::DemoError;
use crate::demo::members::Staff;
use crate::demo::words::line;

/// Rolls the demo's ids; any seed does.
const SEED: u64 = 0x00ac_3e00;

/// Where the demo is laid out.
pub(super) struct Place {
    pub(super) house: Arc<House>,
    pub(super) store: Store,
    pub(super) staff: Staff,
    /// When the first try began; everything else happened before.
    pub(super) began_at: Timestamp,
    ids: Dice,
}

impl Place {
    pub(super) fn new(house: Arc<House>, staff: Staff, began_at: Timestamp) -> Self {
        let store = house.table.tenant(staff.tenant_id);
        Self { house, store, staff, began_at, ids: Dice::seeded(SEED) }
    }

    /// So many days and hours before the first try.
    pub(super) fn ago(&self, days: i64, hours: i64) -> Timestamp {
        self.began_at - SignedDuration::from_hours(24 * days + hours)
    }

    /// The next id, the same in every try.
    pub(super) fn id<I: Id>(&mut self, at: Timestamp) -> I {
        self.ids.id(at)
    }

    pub(super) fn change(&self) -> Change {
        self.store.change(self.house.dice.token())
    }

    /// Commits `change`, unless an earlier try did.
    pub(super) async fn put(&self, change: Change) -> Result<(), DemoError> {
        match change.commit().await {
            Ok(()) | Err(StoreError::Lost(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// A line of the trail.
    pub(super) fn line(
        &self,
        actor: Actor,
        verb: &str,
        what: (impl Into<Object>, u64),
        detail: Detail,
        at: Timestamp,
    ) -> Activity {
        line(&self.house, actor, verb, what, detail, at)
    }

    /// Values about a person.
    pub(super) fn personal(&self, contact: &Contact, values: &Value) -> Detail {
        app::house::audit::personal(&self.house, contact, values)
    }
}
