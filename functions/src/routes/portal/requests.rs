//! `GET /v1/portal/requests`: what a contact asked for, newest first.

use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::problem::Problem;
use app::portal::Portal;
use app::serving::route::{Route, endpoint};

use crate::views::portal::PortalRequestView;

pub const ROUTE: Route = Route::get("portal.requests", "/v1/portal/requests")
    .says("Lists what the contact asked for, newest first.")
    .served_by(|| endpoint(list_own_requests));

async fn list_own_requests(cx: Cx<Portal>) -> Result<Page<PortalRequestView>, Problem> {
    let folder = cx.own_folder().await?;
    let documents = cx.asked_for(&folder).await?;
    let view = |request| PortalRequestView::new(request, &folder, &documents, cx.now);
    Ok(Page { items: folder.requests.iter().rev().map(view).collect(), next: None })
}
