//! `POST /v1/contacts/{contact_id}/unsuspend`: brings a suspended contact back.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use app::sharing::cover::cover;
use domain::activity::Detail;
use domain::contact::{Restored, ReviewStatus};
use domain::id::ContactId;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::routes::contacts::{answer, save};
use crate::views::contacts::ContactView;

pub const ROUTE: Route = Route::post("contacts.unsuspend", "/v1/contacts/{contact_id}/unsuspend")
    .says("Brings a suspended contact back, with the grants and links that are asked for.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Stale])
    .previewed()
    .served_by(|| endpoint(unsuspend_contact));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// `approved` or `to_review`.
    status: ReviewStatus,
    /// Whether the grants they had open again; otherwise all of them stay ended.
    keep_grants: bool,
    /// Whether guest links made for them open again; otherwise each waits until it is copied
    /// again. Unless given they stay shut.
    #[serde(default)]
    keep_links: bool,
}

async fn unsuspend_contact(
    cx: Cx<Staff>,
    Path(contact_id): Path<ContactId>,
    Json(input): Json<Input>,
) -> Result<Found<ContactView>, Problem> {
    let before = cx.contact(contact_id, Action::ContactSetStatus).await?.into_inner();
    let restored = Restored { grants: input.keep_grants.into(), links: input.keep_links.into() };
    let mut after = before.clone().unsuspended(input.status, restored)?;
    after.version += 1;
    let store = cx.store();
    let mut change = cx.change(&store);
    let detail = json!({
        "status": [before.status, after.status],
        "keep_grants": input.keep_grants,
        "keep_links": input.keep_links,
    });
    save(&cx, &mut change, &after, Detail::Plain(detail))?;
    let answer = cx.commit(change, answer(&after)).await?;
    cx.soon(cover(&cx.house, &store, after.id, cx.now).await);
    Ok(answer)
}
