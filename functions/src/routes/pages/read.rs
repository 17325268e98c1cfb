//! `GET /v1/pages/{token}`: one page as a picture, under a mark that names who it was shown to.

use app::callers::anyone::Anyone;
use app::exchange::answer::Painted;
use app::exchange::cx::Cx;
use app::exchange::extract::Path;
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Needs, Route, endpoint};

pub const ROUTE: Route = Route::get("pages.read", "/v1/pages/{token}")
    .says("Shows one page for a minute, under a mark that names who it was shown to and when.")
    .needs(Needs::nothing().files_read())
    .problems(&[Kind::LinkOver])
    .served_by(|| endpoint(read_page));

async fn read_page(cx: Cx<Anyone>, Path(token): Path<String>) -> Result<Painted, Problem> {
    cx.marked_page(&token).await
}
