//! `GET /v1/tenant`: the company one acts in.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Needs, Route, endpoint};
use policy::trust::Action;

use crate::views::tenant::TenantView;

pub const ROUTE: Route = Route::get("tenant.read", "/v1/tenant")
    .says("Reads the company one acts in, with its settings.")
    .needs(Needs::table_read().files_read())
    .problems(&[Kind::ChooseTenant])
    .served_by(|| endpoint(read_tenant));

async fn read_tenant(cx: Cx<Staff>) -> Result<Found<TenantView>, Problem> {
    cx.allow_here(Action::TenantRead)?;
    let tenant = &cx.who.tenant;
    let logo = cx.house.show(tenant.id, tenant.logo.as_ref()).await?;
    Ok(Found::at(TenantView { logo, ..TenantView::from(tenant) }, tenant.version))
}
