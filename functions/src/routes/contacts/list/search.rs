//! Search: contacts by the beginnings of words, in word order.
//!
//! The longest word is looked up, the others and the filters narrow what was found. So a search
//! that finds little of much reads on for a bounded while and then says where to go on.

use app::callers::staff::Staff;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::problem::Problem;
use domain::words::{Sought, SoughtError};
use store::lists::ContactRow;
use store::words::WordRow;

use crate::routes::contacts::list::{Input, list_of};
use crate::views::contacts::ContactRowView;
use crate::views::paging;

/// Queries that one request makes at the most.
const QUERIES_MAX: usize = 4;
/// Rows that a query reads where they are narrowed afterwards.
const NARROWED_ROWS: usize = 200;

pub(super) async fn search(
    cx: &Cx<Staff>,
    q: &str,
    input: &Input,
) -> Result<Page<ContactRowView>, Problem> {
    if input.sort.is_some() {
        return Err(Problem::bad_input("sort", "a search answers in word order: leave `sort` out"));
    }
    let sought: Sought =
        q.parse().map_err(|error: SoughtError| Problem::bad_input("q", error.to_string()))?;
    let limit = paging::limit(input.limit)?;
    let mut place = paging::word_place(input.cursor.as_deref(), sought.longest())?;
    let (status, account_id) = (input.status, input.account_id);
    let is_plain = sought.is_one_word() && status.is_none() && account_id.is_none();
    let rows_max = if is_plain { limit + 1 } else { NARROWED_ROWS };

    let is_wanted = |row: &ContactRow| {
        status.is_none_or(|status| row.status == status)
            && account_id.is_none_or(|id| row.account_id == Some(id))
    };
    let store = cx.store();
    let list = input.shelf(list_of(&cx.who.member));
    let mut items = Vec::new();
    for _ in 0..QUERIES_MAX {
        let rows = store.search(list, &sought, place.as_deref(), rows_max).await?;
        let is_end = rows.len() < rows_max;
        for found in rows {
            let shown = sought.is_shown_under(&found.word, &found.words) && is_wanted(&found.row);
            if shown && items.len() == limit {
                return Ok(Page { items, next: place.as_deref().map(paging::cursor) });
            }
            place = Some(found.place());
            if shown {
                let WordRow { row, .. } = found;
                items.push(ContactRowView::from(row));
            }
        }
        if is_end {
            return Ok(Page { items, next: None });
        }
    }
    Ok(Page { items, next: place.as_deref().map(paging::cursor) })
}
