//! `POST /v1/accounts`: makes an outside company by hand.

use app::callers::staff::Staff;
use app::exchange::answer::Created;
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::account::Account;
use domain::activity::Detail;
use domain::contact::ReviewStatus;
use domain::email::Domain;
use domain::expiry::When;
use domain::tenant::Zone;
use domain::text::Title;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::accounts::{check_domains, save, told};
use crate::views::accounts::AccountView;

pub const ROUTE: Route = Route::post("accounts.create", "/v1/accounts")
    .says("Makes an outside company by hand.")
    .problems(&[Kind::ChooseTenant, Kind::Forbidden, Kind::DomainTaken])
    .served_by(|| endpoint(create_account));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// How it is called. Two accounts may share a name: people are matched by domain alone.
    name: Title,
    /// Whose visitors are its people, at most 20; subdomains count only if listed.
    #[serde(default)]
    domains: Vec<Domain>,
    /// Where its review begins.
    #[serde(default = "to_review")]
    status: ReviewStatus,
    /// Whether new people of its domains are approved on arrival.
    #[serde(default)]
    auto_approval: bool,
    /// When its people's access ends; never, if absent.
    access_expires_at: Option<When>,
    /// Where that day is meant; the company's own zone unless given.
    zone: Option<Zone>,
}

fn to_review() -> ReviewStatus {
    ReviewStatus::ToReview
}

async fn create_account(
    cx: Cx<Staff>,
    Json(input): Json<Input>,
) -> Result<Created<AccountView>, Problem> {
    cx.allow_here(Action::AccountCreate)?;
    check_domains(&input.domains)?;
    let zone = input.zone.as_ref();
    let access_expiry = cx.expiry("/access_expires_at", input.access_expires_at, zone)?;
    let account = Account {
        id: cx.new_id(),
        version: 1,
        name: input.name,
        domains: input.domains,
        status: input.status,
        auto_approval: input.auto_approval,
        access_expiry,
        deleted_at: None,
        created_at: cx.now,
    };

    let mut change = cx.change(&cx.store());
    save(&cx, &mut change, &account, Detail::Plain(told(&account)))?;
    for (place, domain) in account.domains.iter().enumerate() {
        change.take_domain(account.id, domain, place)?;
    }
    let location = format!("/v1/accounts/{}", account.id);
    cx.commit(change, Created::new(AccountView::from(&account), location)).await
}
