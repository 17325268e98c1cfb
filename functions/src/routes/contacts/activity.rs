//! `GET /v1/contacts/{contact_id}/activity`: what a contact did and what was done about them.

use app::callers::staff::Staff;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::extract::{Path, Query};
use app::exchange::problem::Problem;
use app::serving::route::{Route, endpoint};
use domain::activity::Activity;
use domain::id::{ContactId, Id};
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use store::activities::Home;

use crate::views::activity::{ActivityView, name_actors};
use crate::views::paging;

pub const ROUTE: Route = Route::get("contacts.activity", "/v1/contacts/{contact_id}/activity")
    .says("Lists what a contact did and what was done about them, newest line first.")
    .served_by(|| endpoint(list_contact_activity));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Items of a page, 1 to 100; 50 unless given.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

async fn list_contact_activity(
    cx: Cx<Staff>,
    Path(contact_id): Path<ContactId>,
    Query(input): Query<Input>,
) -> Result<Page<ActivityView>, Problem> {
    let contact = cx.contact(contact_id, Action::ContactActivity).await?;
    let limit = paging::limit(input.limit)?;
    let cursor = paging::place(input.cursor.as_deref())?;
    let home = Home::Contact(contact.id);
    let lines = cx.store().activities_at(home, cursor.as_deref(), limit + 1).await?;
    let key = |line: &Activity| line.id.ulid().to_string();
    let view = |line| ActivityView::new(&cx.house, Some(&contact), line);
    let mut page = paging::page(lines, limit, key, view);
    name_actors(&cx.store(), &mut page.items).await?;
    Ok(page)
}
