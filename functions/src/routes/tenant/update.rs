//! `PATCH /v1/tenant`: changes the company's settings.

use app::answer::Found;
use app::cx::Cx;
use app::extract::{IfMatch, Json, maybe};
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::activity::Detail;
use domain::email::Email;
use domain::tenant::{Accent, DEVICE_DAYS_MAX, FirstClick, PortalType, Slug, Tenant, Zone};
use domain::text::Title;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::activities::Home;

use crate::views::tenant::TenantView;

/// Least days that evidence is kept: no less than the personal values of the deleted.
const RETENTION_DAYS_MIN: u16 = 30;

pub const ROUTE: Route = Route::patch("tenant.update", "/v1/tenant")
    .says("Changes the company's settings.")
    .problems(&[Kind::ChooseTenant, Kind::Forbidden, Kind::SlugTaken])
    .previewed()
    .served_by(|| endpoint(update_tenant));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent, null and set are three things")]
struct Input {
    /// How the company is called.
    name: Option<Title>,
    /// Its place in addresses. The one before is free for others at once; links in mails that were
    /// sent already lead there.
    slug: Option<Slug>,
    /// Its colour.
    accent: Option<Accent>,
    /// Where questions go; `null` takes it away.
    #[serde(default, deserialize_with = "maybe")]
    contact_email: Option<Option<Email>>,
    /// Which halves of the product its people see.
    portal_type: Option<PortalType>,
    /// Which first click claims a guest link.
    first_click: Option<FirstClick>,
    /// Days a guest's browser stays trusted, 1 to 90.
    #[schemars(range(min = 1, max = 90))]
    device_days: Option<u8>,
    /// Where its days end and its mails tell the time.
    zone: Option<Zone>,
    /// Days that evidence is kept, at least 30.
    #[schemars(range(min = 30))]
    retention_days: Option<u16>,
}

async fn update_tenant(
    cx: Cx,
    if_match: IfMatch,
    Json(input): Json<Input>,
) -> Result<Found<TenantView>, Problem> {
    cx.allow_here(Action::TenantEdit)?;
    let before = &cx.who.tenant;
    if_match.require(before.version)?;
    let after = apply(before.clone(), input)?;

    let mut change = cx.change(&cx.store());
    change.save_tenant(&after)?;
    if before.slug != after.slug {
        change.take_slug(&after.slug)?;
        change.leave_slug(&before.slug)?;
    }
    let line = cx.line(after.id, after.version, Detail::Plain(difference(before, &after)));
    change.audit(Home::Tenant, &line)?;
    cx.commit(change, Found::at(TenantView::from(&after), after.version)).await
}

fn apply(tenant: Tenant, input: Input) -> Result<Tenant, Problem> {
    let device_days = input.device_days.unwrap_or(tenant.device_days);
    if !(1..=DEVICE_DAYS_MAX).contains(&device_days) {
        let detail = format!("expected 1 to {DEVICE_DAYS_MAX}");
        return Err(Problem::bad_input("/device_days", detail));
    }
    let retention_days = input.retention_days.unwrap_or(tenant.retention_days);
    if retention_days < RETENTION_DAYS_MIN {
        let detail = format!("expected at least {RETENTION_DAYS_MIN}");
        return Err(Problem::bad_input("/retention_days", detail));
    }
    Ok(Tenant {
        version: tenant.version + 1,
        name: input.name.unwrap_or(tenant.name),
        slug: input.slug.unwrap_or(tenant.slug),
        accent: input.accent.unwrap_or(tenant.accent),
        contact_email: input.contact_email.unwrap_or(tenant.contact_email),
        portal_type: input.portal_type.unwrap_or(tenant.portal_type),
        first_click: input.first_click.unwrap_or(tenant.first_click),
        device_days,
        zone: input.zone.unwrap_or(tenant.zone),
        retention_days,
        ..tenant
    })
}

/// What changed, each as it was and as it is.
fn difference(before: &Tenant, after: &Tenant) -> Value {
    let pairs = [
        ("name", json!(before.name), json!(after.name)),
        ("slug", json!(before.slug), json!(after.slug)),
        ("accent", json!(before.accent), json!(after.accent)),
        ("contact_email", json!(before.contact_email), json!(after.contact_email)),
        ("portal_type", json!(before.portal_type), json!(after.portal_type)),
        ("first_click", json!(before.first_click), json!(after.first_click)),
        ("device_days", json!(before.device_days), json!(after.device_days)),
        ("zone", json!(before.zone), json!(after.zone)),
        ("retention_days", json!(before.retention_days), json!(after.retention_days)),
    ];
    let changed = pairs.into_iter().filter(|(_, was, is)| was != is);
    changed.map(|(name, was, is)| (name.to_owned(), json!([was, is]))).collect::<Map<_, _>>().into()
}
