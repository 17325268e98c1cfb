//! `GET /v1/explain`: whether somebody may do something to a thing, and why.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Query;
use app::exchange::problem::{Kind, Problem};
use app::explain::told::Explanation;
use app::explain::{Deed, Whom};
use app::serving::route::{Route, endpoint};
use domain::activity::Object;
use schemars::JsonSchema;
use serde::Deserialize;

pub const ROUTE: Route = Route::get("explain.read", "/v1/explain")
    .says("Tells whether somebody may do something to a thing, and why.")
    .problems(&[Kind::NotFound])
    .served_by(|| endpoint(explain_access));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Whose access: a contact, a member, or `anyone`.
    principal: Whom,
    /// What they would do.
    action: Deed,
    /// To what: the company, a member, an account, a contact, a document or a request, deleted
    /// ones included.
    object: Object,
}

async fn explain_access(
    cx: Cx<Staff>,
    Query(Input { principal, action: Deed(action), object }): Query<Input>,
) -> Result<Found<Explanation>, Problem> {
    cx.explain(principal, action, object).await.map(Found::new)
}
