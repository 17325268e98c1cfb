//! `PATCH /v1/contacts/{contact_id}`: changes what is known about a contact, or its review.

use app::answer::Found;
use app::cover::cover;
use app::cx::Cx;
use app::extract::{IfMatch, Json, Path, maybe};
use app::problem::{Kind, Problem};
use app::route::{Route, endpoint};
use domain::contact::{Contact, ReviewStatus};
use domain::email::Email;
use domain::id::{AccountId, ContactId};
use domain::text::{JobTitle, Line, PersonName};
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use store::activities::Home;

use crate::routes::contacts::{attached_account, current_row, warnings};
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
    cx: Cx,
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
    change.save_contact(&after)?;
    if before.email != after.email {
        after.email.iter().try_for_each(|email| change.take_address(after.id, email))?;
        before.email.iter().try_for_each(|email| change.leave_address(email))?;
    }
    if before.account_id != after.account_id {
        let row = current_row(&store, &after, account.as_ref()).await?;
        change.move_contact(&before, &after, &row)?;
        // An account deleted at this very instant gets no new people.
        account.iter().try_for_each(|account| change.check_account(account))?;
    }
    let line = cx.line(after.id, after.version, cx.personal(&after, &difference(&before, &after)));
    change.audit(Home::Contact(after.id), &line)?;
    let view =
        ContactView { warnings: warnings(&after, account.as_ref()), ..ContactView::from(&after) };
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

/// What changed, each as it was and as it is.
fn difference(before: &Contact, after: &Contact) -> serde_json::Value {
    let pairs = [
        ("email", json!(before.email), json!(after.email)),
        ("first_name", json!(before.first_name), json!(after.first_name)),
        ("last_name", json!(before.last_name), json!(after.last_name)),
        ("job_title", json!(before.job_title), json!(after.job_title)),
        ("account_id", json!(before.account_id), json!(after.account_id)),
        ("contact_type", json!(before.contact_type), json!(after.contact_type)),
        ("status", json!(before.status), json!(after.status)),
    ];
    pairs
        .into_iter()
        .filter(|(_, was, is)| was != is)
        .map(|(name, was, is)| (name.to_owned(), json!([was, is])))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
