//! `POST /v1/sessions`: signs in with a password.

use app::callers::sign_in::SigningIn;
use app::exchange::answer::{Created, WithCookies};
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::email::Email;
use domain::password::Password;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::sessions::SignInView;

pub const ROUTE: Route = Route::post("sessions.create", "/v1/sessions")
    .says("Signs in with an address and a password; the answer sets the session cookie.")
    .problems(&[Kind::WrongSignIn, Kind::TooMany, Kind::Unavailable])
    .served_by(|| endpoint(create_session));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The address they sign in with.
    email: Email,
    /// Their password.
    password: Password,
}

async fn create_session(
    cx: Cx<SigningIn>,
    Json(input): Json<Input>,
) -> Result<WithCookies<Created<SignInView>>, Problem> {
    let (house, visit) = (&cx.house, &cx.visit);
    let password = input.password.as_str();
    let identity = house.sign_in(&input.email, password, &visit.network, cx.now).await?;
    let seats = house.live_seats(&identity).await?;
    let only = match seats.as_slice() {
        [only] => Some(only),
        _ => None,
    };

    let new = house.new_session(&identity, only, visit, cx.now);
    let mut change = house.table.change(house.dice.token());
    change.begin_session(&new.sha, &new.session)?;
    if let Some(before) = house.session_brought(visit) {
        change.end_session(&before)?;
    }
    // Committed without keeping the answer: a repeat proves the password again and gets a session
    // of its own.
    change.commit().await?;

    let view = SignInView::new(&new.session, &identity, &seats);
    let answer = Created::new(view, format!("/v1/sessions/{}", new.session.id));
    Ok(WithCookies { answer, cookies: vec![new.cookie], reissue: None })
}
