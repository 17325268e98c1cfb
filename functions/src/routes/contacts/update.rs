//! `PATCH /v1/contacts/{contact_id}`: changes what is known about a contact, or its review.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{IfMatch, Json, Path, maybe};
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use app::sharing::cover::cover;
use domain::account::Account;
use domain::contact::{Contact, ReviewStatus};
use domain::email::Email;
use domain::id::{AccountId, ContactId};
use domain::text::{JobTitle, Line, PersonName};
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use store::change::Change;
use store::{Store, StoreError};

use crate::routes::contacts::{attached_account, current_row, save, with_warnings};
use crate::trail::difference;
use crate::views::contacts::ContactView;

pub const ROUTE: Route = Route::patch("contacts.update", "/v1/contacts/{contact_id}")
    .says("Changes what is known about a contact, or where the review stands.")
    .problems(&[Kind::Forbidden, Kind::EmailTaken, Kind::WrongState])
    .previewed()
    .served_by(|| endpoint(update_contact));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent, null and set are three things")]
struct Input {
    /// A new address ends their sessions, codes and pending mail; `null` takes it away.
    #[serde(default, deserialize_with = "maybe")]
    email: Option<Option<Email>>,
    /// First name.
    first_name: Option<PersonName>,
    /// Last name.
    last_name: Option<PersonName>,
    /// What they do; `null` takes it away.
    #[serde(default, deserialize_with = "maybe")]
    job_title: Option<Option<JobTitle>>,
    /// Whom they work for; `null` takes it away.
    #[serde(default, deserialize_with = "maybe")]
    account_id: Option<Option<AccountId>>,
    /// What kind of contact; `null` takes it away.
    #[serde(default, deserialize_with = "maybe")]
    contact_type: Option<Option<Line<60>>>,
    /// Where their review goes. A suspended contact comes back by `unsuspend`.
    status: Option<ReviewStatus>,
}

async fn update_contact(
    cx: Cx<Staff>,
    Path(contact_id): Path<ContactId>,
    if_match: IfMatch,
    Json(input): Json<Input>,
) -> Result<Found<ContactView>, Problem> {
    let before = cx.contact(contact_id, Action::ContactEdit).await?.into_inner();
    if_match.require(before.version)?;
    let account = match input.account_id {
        Some(Some(id)) => Some(attached_account(&cx, id).await?.into_inner()),
        Some(None) => None,
        None => cx.account_of(&before).await?,
    };
    if input.status.is_some_and(|status| status != before.status) {
        cx.allow_contact(&before, Action::ContactSetStatus)?;
    }
    let after = apply(before.clone(), input)?;

    let store = cx.store();
    let mut change = cx.change(&store);
    let detail = cx.personal(&after, &difference(&before, &after, told));
    save(&cx, &mut change, &after, detail)?;
    move_along(&store, &mut change, (&before, &after), account.as_ref()).await?;
    let view = with_warnings(&after, account.as_ref());
    let answer = cx.commit(change, Found::at(view, after.version)).await?;

    // What was shared before may now be open, and so cover a request.
    if before.status != after.status {
        cx.soon(cover(&cx.house, &store, after.id, cx.now).await);
    }
    Ok(answer)
}

fn apply(contact: Contact, input: Input) -> Result<Contact, Problem> {
    let version = contact.version + 1;
    let contact = match input.status {
        Some(status) => contact.with_status(status)?,
        None => contact,
    };
    let contact = match input.email {
        Some(email) => contact.with_email(email),
        None => contact,
    };
    Ok(Contact {
        version,
        first_name: input.first_name.unwrap_or(contact.first_name),
        last_name: input.last_name.unwrap_or(contact.last_name),
        job_title: input.job_title.unwrap_or(contact.job_title),
        account_id: input.account_id.unwrap_or(contact.account_id),
        contact_type: input.contact_type.unwrap_or(contact.contact_type),
        ..contact
    })
}

/// Adds to `change` what moves along with a contact: its address, and its rows to another account.
async fn move_along(
    store: &Store,
    change: &mut Change,
    (before, after): (&Contact, &Contact),
    account: Option<&Account>,
) -> Result<(), StoreError> {
    if before.email != after.email {
        after.email.iter().try_for_each(|email| change.take_address(after.id, email))?;
        before.email.iter().try_for_each(|email| change.leave_address(email))?;
    }
    if before.account_id != after.account_id {
        let row = current_row(store, after, account).await?;
        change.move_contact(before, after, &row)?;
        // An account deleted at this very instant gets no new people.
        account.into_iter().try_for_each(|account| change.check_account(account))?;
    }
    Ok(())
}

/// What the trail tells of a contact, sealed.
fn told(contact: &Contact) -> Value {
    json!({
        "email": contact.email,
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "job_title": contact.job_title,
        "account_id": contact.account_id,
        "contact_type": contact.contact_type,
        "status": contact.status,
    })
}
