//! `GET /v1/accounts/{account_id}`: one outside company.

use app::answer::Found;
use app::cx::Cx;
use app::extract::Path;
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::id::AccountId;
use policy::trust::Action;

use crate::views::accounts::AccountView;

pub const ROUTE: Route = Route::get("accounts.read", "/v1/accounts/{account_id}")
    .says("Reads one outside company.")
    .problems(&[Kind::ChooseTenant])
    .served_by(|| endpoint(read_account));

async fn read_account(
    cx: Cx,
    Path(account_id): Path<AccountId>,
) -> Result<Found<AccountView>, Problem> {
    let account = cx.account(account_id, Action::AccountRead).await?;
    Ok(Found::at(AccountView::from(&*account), account.version))
}
