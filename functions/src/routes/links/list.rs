//! `GET /v1/documents/{document_id}/links`: the guest links of a document, newest first.

use app::callers::staff::Staff;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::extract::{Path, Query};
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::id::{DocumentId, LinkId};
use policy::trust::Action;
use store::links::Linked;

use crate::views::links::LinkView;
use crate::views::paging::{self, Slice};

pub const ROUTE: Route = Route::get("links.list", "/v1/documents/{document_id}/links")
    .says("Lists the guest links of a document, newest first, with where each stands.")
    .problems(&[Kind::Forbidden])
    .served_by(|| endpoint(list_links));

async fn list_links(
    cx: Cx<Staff>,
    Path(document_id): Path<DocumentId>,
    Query(slice): Query<Slice>,
) -> Result<Page<LinkView>, Problem> {
    let document = cx.document(document_id, Action::DocumentAccess).await?;
    let (limit, after) = slice.parsed::<LinkId>()?;
    let links = cx.links_of(&document, after, limit + 1).await?;
    let key = |seen: &Linked| seen.link.id.to_string();
    Ok(paging::page(links, limit, key, |seen| LinkView::new(&seen, cx.now)))
}
