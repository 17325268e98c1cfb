//! Outside people.

pub mod create;
pub mod list;

use app::cx::{Allowed, Cx};
use app::problem::{Kind, Problem};
use domain::account::Account;
use domain::contact::Contact;
use domain::id::AccountId;
use policy::trust::Action;
use store::lists::ContactRow;

use crate::views::contacts::Warning;

/// A new contact's row; what it shows besides follows off the stream.
fn contact_row(contact: &Contact, account: Option<&Account>) -> ContactRow {
    ContactRow {
        id: contact.id,
        email: contact.email.clone(),
        name: contact.full_name(),
        account_id: contact.account_id,
        account_name: account.map(|account| account.name.clone()),
        owner_id: contact.owner_id,
        status: contact.status,
        shared: 0,
        last_activity_at: None,
        created_at: contact.created_at,
        source_version: contact.version,
    }
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
