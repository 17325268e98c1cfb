//! `POST /v1/portal/open`: signs in the browser in which a magic link was opened.
//!
//! Opening is a POST because mail scanners follow links: a GET changes nothing.

use app::callers::bearer::Bearer;
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::house::keyring::sha256_hex;
use app::house::token::nonce_bytes;
use app::portal::entry::Entered;
use app::serving::route::{Route, endpoint};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::portal::link_token;

pub const ROUTE: Route = Route::post("portal.open", "/v1/portal/open")
    .says("Signs in the browser in which a magic link was opened; the answer sets the portal's cookie.")
    .problems(&[Kind::NotFound, Kind::LinkOver, Kind::CodeRequired, Kind::TooMany])
    .served_by(|| endpoint(open_portal));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What stands behind the `#` of the link.
    token: String,
    /// 32 random bytes in base64url, kept by the browser before it asks: the same within 10
    /// minutes get the same device again.
    device_nonce: String,
}

async fn open_portal(mut cx: Cx<Bearer>, Json(input): Json<Input>) -> Result<Entered, Problem> {
    let nonce = nonce_bytes(&input.device_nonce).ok_or_else(|| {
        Problem::bad_input("/device_nonce", "expected 32 bytes in base64url without padding")
    })?;
    let token = link_token(&cx.house.keys, &input.token)?;
    cx.open_link(&token, &sha256_hex(&nonce)).await
}
