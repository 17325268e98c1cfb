//! Outside people.

pub mod activity;
pub mod create;
pub mod delete;
pub mod documents;
pub mod list;
pub mod magic_link;
pub mod read;
pub mod requests;
pub mod share;
pub mod suspend;
pub mod unsuspend;
pub mod update;

use app::cx::{Allowed, Cx};
use app::problem::{Kind, Problem};
use domain::account::Account;
use domain::contact::Contact;
use domain::id::AccountId;
use domain::id::Id;
use policy::trust::Action;
use store::lists::{ContactRow, List};
use store::{Store, StoreError};

use crate::views::contacts::Warning;

/// The row of a contact that exists, with what was counted for it so far.
async fn current_row(
    store: &Store,
    contact: &Contact,
    account: Option<&Account>,
) -> Result<ContactRow, StoreError> {
    let counted: Option<ContactRow> = store.list_row(List::Contacts, contact.id.ulid()).await?;
    Ok(ContactRow {
        shared: counted.as_ref().map_or(0, |row| row.shared),
        last_activity_at: counted.and_then(|row| row.last_activity_at),
        ..ContactRow::new(contact, account)
    })
}

/// What the saver should know about the address.
fn warnings(contact: &Contact, account: Option<&Account>) -> Vec<Warning> {
    let domain = contact.email.as_ref().map(domain::email::Email::domain);
    let is_strange =
        domain.zip(account).is_some_and(|(domain, account)| !account.domains.contains(&domain));
    if is_strange { vec![Warning::DomainIsNotTheAccounts] } else { Vec::new() }
}

/// The account that a body names for a contact.
async fn attached_account(cx: &Cx, id: AccountId) -> Result<Allowed<Account>, Problem> {
    cx.account(id, Action::AccountAttach).await.map_err(|problem| match problem.kind {
        Kind::NotFound => Problem::bad_input("/account_id", format!("there is no `{id}`")),
        _ => problem,
    })
}
