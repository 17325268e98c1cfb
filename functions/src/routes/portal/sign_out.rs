//! `DELETE /v1/portal/session`: signs this browser out of the portal.

use app::exchange::answer::{Done, WithCookies};
use app::exchange::cx::Cx;
use app::exchange::problem::{Kind, Problem};
use app::portal::Portal;
use app::serving::route::{Route, endpoint};

pub const ROUTE: Route = Route::delete("portal.sign_out", "/v1/portal/session")
    .says("Signs this browser out of the portal.")
    .problems(&[Kind::Busy])
    .served_by(|| endpoint(sign_out_of_portal));

async fn sign_out_of_portal(cx: Cx<Portal>) -> Result<WithCookies<Done>, Problem> {
    cx.sign_out().await
}
