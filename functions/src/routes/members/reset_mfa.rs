//! `POST /v1/members/{member_id}/reset-mfa`: orders the second factor of whoever lost it to be turned
//! off, a day later.

use app::callers::staff::Staff;
use app::exchange::answer::Accepted;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::id::MemberId;

pub const ROUTE: Route = Route::post("members.reset_mfa", "/v1/members/{member_id}/reset-mfa")
    .says("Orders the second factor of whoever lost it to be turned off, 24 hours later: a mail tells them, and proving it until then keeps it.")
    .problems(&[
        Kind::ChooseTenant,
        Kind::Forbidden,
        Kind::ProofRequired,
        Kind::WrongState,
        Kind::Busy,
    ])
    .previewed()
    .served_by(|| endpoint(reset_mfa));

async fn reset_mfa(cx: Cx<Staff>, Path(member_id): Path<MemberId>) -> Result<Accepted, Problem> {
    cx.reset_factor(member_id).await
}
