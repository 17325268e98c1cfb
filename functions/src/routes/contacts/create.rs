//! `POST /v1/contacts`: makes a contact by hand.

use app::callers::staff::Staff;
use app::exchange::answer::Created;
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::contact::{Contact, ReviewStatus};
use domain::email::Email;
use domain::id::AccountId;
use domain::text::{JobTitle, Line, PersonName};
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use store::activities::Home;
use store::lists::ContactRow;

use crate::routes::contacts::{attached_account, with_warnings};
use crate::views::contacts::ContactView;

pub const ROUTE: Route = Route::post("contacts.create", "/v1/contacts")
    .says("Makes a contact by hand.")
    .problems(&[Kind::Forbidden, Kind::EmailTaken])
    .served_by(|| endpoint(create_contact));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Their address, unique in the trust center.
    email: Option<Email>,
    /// First name.
    first_name: PersonName,
    /// Last name.
    last_name: PersonName,
    /// What they do.
    job_title: Option<JobTitle>,
    /// Whom they work for.
    account_id: Option<AccountId>,
    /// What kind of contact, in the company's own words.
    contact_type: Option<Line<60>>,
    /// Where their review begins; only reviewers begin it anywhere but at `to_review`.
    #[serde(default = "to_review")]
    status: ReviewStatus,
}

fn to_review() -> ReviewStatus {
    ReviewStatus::ToReview
}

async fn create_contact(
    cx: Cx<Staff>,
    Json(input): Json<Input>,
) -> Result<Created<ContactView>, Problem> {
    cx.allow_here(Action::ContactCreate)?;
    let account = match input.account_id {
        Some(id) => Some(attached_account(&cx, id).await?),
        None => None,
    };
    let contact = new_contact(&cx, input);
    if contact.reviewed {
        cx.allow_contact(&contact, Action::ContactSetStatus)?;
    }

    let mut change = cx.change(&cx.store());
    change.create_contact(&contact, &ContactRow::new(&contact, account.as_deref()))?;
    // An account deleted at this very instant gets no new people.
    account.iter().try_for_each(|account| change.check_account(account))?;
    let values = json!({
        "email": contact.email,
        "name": contact.full_name(),
        "account_id": contact.account_id,
        "status": contact.status,
    });
    let line = cx.line(contact.id, contact.version, cx.personal(&contact, &values));
    change.audit(Home::Contact(contact.id), &line)?;
    let view = with_warnings(&contact, account.as_deref());
    cx.commit(change, Created::new(view, format!("/v1/contacts/{}", contact.id))).await
}

fn new_contact(cx: &Cx<Staff>, input: Input) -> Contact {
    let name = (input.first_name, input.last_name);
    Contact {
        email: input.email,
        job_title: input.job_title,
        account_id: input.account_id,
        contact_type: input.contact_type,
        owner_id: Some(cx.who.member.id),
        status: input.status,
        reviewed: input.status != ReviewStatus::ToReview,
        ..Contact::new(cx.new_id(), name, cx.house.dice.token(), cx.now)
    }
}
