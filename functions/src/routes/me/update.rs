//! `PATCH /v1/me`: changes one's own name, here and on the seat that is chosen.

use app::callers::staff::SignedIn;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{IfMatch, Json};
use app::exchange::problem::Problem;
use app::serving::route::{Route, endpoint};
use domain::activity::Detail;
use domain::member::{Identity, Member};
use domain::text::Title;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use store::activities::Home;
use store::change::Change;

use crate::views::sessions::MeView;

pub const ROUTE: Route = Route::patch("me.update", "/v1/me")
    .says("Changes one's own name, here and on the seat that is chosen.")
    .served_by(|| endpoint(update_me));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// How they are called. Companies other than the one chosen keep the name they know.
    name: Option<Title>,
}

async fn update_me(
    cx: Cx<SignedIn>,
    if_match: IfMatch,
    Json(input): Json<Input>,
) -> Result<Found<MeView>, Problem> {
    let before = &cx.who.identity;
    if_match.require(before.version)?;
    let seats = cx.house.live_seats(before).await?;
    let name = input.name.unwrap_or_else(|| before.name.clone());
    let identity = Identity { name: name.clone(), version: before.version + 1, ..before.clone() };

    let mut change = cx.house.table.change(cx.house.dice.token());
    if let Some((tenant, member)) = cx.who.seat.as_ref().filter(|(_, member)| member.name != name) {
        change = cx.change(&cx.store_of(tenant.id));
        rename_seat(&cx, &mut change, member, &name)?;
    }
    change.save_identity(&identity)?;
    let view = MeView::new(&identity, cx.who.chosen(), &seats);
    let view = MeView { recovery_codes_left: cx.recovery_codes_left().await?, ..view };
    cx.commit(change, Found::at(view, identity.version)).await
}

/// The seat's name is what colleagues and the trail show, so its company records the change.
fn rename_seat(
    cx: &Cx<SignedIn>,
    change: &mut Change,
    before: &Member,
    name: &Title,
) -> Result<(), Problem> {
    let member = Member { name: name.clone(), version: before.version + 1, ..before.clone() };
    change.save_member(&member)?;
    let detail = json!({ "name": [before.name, member.name] });
    let line = cx.line(member.id, member.version, Detail::Plain(detail));
    Ok(change.audit(Home::Tenant, &line)?)
}
