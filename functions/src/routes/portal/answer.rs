//! `POST /v1/portal/requests/{request_id}/answer`: answers the question that a request waits for.

use app::answer::Accepted;
use app::cx::Cx;
use app::extract::{Json, Path};
use app::portal::Portal;
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::id::RequestId;
use domain::text::Note;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

pub const ROUTE: Route = Route::post("portal.answer", "/v1/portal/requests/{request_id}/answer")
    .says("Answers the question that a request waits for.")
    .problems(&[Kind::WrongState, Kind::Busy])
    .served_by(|| endpoint(answer_question));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What to say, at most 2000 characters.
    answer: Note,
}

async fn answer_question(
    cx: Cx<Portal>,
    Path(request_id): Path<RequestId>,
    Json(Input { answer }): Json<Input>,
) -> Result<Accepted, Problem> {
    let values = json!({ "answer": answer });
    let step = |request: domain::request::Request| request.answer(answer.clone(), cx.now);
    cx.move_request(request_id, step, Some(&values), Accepted).await
}
