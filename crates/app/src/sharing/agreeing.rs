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

use crate::exchange::cx::{Cx, Principal};
use crate::exchange::problem::{Kind, Problem};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{contact, refusal, tenant, tenant_with_nda};

    #[test]
    fn the_text_in_force_alone_is_accepted_and_is_told_if_it_was_before() {
        for (tenant, before, version, expected) in [
            (tenant_with_nda(), None, 2, Ok(false)),
            (tenant_with_nda(), Some(1), 2, Ok(false)),
            (tenant_with_nda(), Some(2), 2, Ok(true)),
            (tenant_with_nda(), Some(1), 1, Err(Some(Kind::Stale))),
            (tenant_with_nda(), Some(2), 3, Err(Some(Kind::Stale))),
            (tenant(), Some(1), 1, Err(Some(Kind::Stale))),
        ] {
            let contact = Contact { accepted_nda: before, ..contact() };
            let accepted = is_accepted(&tenant, &contact, version);
            assert_eq!(accepted.map_err(|problem| refusal(Err::<(), _>(problem))), expected);
        }
        assert_eq!(proof_first().kind, Kind::CodeRequired);
    }
}
