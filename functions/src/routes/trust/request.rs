//! `POST /v1/trust/{slug}/requests`: a visitor asks for documents.
//!
//! The answer, and when it comes, tell nobody whether the address is known.

use std::time::Duration;

use app::callers::anyone::Anyone;
use app::exchange::answer::Accepted;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::requests::visitor::Visitor;
use app::serving::route::{Route, endpoint};
use domain::email::Email;
use domain::id::DocumentId;
use domain::request::Asked;
use domain::tenant::Slug;
use domain::text::{JobTitle, Note, PersonName, Title};
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::{Instant, sleep_until};

/// Requests of one network in [`WINDOW`].
const REQUESTS_MAX: u64 = 10;
/// The time in which [`REQUESTS_MAX`] counts.
const WINDOW: SignedDuration = SignedDuration::from_hours(1);
/// When the answer comes, known address or not: later than the slowest of them is usually done.
const ANSWER_AFTER: Duration = Duration::from_millis(400);

pub const ROUTE: Route = Route::post("trust.request", "/v1/trust/{slug}/requests")
    .says(
        "Asks for documents as a visitor. The answer is alike whether or not the address is known.",
    )
    .problems(&[Kind::TooMany, Kind::Busy])
    .served_by(|| endpoint(request_access));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Where to write to.
    email: Email,
    /// First name.
    first_name: PersonName,
    /// Last name.
    last_name: PersonName,
    /// Whom they work for.
    company: Title,
    /// What they do.
    job_title: JobTitle,
    /// What the documents are for.
    reason: Note,
    /// Documents of the trust page that are not public.
    #[schemars(length(min = 1, max = 50))]
    document_ids: Vec<DocumentId>,
}

async fn request_access(
    cx: Cx<Anyone>,
    Path(slug): Path<Slug>,
    Json(input): Json<Input>,
) -> Result<Accepted, Problem> {
    let answer_at = Instant::now() + ANSWER_AFTER;
    let tenant = cx.trust_center(&slug).await?;
    let store = cx.store_of(tenant.id);
    cx.require_askable(&store, &input.document_ids).await?;
    cx.limit("access_request", WINDOW, REQUESTS_MAX).await?;
    let visitor = Visitor {
        email: input.email,
        first_name: input.first_name,
        last_name: input.last_name,
        asked: Asked {
            company: input.company,
            job_title: input.job_title,
            reason: input.reason,
            documents: input.document_ids,
        },
    };
    // What follows from it the worker does off the stream: it differs by who asks.
    cx.arrive(&store, &visitor, &Accepted).await?;
    sleep_until(answer_at).await;
    Ok(Accepted)
}
