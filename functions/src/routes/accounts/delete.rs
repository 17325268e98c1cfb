//! `DELETE /v1/accounts/{account_id}`: deletes an outside company that nobody belongs to.

use app::answer::Done;
use app::counting::contacts_belong;
use app::cx::Cx;
use app::extract::Path;
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::account::Account;
use domain::activity::Detail;
use domain::id::AccountId;
use policy::trust::Action;
use serde_json::json;
use store::StoreError;
use store::activities::Home;
use store::lists::List;

/// Looks at the account at the most; each look after the first means that somebody else saved it.
const LOOKS_MAX: u32 = 4;

pub const ROUTE: Route = Route::delete("accounts.delete", "/v1/accounts/{account_id}")
    .says("Deletes an outside company that nobody belongs to.")
    .problems(&[Kind::ChooseTenant, Kind::Forbidden, Kind::WrongState, Kind::Busy])
    .served_by(|| endpoint(delete_account));

async fn delete_account(cx: Cx, Path(account_id): Path<AccountId>) -> Result<Done, Problem> {
    for _ in 0..LOOKS_MAX {
        let account = cx.account(account_id, Action::AccountDelete).await?.into_inner();
        refuse_while_used(&cx, account_id).await?;
        match bury(&cx, account).await? {
            Ok(()) => return Ok(Done),
            Err(StoreError::Lost(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::new(Kind::Busy, "Others are changing the account. Try again.").after(1))
}

async fn refuse_while_used(cx: &Cx, account_id: AccountId) -> Result<(), Problem> {
    let count = contacts_belong(&cx.store(), List::ContactsOfAccount(account_id)).await?;
    let Some(count) = count else { return Ok(()) };
    let detail = format!("{count} to the account. Give them another account or none first.");
    Err(Problem::new(Kind::WrongState, detail))
}

/// Leaves a tombstone, which the trail refers to, and frees the domains.
async fn bury(cx: &Cx, account: Account) -> Result<Result<(), StoreError>, Problem> {
    let deleted = Account { version: account.version + 1, deleted_at: Some(cx.now), ..account };
    let mut change = cx.change(&cx.store());
    change.save_account(&deleted)?;
    deleted.domains.iter().try_for_each(|domain| change.leave_domain(domain))?;
    let detail = json!({ "name": deleted.name, "domains": deleted.domains });
    let line = cx.line(deleted.id, deleted.version, Detail::Plain(detail));
    change.audit(Home::Account(deleted.id), &line)?;
    cx.try_commit(change, &Done).await
}
