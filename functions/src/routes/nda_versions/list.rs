//! `GET /v1/nda-versions`: every published text of the agreement, newest first.

use app::callers::staff::Staff;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::extract::Query;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::nda::NdaVersion;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::paging;
use crate::views::tenant::NdaVersionView;

/// Texts of a page at the most, whatever was asked: ten of the longest still fit one answer of
/// AWS Lambda, 6 MB.
const TEXTS_MAX: usize = 10;

pub const ROUTE: Route = Route::get("nda_versions.list", "/v1/nda-versions")
    .says("Lists every published text of the agreement, newest first.")
    .problems(&[Kind::ChooseTenant, Kind::Forbidden])
    .served_by(|| endpoint(list_nda_versions));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Items of a page, 1 to 100; never more than 10 are given, as the texts are long.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

async fn list_nda_versions(
    cx: Cx<Staff>,
    Query(input): Query<Input>,
) -> Result<Page<NdaVersionView>, Problem> {
    cx.allow_here(Action::NdaRead)?;
    let limit = paging::limit(input.limit)?.min(TEXTS_MAX);
    let before = paging::parsed(input.cursor.as_deref())?;
    let texts = cx.store().ndas(before, limit + 1).await?;
    let key = |nda: &NdaVersion| nda.version.to_string();
    Ok(paging::page(texts, limit, key, NdaVersionView::from))
}
