//! `DELETE /v1/sessions/{session_id}`: ends one of one's own sessions, wherever it is open.

use app::callers::staff::SignedIn;
use app::exchange::answer::Done;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::Problem;
use app::serving::route::{Route, endpoint};
use domain::id::SessionId;

pub const ROUTE: Route = Route::delete("sessions.end", "/v1/sessions/{session_id}")
    .says("Ends one of one's own sessions, wherever it is open.")
    .served_by(|| endpoint(end_session));

async fn end_session(cx: Cx<SignedIn>, Path(session_id): Path<SessionId>) -> Result<Done, Problem> {
    let SignedIn { identity, session, sha, .. } = &cx.who;
    let own = cx.house.table.sessions(identity.id).await?;
    let sha = own
        .iter()
        .find(|(_, found)| found.id == session_id && found.stands(identity.epoch, cx.now))
        .map(|(sha, _)| sha.0.as_str())
        .or((session.id == session_id).then_some(sha.as_str()))
        .ok_or_else(Problem::not_found)?;
    let mut change = cx.house.table.change(cx.house.dice.token());
    change.end_session(sha)?;
    cx.commit(change, Done).await
}
