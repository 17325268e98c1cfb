//! `POST /v1/portal/requests/{request_id}/withdraw`: takes a request back.

use app::exchange::answer::Done;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::portal::Portal;
use app::serving::route::{Route, endpoint};
use domain::id::RequestId;

pub const ROUTE: Route =
    Route::post("portal.withdraw", "/v1/portal/requests/{request_id}/withdraw")
        .says("Takes a request back.")
        .problems(&[Kind::WrongState, Kind::Busy])
        .served_by(|| endpoint(withdraw_request));

async fn withdraw_request(
    cx: Cx<Portal>,
    Path(request_id): Path<RequestId>,
) -> Result<Done, Problem> {
    cx.move_request(request_id, |request| request.withdraw(cx.now), None, Done).await
}
