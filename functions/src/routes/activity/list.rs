//! `GET /v1/activity`: the trail of one thing, newest line first.

use app::answer::Page;
use app::cx::Cx;
use app::extract::Query;
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::activity::{Activity, Object};
use domain::id::{ActivityId, Id};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::activity::{ActivityView, activity_view, name_actors};
use crate::views::paging;

pub const ROUTE: Route = Route::get("activity.list", "/v1/activity")
    .problems(&[Kind::ChooseTenant, Kind::Forbidden, Kind::NotFound])
    .served_by(|| endpoint(list_activity));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The company, a member, an account, a contact, a document or a request, deleted ones
    /// included. The company's own trail tells of its settings, members and agreements.
    object: Object,
    /// Items of a page, 1 to 100; 50 unless given.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

async fn list_activity(cx: Cx, Query(input): Query<Input>) -> Result<Page<ActivityView>, Problem> {
    let limit = paging::limit(input.limit)?;
    let before: Option<ActivityId> = paging::parsed(input.cursor.as_deref())?;
    let before = before.map(|id| id.ulid().to_string());
    let trail = cx.trail(input.object).await?;
    let lines = cx.lines(&trail, before.as_deref(), limit + 1).await?;
    let key = |line: &Activity| line.id.to_string();
    let view = |line: Activity| activity_view(&cx.house, trail.subject.as_ref(), line);
    let mut page = paging::page(lines, limit, key, view);
    name_actors(&cx.store(), &mut page.items).await?;
    Ok(page)
}
