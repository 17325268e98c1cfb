//! `GET /v1/sessions`: one's own sessions, newest first.

use app::callers::staff::SignedIn;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::problem::Problem;
use app::serving::route::{Route, endpoint};
use domain::session::Session;

use crate::views::sessions::SessionView;

pub const ROUTE: Route = Route::get("sessions.list", "/v1/sessions")
    .says("Lists one's own sessions, newest first.")
    .served_by(|| endpoint(list_sessions));

async fn list_sessions(cx: Cx<SignedIn>) -> Result<Page<SessionView>, Problem> {
    let SignedIn { identity, session: current, .. } = &cx.who;
    let found = cx.house.table.sessions(identity.id).await?;
    let mut sessions: Vec<Session> = found.into_iter().map(|(_, session)| session).collect();
    sessions.retain(|session| session.stands(identity.epoch, cx.now));
    // The index may not know yet of a session that was just begun.
    if sessions.iter().all(|session| session.id != current.id) {
        sessions.insert(0, current.clone());
    }
    let items = sessions.iter().map(|session| SessionView::new(session, current.id)).collect();
    Ok(Page { items, next: None })
}
