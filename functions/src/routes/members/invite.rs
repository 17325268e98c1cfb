//! `POST /v1/members/{member_id}/invite`: mails a new invitation to whoever has not accepted yet;
//! the link before stops working.

use app::callers::staff::Staff;
use app::exchange::answer::Accepted;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::id::MemberId;

pub const ROUTE: Route = Route::post("members.invite", "/v1/members/{member_id}/invite")
    .says("Mails a new invitation to whoever has not accepted yet; the link before stops working.")
    .problems(&[Kind::ChooseTenant, Kind::Forbidden, Kind::WrongState, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(invite_member));

async fn invite_member(
    cx: Cx<Staff>,
    Path(member_id): Path<MemberId>,
) -> Result<Accepted, Problem> {
    cx.invite_again(member_id).await
}
