//! `POST /v1/guest/{link_id}/messages`: a guest writes to the company. Nobody else who can open the
//! document sees it.

use app::exchange::answer::Created;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::guest::Guest;
use app::serving::route::{Route, endpoint};
use domain::id::LinkId;
use domain::text::Note;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::views::thread::GuestEventView;

pub const ROUTE: Route = Route::post("guest.write", "/v1/guest/{link_id}/messages")
    .says("Writes to the company; nobody else who can open the document sees it.")
    .problems(&[
        Kind::CodeRequired,
        Kind::LinkInactive,
        Kind::NdaRequired,
        Kind::Forbidden,
        Kind::TooMany,
    ])
    .served_by(|| endpoint(write_to_company));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The words.
    text: Note,
}

async fn write_to_company(
    cx: Cx<Guest>,
    Path(link_id): Path<LinkId>,
    Json(input): Json<Input>,
) -> Result<Created<GuestEventView>, Problem> {
    let store = cx.store();
    let mut change = cx.change(&store);
    let event = cx.write_to_sender(&mut change, input.text).await?;
    let cast = cx.cast_of(&store, event.document_id, std::slice::from_ref(&event)).await?;
    let location = format!("/v1/guest/{link_id}/events");
    let view = GuestEventView::new(event, &cast, &cx.who);
    cx.commit(change, Created::new(view, location)).await
}
