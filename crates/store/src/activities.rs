//! The audit trail. A line commits with what it tells, in the partition of the thing it belongs to,
//! and is found from the other things it is about.

use domain::activity::{Activity, Actor, Object};
use domain::id::{AccountId, ContactId, DocumentId, Id};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::change::{Change, Claim};
use crate::item::{Item, Row};
use crate::keys::{self, ABOUT, ACTIVITY, Key, Keys};
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

/// Lines that lie or are found together, in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// Those that lie with a home.
    At(Home),
    /// Those about a thing that lie elsewhere.
    About(Object),
    /// What a member or a contact did, wherever it lies; but for what lies with that contact.
    By(Object),
}

/// A part of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Only what is older than this line, by its ULID.
    pub behind: Option<String>,
    /// Only what happened at this instant or later, to the millisecond.
    pub from: Option<Timestamp>,
    /// Only what happened before this instant, to the millisecond.
    pub to: Option<Timestamp>,
}

/// A line, and with whom it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The contact in whose partition it lies, whom its personal values tell about.
    pub contact: Option<ContactId>,
    /// The line.
    pub activity: Activity,
}

impl Window {
    /// The sort keys in the window, of a run whose keys begin with `prefix`.
    fn span(&self, prefix: &str) -> Span {
        // Ids sort by time: every one of an instant is behind the first that it could have.
        let first = |at: Timestamp| {
            let millis = u64::try_from(at.as_millisecond()).unwrap_or_default();
            format!("{prefix}{}", Ulid::from_parts(millis, 0))
        };
        let behind = self.behind.as_ref().map(|ulid| format!("{prefix}{ulid}"));
        Span::prefix(prefix)
            .starting(self.from.map(first))
            .ending(self.to.map(first).as_deref())
            .ending(behind.as_deref())
    }
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
        let window = Window { behind: cursor.map(str::to_owned), ..Window::default() };
        let lines = self.lines(Run::At(home), &window, limit).await?;
        Ok(lines.into_iter().map(|line| line.activity).collect())
    }

    /// The lines of `run` in `window`, newest first, at most `limit`. Those that lie elsewhere are
    /// found through an index that may lag by seconds, and read as they are.
    ///
    /// # Errors
    /// As every read.
    pub async fn lines(
        &self,
        run: Run,
        window: &Window,
        limit: usize,
    ) -> Result<Vec<Line>, StoreError> {
        let keys = Keys(self.tenant);
        let (index, partition, prefix) = match run {
            Run::At(home) => (Index::Table, home.partition(keys), ACTIVITY),
            Run::About(object) => (Index::Inverse, keys.about(object), ABOUT),
            Run::By(actor) => (Index::Actor, keys.deeds_of(actor), ACTIVITY),
        };
        let query = Query {
            doing: "list activity",
            index,
            partition,
            span: window.span(prefix),
            order: Order::Descending,
            limit,
        };
        let items = if index == Index::Table {
            self.table.query(&query).await?
        } else {
            self.table.find(&query, "read activity").await?
        };
        let line = |item: &Item| {
            let activity: Activity = item.parse()?;
            Ok(Line { contact: item.key().contact(), activity })
        };
        let mut lines: Vec<Line> = items.iter().map(line).collect::<Result<_, StoreError>>()?;
        lines.sort_by_key(|line| std::cmp::Reverse(line.activity.id));
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
        if let Some(actor) = named(home, line.actor) {
            row = row.deed(self.keys.deeds_of(actor));
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

/// The actor, if it is one whose deeds are found apart from `home`: the rules' own deeds are
/// nobody's, and what a contact does to what is theirs lies with them already.
fn named(home: Home, actor: Actor) -> Option<Object> {
    match actor {
        Actor::Member(id) => Some(id.into()),
        Actor::Contact(id) => Some(id.into()).filter(|_| home != Home::Contact(id)),
        Actor::Anyone | Actor::System | Actor::Operator => None,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(window: &Window, ulid: Ulid) -> bool {
        window.span(ACTIVITY).holds(&keys::line(ulid))
    }

    #[test]
    fn a_window_holds_its_first_millisecond_and_not_its_last() {
        let at = |millis| Timestamp::from_millisecond(millis).unwrap();
        let window = Window { from: Some(at(1000)), to: Some(at(2000)), behind: None };
        for (millis, chance, inside) in [
            (999, u128::MAX >> 48, false),
            (1000, 0, true),
            (1999, u128::MAX >> 48, true),
            (2000, 0, false),
        ] {
            assert_eq!(spans(&window, Ulid::from_parts(millis, chance)), inside, "{millis}");
        }
    }

    #[test]
    fn a_window_goes_on_behind_a_line() {
        let line = Ulid::from_parts(1500, 7);
        let window = Window { behind: Some(line.to_string()), ..Window::default() };
        assert!(spans(&window, Ulid::from_parts(1500, 6)) && !spans(&window, line));
        assert!(!spans(&window, Ulid::from_parts(1501, 0)));
    }
}
