//! `GET /v1/documents/{document_id}/events`: the thread of a document, newest first.

use app::callers::staff::Staff;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::extract::{Path, Query};
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::event::Event;
use domain::id::{DocumentId, EventId};
use policy::trust::Action;

use crate::views::paging::{self, Slice};
use crate::views::thread::EventView;

pub const ROUTE: Route = Route::get("documents.events", "/v1/documents/{document_id}/events")
    .says("Lists what was shared, said and signed about a document, newest first.")
    .problems(&[Kind::Forbidden])
    .served_by(|| endpoint(list_events));

async fn list_events(
    cx: Cx<Staff>,
    Path(document_id): Path<DocumentId>,
    Query(slice): Query<Slice>,
) -> Result<Page<EventView>, Problem> {
    let document = cx.document(document_id, Action::DocumentAccess).await?;
    let (limit, after) = slice.parsed::<EventId>()?;
    let store = cx.store();
    let events = store.events_of(document.id, after, limit + 1).await?;
    let cast = cx.cast_of(&store, document.id, &events).await?;
    let key = |event: &Event| event.id.to_string();
    Ok(paging::page(events, limit, key, |event| EventView::new(event, &cast)))
}
