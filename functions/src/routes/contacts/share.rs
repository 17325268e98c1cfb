//! `PATCH /v1/contacts/{contact_id}/documents`: shares documents with a contact and takes others
//! back, as one change of deltas.

use std::collections::BTreeSet;

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::library::pages::require_pages;
use app::library::require_no_child;
use app::serving::route::{Route, endpoint};
use app::sharing::cover::{cover, live_grants};
use app::sharing::invite::{Occasion, invite};
use app::sharing::{Plan, Removal, Share};
use domain::contact::{Contact, ReviewStatus};
use domain::document::Document;
use domain::expiry::When;
use domain::grant::{Right, Rights, State};
use domain::id::{ContactId, DocumentId};
use domain::request::Request;
use domain::tenant::Zone;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use store::change::{Change, Claim};
use store::{Store, StoreError};

use crate::views::contacts::SharedView;

/// Documents that one call shares and takes back together.
const DELTAS_MAX: usize = 200;
/// Looks at the grants; each after the first means that somebody else changed one of them.
const LOOKS_MAX: u32 = 16;

pub const ROUTE: Route = Route::patch("contacts.share", "/v1/contacts/{contact_id}/documents")
    .says("Shares documents with a contact and takes others back, as one change of deltas.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(share_documents));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "add": [{ "document_id": "doc_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9", "rights": ["view", "download"] }],
    "remove": [{ "document_id": "doc_01J9ZC1A7RD0F3W5V2K9M4X8TB", "version": 3 }],
    "notify": true,
}))]
struct Input {
    /// Documents to share. What is shared already in the same way stays as it is.
    #[serde(default)]
    add: Vec<Add>,
    /// Documents to take back. What is not shared stays as it is.
    #[serde(default)]
    remove: Vec<Remove>,
    /// Whether to mail the contact a link. A request that comes to be approved mails anyway.
    #[serde(default)]
    notify: bool,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ShareDocument")]
struct Add {
    /// Which document.
    document_id: DocumentId,
    /// View and download unless given.
    #[serde(default)]
    rights: Rights,
    /// When access ends; for good if absent.
    expires_at: Option<When>,
    /// Where that day was meant; the company's own zone unless given.
    zone: Option<Zone>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "UnshareDocument")]
struct Remove {
    /// Which document.
    document_id: DocumentId,
    /// The grant's version that was seen; a grant changed since is left alone.
    version: Option<u64>,
}

async fn share_documents(
    cx: Cx<Staff>,
    Path(contact_id): Path<ContactId>,
    Json(input): Json<Input>,
) -> Result<Found<SharedView>, Problem> {
    let (shares, removals) = deltas(&cx, &input)?;
    let named: Vec<(String, DocumentId)> = place("add", shares.iter().map(|s| s.document_id))
        .chain(place("remove", removals.iter().map(|r| r.document_id)))
        .collect();
    cx.contact(contact_id, Action::ContactEdit).await?;
    let documents = cx.documents(&named, Action::DocumentShare).await?;
    require_shareable(&shares, &documents)?;

    let store = cx.store();
    for _ in 0..LOOKS_MAX {
        let contact = cx.contact(contact_id, Action::ContactEdit).await?.into_inner();
        let account = cx.account_of(&contact).await?;
        let mut plan = cx.plan_sharing(&contact, account.as_ref(), &shares, &removals).await?;
        if let Ok(answer) = write(&cx, &store, &contact, &mut plan, &input).await? {
            cx.soon(cover(&cx.house, &store, contact_id, cx.now).await);
            return Ok(answer);
        }
    }
    let detail = "Others keep changing what is shared with this contact. Try again.";
    Err(Problem::new(Kind::Busy, detail).after(1))
}

/// Refuses what cannot be shared so; the first of `documents` are those of `shares`.
fn require_shareable(shares: &[Share], documents: &[Document]) -> Result<(), Problem> {
    for (index, (share, document)) in shares.iter().zip(documents).enumerate() {
        require_no_child(document)?;
        if !share.rights.allows(Right::Download) {
            require_pages(document, &format!("/add/{index}/rights"))?;
        }
    }
    Ok(())
}

