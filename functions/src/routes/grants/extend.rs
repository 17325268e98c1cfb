//! `POST /v1/grants/{grant_id}/extend`: gives access a later end.
//!
//! What ended by time alone within the last 30 days is restored as it was.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use app::sharing::extending::{Extension, Reach};
use domain::expiry::When;
use domain::grant::Grant;
use domain::id::{ContactId, GrantId};
use domain::tenant::Zone;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::contacts::ExtendedView;

pub const ROUTE: Route = Route::post("grants.extend", "/v1/grants/{grant_id}/extend")
    .says("Gives access a later end; what ended by time alone within the last 30 days is restored as it was.")
    .problems(&[Kind::Forbidden, Kind::Stale, Kind::WrongState, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(extend_grant));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Whose access it is.
    contact_id: ContactId,
    /// The grant's version that was seen: a second click extends nothing twice.
    version: u64,
    /// The later end; 30 days after the present one, or after now if that has passed, unless given.
    expires_at: Option<When>,
    /// Where that day is meant; where the present end was meant, unless given.
    zone: Option<Zone>,
    /// Whether everything of the contact that ends at the same instant is extended along with it.
    #[serde(default)]
    same_end: bool,
}

async fn extend_grant(
    cx: Cx<Staff>,
    Path(grant_id): Path<GrantId>,
    Json(input): Json<Input>,
) -> Result<Found<ExtendedView>, Problem> {
    let extension = Extension {
        contact_id: input.contact_id,
        grant_id,
        version: input.version,
        reach: if input.same_end { Reach::SameEnd } else { Reach::Alone },
        when: input.expires_at,
        zone: input.zone,
    };
    let answer = |grants: &[Grant]| Found::new(ExtendedView::from(grants));
    cx.extend(&extension, answer).await
}
