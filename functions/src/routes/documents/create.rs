//! `POST /v1/documents`: puts a document into the library, without a file yet.

use app::answer::Created;
use app::cx::Cx;
use app::extract::Json;
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::activity::Detail;
use domain::document::{AccessLevel, Document};
use domain::text::{Category, Title};
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use store::activities::Home;

use crate::views::documents::DocumentView;

pub const ROUTE: Route = Route::post("documents.create", "/v1/documents")
    .says("Puts a document into the library, without a file yet.")
    .problems(&[Kind::Forbidden])
    .served_by(|| endpoint(create_document));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What it is called.
    title: Title,
    /// What it is filed under.
    category: Category,
    /// Who may read it at all.
    access_level: AccessLevel,
}

async fn create_document(
    cx: Cx,
    Json(input): Json<Input>,
) -> Result<Created<DocumentView>, Problem> {
    cx.allow_here(Action::DocumentCreate)?;
    let document = Document {
        id: cx.new_id(),
        version: 1,
        title: input.title,
        category: input.category,
        access_level: input.access_level,
        uploader_id: cx.who.member.id,
        published: None,
        child_of: None,
        deleted_at: None,
        created_at: cx.now,
    };
    let mut change = cx.change(&cx.store());
    change.save_document(&document)?;
    let detail = json!({
        "title": document.title,
        "category": document.category,
        "access_level": document.access_level,
    });
    let line = cx.line(document.id, document.version, Detail::Plain(detail));
    change.audit(Home::Document(document.id), &line)?;
    let location = format!("/v1/documents/{}", document.id);
    cx.commit(change, Created::new(DocumentView::new(&document, &[]), location)).await
}
