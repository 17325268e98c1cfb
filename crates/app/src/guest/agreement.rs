//! What a guest reads and accepts before a document under the agreement opens.

use domain::link::guest::Standing;
use domain::nda::NdaVersion;
use store::StoreError;

use super::{Comer, Guest};
use crate::exchange::answer::Done;
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem};
use crate::sharing::agreeing::{is_accepted, proof_first};

/// Looks at a contact at the most; each look after the first means that somebody else saved it.
const LOOKS_MAX: u32 = 8;

impl Cx<Guest> {
    /// The text of the agreement in force. It is shown to whoever the link opens to, before the
    /// document is.
    ///
    /// # Errors
    /// [`Kind::NotFound`] if the company has none, or the table's.
    pub async fn agreement(&self) -> Result<NdaVersion, Problem> {
        let nda = self.who.seen.tenant.nda.as_ref().ok_or_else(Problem::not_found)?;
        self.store().nda(nda.version).await?.ok_or_else(Problem::not_found)
    }

    /// Accepts text `version` of the agreement. Accepting what was accepted changes nothing.
    ///
    /// # Errors
    /// [`Kind::Stale`] unless it is the text in force, [`Kind::CodeRequired`] in a browser whose
    /// reader did not prove the address, [`Kind::Forbidden`] to a colleague, [`Kind::Busy`], or the
    /// table's.
    pub async fn accept_nda(&self, version: u32) -> Result<Done, Problem> {
        let store = self.store();
        for look in 0..LOOKS_MAX {
            let guest = &*self.guest_at(look).await?;
            let Comer::Browser { browser, standing, sha, .. } = &guest.comer else {
                let detail = "You look at this as a member of the company, who only looks.";
                return Err(Problem::new(Kind::Forbidden, detail));
            };
            let contact = guest.speaks_for().ok_or_else(proof_first)?;
            if is_accepted(&guest.seen.tenant, contact, version)? {
                return Ok(Done);
            }
            if *standing != Standing::Verified {
                return Err(proof_first());
            }
            let mut change = self.change(&store);
            change.check_guest(sha, browser)?;
            self.add_acceptance((&store, &mut change), contact, browser.id, version).await?;
            if self.try_commit(change, Done).await?.is_ok() {
                return Ok(Done);
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }
}
