//! `GET /v1/requests/{request_id}`: one request with everything needed to decide it.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::id::RequestId;
use policy::trust::Action;

use crate::routes::requests::answer;
use crate::views::requests::RequestView;

pub const ROUTE: Route = Route::get("requests.read", "/v1/requests/{request_id}")
    .says("Reads one request with everything needed to decide it.")
    .problems(&[Kind::Forbidden])
    .served_by(|| endpoint(read_request));

async fn read_request(
    cx: Cx<Staff>,
    Path(request_id): Path<RequestId>,
) -> Result<Found<RequestView>, Problem> {
    let reviewed = cx.reviewed(request_id, Action::RequestRead).await?;
    Ok(answer(&cx, &reviewed))
}
