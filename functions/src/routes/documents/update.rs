//! `PATCH /v1/documents/{document_id}`: renames a document, files it elsewhere, or changes who may
//! read it at all; the new access level counts from the next request of everybody.

use app::answer::Found;
use app::cx::Cx;
use app::extract::{IfMatch, Json, Path};
use app::library::require_no_child;
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::activity::Detail;
use domain::document::{AccessLevel, Document};
use domain::id::DocumentId;
use domain::text::{Category, Title};
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::activities::Home;

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
    cx: Cx,
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
    change.save_document(&after)?;
    let line = cx.line(after.id, after.version, Detail::Plain(difference(&before, &after)));
    change.audit(Home::Document(after.id), &line)?;
    let files = cx.files_of(&after).await?;
    cx.commit(change, Found::at(DocumentView::new(&after, &files), after.version)).await
}

/// What changed, each as it was and as it is.
fn difference(before: &Document, after: &Document) -> Value {
    let pairs = [
        ("title", json!(before.title), json!(after.title)),
        ("category", json!(before.category), json!(after.category)),
        ("access_level", json!(before.access_level), json!(after.access_level)),
    ];
    pairs
        .into_iter()
        .filter(|(_, was, is)| was != is)
        .map(|(name, was, is)| (name.to_owned(), json!([was, is])))
        .collect::<Map<_, _>>()
        .into()
}
