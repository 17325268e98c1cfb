//! Pages of lists.

use std::str::FromStr;

use app::exchange::answer::Page;
use app::exchange::problem::Problem;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde::Deserialize;
use store::lists::Page as Run;
use store::read::Order;
use store::words::is_place;

/// Most items of a page.
pub const LIMIT_MAX: usize = 100;
/// Items of a page unless asked otherwise.
pub const LIMIT: usize = 50;
/// Longest sort key that a cursor may carry.
const CURSOR_BYTES_MAX: usize = 128;

/// Query parameters of a list that has one order.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Slice {
    /// Items of a page at the most, 1 to 100; 50 unless given.
    pub limit: Option<usize>,
    /// The `next` of the page before.
    pub cursor: Option<String>,
}

impl Slice {
    /// How many items are wanted, behind which place.
    ///
    /// # Errors
    /// A problem that names the parameter.
    pub fn parsed<T: FromStr>(&self) -> Result<(usize, Option<T>), Problem> {
        Ok((limit(self.limit)?, parsed(self.cursor.as_deref())?))
    }
}

/// The order of a list that sorts by creation only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum ByCreation {
    /// Oldest first.
    #[serde(rename = "created")]
    Created,
    /// Newest first.
    #[default]
    #[serde(rename = "-created")]
    CreatedLatestFirst,
}

impl ByCreation {
    /// The run of rows that a page of `limit` is made of: one more, to know whether another
    /// follows.
    ///
    /// # Errors
    /// A problem that names `cursor`.
    pub fn run(self, limit: usize, cursor: Option<&str>) -> Result<Run, Problem> {
        let order = match self {
            Self::Created => Order::Ascending,
            Self::CreatedLatestFirst => Order::Descending,
        };
        Ok(Run { order, cursor: place(cursor)?, limit: limit + 1 })
    }
}

/// Checks `limit`.
///
/// # Errors
/// A problem that names `limit`.
pub fn limit(asked: Option<usize>) -> Result<usize, Problem> {
    match asked.unwrap_or(LIMIT) {
        limit @ 1..=LIMIT_MAX => Ok(limit),
        _ => Err(Problem::bad_input("limit", format!("expected 1 to {LIMIT_MAX}"))),
    }
}

/// The sort key that a cursor carries. It names a place in the list that is being read and nothing
/// else: the partition never comes from the caller.
///
/// # Errors
/// A problem that names `cursor`.
pub fn place(cursor: Option<&str>) -> Result<Option<String>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    let is_key = |key: &String| {
        key.len() <= CURSOR_BYTES_MAX
            && !key.is_empty()
            && key.bytes().all(|c| c.is_ascii_graphic())
    };
    decoded(cursor).filter(is_key).map(Some).ok_or_else(not_a_cursor)
}

/// The place among words beginning with `word` that a cursor carries.
///
/// # Errors
/// A problem that names `cursor`.
pub fn word_place(cursor: Option<&str>, word: &str) -> Result<Option<String>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    decoded(cursor).filter(|place| is_place(place, word)).map(Some).ok_or_else(not_a_cursor)
}

/// The cursor that carries the sort key `place`.
#[must_use]
pub fn cursor(place: &str) -> String {
    URL_SAFE_NO_PAD.encode(place)
}

/// The number or id that a cursor carries, where places are named by one.
///
/// # Errors
/// A problem that names `cursor`.
pub fn parsed<T: FromStr>(cursor: Option<&str>) -> Result<Option<T>, Problem> {
    let place = place(cursor)?;
    place.map(|place| place.parse().map_err(|_| not_a_cursor())).transpose()
}

fn decoded(cursor: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()
}

fn not_a_cursor() -> Problem {
    Problem::bad_input("cursor", "expected the `next` of a page before")
}

/// A page of `rows`, which were read one more than `limit` to know whether another page follows.
pub fn page<R, V>(
    mut rows: Vec<R>,
    limit: usize,
    key: impl Fn(&R) -> String,
    view: impl Fn(R) -> V,
) -> Page<V> {
    let more = limit < rows.len();
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| cursor(&key(row)));
    Page { items: rows.into_iter().map(view).collect(), next }
}
