//! `POST /v1/requests/{request_id}/ask`: asks the visitor for more, by mail.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::requests::{Reviewed, Step};
use app::serving::route::{Route, endpoint};
use domain::access::is_shut_out;
use domain::id::RequestId;
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use domain::request::{ANSWER_LIFE, Request};
use domain::text::Note;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::routes::requests::answer;
use crate::views::requests::RequestView;

pub const ROUTE: Route = Route::post("requests.ask", "/v1/requests/{request_id}/ask")
    .says("Asks the visitor for more, by mail; the request waits for the answer.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(ask_requester));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What to ask; it stands in the mail as typed.
    question: Note,
}

async fn ask_requester(
    cx: Cx<Staff>,
    Path(request_id): Path<RequestId>,
    Json(input): Json<Input>,
) -> Result<Found<RequestView>, Problem> {
    let step = |seen: &Reviewed| {
        let contact = &seen.folder.contact;
        let by = cx.who.member.id;
        let request =
            seen.request.clone().ask(input.question.clone(), contact.epoch, by, cx.now)?;
        let values = json!({
            "status": [seen.request.status, request.status],
            "question": input.question,
        });
        let detail = cx.personal(contact, &values);
        let mail = question_mail(&cx, seen, &request);
        Ok(Step { request, detail, mail })
    };
    cx.review(request_id, Action::RequestAsk, step, |after| answer(&cx, after)).await
}

/// The mail with the last question, where there is an address and it is not shut out.
fn question_mail(cx: &Cx<Staff>, seen: &Reviewed, request: &Request) -> Option<Mail> {
    let contact = &seen.folder.contact;
    if contact.email.is_none() || is_shut_out(contact, seen.account.as_ref()) {
        return None;
    }
    let purpose = Purpose::Question {
        contact_id: contact.id,
        request_id: request.id,
        round: request.questions.len().checked_sub(1)?,
    };
    Some(Mail::new(purpose, cx.now, cx.now + ANSWER_LIFE))
}
