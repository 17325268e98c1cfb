//! `GET /v1/requests`: the queue of access requests, a page at a time.

use app::callers::staff::Staff;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::extract::Query;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::id::Id;
use domain::request::Status;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use store::lists::{List, RequestRow};

use crate::views::paging::{self, ByCreation};
use crate::views::requests::RequestRowView;

pub const ROUTE: Route = Route::get("requests.list", "/v1/requests")
    .says("Lists the queue of access requests, a page at a time.")
    .problems(&[Kind::Forbidden])
    .served_by(|| endpoint(list_requests));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Only requests that stand here.
    status: Option<Status>,
    /// By creation; `-` for newest first, which is the default.
    #[serde(default)]
    sort: ByCreation,
    /// Items of a page, 1 to 100; 50 unless given.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

async fn list_requests(
    cx: Cx<Staff>,
    Query(input): Query<Input>,
) -> Result<Page<RequestRowView>, Problem> {
    cx.allow_here(Action::RequestsList)?;
    let limit = paging::limit(input.limit)?;
    let run = input.sort.run(limit, input.cursor.as_deref())?;
    let group = input.status.map(Status::as_str);
    let rows: Vec<RequestRow> = cx.store().list_by_creation(List::Requests, group, &run).await?;
    Ok(paging::page(rows, limit, |row| row.id.ulid().to_string(), RequestRowView::from))
}
