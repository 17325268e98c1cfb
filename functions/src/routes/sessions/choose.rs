//! `POST /v1/sessions/current/tenant`: chooses the company to act in.

use app::callers::staff::SignedIn;
use app::exchange::answer::{Found, WithCookies};
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::Problem;
use app::serving::route::{Route, endpoint};
use domain::id::TenantId;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::sessions::SignInView;

pub const ROUTE: Route = Route::post("sessions.choose", "/v1/sessions/current/tenant")
    .says("Chooses the company to act in, one of those that the person has a seat in.")
    .served_by(|| endpoint(choose_tenant));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The company, one of those that `GET /v1/me` lists.
    tenant_id: TenantId,
}

async fn choose_tenant(
    cx: Cx<SignedIn>,
    Json(input): Json<Input>,
) -> Result<WithCookies<Found<SignInView>>, Problem> {
    let (house, identity) = (&cx.house, &cx.who.identity);
    let seats = house.live_seats(identity).await?;
    let seat = seats
        .iter()
        .find(|(tenant, _)| tenant.id == input.tenant_id)
        .ok_or_else(|| Problem::bad_input("/tenant_id", "you have no seat in that company"))?;

    // Another role, another session: nothing that leaked of the old one speaks for the new seat.
    let new = house.moved_session(&cx.who.session, seat, cx.now);
    let mut change = house.table.change(house.dice.token());
    change.begin_session(&new.sha, &new.session)?;
    change.end_session(&cx.who.sha)?;
    // No answer is kept: whoever could ask for it again came with the session that ends here.
    change.commit().await?;

    let answer = Found::new(SignInView::new(&new.session, identity, &seats));
    Ok(WithCookies { answer, cookies: vec![new.cookie], reissue: None })
}
