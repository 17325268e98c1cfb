//! `GET /v1/guest/{link_id}/events`: what a guest sees of the document's thread, newest first.

use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::extract::{Path, Query};
use app::exchange::problem::{Kind, Problem};
use app::guest::Guest;
use app::serving::route::{Route, endpoint};
use domain::id::{EventId, LinkId};

use crate::views::paging::{self, Slice};
use crate::views::thread::GuestEventView;

pub const ROUTE: Route = Route::get("guest.events", "/v1/guest/{link_id}/events")
    .says("Lists what a guest sees of what was said and signed, newest first; a page may be short and yet go on.")
    .problems(&[Kind::CodeRequired, Kind::LinkInactive, Kind::NdaRequired])
    .served_by(|| endpoint(list_events));

async fn list_events(
    cx: Cx<Guest>,
    Path(_): Path<LinkId>,
    Query(slice): Query<Slice>,
) -> Result<Page<GuestEventView>, Problem> {
    let (limit, after) = slice.parsed::<EventId>()?;
    let (events, last) = cx.thread(after, limit).await?;
    let cast = cx.cast_of(&cx.store(), cx.who.document().id, &events).await?;
    let view = |event| GuestEventView::new(event, &cast, &cx.who);
    let next = last.map(|event| paging::cursor(&event.to_string()));
    Ok(Page { items: events.into_iter().map(view).collect(), next })
}
