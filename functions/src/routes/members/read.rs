//! `GET /v1/members/{member_id}`: one member.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::id::MemberId;
use policy::trust::Action;

use crate::views::members::MemberView;

pub const ROUTE: Route = Route::get("members.read", "/v1/members/{member_id}")
    .says("Reads one member.")
    .problems(&[Kind::ChooseTenant])
    .served_by(|| endpoint(read_member));

async fn read_member(
    cx: Cx<Staff>,
    Path(member_id): Path<MemberId>,
) -> Result<Found<MemberView>, Problem> {
    let member = cx.member(member_id, Action::MemberRead).await?;
    Ok(Found::at(MemberView::from(&*member), member.version))
}
