//! `POST /v1/guest/{link_id}/open`: the press on *open*. It is a POST, and a press, because mail
//! scanners follow links: fetching one changes nothing.

use app::callers::bearer::Bearer;
use app::exchange::answer::{Found, WithCookies};
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::house::keyring::sha256_hex;
use app::house::token::nonce_bytes;
use app::serving::route::{Route, endpoint};
use domain::id::LinkId;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::guest::let_in;
use crate::views::guest::GuestView;

pub const ROUTE: Route = Route::post("guest.open", "/v1/guest/{link_id}/open")
    .says("Opens a guest link in this browser, if it is the first or need not be; the answer sets the device's cookie.")
    .problems(&[Kind::NotFound, Kind::LinkInactive, Kind::CodeRequired, Kind::TooMany, Kind::Busy])
    .served_by(|| endpoint(open_link));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What stands behind the `#` of the link.
    secret: String,
    /// 32 random bytes in base64url, kept by the browser before it asks: the same within 10
    /// minutes get the same device again.
    device_nonce: String,
}

async fn open_link(
    mut cx: Cx<Bearer>,
    Path(link_id): Path<LinkId>,
    Json(input): Json<Input>,
) -> Result<WithCookies<Found<GuestView>>, Problem> {
    let nonce = nonce_bytes(&input.device_nonce).ok_or_else(|| {
        Problem::bad_input("/device_nonce", "expected 32 bytes in base64url without padding")
    })?;
    let token = cx.link_token(link_id, &input.secret)?;
    let answer = let_in(cx.house.clone());
    cx.open_by_press(link_id, &token, &sha256_hex(&nonce), answer).await
}
