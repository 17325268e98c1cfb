//! `POST /v1/password-resets`: mails a link to another password.
//!
//! The answer, and when it comes, tell nobody whether the address is known.

use std::time::Duration;

use app::callers::anyone::Anyone;
use app::exchange::answer::Accepted;
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::email::Email;
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::{Instant, sleep_until};

/// Asked for by one network in [`WINDOW`].
const RESETS_MAX: u64 = 10;
/// The time in which [`RESETS_MAX`] counts.
const WINDOW: SignedDuration = SignedDuration::from_hours(1);
/// When the answer comes, known address or not: later than the slowest of them is usually done.
const ANSWER_AFTER: Duration = Duration::from_millis(400);

pub const ROUTE: Route = Route::post("password_resets.create", "/v1/password-resets")
    .says("Mails a link to another password; the answer tells nobody whether the address is known.")
    .problems(&[Kind::TooMany, Kind::Busy])
    .served_by(|| endpoint(create_password_reset));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The address they sign in with.
    email: Email,
}

async fn create_password_reset(
    cx: Cx<Anyone>,
    Json(input): Json<Input>,
) -> Result<Accepted, Problem> {
    let answer_at = Instant::now() + ANSWER_AFTER;
    cx.limit("password_reset", WINDOW, RESETS_MAX).await?;
    let asked = cx.ask_for_reset(&input.email).await;
    sleep_until(answer_at).await;
    asked
}
