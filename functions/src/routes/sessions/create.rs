//! `POST /v1/sessions`: signs in with a password.

use app::callers::second_factor::SecondProof;
use app::callers::sign_in::SigningIn;
use app::exchange::answer::{Created, WithCookies};
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::challenge::code::Code;
use domain::email::Email;
use domain::password::Password;
use domain::second_factor::RecoveryCode;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::sessions::SignInView;

pub const ROUTE: Route = Route::post("sessions.create", "/v1/sessions")
    .says("Signs in with an address, a password and, where it is turned on, a second factor; the answer sets the session cookie.")
    .problems(&[
        Kind::WrongSignIn,
        Kind::SecondFactorRequired,
        Kind::CodeWrong,
        Kind::TooMany,
        Kind::Unavailable,
        Kind::Busy,
    ])
    .served_by(|| endpoint(create_session));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The address they sign in with.
    email: Email,
    /// Their password.
    password: Password,
    /// What their authenticator app shows, if they have turned on a second factor.
    totp: Option<Code>,
    /// One of their recovery codes in place of it.
    recovery_code: Option<RecoveryCode>,
}

async fn create_session(
    cx: Cx<SigningIn>,
    Json(input): Json<Input>,
) -> Result<WithCookies<Created<SignInView>>, Problem> {
    let (house, visit) = (&cx.house, &cx.visit);
    let password = input.password.as_str();
    let proof = SecondProof { totp: input.totp, recovery_code: input.recovery_code };
    let proven = house.sign_in(&input.email, password, &proof, &visit.network, cx.now).await?;
    let identity = &proven.identity;
    let seats = house.live_seats(identity).await?;
    let only = match seats.as_slice() {
        [only] => Some(only),
        _ => None,
    };

    let new = house.new_session(identity, only, visit, cx.now);
    let mut change = house.table.change(house.dice.token());
    change.begin_session(&new.sha, &new.session)?;
    proven.note(&mut change)?;
    if let Some(before) = house.session_brought(visit) {
        change.end_session(&before)?;
    }
    // Committed without keeping the answer: a repeat proves the password again and gets a session
    // of its own.
    change.commit().await?;

    let view = SignInView::new(&new.session, identity, &seats);
    let answer = Created::new(view, format!("/v1/sessions/{}", new.session.id));
    Ok(WithCookies { answer, cookies: vec![new.cookie], reissue: None })
}
