//! Extending access before its end, or restoring what ended by time alone a short while ago.

use domain::expiry::When;
use domain::grant::{ExtensionError, Grant};
use domain::id::{ContactId, DocumentId, GrantId};
use domain::tenant::Zone;
use policy::trust::Action;
use store::StoreError;

use crate::answer::Answer;
use crate::cover::cover;
use crate::cx::Cx;
use crate::problem::{Kind, Problem, sentence};
use crate::sharing::Plan;
use crate::staff::{Staff, document_resource};

/// Looks at the grants; each after the first means that somebody else changed one of them.
const LOOKS_MAX: u32 = 16;

/// What is extended, and to when.
#[derive(Clone, Debug)]
pub struct Extension {
    /// Whose access.
    pub contact_id: ContactId,
    /// The grant.
    pub grant_id: GrantId,
    /// Its version that the actor saw.
    pub version: u64,
    /// What else is extended along with it.
    pub reach: Reach,
    /// To when; by the usual days if absent.
    pub when: Option<When>,
    /// Where that day is meant; where the present end was meant, unless given.
    pub zone: Option<Zone>,
}

/// What is extended along with a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing.
    Alone,
    /// Everything of the same contact that ends at the same instant.
    SameEnd,
}

impl Cx<Staff> {
    /// Extends access and answers with the grants as they are then.
    ///
    /// # Errors
    /// [`Kind::NotFound`] if the contact has no such grant, [`Kind::Forbidden`], [`Kind::Stale`] if
    /// the grant was changed since it was seen, [`Kind::WrongState`] or [`Kind::BadInput`] as
    /// [`Grant::extended`], [`Kind::Busy`] after [`LOOKS_MAX`] looks, or the table's.
    pub async fn extend<A: Answer>(
        &self,
        extension: &Extension,
        answer: impl Fn(&[Grant]) -> A,
    ) -> Result<A, Problem> {
        let contact_id = extension.contact_id;
        for _ in 0..LOOKS_MAX {
            let mut plan = self.plan_extension(extension).await?;
            let after: Vec<Grant> = plan.grants.iter().map(|(grant, _)| grant.clone()).collect();
            let answer = answer(&after);
            match plan.write_ahead(self).await {
                Err(StoreError::Lost(_)) => continue,
                done => done?,
            }
            let mut change = self.change(&self.store());
            plan.write(&mut change)?;
            match self.try_commit(change, &answer).await? {
                Ok(()) => {
                    // What was restored may cover a request.
                    self.soon(cover(&self.house, &self.store(), contact_id, self.now).await);
                    return Ok(answer);
                }
                Err(StoreError::Lost(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let detail = "Others keep changing what is shared with this contact. Try again.";
        Err(Problem::new(Kind::Busy, detail).after(1))
    }

    /// The grants as extended, the one that was named last: what is written ahead of it is found
    /// done by a repeat.
    async fn plan_extension(&self, extension: &Extension) -> Result<Plan, Problem> {
        let folder = self.folder(extension.contact_id, Action::ContactEdit).await?;
        let named = folder.grants.iter().find(|grant| grant.id == extension.grant_id);
        let named = named.ok_or_else(Problem::not_found)?;
        if named.version != extension.version {
            let detail = "The access was changed since it was read. Read it again, then extend it.";
            return Err(Problem::new(Kind::Stale, detail));
        }
        let extended = |grant: &Grant| {
            let zone = extension.zone.as_ref();
            grant.clone().extended(&folder.contact, extension.when, zone, self.now)
        };
        self.document(named.document_id, Action::DocumentShare).await?;
        let end = named.ends_at();
        let others = folder.grants.iter().filter(|grant| {
            extension.reach == Reach::SameEnd && grant.id != named.id && grant.ends_at() == end
        });
        // What was taken back stays so, whatever its end was.
        let mut grants: Vec<Grant> = others.filter_map(|grant| extended(grant).ok()).collect();
        self.keep_shareable(&mut grants).await?;
        grants.push(extended(named).map_err(refused)?);
        let grants = grants.into_iter().map(|grant| self.with_line(grant, "extend")).collect();
        Ok(Plan { grants, contact: None, account: None })
    }

    /// Leaves out what goes along without being named and is not the member's to share, or is gone.
    async fn keep_shareable(&self, grants: &mut Vec<Grant>) -> Result<(), Problem> {
        let ids: Vec<DocumentId> = grants.iter().map(|grant| grant.document_id).collect();
        let mut found = self.store().documents_of(&ids).await?;
        found.retain(|document| {
            let resource = document_resource(document);
            document.deleted_at.is_none() && self.may(Action::DocumentShare, &resource)
        });
        grants.retain(|grant| found.iter().any(|document| document.id == grant.document_id));
        Ok(())
    }
}

fn refused(error: ExtensionError) -> Problem {
    match error {
        ExtensionError::Expiry(error) => Problem::bad_input("/expires_at", error.to_string()),
        ExtensionError::Ended | ExtensionError::NoEnd | ExtensionError::TooLate => {
            Problem::new(Kind::WrongState, sentence(&error.to_string()))
        }
    }
}
