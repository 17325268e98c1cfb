//! `POST /v1/requests/{request_id}/start-review`: tells colleagues that somebody is looking.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Nothing, Path};
use app::exchange::problem::{Kind, Problem};
use app::requests::{Reviewed, Step};
use app::serving::route::{Route, endpoint};
use domain::activity::Detail;
use domain::id::RequestId;
use policy::trust::Action;
use serde_json::json;

use crate::routes::requests::answer;
use crate::views::requests::RequestView;

pub const ROUTE: Route =
    Route::post("requests.start_review", "/v1/requests/{request_id}/start-review")
        .says("Tells colleagues that somebody is looking at a request.")
        .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Busy])
        .served_by(|| endpoint(start_review));

async fn start_review(
    cx: Cx<Staff>,
    Path(request_id): Path<RequestId>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Found<RequestView>, Problem> {
    let step = |seen: &Reviewed| {
        let request = seen.request.clone().start_review(cx.who.member.id, cx.now)?;
        let detail = Detail::Plain(json!({ "status": [seen.request.status, request.status] }));
        Ok(Step { request, detail, mail: None })
    };
    cx.review(request_id, Action::RequestDecide, step, |after| answer(&cx, after)).await
}
