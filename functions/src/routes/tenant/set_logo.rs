//! `PUT /v1/tenant/logo`: shows the company's logo on its pages.
//!
//! The last logo sent is the one that stays, so that no version is asked for.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Image;
use app::exchange::problem::{Kind, Problem};
use app::library::pictures::LOGO;
use app::serving::route::{Needs, Route, endpoint};
use domain::picture::Holder;
use domain::tenant::Tenant;
use policy::trust::Action;

use crate::routes::tenant::{answer, save_logo};
use crate::views::tenant::TenantView;

pub const ROUTE: Route = Route::put("tenant.set_logo", "/v1/tenant/logo")
    .says("Shows the company's logo on its pages; the picture is drawn anew, and the last one sent stays.")
    .needs(Needs::table_write().files_write())
    .problems(&[Kind::Forbidden, Kind::Stale])
    .takes_picture()
    .served_by(|| endpoint(set_logo));

async fn set_logo(cx: Cx<Staff>, sent: Image) -> Result<Found<TenantView>, Problem> {
    cx.allow_here(Action::TenantEdit)?;
    let stored = cx.store_picture(Holder::Tenant, sent, LOGO).await?;
    let before = &cx.who.tenant;
    let logo = Some(stored.picture.clone());
    let after = Tenant { version: before.version + 1, logo, ..before.clone() };
    let change = save_logo(&cx, &after, Some(&stored))?;
    cx.commit(change, answer(&after)).await
}
