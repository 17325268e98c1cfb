//! What a company pays for: the operator's own act. Repeating it changes nothing more.

use domain::activity::{Activity, Actor, Detail, Object, Origin};
use domain::id::TenantId;
use domain::tenant::{Plan, Slug, Tenant};
use serde_json::json;
use store::StoreError;
use store::activities::Home;
use store::tasks::{Task, Work};

use crate::exchange::problem::{Kind, Problem};
use crate::house::House;
use crate::seating::founding::Deed;

/// Looks at a company at the most; each look after the first means that somebody else saved it.
const LOOKS_MAX: u32 = 4;

/// Gives the company at `slug` the `plan`. What it holds no more stops with the next request;
/// whoever made guest links that do hears of it, and they open again with another plan.
///
/// # Errors
/// [`Kind::NotFound`] if there is no such company, [`Kind::Busy`] if others keep changing it, or
/// the table's.
pub async fn set_plan(house: &House, slug: &Slug, plan: Plan) -> Result<Deed, Problem> {
    let absent = || Problem::new(Kind::NotFound, format!("There is no company at `{slug}`."));
    let id = house.table.tenant_at(slug).await?.ok_or_else(absent)?;
    for _ in 0..LOOKS_MAX {
        let tenant = house.table.tenant(id).own_tenant().await?.ok_or_else(absent)?;
        if tenant.plan == plan {
            return Ok(Deed::Found);
        }
        match change_plan(house, tenant, plan).await {
            Ok(()) => return Ok(Deed::Changed),
            Err(StoreError::Lost(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::new(Kind::Busy, "Others are changing the same company. Try again."))
}

async fn change_plan(house: &House, before: Tenant, plan: Plan) -> Result<(), StoreError> {
    let now = house.clock.now();
    let after = Tenant { version: before.version + 1, plan, ..before.clone() };
    let id: TenantId = after.id;
    let mut change = house.table.tenant(id).change(house.dice.token());
    change.save_tenant(&after)?;
    let line = Activity {
        id: house.dice.id(now),
        actor: Actor::Operator,
        verb: "operator.plan".to_owned(),
        object: Object::Tenant(id),
        seq: after.version,
        about: None,
        detail: Detail::Plain(json!({ "plan": [before.plan, plan] })),
        at: now,
        origin: Origin::default(),
    };
    change.audit(Home::Tenant, &line)?;
    if before.plan.public_links && !plan.public_links {
        let work = Work::Lapse(id, after.version);
        let mark = house.dice.token();
        change.start_task(&Task { work, place: None, passes: 0, due_at: now, mark })?;
    }
    change.commit().await
}
