//! `GET /v1/contacts/{contact_id}/requests`: what a contact asked for, newest first.

use app::callers::staff::Staff;
use app::exchange::answer::Page;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::Problem;
use app::serving::route::{Route, endpoint};
use domain::id::ContactId;
use policy::trust::Action;

use crate::views::contacts::ContactRequestView;

pub const ROUTE: Route = Route::get("contacts.requests", "/v1/contacts/{contact_id}/requests")
    .says("Lists what a contact asked for, newest first.")
    .served_by(|| endpoint(list_contact_requests));

async fn list_contact_requests(
    cx: Cx<Staff>,
    Path(contact_id): Path<ContactId>,
) -> Result<Page<ContactRequestView>, Problem> {
    let folder = cx.folder(contact_id, Action::ContactRead).await?;
    let items = folder
        .requests
        .iter()
        .rev()
        .map(|request| ContactRequestView::new(request, &folder, cx.now))
        .collect();
    Ok(Page { items, next: None })
}
