//! `GET /v1/members`: the members of the company, oldest seat first, those who are invited
//! included. Removed ones are left out, so that a page may hold fewer than its limit.

use app::callers::staff::Staff;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::extract::Query;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::id::MemberId;
use domain::member::Member;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::members::MemberView;
use crate::views::paging;

pub const ROUTE: Route = Route::get("members.list", "/v1/members")
    .says("Lists the members of the company, oldest seat first.")
    .problems(&[Kind::ChooseTenant, Kind::Forbidden])
    .served_by(|| endpoint(list_members));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Items of a page, 1 to 100; 50 unless given.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

async fn list_members(
    cx: Cx<Staff>,
    Query(input): Query<Input>,
) -> Result<Page<MemberView>, Problem> {
    cx.allow_here(Action::MembersList)?;
    let limit = paging::limit(input.limit)?;
    let after: Option<MemberId> = paging::parsed(input.cursor.as_deref())?;
    let after = after.map(|id| id.to_string());
    let members = cx.store().members(after.as_deref(), limit + 1).await?;
    let key = |member: &Member| member.id.to_string();
    let page = paging::page(members, limit, key, |member| member);
    let items = page.items.iter().filter(|member| member.removal.is_none());
    Ok(Page { items: items.map(MemberView::from).collect(), next: page.next })
}
