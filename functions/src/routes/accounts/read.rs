//! `GET /v1/accounts/{account_id}`: one outside company.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::id::AccountId;
use policy::trust::Action;

use crate::routes::accounts::answer;
use crate::views::accounts::AccountView;

pub const ROUTE: Route = Route::get("accounts.read", "/v1/accounts/{account_id}")
    .says("Reads one outside company.")
    .problems(&[Kind::ChooseTenant])
    .served_by(|| endpoint(read_account));

async fn read_account(
    cx: Cx<Staff>,
    Path(account_id): Path<AccountId>,
) -> Result<Found<AccountView>, Problem> {
    let account = cx.account(account_id, Action::AccountRead).await?;
    Ok(answer(&account))
}
