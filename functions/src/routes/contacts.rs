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

use std::fmt::Display;

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::{Allowed, Cx};
use app::exchange::problem::{Kind, Problem};
use app::library::pictures::Stored;
use domain::account::Account;
use domain::activity::Detail;
use domain::contact::Contact;
use domain::email::Email;
use domain::id::{AccountId, ContactId, Id};
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

/// The contact as its page shows it after a change.
fn answer(contact: &Contact) -> Found<ContactView> {
    Found::at(ContactView::from(contact), contact.version)
}

/// Adds to `change` that `contact` is saved, with `detail` in its trail.
fn save(
    cx: &Cx<Staff>,
    change: &mut Change,
    contact: &Contact,
    detail: Detail,
) -> Result<(), StoreError> {
    change.save_contact(contact)?;
    let line = cx.line(contact.id, contact.version, detail);
    change.audit(Home::Contact(contact.id), &line)
}

/// Moves a contact into the archive or out of it: its rows move along in the same change.
async fn move_shelf(
    cx: &Cx<Staff>,
    before: &Contact,
    after: Contact,
) -> Result<Found<ContactView>, Problem> {
    let after = Contact { version: before.version + 1, ..after };
    let account = cx.account_of(before).await?;
    let store = cx.store();
    let counted = current_row(&store, before, account.as_ref()).await?;
    let archived = [before.archived_at.is_some(), after.archived_at.is_some()];
    let mut change = cx.change(&store);
    save(cx, &mut change, &after, Detail::Plain(json!({ "archived": archived })))?;
    let row = ContactRow { source_version: after.version, ..counted };
    change.move_contact(before, &after, &row)?;
    cx.commit(change, answer(&after)).await
}

/// What is written when a contact's picture changes; `stored` is the new one.
fn save_picture(
    cx: &Cx<Staff>,
    before: &Contact,
    after: &Contact,
    stored: Option<&Stored>,
) -> Result<Change, StoreError> {
    let has = [before.picture.is_some(), after.picture.is_some()];
    let mut change = cx.change(&cx.store());
    save(cx, &mut change, after, Detail::Plain(json!({ "picture": has })))?;
    cx.replace_picture(&mut change, Holder::Contact(after.id), before.picture.as_ref(), stored)?;
    Ok(change)
}

/// The contact, with what its saver should know about the address.
fn with_warnings(contact: &Contact, account: Option<&Account>) -> ContactView {
    let domain = contact.email.as_ref().map(Email::domain);
    let is_strange =
        domain.zip(account).is_some_and(|(domain, account)| !account.domains.contains(&domain));
    let warnings = if is_strange { vec![Warning::DomainIsNotTheAccounts] } else { Vec::new() };
    ContactView { warnings, ..ContactView::from(contact) }
}

/// The account that a body names for a contact.
async fn attached_account(cx: &Cx<Staff>, id: AccountId) -> Result<Allowed<Account>, Problem> {
    cx.account(id, Action::AccountAttach).await.map_err(misnamed("/account_id", id))
}

/// The contact that a body names, whom the caller may edit.
pub(super) async fn named_contact(
    cx: &Cx<Staff>,
    id: ContactId,
) -> Result<Allowed<Contact>, Problem> {
    cx.contact(id, Action::ContactEdit).await.map_err(misnamed("/contact_id", id))
}

/// What a body names and is not there is a mistake at `pointer`.
fn misnamed(pointer: &str, id: impl Display) -> impl FnOnce(Problem) -> Problem {
    move |problem| match problem.kind {
        Kind::NotFound => Problem::bad_input(pointer, format!("there is no `{id}`")),
        _ => problem,
    }
}
