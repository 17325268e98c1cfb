//! `POST /v1/requests/{request_id}/reject`: declines what a request asks for, or some of it.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::requests::deciding::{Decision, Picked};
use app::serving::route::{Route, endpoint};
use domain::id::{DocumentId, RequestId};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::requests::{answer, notice, picked};
use crate::views::requests::RequestView;

pub const ROUTE: Route = Route::post("requests.reject", "/v1/requests/{request_id}/reject")
    .says("Declines what a request asks for, or some of it.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(reject_request));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What to decline; every open document if absent.
    document_ids: Option<Vec<DocumentId>>,
    /// Whether to mail the contact if the request ends rejected.
    #[serde(default)]
    notify: bool,
}

async fn reject_request(
    cx: Cx<Staff>,
    Path(request_id): Path<RequestId>,
    Json(input): Json<Input>,
) -> Result<Found<RequestView>, Problem> {
    let decision = Decision {
        share: Picked::These(Vec::new()),
        decline: picked("document_ids", input.document_ids.as_deref(), ()),
        notice: notice(input.notify),
    };
    cx.decide(request_id, &decision, |after| answer(&cx, after)).await
}
