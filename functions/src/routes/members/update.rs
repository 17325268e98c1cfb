//! `PATCH /v1/members/{member_id}`: changes what a seat is for, or takes it out of use for a while.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{IfMatch, Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::seating::unseating::Edit;
use app::serving::route::{Route, endpoint};
use domain::id::MemberId;
use domain::member::Role;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::members::MemberView;

pub const ROUTE: Route = Route::patch("members.update", "/v1/members/{member_id}")
    .says("Changes what a seat is for, or takes it out of use for a while.")
    .problems(&[Kind::ChooseTenant, Kind::Forbidden, Kind::WrongState, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(update_member));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What the seat is for; the last administrator stays one. Another role must be chosen anew by
    /// whoever is signed in.
    role: Option<Role>,
    /// May copy any link of documents the company sent and they can reach.
    external_communications: Option<bool>,
    /// Sees everything inside a vault, like its owner.
    manager_access: Option<bool>,
    /// Whether the seat is out of use. Access ends with the next request.
    suspended: Option<bool>,
}

async fn update_member(
    cx: Cx<Staff>,
    Path(member_id): Path<MemberId>,
    if_match: IfMatch,
    Json(input): Json<Input>,
) -> Result<Found<MemberView>, Problem> {
    let edit = Edit {
        role: input.role,
        external_communications: input.external_communications,
        manager_access: input.manager_access,
        suspended: input.suspended,
    };
    cx.change_member(member_id, if_match, edit, |member| {
        Found::at(MemberView::from(member), member.version)
    })
    .await
}
