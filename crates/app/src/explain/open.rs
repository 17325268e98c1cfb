//! Everything that is open to somebody now, a page at a time.
//!
//! A contact's pages run through their grants first and through the library after, for what is
//! public; anybody's and a member's run through the library alone.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use domain::contact::Contact;
use domain::document::Document;
use domain::id::{DocumentId, Id};
use domain::member::Member;
use policy::trust::Action;
use store::lists::{DocumentRow, List, Page};
use store::read::Order;

use crate::callers::outsider::{Outsider, anyone_reads};
use crate::callers::staff::{Staff, document_resource};
use crate::exchange::cx::Cx;
use crate::exchange::problem::Problem;
use crate::explain::contact::{Case, gate_facts};
use crate::explain::told::{OpenDocument, OpenPage, Stands};
use crate::explain::words::{Words, rules};
use crate::explain::{Whom, anyone};
use crate::library::part_of;

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Among a contact's grants, behind that of one document.
    Grants(Option<DocumentId>),
    /// In the library, newest first, behind one document.
    Library(Option<DocumentId>),
}

/// Why a text is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected the `next` of a page before")]
pub struct PlaceError;

const GRANTS: &str = "grants";
const LIBRARY: &str = "library";

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (run, behind) = match self {
            Self::Grants(behind) => (GRANTS, behind),
            Self::Library(behind) => (LIBRARY, behind),
        };
        f.write_str(run)?;
        behind.map_or(Ok(()), |behind| write!(f, "#{behind}"))
    }
}

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        let (run, behind) = match text.split_once('#') {
            Some((run, behind)) => (run, Some(behind.parse().map_err(|_| PlaceError)?)),
            None => (text, None),
        };
        match run {
            GRANTS => Ok(Self::Grants(behind)),
            LIBRARY => Ok(Self::Library(behind)),
            _ => Err(PlaceError),
        }
    }
}

impl Cx<Staff> {
    /// What is open to `whom` now, from `place` on: at most `limit` documents are looked at.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::NotFound`] unless the member may ask about them, or the
    /// table's.
    pub async fn explain_open(
        &self,
        whom: Whom,
        place: Option<Place>,
        limit: usize,
    ) -> Result<OpenPage, Problem> {
        match whom {
            Whom::Anyone => self.open_to_anyone(behind(place), limit).await,
            Whom::Contact(id) => {
                let contact = self.asked_contact(id).await?;
                self.open_to_contact(&contact, place, limit).await
            }
            Whom::Member(id) => {
                let member = self.asked_member(id).await?;
                self.open_to_member(&member, behind(place), limit).await
            }
        }
    }

    async fn open_to_anyone(
        &self,
        behind: Option<DocumentId>,
        limit: usize,
    ) -> Result<OpenPage, Problem> {
        let tenant = &self.who.tenant;
        if !anyone_reads(tenant).allowed {
            let reasons = vec![format!("{} has no trust page.", tenant.name)];
            return Ok(OpenPage { reasons, ..OpenPage::default() });
        }
        let (documents, next) = self.library(List::Documents, behind, limit).await?;
        let open = |document: Document| {
            let decision = anyone::on_trust_page(tenant, &document);
            let reason = rules(&decision.policies).into_iter().next().unwrap_or_default();
            let actions = vec![Action::DocumentDownload.as_str()];
            let allowed = decision.allowed;
            let open = OpenDocument::new(&document, decision, reason);
            allowed.then_some(OpenDocument { actions, ..open })
        };
        let items = documents.into_iter().filter_map(open).collect();
        Ok(OpenPage { items, next, ..OpenPage::default() })
    }

    async fn open_to_member(
        &self,
        member: &Member,
        behind: Option<DocumentId>,
        limit: usize,
    ) -> Result<OpenPage, Problem> {
        if !member.is_in_use() {
            let reasons = vec![format!("The seat of {} is out of use.", member.name)];
            return Ok(OpenPage { reasons, ..OpenPage::default() });
        }
        let place = self.in_the_place_of(member);
        let (documents, next) = self.library(part_of(member), behind, limit).await?;
        let (read, download) = (Action::DocumentRead, Action::DocumentDownload);
        let open = |document: Document| {
            let there = Some(document).filter(|document| document.deleted_at.is_none());
            let allowed = place.open(there, document_resource, read, download).ok()?;
            let (policies, document) = (allowed.policies.clone(), allowed.into_inner());
            let reason = rules(&policies).into_iter().next().unwrap_or_default();
            let decision = policy::Decision { allowed: true, policies };
            let actions = vec![read.as_str(), download.as_str()];
            Some(OpenDocument { actions, ..OpenDocument::new(&document, decision, reason) })
        };
        let items = documents.into_iter().filter_map(open).collect();
        Ok(OpenPage { items, next, ..OpenPage::default() })
    }

