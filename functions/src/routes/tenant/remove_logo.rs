//! `DELETE /v1/tenant/logo`: takes the company's logo away.

use app::callers::staff::Staff;
use app::exchange::answer::Done;
use app::exchange::cx::Cx;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::tenant::Tenant;
use policy::trust::Action;

use crate::routes::tenant::save_logo;

pub const ROUTE: Route = Route::delete("tenant.remove_logo", "/v1/tenant/logo")
    .says("Takes the company's logo away.")
    .problems(&[Kind::Forbidden, Kind::Stale])
    .served_by(|| endpoint(remove_logo));

async fn remove_logo(cx: Cx<Staff>) -> Result<Done, Problem> {
    cx.allow_here(Action::TenantEdit)?;
    let before = &cx.who.tenant;
    if before.logo.is_none() {
        // There is none: the second click changes nothing.
        return Ok(Done);
    }
    let after = Tenant { version: before.version + 1, logo: None, ..before.clone() };
    let change = save_logo(&cx, &after, None)?;
    cx.commit(change, Done).await
}
