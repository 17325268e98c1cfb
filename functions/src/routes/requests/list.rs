//! `GET /v1/requests`: the queue of access requests, a page at a time.

use app::answer::Page;
use app::cx::Cx;
use app::extract::Query;
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::id::Id;
use domain::request::Status;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use store::lists::{List, Page as Run, RequestRow};
use store::read::Order;

use crate::views::paging;
use crate::views::requests::RequestRowView;

pub const ROUTE: Route = Route::get("requests.list", "/v1/requests")
    .problems(&[Kind::Forbidden])
    .served_by(|| endpoint(list_requests));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Only requests that stand here.
    status: Option<Status>,
    /// By creation; `-` for newest first, which is the default.
    #[serde(default)]
    sort: Sort,
    /// Items of a page, 1 to 100; 50 unless given.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(rename = "RequestSort")]
enum Sort {
    #[serde(rename = "created")]
    Created,
    #[default]
    #[serde(rename = "-created")]
    CreatedLatestFirst,
}

async fn list_requests(
    cx: Cx,
    Query(input): Query<Input>,
) -> Result<Page<RequestRowView>, Problem> {
    cx.allow_here(Action::RequestsList)?;
    let limit = paging::limit(input.limit)?;
    let order = match input.sort {
        Sort::Created => Order::Ascending,
        Sort::CreatedLatestFirst => Order::Descending,
    };
    let run = Run { order, cursor: paging::place(input.cursor.as_deref())?, limit: limit + 1 };
    let group = input.status.map(Status::as_str);
    let rows: Vec<RequestRow> = cx.store().list_by_creation(List::Requests, group, &run).await?;
    Ok(paging::page(rows, limit, |row| row.id.ulid().to_string(), RequestRowView::from))
}
