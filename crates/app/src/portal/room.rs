//! What a contact finds in their portal, and what they do there.

use domain::activity::{Detail, Object};
use domain::document::Document;
use domain::grant::Grant;
use domain::id::{DocumentId, RequestId};
use domain::invitation::Proof;
use domain::nda::NdaVersion;
use domain::request::{Request, RequestError};
use jiff::Timestamp;
use policy::trust::{Action, NDA_FIRST};
use serde_json::Value;
use store::StoreError;
use store::activities::Home;
use store::contacts::Folder;

use crate::callers::outsider::Outsider;
use crate::exchange::answer::{Answer, Done, WithCookies};
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem};
use crate::house::cookie::portal_name;
use crate::portal::Portal;
use crate::sharing::agreeing::{is_accepted, proof_first};
use crate::sharing::cover::live_grants;

/// Looks at what is changed at the most; each look after the first means that somebody else did.
const LOOKS_MAX: u32 = 16;

/// A document that a grant opens to a contact, now or once they accept the agreement.
#[derive(Clone, Debug)]
pub struct Shared {
    /// What opens it.
    pub grant: Grant,
    /// The document.
    pub document: Document,
    /// What stands in between, if anything.
    pub opening: Opening,
    /// Whether it may be taken along once it opens; otherwise its pages can be read.
    pub taking: Taking,
}

/// Whether a shared document opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Now.
    Now,
    /// Once the agreement in force is accepted.
    AfterNda,
}

/// Whether what is shared may be taken along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taking {
    /// It may be downloaded.
    Allowed,
    /// It is shared for reading only.
    ReadingOnly,
}

impl Cx<Portal> {
    /// Everything of the contact's: one query.
    ///
    /// # Errors
    /// [`Kind::AccessEnded`] if the contact is gone, or the table's.
    pub async fn own_folder(&self) -> Result<Folder, Problem> {
        let folder = self.store().folder(self.who.contact.id).await?;
        folder.ok_or_else(|| Problem::new(Kind::AccessEnded, "Access has ended."))
    }

    /// The documents that live grants in `folder` open, in the order they were made.
    ///
    /// # Errors
    /// The table's.
    pub async fn shared_with_me(&self, folder: &Folder) -> Result<Vec<Shared>, Problem> {
        let grants: Vec<&Grant> = live_grants(folder, self.now).collect();
        let ids: Vec<DocumentId> = grants.iter().map(|grant| grant.document_id).collect();
        let mut documents = self.store().documents_of(&ids).await?;
        documents.sort_by_key(|document| document.id);
        let shared = |document: Document| {
            let grant = grants.iter().find(|grant| grant.document_id == document.id)?;
            shared(self.who.outsider(), grant, document, self.now)
        };
        Ok(documents.into_iter().filter_map(shared).collect())
    }

    /// The documents that requests in `folder` name, deleted ones included: the contact picked
    /// them by their titles.
    ///
    /// # Errors
    /// The table's.
    pub async fn asked_for(&self, folder: &Folder) -> Result<Vec<Document>, Problem> {
        let items = folder.requests.iter().flat_map(|request| &request.items);
        let mut ids: Vec<DocumentId> = items.map(|item| item.document_id).collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(self.store().documents_of(&ids).await?)
    }

    /// The text of the agreement in force, if there is one.
    ///
    /// # Errors
    /// The table's.
    pub async fn agreement(&self) -> Result<Option<NdaVersion>, Problem> {
        match &self.who.tenant.nda {
            Some(nda) => Ok(self.store().nda(nda.version).await?),
            None => Ok(None),
        }
    }

