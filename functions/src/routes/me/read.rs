//! `GET /v1/me`: who is signed in, and the seats they may choose among.

use app::callers::staff::SignedIn;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::problem::Problem;
use app::serving::route::{Route, endpoint};

use crate::views::sessions::MeView;

pub const ROUTE: Route = Route::get("me.read", "/v1/me")
    .says("Tells who is signed in, and the seats they may choose among.")
    .served_by(|| endpoint(read_me));

async fn read_me(cx: Cx<SignedIn>) -> Result<Found<MeView>, Problem> {
    let SignedIn { identity, .. } = &cx.who;
    let seats = cx.house.live_seats(identity).await?;
    let view = MeView::new(identity, cx.who.chosen(), &seats);
    let view = MeView { recovery_codes_left: cx.recovery_codes_left().await?, ..view };
    Ok(Found::at(view, identity.version))
}
