//! `PATCH /v1/tenant`: changes the company's settings.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{IfMatch, Json, maybe};
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::activity::Detail;
use domain::email::Email;
use domain::tenant::{Accent, DEVICE_DAYS_MAX, FirstClick, PortalType, Slug, Tenant, Zone};
use domain::text::Title;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::routes::tenant::{answer, save};
use crate::trail::difference;
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
    cx: Cx<Staff>,
    if_match: IfMatch,
    Json(input): Json<Input>,
) -> Result<Found<TenantView>, Problem> {
    cx.allow_here(Action::TenantEdit)?;
    let before = &cx.who.tenant;
    if_match.require(before.version)?;
    let after = apply(before.clone(), input)?;

    let mut change = cx.change(&cx.store());
    let detail = difference(before, &after, told);
    save(&cx, &mut change, &after, Detail::Plain(detail))?;
    if before.slug != after.slug {
        change.take_slug(&after.slug)?;
        change.leave_slug(&before.slug)?;
    }
    cx.commit(change, answer(&after)).await
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

/// What the trail tells of the company.
fn told(tenant: &Tenant) -> Value {
    json!({
        "name": tenant.name,
        "slug": tenant.slug,
        "accent": tenant.accent,
        "contact_email": tenant.contact_email,
        "portal_type": tenant.portal_type,
        "first_click": tenant.first_click,
        "device_days": tenant.device_days,
        "zone": tenant.zone,
        "retention_days": tenant.retention_days,
    })
}
