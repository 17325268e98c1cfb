//! The trust page: what anybody may see of a company.

use domain::document::Document;
use domain::id::{DocumentId, FileId};
use domain::request::DOCUMENTS_MAX;
use domain::tenant::{Slug, Tenant};
use store::Store;

use crate::callers::anyone::Anyone;
use crate::callers::outsider::anyone_downloads;
use crate::callers::staff::Filed;
use crate::exchange::cx::{Allowed, Cx};
use crate::exchange::problem::Problem;
use crate::portal::{has_trust_page, is_open_to_anyone, is_readable};

impl Cx<Anyone> {
    /// The company whose trust page is at `slug`.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::NotFound`] if there is none, or the table's.
    pub async fn trust_center(&self, slug: &Slug) -> Result<Tenant, Problem> {
        let id = self.house.table.tenant_at(slug).await?.ok_or_else(Problem::not_found)?;
        let tenant = self.store_of(id).own_tenant().await?;
        tenant.filter(has_trust_page).ok_or_else(Problem::not_found)
    }

    /// The newest published file of a public document.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::NotFound`] for every other file, or the table's.
    pub async fn public_file(&self, store: &Store, id: FileId) -> Result<Allowed<Filed>, Problem> {
        let found = store.document_of_file(id).await?;
        found
            .map(|(document, file)| Filed { document, file })
            .filter(|filed| {
                filed.document.published.as_ref().is_some_and(|newest| newest.id == filed.file.id)
            })
            .filter(|filed| is_readable(&filed.file))
            .map(|filed| (anyone_downloads(&filed.document), filed))
            .filter(|(decision, _)| decision.allowed)
            .map(|(decision, filed)| Allowed::new(filed, decision.policies))
            .ok_or_else(Problem::not_found)
    }

    /// Refuses unless each of `documents` is on the trust page and must be asked for.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::BadInput`] that points into `/document_ids`, or the
    /// table's.
    pub async fn require_askable(
        &self,
        store: &Store,
        documents: &[DocumentId],
    ) -> Result<(), Problem> {
        if documents.is_empty() || DOCUMENTS_MAX < documents.len() {
            let detail = format!("name 1 to {DOCUMENTS_MAX} documents");
            return Err(Problem::bad_input("/document_ids", detail));
        }
        let mut wanted = documents.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let found = store.documents_of(&wanted).await?;
        let is_shown = |document: &&Document| {
            let is_there = document.deleted_at.is_none() && document.published.is_some();
            is_there && document.child_of.is_none()
        };
        for (index, id) in documents.iter().enumerate() {
            let document = found.iter().filter(is_shown).find(|document| document.id == *id);
            let detail = match document {
                None => "there is no such document on this trust page",
                Some(document) if is_open_to_anyone(document) => {
                    "this document is public: download it without asking"
                }
                Some(_) => continue,
            };
            return Err(Problem::bad_input(format!("/document_ids/{index}"), detail));
        }
        Ok(())
    }
}
