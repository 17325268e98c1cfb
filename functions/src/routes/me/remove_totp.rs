//! `DELETE /v1/me/totp`: turns the second factor off.

use app::callers::staff::SignedIn;
use app::exchange::answer::Done;
use app::exchange::cx::Cx;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};

pub const ROUTE: Route = Route::delete("me.remove_totp", "/v1/me/totp")
    .says("Turns the second factor off, and ends one's other sessions.")
    .problems(&[Kind::ProofRequired, Kind::WrongState, Kind::Busy])
    .served_by(|| endpoint(remove_totp));

async fn remove_totp(cx: Cx<SignedIn>) -> Result<Done, Problem> {
    cx.remove_totp().await
}
