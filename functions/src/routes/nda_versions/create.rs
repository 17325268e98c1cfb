//! `POST /v1/nda-versions`: publishes a new text of the agreement, in force at once.

use app::callers::staff::Staff;
use app::exchange::answer::Created;
use app::exchange::cx::Cx;
use app::exchange::extract::Json;
use app::exchange::problem::{Kind, Problem};
use app::house::keyring::sha256_hex;
use app::serving::route::{Route, endpoint};
use domain::activity::{Detail, Object};
use domain::document::Sha256;
use domain::nda::NdaVersion;
use domain::tenant::{NdaInForce, Tenant};
use domain::text::{Agreement, Title};
use policy::trust::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use store::activities::Home;
use store::change::Claim;

use crate::views::tenant::NdaVersionView;

/// Looks at the company at the most; each look after the first means that somebody else saved it.
const LOOKS_MAX: u32 = 4;

pub const ROUTE: Route = Route::post("nda_versions.create", "/v1/nda-versions")
    .says("Publishes a new text of the agreement, in force at once: until they accept it, readers of `nda` documents are stopped.")
    .problems(&[Kind::ChooseTenant, Kind::Forbidden, Kind::Busy])
    .previewed()
    .served_by(|| endpoint(create_nda_version));

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What it is called.
    title: Title,
    /// What is agreed. Nobody opens a document of level `nda` before accepting this very text.
    text: Agreement,
}

async fn create_nda_version(
    cx: Cx<Staff>,
    Json(input): Json<Input>,
) -> Result<Created<NdaVersionView>, Problem> {
    cx.allow_here(Action::NdaPublish)?;
    let sha256 = Sha256::try_from(sha256_hex(input.text.as_str().as_bytes()))
        .map_err(|error| Problem::new(Kind::Internal, error.to_string()))?;
    let mut tenant = cx.who.tenant.clone();
    for _ in 0..LOOKS_MAX {
        let nda = NdaVersion {
            id: cx.new_id(),
            version: tenant.nda.as_ref().map_or(1, |nda| nda.version + 1),
            title: input.title.clone(),
            text: input.text.clone(),
            sha256: sha256.clone(),
            created_at: cx.now,
        };
        if let Ok(answer) = publish(&cx, &tenant, nda).await? {
            return Ok(answer);
        }
        tenant = cx.store().own_tenant().await?.ok_or_else(Problem::not_found)?;
    }
    Err(Problem::new(Kind::Busy, "Others are changing the company. Try again.").after(1))
}

async fn publish(
    cx: &Cx<Staff>,
    before: &Tenant,
    nda: NdaVersion,
) -> Result<Result<Created<NdaVersionView>, Vec<Claim>>, Problem> {
    let in_force = NdaInForce { id: nda.id, version: nda.version };
    let after = Tenant { version: before.version + 1, nda: Some(in_force), ..before.clone() };
    let mut change = cx.change(&cx.store());
    change.add_nda(&nda)?;
    change.save_tenant(&after)?;
    let replaced = before.nda.as_ref().map(|nda| nda.version);
    let detail =
        json!({ "nda": [replaced, nda.version], "title": nda.title, "sha256": nda.sha256 });
    let mut line = cx.line(after.id, after.version, Detail::Plain(detail));
    line.about = Some(Object::Nda(nda.id));
    change.audit(Home::Tenant, &line)?;
    // A text has no address of its own; the list holds it.
    let answer = Created::new(NdaVersionView::from(nda), "/v1/nda-versions".to_owned());
    cx.try_commit(change, answer).await
}
