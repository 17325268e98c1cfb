//! `DELETE /v1/sessions/current`: signs out.

use app::callers::staff::SignedIn;
use app::exchange::answer::{Done, WithCookies};
use app::exchange::cx::Cx;
use app::exchange::problem::Problem;
use app::house::cookie;
use app::serving::route::{Route, endpoint};

pub const ROUTE: Route = Route::delete("sessions.end_current", "/v1/sessions/current")
    .says("Signs out.")
    .served_by(|| endpoint(end_current_session));

async fn end_current_session(cx: Cx<SignedIn>) -> Result<WithCookies<Done>, Problem> {
    // No answer is kept: a repeat comes without a session and could not be told who it is.
    cx.house.table.end_session(&cx.who.sha).await?;
    let cookies = vec![cx.house.drop_cookie(cookie::SESSION)];
    Ok(WithCookies { answer: Done, cookies, reissue: None })
}
