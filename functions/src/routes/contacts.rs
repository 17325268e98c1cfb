//! Outside people.

pub mod activity;
pub mod archive;
pub mod create;
pub mod delete;
pub mod documents;
pub mod list;
pub mod magic_link;
pub mod read;
pub mod remove_picture;
pub mod requests;
pub mod set_picture;
pub mod share;
pub mod suspend;
pub mod unarchive;
pub mod unsuspend;
pub mod update;

use app::answer::Found;
use app::cx::{Allowed, Cx};
use app::pictures::Stored;
use app::problem::{Kind, Problem};
use domain::account::Account;
use domain::activity::Detail;
use domain::contact::Contact;
use domain::id::AccountId;
use domain::id::Id;
use domain::picture::Holder;
use policy::trust::Action;
use serde_json::json;
use store::activities::Home;
use store::change::Change;
use store::lists::{ContactRow, List};
use store::{Store, StoreError};

use crate::views::contacts::{ContactView, Warning};

/// The row of a contact that exists, with what was counted for it so far. Its place in sight or
/// in the archive must be the one it was read in.
async fn current_row(
    store: &Store,
    contact: &Contact,
    account: Option<&Account>,
) -> Result<ContactRow, StoreError> {
    let list = List::Contacts.holding(contact);
    let counted: Option<ContactRow> = store.list_row(list, contact.id.ulid()).await?;
    Ok(ContactRow {
        shared: counted.as_ref().map_or(0, |row| row.shared),
        last_activity_at: counted.and_then(|row| row.last_activity_at),
        ..ContactRow::new(contact, account)
    })
}

/// Moves a contact into the archive or out of it: its rows move along in the same change.
async fn move_shelf(
    cx: &Cx,
    before: &Contact,
    after: Contact,
) -> Result<Found<ContactView>, Problem> {
    let after = Contact { version: before.version + 1, ..after };
    let account = cx.account_of(before).await?;
    let store = cx.store();
    let counted = current_row(&store, before, account.as_ref()).await?;
    let mut change = cx.change(&store);
    change.save_contact(&after)?;
    let row = ContactRow { source_version: after.version, ..counted };
    change.move_contact(before, &after, &row)?;
    let archived = [before.archived_at.is_some(), after.archived_at.is_some()];
    let detail = Detail::Plain(json!({ "archived": archived }));
    change.audit(Home::Contact(after.id), &cx.line(after.id, after.version, detail))?;
    cx.commit(change, Found::at(ContactView::from(&after), after.version)).await
}

/// What is written when a contact's picture changes; `stored` is the new one.
fn save_picture(
    cx: &Cx,
    before: &Contact,
    after: &Contact,
    stored: Option<&Stored>,
) -> Result<Change, StoreError> {
    let mut change = cx.change(&cx.store());
    change.save_contact(after)?;
    cx.replace_picture(&mut change, Holder::Contact(after.id), before.picture.as_ref(), stored)?;
    let has = [before.picture.is_some(), after.picture.is_some()];
    let detail = Detail::Plain(json!({ "picture": has }));
    change.audit(Home::Contact(after.id), &cx.line(after.id, after.version, detail))?;
    Ok(change)
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
