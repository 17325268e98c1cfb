//! `POST /v1/documents/{document_id}/links`: makes a guest link, which opens the document to its
//! audience and mails nobody yet.

use app::callers::staff::Staff;
use app::exchange::answer::Created;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::library::pages::require_pages;
use app::library::require_no_child;
use app::linking::NewLink;
use app::serving::route::{Route, endpoint};
use domain::account::Account;
use domain::contact::Contact;
use domain::expiry::When;
use domain::id::{ContactId, DocumentId};
use domain::link::{Audience, Right, Rights};
use domain::tenant::Zone;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::contacts::named_contact;
use crate::views::links::LinkView;

pub const ROUTE: Route = Route::post("links.create", "/v1/documents/{document_id}/links")
    .says("Makes a guest link, which opens the document to its audience; nothing is mailed before it is sent.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::PlanLacks, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(create_link));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "audience": "contact",
    "contact_id": "con_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9",
    "rights": ["view", "download", "write"],
    "expires_at": "2027-01-31",
}))]
struct Input {
    /// For whom. Where the document asks for a group signature, a public link gives each guest a
    /// document of their own.
    audience: Audience,
    /// Which contact, for the audience `contact`.
    contact_id: Option<ContactId>,
    /// View and download unless given.
    #[serde(default)]
    rights: Rights,
    /// When it stops opening; never if absent.
    expires_at: Option<When>,
    /// Where that day is meant; the company's own zone unless given.
    zone: Option<Zone>,
}

async fn create_link(
    cx: Cx<Staff>,
    Path(document_id): Path<DocumentId>,
    Json(input): Json<Input>,
) -> Result<Created<LinkView>, Problem> {
    let document = cx.document(document_id, Action::DocumentShare).await?;
    require_no_child(&document)?;
    let contact = whom(&cx, &input).await?;
    let audience = cx.audience_for(&document, input.audience).await?;
    let expiry = cx.expiry("/expires_at", input.expires_at, input.zone.as_ref())?;
    if !input.rights.allows(Right::Download) {
        require_pages(&document, "/rights")?;
    }
    let new = NewLink { audience, rights: input.rights, expiry };
    let mut change = cx.change(&cx.store());
    let made = cx.make_link(&mut change, &document, contact, new).await?;
    change.check_document(&document)?;
    let location = format!("/v1/links/{}", made.link.id);
    cx.commit(change, Created::new(LinkView::new(&made, cx.now), location)).await
}

/// Whom the link is for, with their account.
async fn whom(
    cx: &Cx<Staff>,
    input: &Input,
) -> Result<Option<(Contact, Option<Account>)>, Problem> {
    match (input.audience, input.contact_id) {
        (Audience::Contact, Some(id)) => {
            let contact = named_contact(cx, id).await?;
            let account = cx.account_of(&contact).await?;
            Ok(Some((contact.into_inner(), account)))
        }
        (Audience::Contact, None) => {
            Err(Problem::bad_input("/contact_id", "say for which contact the link is"))
        }
        (Audience::Undefined | Audience::PublicSame | Audience::PublicChild, None) => Ok(None),
        (_, Some(_)) => {
            Err(Problem::bad_input("/contact_id", "only the audience `contact` names one"))
        }
    }
}
