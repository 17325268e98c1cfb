//! `GET /v1/documents`: the documents a member sees, a page at a time.

use app::callers::staff::Staff;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::extract::Query;
use app::exchange::problem::Problem;
use app::serving::route::{Route, endpoint};
use domain::id::Id;
use domain::text::Category;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use store::lists::DocumentRow;

use crate::routes::documents::library_of;
use crate::views::documents::DocumentRowView;
use crate::views::paging::{self, ByCreation};

pub const ROUTE: Route = Route::get("documents.list", "/v1/documents")
    .says("Lists the documents that the member sees, a page at a time.")
    .served_by(|| endpoint(list_documents));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Only documents filed under this.
    category: Option<Category>,
    /// By creation; `-` for newest first, which is the default.
    #[serde(default)]
    sort: ByCreation,
    /// Items of a page, 1 to 100; 50 unless given.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

async fn list_documents(
    cx: Cx<Staff>,
    Query(input): Query<Input>,
) -> Result<Page<DocumentRowView>, Problem> {
    cx.allow_here(Action::DocumentsList)?;
    let limit = paging::limit(input.limit)?;
    let run = input.sort.run(limit, input.cursor.as_deref())?;

    let group = input.category.as_ref().map(Category::as_str);
    let rows: Vec<DocumentRow> = cx.store().list_by_creation(library_of(&cx), group, &run).await?;
    let key = |row: &DocumentRow| row.id.ulid().to_string();
    Ok(paging::page(rows, limit, key, DocumentRowView::from))
}
