//! The company itself.

pub mod read;
pub mod remove_logo;
pub mod set_logo;
pub mod update;

use app::cx::Cx;
use app::pictures::Stored;
use domain::activity::Detail;
use domain::picture::Holder;
use domain::tenant::Tenant;
use serde_json::json;
use store::StoreError;
use store::activities::Home;
use store::change::Change;

/// What is written when the company's logo changes; `stored` is the new one.
fn save_logo(cx: &Cx, after: &Tenant, stored: Option<&Stored>) -> Result<Change, StoreError> {
    let before = &cx.who.tenant;
    let mut change = cx.change(&cx.store());
    change.save_tenant(after)?;
    cx.replace_picture(&mut change, Holder::Tenant, before.logo.as_ref(), stored)?;
    let detail = Detail::Plain(json!({ "logo": [before.logo.is_some(), after.logo.is_some()] }));
    change.audit(Home::Tenant, &cx.line(after.id, after.version, detail))?;
    Ok(change)
}