    async fn open_to_contact(
        &self,
        contact: &Contact,
        place: Option<Place>,
        limit: usize,
    ) -> Result<OpenPage, Problem> {
        let account = self.account_of(contact).await?;
        let outsider = Outsider { tenant: &self.who.tenant, contact, account: account.as_ref() };
        let words = Words::new(&self.who.tenant, Vec::new());
        let gate = gate_facts(outsider, &words, self.now).into_iter();
        let gate = gate.filter(|fact| fact.stands == Stands::Shuts);
        let reasons = gate.map(|fact| fact.says).collect();
        let links = match place {
            None => self.ways_of(contact).await?,
            Some(_) => Vec::new(),
        };
        let mut page = OpenPage { reasons, links, ..OpenPage::default() };
        let library = match place {
            None => self.add_granted(&mut page, outsider, None, limit).await?,
            Some(Place::Grants(behind)) => {
                self.add_granted(&mut page, outsider, behind, limit).await?
            }
            Some(Place::Library(behind)) => Some((behind, limit)),
        };
        // Whom the gate stops finds nothing in the portal, public or not.
        if let Some((behind, left)) = library.filter(|_| outsider.enters(self.now).allowed) {
            self.add_public(&mut page, outsider, behind, left).await?;
        }
        Ok(page)
    }

    /// Adds a run of what was shared. Tells where the library is to begin and how many documents
    /// of it may still be looked at, once the grants are through.
    async fn add_granted(
        &self,
        page: &mut OpenPage,
        outsider: Outsider<'_>,
        behind: Option<DocumentId>,
        limit: usize,
    ) -> Result<Option<(Option<DocumentId>, usize)>, Problem> {
        let (store, contact) = (self.store(), outsider.contact);
        let mut grants = store.grants_of_contact(contact.id, behind, limit + 1).await?;
        let more = limit < grants.len();
        grants.truncate(limit);
        let ids: Vec<DocumentId> = grants.iter().map(|grant| grant.document_id).collect();
        let documents = store.documents_of(&ids).await?;
        let lines = self.ends_of(contact, &grants).await?;
        let words = self.words(&grants, &lines).await?;
        for grant in &grants {
            let document = documents.iter().find(|document| document.id == grant.document_id);
            let Some(document) = document.filter(|document| self.is_shown(document)) else {
                page.hidden += 1;
                continue;
            };
            let (lines, words, now) = (lines.as_slice(), &words, self.now);
            let case = Case { outsider, document, grant: Some(grant), lines, words, now };
            let (listed, lapsed) = (case.listed(), case.lapsed());
            if !listed.actions.is_empty() {
                page.items.push(listed);
            } else if lapsed.is_none() {
                page.held.push(listed);
            }
            page.lapsed.extend(lapsed);
        }
        let place = ids.last().copied().filter(|_| more).map(|last| Place::Grants(Some(last)));
        page.next = place.map(|place| place.to_string());
        match limit - grants.len() {
            _ if more => Ok(None),
            0 => {
                page.next = Some(Place::Library(None).to_string());
                Ok(None)
            }
            left => Ok(Some((None, left))),
        }
    }

    /// Adds a run of what is public and was never shared.
    async fn add_public(
        &self,
        page: &mut OpenPage,
        outsider: Outsider<'_>,
        behind: Option<DocumentId>,
        limit: usize,
    ) -> Result<(), Problem> {
        let (documents, next) = self.library(List::Documents, behind, limit).await?;
        let words = Words::new(&self.who.tenant, Vec::new());
        let is_open = |document: &&Document| {
            outsider.opens(Action::DocumentDownload, document, None, self.now).allowed
        };
        let open: Vec<&Document> = documents.iter().filter(is_open).collect();
        let ids: Vec<DocumentId> = open.iter().map(|document| document.id).collect();
        let grants = self.store().grants(outsider.contact.id, &ids).await?;
        // Those came among the grants.
        let shared: BTreeSet<DocumentId> = grants.iter().map(|grant| grant.document_id).collect();
        let open = open.into_iter().filter(|document| !shared.contains(&document.id));
        let listed = open.map(|document| {
            let (grant, lines, words, now) = (None, [].as_slice(), &words, self.now);
            Case { outsider, document, grant, lines, words, now }.listed()
        });
        page.items.extend(listed);
        page.next = next;
        Ok(())
    }

