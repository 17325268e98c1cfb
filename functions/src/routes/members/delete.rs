//! `DELETE /v1/members/{member_id}?successor=`: removes a member, or leaves.
//!
//! Access ends with the next request. Their contacts go to the successor, which takes a while
//! where there are many; documents keep the name of who uploaded them.

use app::callers::staff::Staff;
use app::exchange::answer::Done;
use app::exchange::cx::Cx;
use app::exchange::extract::{Path, Query};
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::id::MemberId;
use schemars::JsonSchema;
use serde::Deserialize;

pub const ROUTE: Route = Route::delete("members.delete", "/v1/members/{member_id}")
    .says("Removes a member, or leaves; their contacts go to the successor.")
    .problems(&[Kind::ChooseTenant, Kind::Forbidden, Kind::WrongState, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(delete_member));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Who looks after their contacts from now on; needed if they have any.
    successor: Option<MemberId>,
}

async fn delete_member(
    cx: Cx<Staff>,
    Path(member_id): Path<MemberId>,
    Query(input): Query<Input>,
) -> Result<Done, Problem> {
    cx.remove_member(member_id, input.successor).await
}
