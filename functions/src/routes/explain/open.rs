//! `GET /v1/explain/open`: every document that is open to somebody now, and why; what was, beside.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Query;
use app::exchange::problem::{Kind, Problem};
use app::explain::Whom;
use app::explain::open::Place;
use app::explain::told::OpenPage;
use app::serving::route::{Route, endpoint};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::paging;

pub const ROUTE: Route = Route::get("explain.open", "/v1/explain/open")
    .says("Lists every document that is open to somebody now, and why; beside it, what was.")
    .problems(&[Kind::NotFound])
    .served_by(|| endpoint(explain_open));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Whose access: a contact, a member, or `anyone`.
    principal: Whom,
    /// Documents that a page looks at, 1 to 100; 50 unless given.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

async fn explain_open(
    cx: Cx<Staff>,
    Query(input): Query<Input>,
) -> Result<Found<OpenPage>, Problem> {
    let limit = paging::limit(input.limit)?;
    let place: Option<Place> = paging::parsed(input.cursor.as_deref())?;
    let page = cx.explain_open(input.principal, place, limit).await?;
    let next = page.next.map(|place| paging::cursor(&place));
    Ok(Found::new(OpenPage { next, ..page }))
}
