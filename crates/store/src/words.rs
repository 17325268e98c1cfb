//! Search: a row for each word that a contact is found by, in each list that is searched.
//!
//! A row shows what the list shows, so that one query answers a page. Beside the rows lies one
//! item that says which there are and what they show. Whoever brings them up to date reads it
//! before what they show, and writes it and all rows as one change if nobody else did in between.
//! So no row outlives its word, and of two who do it at once the one who read later wins.

use domain::id::{ContactId, Id};
use domain::words::fold::is_word;
use domain::words::{Sought, Words};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::change::Claim;
use crate::item::{Item, Row, number};
use crate::keys::{Keys, word_place};
use crate::lists::{ContactRow, List, Listed};
use crate::read::{Index, Order, Query, Span};
use crate::renewal::Renewed;
use crate::{Store, StoreError};

/// What search shows of a contact, and under which words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Indexed {
    /// Times the rows were brought up to date.
    revision: u64,
    /// Names of the lists that are searched for it.
    lists: Vec<String>,
    /// What it is found under; nothing once it is deleted.
    words: Words,
    /// What is shown.
    row: Option<ContactRow>,
}

/// One row of a search.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WordRow {
    /// The word it lies under.
    #[serde(skip)]
    pub word: String,
    /// What the list shows.
    #[serde(flatten)]
    pub row: ContactRow,
    /// Every word of the contact.
    #[serde(rename = "w")]
    pub words: Words,
}

impl WordRow {
    /// Where the row stands among the words that begin alike.
    #[must_use]
    pub fn place(&self) -> String {
        word_place(&self.word, self.row.id.ulid())
    }
}

impl Indexed {
    /// What is to be shown of a contact in the `lists` that are searched.
    #[must_use]
    pub fn new(lists: &[List], words: Words, row: &ContactRow) -> Self {
        let lists = lists.iter().filter(|list| list.is_searched()).map(|list| list.name());
        Self { revision: 0, lists: lists.collect(), words, row: Some(row.clone()) }
    }

    /// Nothing is to be shown any more. The item stays, so that whoever read the contact before it
    /// was deleted cannot bring it back.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    fn rows(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lists.iter().flat_map(|list| {
            self.words.as_slice().iter().map(|word| (list.as_str(), word.as_str()))
        })
    }
}

impl Store {
    /// What search shows of a contact, to be brought up to date.
    ///
    /// # Errors
    /// As every read.
    pub async fn indexed(&self, id: ContactId) -> Result<Option<Indexed>, StoreError> {
        let key = Keys(self.tenant).indexed(id);
        let seen: Option<Indexed> = self.table.get_as("read what search shows", &key).await?;
        Ok(seen.map(|seen| Indexed { row: seen.row.map(|row| row.found_at(id.ulid())), ..seen }))
    }

    /// Shows `next` in place of `seen`: rows of words that left go, in the same change.
    ///
    /// # Errors
    /// [`StoreError::Aws`] if DynamoDB fails, [`StoreError::Busy`] if others kept writing.
    pub async fn index(
        &self,
        id: ContactId,
        seen: Option<&Indexed>,
        next: Indexed,
        token: String,
    ) -> Result<Renewed, StoreError> {
        let revision = seen.map_or(0, |seen| seen.revision);
        if seen.is_some_and(|seen| *seen == Indexed { revision, ..next.clone() }) {
            return Ok(Renewed::Done);
        }
        let next = Indexed { revision: revision + 1, ..next };
        let mut change = self.change(token);
        let item = Row::new(&change.keys.indexed(id), &next)?;
        match revision {
            0 => change.put_new(Claim::Version, item)?,
            revision => {
                let values = [(":seen".to_owned(), number(revision))].into();
                change.put_if(Claim::Version, item, "revision = :seen", values)?;
            }
        }
        let stale = seen.into_iter().flat_map(Indexed::rows);
        for (list, word) in stale.filter(|row| next.rows().all(|kept| kept != *row)) {
            change.delete(&change.keys.word_row(list, word, id.ulid()))?;
        }
        if let Some(row) = &next.row {
            let shown =
                WordRow { word: String::new(), row: row.clone(), words: next.words.clone() };
            for (list, word) in next.rows() {
                let key = change.keys.word_row(list, word, id.ulid());
                change.put_over(Row::new(&key, &shown)?)?;
            }
        }
        match change.commit().await {
            Err(StoreError::Lost(_)) => Ok(Renewed::Overtaken),
            done => done.map(|()| Renewed::Done),
        }
    }

    /// At most `limit` rows of a list whose word begins with the longest one sought, in order of
    /// their words, behind `place`. What else is sought is left to the caller.
    ///
    /// # Errors
    /// As every read.
    pub async fn search(
        &self,
        list: List,
        sought: &Sought,
        place: Option<&str>,
        limit: usize,
    ) -> Result<Vec<WordRow>, StoreError> {
        let query = Query {
            doing: "search a list",
            index: Index::Rows,
            partition: Keys(self.tenant).words(&list.name(), sought.longest()),
            span: Span::prefix(sought.longest()).after(place, Order::Ascending),
            order: Order::Ascending,
            limit,
        };
        self.table.query(&query).await?.iter().map(read_row).collect()
    }
}

/// Whether `place` is one where a row may stand whose word begins with `beginning`.
#[must_use]
pub fn is_place(place: &str, beginning: &str) -> bool {
    place.rsplit_once('#').is_some_and(|(word, ulid)| {
        word.starts_with(beginning) && is_word(word) && Ulid::from_string(ulid).is_ok()
    })
}

fn read_row(item: &Item) -> Result<WordRow, StoreError> {
    let found: WordRow = item.parse()?;
    let (word, ulid) = item.sk().rsplit_once('#').unwrap_or_default();
    let row = found.row.found_at(Ulid::from_string(ulid).unwrap_or_default());
    Ok(WordRow { word: word.to_owned(), row, ..found })
}
