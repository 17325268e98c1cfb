//! `PUT /v1/documents/{document_id}/signatures`: asks for signatures, or changes who is asked.
//! Whoever is asked anew is mailed.

use app::callers::staff::Staff;
use app::exchange::answer::Found;
use app::exchange::cx::Cx;
use app::exchange::extract::{IfMatch, Json, Path};
use app::exchange::problem::{Kind, Problem};
use app::serving::route::{Route, endpoint};
use domain::id::DocumentId;
use domain::signature::asking::{Asked, Wanted};
use domain::signature::{Act, Whom};
use domain::text::Note;
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::documents::signatures_view;
use crate::views::signatures::{SignaturesView, WhomView};

pub const ROUTE: Route =
    Route::put("documents.ask_signatures", "/v1/documents/{document_id}/signatures")
        .says("Asks for signatures, or changes who is asked; whoever is asked anew is mailed.")
        .problems(&[Kind::Forbidden, Kind::WrongState])
        .previewed()
        .served_by(|| endpoint(ask_for_signatures));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "whom": "named",
    "signers": [{ "contact_id": "con_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9", "act": "sign" }],
    "message": "By Friday, please.",
}))]
struct Input {
    /// Who may sign.
    whom: WhomView,
    /// What those do who are not listed, where `whom` is not `named`.
    act: Option<Act>,
    /// Who is asked, at most 50. Each has a guest link to the document that lets them sign.
    #[serde(default)]
    signers: Vec<Asked>,
    /// What they are told.
    message: Option<Note>,
}

async fn ask_for_signatures(
    cx: Cx<Staff>,
    Path(document_id): Path<DocumentId>,
    if_match: IfMatch,
    Json(input): Json<Input>,
) -> Result<Found<SignaturesView>, Problem> {
    let document = cx.document(document_id, Action::DocumentShare).await?;
    let asked = cx.signatures_of(&document).await?;
    if_match.require(asked.block.as_ref().map_or(0, |block| block.version))?;
    let whom = whom(&input)?;
    let wanted = Wanted { whom, signers: input.signers, message: input.message };
    let mut change = cx.change(&cx.store());
    let asked = cx.ask_for_signatures(&mut change, &document, asked, wanted).await?;
    let answer = signatures_view(&cx, document.id, asked).await?;
    cx.commit(change, answer).await
}

fn whom(input: &Input) -> Result<Whom, Problem> {
    let act = || {
        let detail = "say what whoever comes does: `sign` or `approve`";
        input.act.ok_or_else(|| Problem::bad_input("/act", detail))
    };
    match input.whom {
        WhomView::Named if input.act.is_some() => {
            Err(Problem::bad_input("/act", "say it of each signer"))
        }
        WhomView::Named => Ok(Whom::Named),
        WhomView::Open => Ok(Whom::Open(act()?)),
        WhomView::Group => Ok(Whom::Group(act()?)),
    }
}
