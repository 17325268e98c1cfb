//! `POST /v1/invitations/cover`: what an invitation's page shows before anything is accepted. It
//! changes nothing, and is a POST so that the token stays out of addresses.

use app::callers::bearer::Bearer;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Needs, Route, endpoint};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::invitations::seat_token;
use crate::views::invitations::InvitationCoverView;

pub const ROUTE: Route = Route::post("invitations.cover", "/v1/invitations/cover")
    .says("Shows what an invitation offers, before anything is accepted.")
    .needs(Needs::table_write().files_read())
    .problems(&[Kind::LinkOver, Kind::TooMany])
    .served_by(|| endpoint(cover_invitation));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What stands behind the `#` of the link.
    token: String,
}

async fn cover_invitation(
    mut cx: Cx<Bearer>,
    Json(input): Json<Input>,
) -> Result<Found<InvitationCoverView>, Problem> {
    let token = seat_token(&cx.house.keys, &input.token)?;
    let offer = cx.offered_seat(&token).await?;
    let logo = cx.house.show(offer.tenant.id, offer.tenant.logo.as_ref()).await?;
    Ok(Found::new(InvitationCoverView::new(&offer, logo)))
}
