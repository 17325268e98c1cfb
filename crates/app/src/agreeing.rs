//! Accepting a company's agreement, whichever way a contact comes: for good, and on record.

use domain::activity::Detail;
use domain::contact::Contact;
use domain::id::DeviceId;
use domain::nda::NdaAcceptance;
use domain::tenant::Tenant;
use serde_json::json;
use store::Store;
use store::activities::Home;
use store::change::Change;

use crate::cx::{Cx, Principal};
use crate::problem::{Kind, Problem};

/// Refuses text `version` unless it is in force; tells whether `contact` accepted it before.
pub(crate) fn is_accepted(
    tenant: &Tenant,
    contact: &Contact,
    version: u32,
) -> Result<bool, Problem> {
    let in_force = tenant.nda.as_ref().map(|nda| nda.version);
    if in_force == Some(version) {
        return Ok(contact.accepted_nda == in_force);
    }
    let detail = "This text is not in force. Load the page again, then read what is.";
    Err(Problem::new(Kind::Stale, detail))
}

/// What a browser is told whose reader has not shown yet that the address is theirs.
pub(crate) fn proof_first() -> Problem {
    let detail = "Accepting asks for a code once, to show the address is yours.";
    Problem::new(Kind::CodeRequired, detail)
}

impl<P: Principal> Cx<P> {
    /// Adds to `change` that `contact` accepts text `version` in the browser `device_id`.
    pub(crate) async fn add_acceptance(
        &self,
        (store, change): (&Store, &mut Change),
        contact: &Contact,
        device_id: DeviceId,
        version: u32,
    ) -> Result<(), Problem> {
        let text = store.nda(version).await?.ok_or_else(Problem::not_found)?;
        let network = self.visit.network.as_str().to_owned();
        let acceptance = NdaAcceptance {
            version,
            sha256: text.sha256,
            accepted_at: self.now,
            device_id,
            network,
        };
        let before = contact.accepted_nda;
        let accepted = Contact {
            version: contact.version + 1,
            accepted_nda: Some(version),
            ..contact.clone()
        };
        let detail = json!({ "accepted_nda": [before, version], "sha256": acceptance.sha256 });
        let line = self.line(accepted.id, accepted.version, Detail::Plain(detail));
        change.accept_nda(accepted.id, &acceptance)?;
        change.save_contact(&accepted)?;
        Ok(change.audit(Home::Contact(accepted.id), &line)?)
    }
}
