//! `POST /v1/trust/{slug}/requests/answer`: answers a question by the link that was mailed.

use app::callers::anyone::Anyone;
use app::exchange::answer::Accepted;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::request::Request;
use domain::tenant::Slug;
use domain::text::Note;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

pub const ROUTE: Route = Route::post("trust.answer", "/v1/trust/{slug}/requests/answer")
    .says("Answers a question by the link that was mailed.")
    .problems(&[Kind::LinkOver, Kind::TooMany, Kind::Busy])
    .served_by(|| endpoint(answer_question));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What stands behind the `#` of the mailed link.
    token: String,
    /// The answer.
    answer: Note,
}

async fn answer_question(
    cx: Cx<Anyone>,
    Path(slug): Path<Slug>,
    Json(input): Json<Input>,
) -> Result<Accepted, Problem> {
    let values = json!({ "answer": input.answer });
    let answer = |request: Request| request.answer(input.answer.clone(), cx.now);
    cx.answer_by_mail(&slug, &input.token, answer, &values).await
}
