//! How many contacts stand in the way of an end, in words.

use store::lists::{ContactRow, List, Page};
use store::read::Order;
use store::{Store, StoreError};

/// Contacts that are counted; of more it is told that there are at least so many.
const COUNTED_MAX: usize = 100;

/// "3 contacts belong", archived ones counted too; nothing if there are none in `list`.
///
/// # Errors
/// As every read.
pub async fn contacts_belong(store: &Store, list: List) -> Result<Option<String>, StoreError> {
    let page = Page { order: Order::Ascending, cursor: None, limit: COUNTED_MAX };
    let mut count = 0;
    for list in list.with_archived() {
        let contacts: Vec<ContactRow> = store.list_by_creation(list, None, &page).await?;
        count += contacts.len();
    }
    Ok(match count {
        0 => None,
        1 => Some("1 contact belongs".to_owned()),
        some if some < COUNTED_MAX => Some(format!("{some} contacts belong")),
        _ => Some(format!("At least {COUNTED_MAX} contacts belong")),
    })
}
