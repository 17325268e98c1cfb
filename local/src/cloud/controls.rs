//! What only a laptop has: a page on the API, moving the clock, running the worker now, and the
//! gate that keeps callers waiting until everything is laid out.

use std::sync::Arc;

use app::house::House;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;

use crate::cloud::options::Time;
use crate::cloud::pump::Pump;
use crate::docs;
use crate::s3::BUCKET;

/// The furthest the clock is moved at once: ten years.
const ADVANCE_SECONDS_MAX: u32 = 10 * 366 * 24 * 60 * 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: u32,
}

/// `/v1/docs`, `/_local/tick`, and `/_local/clock` where the clock is movable.
pub(crate) fn router(house: Arc<House>, pump: Arc<Pump>, time: Time) -> Router {
    let tick = async move || match pump.tick().await {
        Ok(ticked) => Json(json!({ "records": ticked.records, "due": ticked.due })).into_response(),
        Err(error) => {
            let detail = json!({ "detail": error.to_string() });
            (StatusCode::INTERNAL_SERVER_ERROR, Json(detail)).into_response()
        }
    };
    let router = docs::router().route("/_local/tick", post(tick));
    if time == Time::Wall {
        return router;
    }
    let advance = async move |Json(Advance { advance_seconds }): Json<Advance>| {
        let seconds = advance_seconds.min(ADVANCE_SECONDS_MAX);
        house.clock.advance(SignedDuration::from_secs(seconds.into()));
        Json(json!({ "now": house.clock.now() }))
    };
    router.route("/_local/clock", post(advance))
}

/// Lets callers wait until `opened`; only this process's own SDK clients get through before.
pub(crate) fn behind_gate(router: Router, opened: watch::Receiver<bool>) -> Router {
    router.layer(from_fn_with_state(opened, wait))
}

async fn wait(
    State(mut opened): State<watch::Receiver<bool>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let is_own = path.trim_start_matches('/').starts_with(BUCKET) || path.starts_with("/v2/email/");
    if !is_own && opened.wait_for(|opened| *opened).await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    next.run(request).await
}
