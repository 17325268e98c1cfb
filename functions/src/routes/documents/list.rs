//! `GET /v1/documents`: the documents a member sees, a page at a time.

use app::answer::Page;
use app::cx::Cx;
use app::extract::Query;
use app::problem::Problem;
use app::route::{Route, endpoint};
use domain::id::Id;
use domain::member::Role;
use domain::text::Category;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use store::lists::{DocumentRow, List, Page as Run};
use store::read::Order;

use crate::views::documents::DocumentRowView;
use crate::views::paging;

pub const ROUTE: Route =
    Route::get("documents.list", "/v1/documents").served_by(|| endpoint(list_documents));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Only documents filed under this.
    category: Option<Category>,
    /// By creation; `-` for newest first, which is the default.
    #[serde(default)]
    sort: Sort,
    /// Items of a page, 1 to 100; 50 unless given.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(inline)]
enum Sort {
    #[serde(rename = "created")]
    Created,
    #[default]
    #[serde(rename = "-created")]
    CreatedLatestFirst,
}

async fn list_documents(
    cx: Cx,
    Query(input): Query<Input>,
) -> Result<Page<DocumentRowView>, Problem> {
    cx.allow_here(Action::DocumentsList)?;
    let limit = paging::limit(input.limit)?;
    let order = match input.sort {
        Sort::Created => Order::Ascending,
        Sort::CreatedLatestFirst => Order::Descending,
    };
    let run = Run { order, cursor: paging::place(input.cursor.as_deref())?, limit: limit + 1 };

    // Reviewers see the whole library, others what they put into it.
    let list = match cx.who.member.role {
        Role::Administrator | Role::AccountManager => List::Documents,
        Role::Representative | Role::Member => List::DocumentsOfUploader(cx.who.member.id),
    };
    let group = input.category.as_ref().map(Category::as_str);
    let rows: Vec<DocumentRow> = cx.store().list_by_creation(list, group, &run).await?;
    let key = |row: &DocumentRow| row.id.ulid().to_string();
    Ok(paging::page(rows, limit, key, DocumentRowView::from))
}