    /// Takes a `step` of one of the contact's own requests; `values` are what the trail keeps of
    /// it, and `answer` is kept for a repeat.
    ///
    /// # Errors
    /// [`Kind::NotFound`] for anybody else's, [`Kind::WrongState`], or the table's.
    pub async fn move_request<A: Answer>(
        &self,
        id: RequestId,
        step: impl Fn(Request) -> Result<Request, RequestError>,
        values: Option<&Value>,
        answer: A,
    ) -> Result<A, Problem> {
        let (store, contact) = (self.store(), &self.who.contact);
        for _ in 0..LOOKS_MAX {
            let request = store.request(contact.id, id).await?.ok_or_else(Problem::not_found)?;
            let next = step(request)?;
            let detail = values.map_or(Detail::None, |values| self.personal(contact, values));
            let line = self.line(next.id, next.version, detail);
            let mut change = self.change(&store);
            change.save_request(&next)?;
            change.audit(Home::Contact(contact.id), &line)?;
            if self.try_commit(change, &answer).await?.is_ok() {
                return Ok(answer);
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }

    /// Accepts text `version` of the agreement. Accepting what was accepted changes nothing.
    ///
    /// # Errors
    /// [`Kind::Stale`] unless it is the text in force, [`Kind::CodeRequired`] in a browser that
    /// only followed a link, or the table's.
    pub async fn accept_nda(&self, version: u32) -> Result<Done, Problem> {
        let store = self.store();
        let mut fresh: Option<Portal> = None;
        for _ in 0..LOOKS_MAX {
            let who = fresh.as_ref().unwrap_or(&self.who);
            if is_accepted(&who.tenant, &who.contact, version)? {
                return Ok(Done);
            }
            if who.device.proof == Proof::MagicLink {
                return Err(proof_first());
            }
            let mut change = self.change(&store);
            let parts = (&store, &mut change);
            self.add_acceptance(parts, &who.contact, who.device.id, version).await?;
            if self.try_commit(change, Done).await?.is_ok() {
                return Ok(Done);
            }
            fresh = Some(self.look_again().await?);
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }

    /// Signs this browser out.
    ///
    /// # Errors
    /// The table's.
    pub async fn sign_out(&self) -> Result<WithCookies<Done>, Problem> {
        let (store, contact) = (self.store(), self.who.contact.id);
        let viewer = Object::Device(self.who.device.id);
        let cookie = self.house.drop_cookie(&portal_name(self.who.tenant.id));
        let answer = WithCookies { answer: Done, cookies: vec![cookie], reissue: None };
        for _ in 0..LOOKS_MAX {
            let seq = store.views(viewer).await? + 1;
            let mut change = self.change(&store);
            change.drop_device(contact, &self.who.sha)?;
            change.count_view(viewer, seq)?;
            change.audit(Home::Contact(contact), &self.line(viewer, seq, Detail::None))?;
            // No answer is kept: a repeat comes from a browser that is not known any more.
            match change.commit().await {
                Ok(()) => return Ok(answer),
                Err(StoreError::Lost(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }
}

/// A document that `grant` is on as its contact finds it; nothing, if more than the agreement
/// stands in between.
fn shared(
    outsider: Outsider<'_>,
    grant: &Grant,
    document: Document,
    now: Timestamp,
) -> Option<Shared> {
    let view = outsider.opens(Action::DocumentView, &document, Some(grant), now);
    let opening = if view.allowed {
        Opening::Now
    } else if view.stopped_only_by(NDA_FIRST) {
        Opening::AfterNda
    } else {
        return None;
    };
    let download = outsider.opens(Action::DocumentDownload, &document, Some(grant), now);
    let taking = if download.allowed || download.stopped_only_by(NDA_FIRST) {
        Taking::Allowed
    } else {
        Taking::ReadingOnly
    };
    Some(Shared { grant: grant.clone(), document, opening, taking })
}

#[cfg(test)]
mod tests {
    use domain::contact::Contact;
    use domain::document::AccessLevel::{self, Nda, Restricted};
    use domain::grant::State;
    use domain::invitation::Device;
    use domain::tenant::Tenant;

    use super::*;
    use crate::fixtures::{
        DAY, NOW, account, contact, cx, document, grant, grant_to_view, id, refusal, tenant,
        tenant_with_nda,
    };

    /// How the contact finds a document of `level` at `tenant`.
    fn found(
        tenant: &Tenant,
        contact: &Contact,
        grant: &Grant,
        level: AccessLevel,
    ) -> Option<(Opening, Taking)> {
        let account = account();
        let outsider = Outsider { tenant, contact, account: Some(&account) };
        let shared = shared(outsider, grant, document(level), NOW)?;
        assert_eq!((&shared.grant, shared.document.id), (grant, id(4)));
        Some((shared.opening, shared.taking))
    }

    #[test]
    fn what_is_shared_opens_now_or_once_the_agreement_is_accepted() {
        use Opening::{AfterNda, Now};
        use Taking::{Allowed, ReadingOnly};

        let (with, maya) = (tenant_with_nda(), contact());
        let accepted = Contact { accepted_nda: Some(2), ..contact() };
        let (full, to_view) = (grant(), grant_to_view());
        for (contact, grant, level, expected) in [
            (&maya, &full, Restricted, (Now, Allowed)),
            (&maya, &to_view, Restricted, (Now, ReadingOnly)),
            (&maya, &full, Nda, (AfterNda, Allowed)),
            (&maya, &to_view, Nda, (AfterNda, ReadingOnly)),
            (&accepted, &full, Nda, (Now, Allowed)),
        ] {
            assert_eq!(found(&with, contact, grant, level), Some(expected));
        }
        let over = grant().ended(State::Removed);
        assert_eq!(found(&with, &maya, &over, Restricted), None);
        assert_eq!(found(&with, &maya.suspended(), &full, Restricted), None);
    }

    fn portal(proof: Proof) -> Portal {
        let device = Device {
            id: id(8),
            contact_id: id(3),
            epoch: 0,
            proof,
            expires_at: NOW + DAY,
            network: String::new(),
            agent: None,
            created_at: NOW,
        };
        let (tenant, sha) = (tenant_with_nda(), "sha".to_owned());
        Portal { tenant, contact: contact(), account: Some(account()), device, sha }
    }

    #[tokio::test]
    async fn a_browser_that_only_followed_a_link_accepts_nothing() {
        let accepts = async |portal: Portal, version| refusal(cx(portal).accept_nda(version).await);
        let followed = portal(Proof::MagicLink);
        assert_eq!(accepts(followed, 2).await, Some(Kind::CodeRequired));
        for proof in [Proof::MagicLink, Proof::Code] {
            assert_eq!(accepts(portal(proof), 1).await, Some(Kind::Stale), "not in force");
            let mut accepted = portal(proof);
            accepted.contact.accepted_nda = Some(2);
            assert_eq!(accepts(accepted, 2).await, None, "that changes nothing");
        }
    }

    #[tokio::test]
    async fn without_an_agreement_there_is_no_text_of_one() {
        let without = Portal { tenant: tenant(), ..portal(Proof::Code) };
        assert!(cx(without).agreement().await.unwrap().is_none());
    }
}
