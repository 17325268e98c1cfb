//! Where the demo is laid out, and when its things seem to have happened.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use app::dice::Dice;
use app::house::House;
use domain::activity::{Activity, Actor, Detail, Object, Origin};
use domain::contact::Contact;
use domain::id::Id;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::change::Change;
use store::{Store, StoreError};

use crate::demo::DemoError;
use crate::demo::members::Staff;

/// Rolls the demo's ids; any seed does.
const SEED: u64 = 0x00ac_3e00;

/// What is noted beside the data.
pub(super) struct Notes {
    pub(super) began_at: Timestamp,
    pub(super) done: bool,
    path: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Noted {
    began_at: Timestamp,
    done: bool,
}

impl Notes {
    /// Reads the notes of `folder`, or begins them at `now`.
    pub(super) fn open(folder: &Path, now: Timestamp) -> Result<Self, DemoError> {
        let path = folder.join("demo.json");
        let failed = |source| DemoError::Note { path: path.clone(), source };
        let noted = match fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map_err(|error| failed(error.into()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let noted = Noted { began_at: now, done: false };
                write(&path, &noted).map_err(failed)?;
                noted
            }
            Err(error) => return Err(failed(error)),
        };
        Ok(Self { began_at: noted.began_at, done: noted.done, path })
    }

    /// Notes that nothing is left to do.
    pub(super) fn finish(self) -> Result<(), DemoError> {
        let noted = Noted { began_at: self.began_at, done: true };
        write(&self.path, &noted).map_err(|source| DemoError::Note { path: self.path, source })
    }
}

fn write(path: &Path, noted: &Noted) -> io::Result<()> {
    let draft = path.with_extension("new");
    fs::write(&draft, serde_json::to_vec(noted)?)?;
    fs::rename(draft, path)
}

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
        (object, seq): (impl Into<Object>, u64),
        detail: Detail,
        at: Timestamp,
    ) -> Activity {
        Activity {
            id: self.house.dice.id(at),
            actor,
            verb: verb.to_owned(),
            object: object.into(),
            seq,
            about: None,
            detail,
            at,
            origin: Origin::default(),
        }
    }

    /// Values about a person.
    pub(super) fn personal(&self, contact: &Contact, values: &Value) -> Detail {
        app::audit::personal(&self.house, contact, values)
    }
}

/// A word of the demo as the product understands it.
pub(super) fn word<T: FromStr>(text: &str) -> Result<T, DemoError> {
    let kind = std::any::type_name::<T>().rsplit("::").next().unwrap_or_default();
    text.parse().map_err(|_| DemoError::Word { text: text.to_owned(), kind })
}
