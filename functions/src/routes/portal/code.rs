//! `POST /v1/portal/code`: mails a six-digit code to whoever has access. The answer is alike
//! whether or not the address is known.

use app::callers::bearer::Bearer;
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::house::keyring::Keyring;
use app::portal::codes::CodeSent;
use app::portal::proving::Whose;
use app::serving::route::{Route, endpoint};
use domain::email::Email;
use domain::tenant::Slug;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::portal::link_token;

pub const ROUTE: Route = Route::post("portal.code", "/v1/portal/code")
    .says("Mails a six-digit code to whoever has access. The answer is alike whether or not the address is known.")
    .problems(&[Kind::NotFound, Kind::TooMany])
    .served_by(|| endpoint(ask_for_code));

/// Either `token` alone, or `slug` and `email`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "slug": "acme", "email": "maya@initech.example" }))]
struct Input {
    /// What stands behind the `#` of a magic link, whatever became of the link.
    token: Option<String>,
    /// The company's place in addresses.
    slug: Option<Slug>,
    /// The address that documents were shared with.
    email: Option<Email>,
}

async fn ask_for_code(mut cx: Cx<Bearer>, Json(input): Json<Input>) -> Result<CodeSent, Problem> {
    let whose = input.whose(&cx.house.keys)?;
    cx.ask_for_code(whose).await
}

impl Input {
    fn whose(self, keys: &Keyring) -> Result<Whose, Problem> {
        match self {
            Self { token: Some(token), slug: None, email: None } => {
                link_token(keys, &token).map(Whose::Link)
            }
            Self { token: None, slug: Some(slug), email: Some(email) } => {
                Ok(Whose::Address { slug, email })
            }
            Self { token: None, slug: None, .. } => {
                Err(Problem::bad_input("/slug", "send `slug` and `email`, or `token` alone"))
            }
            Self { token: None, slug: Some(_), email: None } => {
                Err(Problem::bad_input("/email", "send the address along with the slug"))
            }
            Self { token: Some(_), .. } => {
                Err(Problem::bad_input("/token", "send `token` alone, or `slug` and `email`"))
            }
        }
    }
}
