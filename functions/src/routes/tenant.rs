//! The company itself.

pub mod read;
pub mod remove_logo;
pub mod set_logo;
pub mod update;

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::library::pictures::Stored;
use domain::activity::Detail;
use domain::picture::Holder;
use domain::tenant::Tenant;
use serde_json::json;
use store::StoreError;
use store::activities::Home;
use store::change::Change;

use crate::views::tenant::TenantView;

/// The company as its page shows it after a change.
fn answer(tenant: &Tenant) -> Found<TenantView> {
    Found::at(TenantView::from(tenant), tenant.version)
}

/// Adds to `change` that the company is saved, with `detail` in its trail.
fn save(
    cx: &Cx<Staff>,
    change: &mut Change,
    after: &Tenant,
    detail: Detail,
) -> Result<(), StoreError> {
    change.save_tenant(after)?;
    let line = cx.line(after.id, after.version, detail);
    change.audit(Home::Tenant, &line)
}

/// What is written when the company's logo changes; `stored` is the new one.
fn save_logo(
    cx: &Cx<Staff>,
    after: &Tenant,
    stored: Option<&Stored>,
) -> Result<Change, StoreError> {
    let before = &cx.who.tenant;
    let mut change = cx.change(&cx.store());
    let has = [before.logo.is_some(), after.logo.is_some()];
    save(cx, &mut change, after, Detail::Plain(json!({ "logo": has })))?;
    cx.replace_picture(&mut change, Holder::Tenant, before.logo.as_ref(), stored)?;
    Ok(change)
}
