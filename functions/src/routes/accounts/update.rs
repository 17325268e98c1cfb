//! `PATCH /v1/accounts/{account_id}`: changes an outside company, or its review.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{IfMatch, Json, Path, maybe};
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::account::Account;
use domain::activity::Detail;
use domain::contact::ReviewStatus;
use domain::email::Domain;
use domain::expiry::When;
use domain::id::AccountId;
use domain::tenant::Zone;
use domain::text::Title;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use store::StoreError;
use store::change::Change;

use crate::routes::accounts::{answer, check_domains, save, told};
use crate::trail::difference;
use crate::views::accounts::AccountView;

pub const ROUTE: Route = Route::patch("accounts.update", "/v1/accounts/{account_id}")
    .says("Changes an outside company, or where its review stands.")
    .problems(&[Kind::ChooseTenant, Kind::Forbidden, Kind::DomainTaken, Kind::WrongState])
    .previewed()
    .served_by(|| endpoint(update_account));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent, null and set are three things")]
struct Input {
    /// How it is called.
    name: Option<Title>,
    /// Whose visitors are its people, at most 20. Affects later arrivals only.
    domains: Option<Vec<Domain>>,
    /// Where its review goes.
    status: Option<ReviewStatus>,
    /// Whether new people of its domains are approved on arrival.
    auto_approval: Option<bool>,
    /// When its people's access ends; `null` for never.
    #[serde(default, deserialize_with = "maybe")]
    access_expires_at: Option<Option<When>>,
    /// Where that day is meant; the company's own zone unless given.
    zone: Option<Zone>,
}

async fn update_account(
    cx: Cx<Staff>,
    Path(account_id): Path<AccountId>,
    if_match: IfMatch,
    Json(input): Json<Input>,
) -> Result<Found<AccountView>, Problem> {
    let before = cx.account(account_id, Action::AccountEdit).await?.into_inner();
    if_match.require(before.version)?;
    let after = apply(&cx, before.clone(), input)?;

    let mut change = cx.change(&cx.store());
    let detail = difference(&before, &after, told);
    save(&cx, &mut change, &after, Detail::Plain(detail))?;
    move_domains(&mut change, &before, &after)?;
    // Approving the company opens what its people were granted, and may so cover their requests.
    // It may have any number of people, so the worker judges them off the stream, as it renames
    // the company in their rows.
    cx.commit(change, answer(&after)).await
}

fn apply(cx: &Cx<Staff>, account: Account, input: Input) -> Result<Account, Problem> {
    let when = input.access_expires_at.flatten();
    let expiry = cx.expiry("/access_expires_at", when, input.zone.as_ref())?;
    let access_expiry = match input.access_expires_at {
        Some(_) => expiry,
        None => account.access_expiry.clone(),
    };
    let account = match input.status {
        Some(status) => account.with_status(status)?,
        None => account,
    };
    if let Some(domains) = &input.domains {
        check_domains(domains)?;
    }
    Ok(Account {
        version: account.version + 1,
        name: input.name.unwrap_or(account.name),
        domains: input.domains.unwrap_or(account.domains),
        auto_approval: input.auto_approval.unwrap_or(account.auto_approval),
        access_expiry,
        ..account
    })
}

/// Takes the domains that are new and leaves those that are gone.
fn move_domains(change: &mut Change, before: &Account, after: &Account) -> Result<(), StoreError> {
    for (place, domain) in after.domains.iter().enumerate() {
        if !before.domains.contains(domain) {
            change.take_domain(after.id, domain, place)?;
        }
    }
    let left = before.domains.iter().filter(|domain| !after.domains.contains(domain));
    left.into_iter().try_for_each(|domain| change.leave_domain(domain))
}
