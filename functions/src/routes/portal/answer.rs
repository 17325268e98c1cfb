//! `POST /v1/portal/requests/{request_id}/answer`: answers the question that a request waits for.

use app::exchange::answer::Accepted;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::portal::Portal;
use app::serving::route::{Route, endpoint};
use domain::id::RequestId;
use domain::request::Request;
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
    let step = |request: Request| request.answer(answer.clone(), cx.now);
    cx.move_request(request_id, step, Some(&values), Accepted).await
}
