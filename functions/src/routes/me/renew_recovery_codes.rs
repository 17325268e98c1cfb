//! `POST /v1/me/recovery-codes`: gives new recovery codes.

use app::callers::staff::SignedIn;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Nothing};
use app::exchange::problem::{Kind, Problem};
use app::exchange::repeat::RecoveryCodesView;
use app::serving::route::{Route, endpoint};

pub const ROUTE: Route = Route::post("me.renew_recovery_codes", "/v1/me/recovery-codes")
    .says("Gives new recovery codes, shown once; those before are good no more.")
    .problems(&[Kind::ProofRequired, Kind::WrongState, Kind::Busy])
    .served_by(|| endpoint(renew_recovery_codes));

async fn renew_recovery_codes(
    cx: Cx<SignedIn>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Found<RecoveryCodesView>, Problem> {
    cx.renew_recovery_codes().await
}
