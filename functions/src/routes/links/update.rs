//! `PATCH /v1/links/{link_id}`: changes what a link allows, or until when.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{IfMatch, Json, Path, maybe};
use app::exchange::problem::{Kind, Problem};
use app::library::pages::require_pages;
use app::linking::require_not_gone;
use app::serving::route::{Route, endpoint};
use domain::activity::Detail;
use domain::expiry::When;
use domain::id::LinkId;
use domain::link::{Link, Right, Rights};
use domain::tenant::Zone;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use store::links::Linked;

use crate::routes::links::answer;
use crate::views::links::LinkView;

pub const ROUTE: Route = Route::patch("links.update", "/v1/links/{link_id}")
    .says("Changes what a guest link allows, or until when; what opens the document to its contact follows.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(update_link));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent, null and set are three things")]
struct Input {
    /// What it allows.
    rights: Option<Rights>,
    /// When it stops opening; `null` for never.
    #[serde(default, deserialize_with = "maybe")]
    expires_at: Option<Option<When>>,
    /// Where that day is meant; the company's own zone unless given.
    zone: Option<Zone>,
}

async fn update_link(
    cx: Cx<Staff>,
    Path(link_id): Path<LinkId>,
    if_match: IfMatch,
    Json(input): Json<Input>,
) -> Result<Found<LinkView>, Problem> {
    let seen = cx.link(link_id, Action::LinkEdit).await?.into_inner();
    if_match.require(seen.link.version)?;
    require_not_gone(&seen, cx.now)?;
    let before = &seen.link;
    let given = cx.expiry("/expires_at", input.expires_at.flatten(), input.zone.as_ref())?;
    let expiry = if input.expires_at.is_some() { given } else { before.expiry.clone() };
    let rights = input.rights.unwrap_or_else(|| before.rights.clone());
    if !rights.allows(Right::Download) {
        require_pages(&seen.document, "/rights")?;
    }
    let after = Link { version: before.version + 1, rights, expiry, ..before.clone() };
    let mut change = cx.change(&cx.store());
    let end = |link: &Link| link.expiry.as_ref().map(|expiry| expiry.at);
    let detail = json!({
        "rights": [before.rights, after.rights],
        "expires_at": [end(before), end(&after)],
    });
    cx.save_link(&mut change, &after, Detail::Plain(detail))?;
    cx.grant_follows(&mut change, &seen, &after)?;
    cx.commit(change, answer(&cx, &Linked { link: after, ..seen })).await
}
