//! `GET /v1/accounts`: the outside companies, a page at a time.

use app::callers::staff::Staff;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::extract::Query;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::contact::ReviewStatus;
use domain::id::Id;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use store::lists::{AccountRow, List};

use crate::views::accounts::AccountRowView;
use crate::views::paging::{self, ByCreation};

pub const ROUTE: Route = Route::get("accounts.list", "/v1/accounts")
    .says("Lists the outside companies, a page at a time.")
    .problems(&[Kind::ChooseTenant, Kind::Forbidden])
    .served_by(|| endpoint(list_accounts));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Only accounts whose review stands here.
    status: Option<ReviewStatus>,
    /// By creation; `-` for newest first, which is the default.
    #[serde(default)]
    sort: ByCreation,
    /// Items of a page, 1 to 100; 50 unless given.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

async fn list_accounts(
    cx: Cx<Staff>,
    Query(input): Query<Input>,
) -> Result<Page<AccountRowView>, Problem> {
    cx.allow_here(Action::AccountsList)?;
    let limit = paging::limit(input.limit)?;
    let run = input.sort.run(limit, input.cursor.as_deref())?;
    let group = input.status.map(ReviewStatus::as_str);
    let rows = cx.store().list_by_creation(List::Accounts, group, &run).await?;
    let key = |row: &AccountRow| row.id.ulid().to_string();
    Ok(paging::page(rows, limit, key, AccountRowView::from))
}
