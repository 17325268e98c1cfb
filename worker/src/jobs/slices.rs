//! Slices of lists, by which walks go on.

use domain::id::Id;
use store::lists::{ContactRow, List, Page};
use store::read::Order;
use store::{Store, StoreError};

/// Things one slice deals with.
pub(crate) const SLICE: usize = 50;
/// What a place among the archived contacts of a list begins with.
const ARCHIVED: &str = "archived|";

/// A slice of a list of contacts, the archived ones last, and where the next slice begins: what
/// is out of sight is open all the same.
pub(crate) async fn slice_of_contacts(
    store: &Store,
    list: List,
    place: Option<&str>,
) -> Result<(Vec<ContactRow>, Option<String>), StoreError> {
    let archived = place.and_then(|place| place.strip_prefix(ARCHIVED));
    let mut rows = Vec::new();
    if archived.is_none() {
        let next;
        (rows, next) = slice(store, list, place).await?;
        if next.is_some() {
            return Ok((rows, next));
        }
    }
    let (out_of_sight, next) = slice(store, list.archived(), archived).await?;
    rows.extend(out_of_sight);
    Ok((rows, next.map(|last| format!("{ARCHIVED}{last}"))))
}

async fn slice(
    store: &Store,
    list: List,
    after: Option<&str>,
) -> Result<(Vec<ContactRow>, Option<String>), StoreError> {
    let rows: Vec<ContactRow> = store.list_by_creation(list, None, &page_after(after)).await?;
    let next = rows.get(SLICE - 1).map(|last| last.id.ulid().to_string());
    Ok((rows, next))
}

pub(crate) fn page_after(place: Option<&str>) -> Page {
    Page { order: Order::Ascending, cursor: place.map(str::to_owned), limit: SLICE }
}
