//! `POST /v1/requests/{request_id}/approve`: shares what a request asks for, or some of it.
//!
//! It also approves the contact and its account; the page names both first.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::requests::deciding::{Decision, Notice, Picked, Terms};
use app::serving::route::{Route, endpoint};
use domain::expiry::When;
use domain::grant::Rights;
use domain::id::{DocumentId, RequestId};
use domain::tenant::Zone;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::requests::{answer, picked};
use crate::views::requests::RequestView;

pub const ROUTE: Route = Route::post("requests.approve", "/v1/requests/{request_id}/approve")
    .says("Shares what a request asks for, or some of it; approves the contact and its account too, if the member may.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(approve_request));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What to share; every open document if absent.
    document_ids: Option<Vec<DocumentId>>,
    /// How; view and download if absent.
    rights: Option<Rights>,
    /// Until when; for good if absent.
    expires_at: Option<When>,
    /// Where that day was meant; the company's own zone unless given.
    zone: Option<Zone>,
}

async fn approve_request(
    cx: Cx<Staff>,
    Path(request_id): Path<RequestId>,
    Json(input): Json<Input>,
) -> Result<Found<RequestView>, Problem> {
    let expiry = cx.expiry("/expires_at", input.expires_at, input.zone.as_ref())?;
    let terms = Terms { rights: input.rights, expiry };
    terms.check("")?;
    let decision = Decision {
        share: picked("document_ids", input.document_ids.as_deref(), terms),
        decline: Picked::These(Vec::new()),
        notice: Notice::None,
    };
    cx.decide(request_id, &decision, |after| answer(&cx, after)).await
}
