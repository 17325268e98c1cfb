//! `DELETE /v1/accounts/{account_id}`: deletes an outside company that nobody belongs to.

use app::callers::staff::Staff;
use app::exchange::answer::Done;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::seating::counting::contacts_belong;
use app::serving::route::{Route, endpoint};
use domain::account::Account;
use domain::activity::Detail;
use domain::id::AccountId;
use policy::trust::Action;
use serde_json::json;
use store::change::Claim;
use store::lists::List;

use crate::routes::accounts::save;

/// Looks at the account at the most; each look after the first means that somebody else saved it.
const LOOKS_MAX: u32 = 4;

pub const ROUTE: Route = Route::delete("accounts.delete", "/v1/accounts/{account_id}")
    .says("Deletes an outside company that nobody belongs to.")
    .problems(&[Kind::ChooseTenant, Kind::Forbidden, Kind::WrongState, Kind::Busy])
    .served_by(|| endpoint(delete_account));

async fn delete_account(cx: Cx<Staff>, Path(account_id): Path<AccountId>) -> Result<Done, Problem> {
    for _ in 0..LOOKS_MAX {
        let account = cx.account(account_id, Action::AccountDelete).await?.into_inner();
        refuse_while_used(&cx, account_id).await?;
        if bury(&cx, account).await?.is_ok() {
            return Ok(Done);
        }
    }
    Err(Problem::new(Kind::Busy, "Others are changing the account. Try again.").after(1))
}

async fn refuse_while_used(cx: &Cx<Staff>, account_id: AccountId) -> Result<(), Problem> {
    let count = contacts_belong(&cx.store(), List::ContactsOfAccount(account_id)).await?;
    let Some(count) = count else { return Ok(()) };
    let detail = format!("{count} to the account. Give them another account or none first.");
    Err(Problem::new(Kind::WrongState, detail))
}

/// Leaves a tombstone, which the trail refers to, and frees the domains.
async fn bury(cx: &Cx<Staff>, account: Account) -> Result<Result<Done, Vec<Claim>>, Problem> {
    let deleted = Account { version: account.version + 1, deleted_at: Some(cx.now), ..account };
    let detail = json!({ "name": deleted.name, "domains": deleted.domains });
    let mut change = cx.change(&cx.store());
    save(cx, &mut change, &deleted, Detail::Plain(detail))?;
    deleted.domains.iter().try_for_each(|domain| change.leave_domain(domain))?;
    cx.try_commit(change, Done).await
}
