//! `POST /v1/mails/{mail_id}/resend`: sends a mail once more, with a fresh link where it has one.

use app::callers::staff::Staff;
use app::exchange::answer::Created;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use app::sharing::resending::Closed;
use domain::id::MailId;
use domain::outbox::Mail;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::mails::MailView;

pub const ROUTE: Route = Route::post("mails.resend", "/v1/mails/{mail_id}/resend")
    .says("Sends a mail once more, with a fresh link where it has one.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(resend_mail));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Whether mail to the address is let through again, if it had stopped because one bounced or
    /// was complained about. Refused without it.
    #[serde(default)]
    lift_suppression: bool,
}

async fn resend_mail(
    cx: Cx<Staff>,
    Path(mail_id): Path<MailId>,
    Json(input): Json<Input>,
) -> Result<Created<MailView>, Problem> {
    let closed = if input.lift_suppression { Closed::Lifted } else { Closed::Respected };
    let answer =
        |mail: &Mail| Created::new(MailView::from(mail), format!("/v1/mails?object={}", mail.id));
    cx.resend(mail_id, closed, answer).await
}
