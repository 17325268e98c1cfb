//! `GET /v1/links/{link_id}/children/export`: the board of a link as a table for a spreadsheet.

use app::callers::staff::Staff;
use app::exchange::answer::Table;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::Problem;
use app::serving::route::{Route, endpoint};
use domain::id::{ContactId, LinkId};
use policy::trust::Action;

use crate::views::board::{COLUMNS, ChildView};

/// Guests that one export tells of, the newest contacts left out beyond; 2 MB at the most.
const GUESTS_MAX: usize = 10_000;
/// Guests that are read at once.
const AT_ONCE: usize = 100;

pub const ROUTE: Route = Route::get("links.export_children", "/v1/links/{link_id}/children/export")
    .says("Gives the board of a link as comma-separated values, at most 10,000 guests.")
    .served_by(|| endpoint(export_children));

async fn export_children(cx: Cx<Staff>, Path(link_id): Path<LinkId>) -> Result<Table, Problem> {
    let seen = cx.link(link_id, Action::LinkRead).await?;
    let mut table = Table::new("guests.csv", &COLUMNS);
    let mut after: Option<ContactId> = None;
    while table.len() < GUESTS_MAX {
        let guests = cx.board(&seen, after, AT_ONCE).await?;
        let is_last = guests.len() < AT_ONCE;
        after = guests.last().map(|guest| guest.child.contact_id);
        for guest in guests {
            table.push(&ChildView::from(guest).cells());
        }
        if is_last {
            break;
        }
    }
    Ok(table)
}
