//! `POST /v1/documents`: puts a document into the library, without a file yet.

use app::callers::staff::Staff;
use app::exchange::answer::Created;
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::activity::Detail;
use domain::document::{AccessLevel, Document};
use domain::text::{Category, Title};
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::documents::{save, told};
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
    cx: Cx<Staff>,
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
    save(&cx, &mut change, &document, Detail::Plain(told(&document)))?;
    let location = format!("/v1/documents/{}", document.id);
    cx.commit(change, Created::new(DocumentView::new(&document, &[]), location)).await
}