async fn write(
    cx: &Cx<Staff>,
    store: &Store,
    contact: &Contact,
    plan: &mut Plan,
    input: &Input,
) -> Result<Result<Found<SharedView>, Vec<Claim>>, Problem> {
    // What is written ahead leaves the plan.
    let answer = Found::new(outcome(plan));
    match plan.write_ahead(cx).await {
        Ok(()) => {}
        Err(StoreError::Lost(lost)) => return Ok(Err(lost)),
        Err(error) => return Err(error.into()),
    }
    let mut change = cx.change(store);
    plan.write(&mut change)?;
    if input.notify {
        notify(cx, store, contact, plan, &mut change).await?;
    }
    cx.try_commit(change, answer).await
}

/// Mails the contact a link, unless a request that this covers is going to.
async fn notify(
    cx: &Cx<Staff>,
    store: &Store,
    contact: &Contact,
    plan: &Plan,
    change: &mut Change,
) -> Result<(), Problem> {
    let after = plan.contact.as_ref().map_or(contact, |(contact, _)| contact);
    let adds = |plan: &Plan| plan.grants.iter().any(|(grant, _)| grant.state == State::Live);
    if after.status != ReviewStatus::Approved || !adds(plan) {
        return Ok(());
    }
    let Some(folder) = store.folder(contact.id).await? else { return Ok(()) };
    let mut live: BTreeSet<DocumentId> =
        live_grants(&folder, cx.now).map(|grant| grant.document_id).collect();
    live.extend(plan.grants.iter().map(|(grant, _)| grant.document_id));
    let mails_anyway = |request: &Request| request.clone().covered_by(&live, cx.now).is_some();
    if !folder.requests.iter().any(mails_anyway) {
        invite(&cx.house, change, after, Occasion::Shared, cx.now)?;
    }
    Ok(())
}

fn deltas(cx: &Cx<Staff>, input: &Input) -> Result<(Vec<Share>, Vec<Removal>), Problem> {
    if DELTAS_MAX < input.add.len() + input.remove.len() {
        let detail = format!("name at most {DELTAS_MAX} documents in one call");
        return Err(Problem::bad_input("/add", detail));
    }
    let mut seen = BTreeSet::new();
    let added = place("add", input.add.iter().map(|add| add.document_id));
    let removed = place("remove", input.remove.iter().map(|remove| remove.document_id));
    for (pointer, document) in added.chain(removed) {
        if !seen.insert(document) {
            return Err(Problem::bad_input(pointer, "name each document once"));
        }
    }
    let share = |(index, add): (usize, &Add)| {
        let pointer = format!("/add/{index}/expires_at");
        let expiry = cx.expiry(&pointer, add.expires_at, add.zone.as_ref())?;
        Ok(Share { document_id: add.document_id, rights: add.rights.clone(), expiry })
    };
    let removal =
        |remove: &Remove| Removal { document_id: remove.document_id, version: remove.version };
    let shares = input.add.iter().enumerate().map(share).collect::<Result<_, Problem>>()?;
    Ok((shares, input.remove.iter().map(removal).collect()))
}

/// Each document with the pointer to where the body names it.
fn place<'a>(
    list: &'a str,
    documents: impl Iterator<Item = DocumentId> + 'a,
) -> impl Iterator<Item = (String, DocumentId)> + 'a {
    documents
        .enumerate()
        .map(move |(index, document)| (format!("/{list}/{index}/document_id"), document))
}

fn outcome(plan: &Plan) -> SharedView {
    let in_state = |is_live: bool| {
        plan.grants
            .iter()
            .filter(|(grant, _)| (grant.state == State::Live) == is_live)
            .map(|(grant, _)| grant.document_id)
            .collect()
    };
    SharedView {
        added: in_state(true),
        removed: in_state(false),
        approved_contact: plan.contact.is_some(),
        approved_account: plan.account.is_some(),
    }
}
