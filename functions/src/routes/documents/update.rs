//! `PATCH /v1/documents/{document_id}`: renames a document, files it elsewhere, or changes who may
//! read it at all; the new access level counts from the next request of everybody.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{IfMatch, Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::library::require_no_child;
use app::serving::route::{Route, endpoint};
use domain::activity::Detail;
use domain::document::{AccessLevel, Document};
use domain::id::DocumentId;
use domain::text::{Category, Title};
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::documents::{save, told};
use crate::trail::difference;
use crate::views::documents::DocumentView;

pub const ROUTE: Route = Route::patch("documents.update", "/v1/documents/{document_id}")
    .says("Renames a document, files it elsewhere, or changes who may read it at all, from the next request of everybody on.")
    .problems(&[Kind::Forbidden, Kind::WrongState])
    .previewed()
    .served_by(|| endpoint(update_document));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What it is called.
    title: Option<Title>,
    /// What it is filed under.
    category: Option<Category>,
    /// Who may read it at all.
    access_level: Option<AccessLevel>,
}

async fn update_document(
    cx: Cx<Staff>,
    Path(document_id): Path<DocumentId>,
    if_match: IfMatch,
    Json(input): Json<Input>,
) -> Result<Found<DocumentView>, Problem> {
    let before = cx.document(document_id, Action::DocumentEdit).await?.into_inner();
    require_no_child(&before)?;
    if_match.require(before.version)?;
    let after = Document {
        version: before.version + 1,
        title: input.title.unwrap_or_else(|| before.title.clone()),
        category: input.category.unwrap_or_else(|| before.category.clone()),
        access_level: input.access_level.unwrap_or(before.access_level),
        ..before.clone()
    };
    let mut change = cx.change(&cx.store());
    let detail = difference(&before, &after, told);
    save(&cx, &mut change, &after, Detail::Plain(detail))?;
    let files = cx.files_of(&after).await?;
    cx.commit(change, Found::at(DocumentView::new(&after, &files), after.version)).await
}
