//! `GET /v1/links/{link_id}/children`: the board of a link on which each guest gets a document of
//! their own.

use app::callers::staff::Staff;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::extract::{Path, Query};
use app::exchange::problem::Problem;
use app::linking::OnBoard;
use app::serving::route::{Route, endpoint};
use domain::id::{ContactId, LinkId};
use policy::trust::Action;

use crate::views::board::ChildView;
use crate::views::paging::{self, Slice};

pub const ROUTE: Route = Route::get("links.children", "/v1/links/{link_id}/children")
    .says("Lists the guests of a link who got a document of their own: who opened, verified and signed, and when.")
    .served_by(|| endpoint(list_children));

async fn list_children(
    cx: Cx<Staff>,
    Path(link_id): Path<LinkId>,
    Query(slice): Query<Slice>,
) -> Result<Page<ChildView>, Problem> {
    let seen = cx.link(link_id, Action::LinkRead).await?;
    let (limit, after) = slice.parsed::<ContactId>()?;
    let guests = cx.board(&seen, after, limit + 1).await?;
    let key = |guest: &OnBoard| guest.child.contact_id.to_string();
    Ok(paging::page(guests, limit, key, ChildView::from))
}
