//! `POST /v1/invitations/accept`: takes a seat, and signs in there.

use app::callers::bearer::Bearer;
use app::callers::second_factor::SecondProof;
use app::exchange::answer::{Created, WithCookies};
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::challenge::code::Code;
use domain::password::Password;
use domain::second_factor::RecoveryCode;
use domain::text::Title;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::invitations::seat_token;
use crate::views::sessions::SignInView;

pub const ROUTE: Route = Route::post("invitations.accept", "/v1/invitations/accept")
    .says("Takes a seat, and signs in there.")
    .problems(&[
        Kind::LinkOver,
        Kind::WrongSignIn,
        Kind::SecondFactorRequired,
        Kind::CodeWrong,
        Kind::TooMany,
        Kind::Unavailable,
        Kind::Busy,
    ])
    .served_by(|| endpoint(accept_invitation));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What stands behind the `#` of the link.
    token: String,
    /// How somebody new is called; whoever has signed in before keeps their name.
    name: Option<Title>,
    /// The password that somebody new chooses, or the one that they sign in with.
    password: Option<Password>,
    /// What the authenticator app shows, of whoever has turned on a second factor.
    totp: Option<Code>,
    /// A recovery code in place of it.
    recovery_code: Option<RecoveryCode>,
}

async fn accept_invitation(
    mut cx: Cx<Bearer>,
    Json(input): Json<Input>,
) -> Result<WithCookies<Created<SignInView>>, Problem> {
    let token = seat_token(&cx.house.keys, &input.token)?;
    let password = input.password.as_ref().map(Password::as_str);
    let proof = SecondProof { totp: input.totp, recovery_code: input.recovery_code };
    cx.accept_seat(&token, (input.name, password), &proof, |welcome| {
        let session = &welcome.new.session;
        let view = SignInView::new(session, &welcome.identity, &welcome.seats);
        WithCookies {
            answer: Created::new(view, format!("/v1/sessions/{}", session.id)),
            cookies: vec![welcome.new.cookie.clone()],
            reissue: Some(welcome.reissue.clone()),
        }
    })
    .await
}
