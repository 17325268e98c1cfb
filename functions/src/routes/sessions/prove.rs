//! `POST /v1/sessions/current/proof`: proves that it is still the person who signed in.

use app::callers::second_factor::SecondProof;
use app::callers::staff::SignedIn;
use app::exchange::answer::Done;
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::challenge::code::Code;
use domain::password::Password;
use domain::second_factor::RecoveryCode;
use schemars::JsonSchema;
use serde::Deserialize;

pub const ROUTE: Route = Route::post("sessions.prove", "/v1/sessions/current/proof")
    .says("Proves that it is still the person who signed in, for the five minutes in which the session may change how they do.")
    .problems(&[
        Kind::SecondFactorRequired,
        Kind::CodeWrong,
        Kind::TooMany,
        Kind::Unavailable,
        Kind::Busy,
    ])
    .served_by(|| endpoint(prove_again));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The password they sign in with.
    password: Password,
    /// What their authenticator app shows, if they have turned on a second factor.
    totp: Option<Code>,
    /// One of their recovery codes in place of it.
    recovery_code: Option<RecoveryCode>,
}

async fn prove_again(cx: Cx<SignedIn>, Json(input): Json<Input>) -> Result<Done, Problem> {
    let proof = SecondProof { totp: input.totp, recovery_code: input.recovery_code };
    cx.prove_again(input.password.as_str(), &proof).await
}