    /// Whether whoever asks sees the document too: it is theirs to ask about, or on the trust page.
    fn is_shown(&self, document: &Document) -> bool {
        self.may(Action::AccessExplain, &document_resource(document))
            || anyone::on_trust_page(&self.who.tenant, document).allowed
    }

    /// A run of the library, newest first, as the documents are now; and where the next one begins.
    async fn library(
        &self,
        list: List,
        behind: Option<DocumentId>,
        limit: usize,
    ) -> Result<(Vec<Document>, Option<String>), Problem> {
        let cursor = behind.map(|document| document.ulid().to_string());
        let run = Page { order: Order::Descending, cursor, limit: limit + 1 };
        let mut rows: Vec<DocumentRow> = self.store().list_by_creation(list, None, &run).await?;
        let more = limit < rows.len();
        rows.truncate(limit);
        let ids: Vec<DocumentId> = rows.iter().map(|row| row.id).collect();
        let mut documents = self.store().documents_of(&ids).await?;
        documents.sort_by_key(|document| std::cmp::Reverse(document.id));
        let next = ids.last().filter(|_| more).map(|last| Place::Library(Some(*last)));
        Ok((documents, next.map(|next| next.to_string())))
    }
}

fn behind(place: Option<Place>) -> Option<DocumentId> {
    match place {
        Some(Place::Library(behind)) => behind,
        Some(Place::Grants(_)) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::document::AccessLevel;
    use domain::member::Role;
    use domain::tenant::PortalType;

    use super::*;
    use crate::fixtures::{cx, document, id, member, staff};

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let document = "doc_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().ok();
        for place in [Place::Grants(None), Place::Grants(document), Place::Library(document)] {
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        for text in ["", "grants#", "library#con_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9", "acc", "#"] {
            assert_eq!(text.parse::<Place>(), Err(PlaceError), "{text}");
        }
    }

    #[test]
    fn only_a_place_in_the_library_is_behind_a_document_there() {
        let document = "doc_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9".parse().ok();
        assert_eq!(behind(Some(Place::Library(document))), document);
        assert_eq!(behind(Some(Place::Library(None))), None);
        assert_eq!(behind(Some(Place::Grants(document))), None);
        assert_eq!(behind(None), None);
    }

    #[tokio::test]
    async fn who_has_no_page_or_no_seat_in_use_is_told_so_and_shown_nothing() {
        let mut cx = cx(staff(Role::Administrator));
        cx.who.tenant.portal_type = PortalType::Vaults;
        let page = cx.open_to_anyone(None, 10).await.unwrap();
        assert_eq!(page.reasons, ["Acme has no trust page."]);
        assert!(page.items.is_empty() && page.next.is_none());
        let gone = Member { suspended: true, ..member(Role::Member) };
        let page = cx.open_to_member(&gone, None, 10).await.unwrap();
        assert_eq!(page.reasons, ["The seat of Anna Keller is out of use."]);
        assert!(page.items.is_empty() && page.next.is_none());
    }

    #[test]
    fn what_is_theirs_to_ask_about_is_shown_and_what_stands_on_the_trust_page() {
        let shown = |role, uploader, level, portal_type| {
            let mut cx = cx(staff(role));
            cx.who.tenant.portal_type = portal_type;
            cx.is_shown(&Document { uploader_id: id(uploader), ..document(level) })
        };
        let (restricted, public) = (AccessLevel::Restricted, AccessLevel::Public);
        assert!(shown(Role::AccountManager, 12, restricted, PortalType::Both));
        assert!(shown(Role::Member, 10, restricted, PortalType::Both));
        assert!(shown(Role::Member, 12, public, PortalType::Both));
        assert!(!shown(Role::Member, 12, restricted, PortalType::Both));
        assert!(!shown(Role::Member, 12, public, PortalType::Vaults));
    }
}
