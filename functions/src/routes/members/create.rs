//! `POST /v1/members`: makes a seat and invites somebody to it by mail.

use app::callers::staff::Staff;
use app::exchange::answer::Created;
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::seating::Wanted;
use app::serving::route::{Route, endpoint};
use domain::email::Email;
use domain::member::Role;
use domain::text::Title;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::members::MemberView;

pub const ROUTE: Route = Route::post("members.create", "/v1/members")
    .says("Makes a seat, and invites somebody to it by mail.")
    .problems(&[Kind::ChooseTenant, Kind::Forbidden, Kind::WrongState, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(create_member));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Where the invitation goes; what they will sign in with.
    email: Email,
    /// What they are called here until they accept; what stands before the `@` unless given.
    name: Option<Title>,
    /// What the seat is for.
    role: Role,
    /// May copy any link of documents the company sent and they can reach; not, unless given.
    #[serde(default)]
    external_communications: bool,
    /// Sees everything inside a vault, like its owner; not, unless given.
    #[serde(default)]
    manager_access: bool,
}

async fn create_member(
    cx: Cx<Staff>,
    Json(input): Json<Input>,
) -> Result<Created<MemberView>, Problem> {
    let wanted = Wanted {
        email: input.email,
        name: input.name,
        role: input.role,
        external_communications: input.external_communications,
        manager_access: input.manager_access,
    };
    cx.invite_member(&wanted, |member| {
        Created::new(MemberView::from(member), format!("/v1/members/{}", member.id))
    })
    .await
}
