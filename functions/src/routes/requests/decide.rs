//! `POST /v1/requests/{request_id}/decide`: shares some documents and declines others, as one.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::requests::deciding::{Decision, Picked, Terms};
use app::serving::route::{Route, endpoint};
use domain::expiry::When;
use domain::grant::Rights;
use domain::id::{DocumentId, RequestId};
use domain::tenant::Zone;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::requests::{answer, notice, picked};
use crate::views::requests::RequestView;

pub const ROUTE: Route = Route::post("requests.decide", "/v1/requests/{request_id}/decide")
    .says("Shares some documents of a request and declines others, as one transaction.")
    .problems(&[Kind::Forbidden, Kind::WrongState, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(decide_request));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "share": ["doc_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9"],
    "decline": ["doc_01J9ZC1A7RD0F3W5V2K9M4X8TB"],
    "notify": false,
}))]
struct Input {
    /// What to share.
    #[serde(default)]
    share: Vec<Item>,
    /// What to decline.
    #[serde(default)]
    decline: Vec<DocumentId>,
    /// Whether to mail the contact if the request ends rejected.
    #[serde(default)]
    notify: bool,
}

/// A document, by its id alone or with how to share it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected a document's id, or an object of `document_id`, `rights`, `expires_at` and `zone`"
)]
#[schemars(rename = "DecidedShare")]
enum Item {
    Document(DocumentId),
    Terms(ItemTerms),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DecidedShareTerms")]
struct ItemTerms {
    /// Which document.
    document_id: DocumentId,
    /// How; view and download if absent.
    rights: Option<Rights>,
    /// Until when; for good if absent.
    expires_at: Option<When>,
    /// Where that day was meant; the company's own zone unless given.
    zone: Option<Zone>,
}

impl Item {
    /// The document and how it is shared; `place` points to where the body says so.
    fn terms(self, cx: &Cx<Staff>, place: &str) -> Result<(DocumentId, Terms), Problem> {
        match self {
            Self::Document(id) => Ok((id, Terms::default())),
            Self::Terms(ItemTerms { document_id, rights, expires_at, zone }) => {
                let expiry =
                    cx.expiry(&format!("{place}/expires_at"), expires_at, zone.as_ref())?;
                Ok((document_id, Terms { rights, expiry }))
            }
        }
    }
}

async fn decide_request(
    cx: Cx<Staff>,
    Path(request_id): Path<RequestId>,
    Json(input): Json<Input>,
) -> Result<Found<RequestView>, Problem> {
    let share = input.share.into_iter().enumerate().map(|(index, item)| {
        let place = format!("/share/{index}");
        let (document_id, terms) = item.terms(&cx, &place)?;
        Ok((place, document_id, terms))
    });
    let decision = Decision {
        share: Picked::These(share.collect::<Result<_, Problem>>()?),
        decline: picked("decline", Some(&input.decline), ()),
        notice: notice(input.notify),
    };
    cx.decide(request_id, &decision, |after| answer(&cx, after)).await
}
