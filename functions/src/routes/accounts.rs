//! Outside companies.

pub mod create;
pub mod delete;
pub mod list;
pub mod read;
pub mod update;

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::problem::Problem;
use domain::account::{Account, DOMAINS_MAX};
use domain::activity::Detail;
use domain::email::Domain;
use serde_json::{Value, json};
use store::StoreError;
use store::activities::Home;
use store::change::Change;

use crate::views::accounts::AccountView;

/// The account as its page shows it.
fn answer(account: &Account) -> Found<AccountView> {
    Found::at(AccountView::from(account), account.version)
}

/// Adds to `change` that `account` is saved, with `detail` in its trail.
fn save(
    cx: &Cx<Staff>,
    change: &mut Change,
    account: &Account,
    detail: Detail,
) -> Result<(), StoreError> {
    change.save_account(account)?;
    let line = cx.line(account.id, account.version, detail);
    change.audit(Home::Account(account.id), &line)
}

/// What the trail tells of an account.
fn told(account: &Account) -> Value {
    json!({
        "name": account.name,
        "domains": account.domains,
        "status": account.status,
        "auto_approval": account.auto_approval,
        "access_expires_at": account.access_ends_at(),
    })
}

/// Checks the domains that a body lists for an account.
fn check_domains(domains: &[Domain]) -> Result<(), Problem> {
    if DOMAINS_MAX < domains.len() {
        let detail = format!("list at most {DOMAINS_MAX} domains");
        return Err(Problem::bad_input("/domains", detail));
    }
    for (place, domain) in domains.iter().enumerate() {
        let pointer = format!("/domains/{place}");
        if domain.is_public_mailbox() {
            let detail = "anybody may have a mailbox there; list domains of the company alone";
            return Err(Problem::bad_input(pointer, detail));
        }
        if domains.iter().take(place).any(|earlier| earlier == domain) {
            return Err(Problem::bad_input(pointer, "list each domain once"));
        }
    }
    Ok(())
}
