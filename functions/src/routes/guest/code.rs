//! `POST /v1/guest/{link_id}/code`: mails a six-digit code to whom the link is for. The answer is
//! alike whether or not the address opens anything.

use app::callers::bearer::Bearer;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::guest::Sought;
use app::portal::codes::CodeSent;
use app::serving::route::{Route, endpoint};
use domain::email::Email;
use domain::id::LinkId;
use schemars::JsonSchema;
use serde::Deserialize;

pub const ROUTE: Route = Route::post("guest.code", "/v1/guest/{link_id}/code")
    .says("Mails a six-digit code to whom the link is for. The answer is alike whether or not the address opens anything.")
    .problems(&[Kind::NotFound, Kind::LinkInactive, Kind::LinkOver, Kind::TooMany, Kind::Busy])
    .served_by(|| endpoint(ask_for_code));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "email": "maya@initech.example" }))]
struct Input {
    /// The address that is to be proved; the link's own, if it has one and nothing is named.
    email: Option<Email>,
    /// What stands behind the `#` of the link. Without it a code goes only to an address that the
    /// link knows already.
    secret: Option<String>,
    /// What stands behind the `#` of a notice about a new browser, in place of both: the code then
    /// goes to the address that the notice went to.
    token: Option<String>,
}

async fn ask_for_code(
    mut cx: Cx<Bearer>,
    Path(link_id): Path<LinkId>,
    Json(input): Json<Input>,
) -> Result<CodeSent, Problem> {
    let sought = match (input.secret, input.email) {
        (None, None) if let Some(token) = &input.token => {
            let token = cx.notice(link_id, token)?;
            Sought::Disowning(cx.mailbox_of(&token).await?)
        }
        _ if input.token.is_some() => {
            let detail = "send the `token` alone, without `secret` and `email`";
            return Err(Problem::bad_input("/token", detail));
        }
        (Some(secret), email) => {
            let token = cx.link_token(link_id, &secret)?;
            Sought::Bearing { token, email }
        }
        (None, Some(email)) => Sought::Naming(email),
        (None, None) => {
            let detail = "say at which address the code is to be mailed, or send the `secret`";
            return Err(Problem::bad_input("/email", detail));
        }
    };
    cx.ask_on_link(link_id, sought).await
}
