//! Extending access before its end, or restoring what ended by time alone a short while ago. Guest
//! links that were to end along with it go on along with it.

use domain::activity::Detail;
use domain::expiry::When;
use domain::grant::{ExtensionError, Grant};
use domain::id::{ContactId, DocumentId, GrantId};
use domain::link::Link;
use domain::tenant::Zone;
use policy::trust::Action;
use serde_json::json;
use store::StoreError;
use store::change::Change;

use crate::callers::staff::{Staff, document_resource};
use crate::exchange::answer::Answer;
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem, sentence};
use crate::sharing::cover::cover;
use crate::sharing::{Plan, is_same_end};

/// Looks at the grants; each after the first means that somebody else changed one of them.
const LOOKS_MAX: u32 = 16;

/// Guest links of one contact that are looked through for those that go on.
const LINKS_MAX: usize = 200;
/// Links that one transaction changes; each is two of its hundred steps.
const LINKS_AT_ONCE: usize = 40;

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

impl Reach {
    /// Whether `other` is extended along with the grant that is `named`.
    fn holds(self, named: &Grant, other: &Grant) -> bool {
        self == Self::SameEnd && other.id != named.id && other.ends_at() == named.ends_at()
    }
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
            let (mut plan, links) = self.plan_extension(extension).await?;
            let after: Vec<Grant> = plan.grants.iter().map(|(grant, _)| grant.clone()).collect();
            let answer = answer(&after);
            match plan.write_ahead(self).await {
                Err(StoreError::Lost(_)) => continue,
                done => done?,
            }
            let mut change = self.change(&self.store());
            match self.write_links(&mut change, links).await {
                Err(StoreError::Lost(_)) => continue,
                done => done?,
            }
            plan.write(&mut change)?;
            if let Ok(answer) = self.try_commit(change, answer).await? {
                // What was restored may cover a request.
                self.soon(cover(&self.house, &self.store(), contact_id, self.now).await);
                return Ok(answer);
            }
        }
        let detail = "Others keep changing what is shared with this contact. Try again.";
        Err(Problem::new(Kind::Busy, detail).after(1))
    }

    /// Writes links ahead of the grants that open their documents: until then they open nothing. A
    /// preview looks at everything at once.
    async fn write_links(&self, change: &mut Change, links: Vec<Link>) -> Result<(), StoreError> {
        for some in links.chunks(LINKS_AT_ONCE) {
            let mut ahead = self.change(&self.store());
            let within = if self.visit.previews { &mut *change } else { &mut ahead };
            for link in some {
                let end = link.expiry.as_ref().map(|expiry| expiry.at);
                let detail = Detail::Plain(json!({ "expires_at": end }));
                self.save_link(within, link, detail)?;
            }
            if !self.visit.previews {
                ahead.commit().await?;
            }
        }
        Ok(())
    }

    /// The links of a contact that end when one of `before` did, as they go on with what it is
    /// `after`.
    async fn links_along(
        &self,
        contact: ContactId,
        before: &[Grant],
        after: &[Grant],
    ) -> Result<Vec<Link>, StoreError> {
        let links = self.store().links_to(contact, LINKS_MAX).await?;
        Ok(links.into_iter().filter_map(|link| along(link, before, after)).collect())
    }

    /// The grants as extended, the one that was named last: what is written ahead of it is found
    /// done by a repeat; and the links that go on with them.
    async fn plan_extension(&self, extension: &Extension) -> Result<(Plan, Vec<Link>), Problem> {
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
        let others = folder.grants.iter().filter(|grant| extension.reach.holds(named, grant));
        // What was taken back stays so, whatever its end was.
        let mut grants: Vec<Grant> = others.filter_map(|grant| extended(grant).ok()).collect();
        self.keep_shareable(&mut grants).await?;
        grants.push(extended(named).map_err(refused)?);
        let links = self.links_along(extension.contact_id, &folder.grants, &grants).await?;
        let grants = grants.into_iter().map(|grant| self.with_line(grant, "extend")).collect();
        Ok((Plan { grants, contact: None, account: None }, links))
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

/// The link as it goes on with what it ended with; nothing, if it did not.
fn along(link: Link, before: &[Grant], after: &[Grant]) -> Option<Link> {
    let next = after.iter().find(|grant| grant.document_id == link.document_id)?;
    let old = before.iter().find(|grant| grant.id == next.id)?;
    let ends_alike = link.expiry.is_some()
        && is_same_end(link.expiry.as_ref(), old.expiry.as_ref())
        && !link.audience.is_public();
    let version = link.version + 1;
    ends_alike.then(|| Link { expiry: next.expiry.clone(), version, ..link })
}

#[cfg(test)]
mod tests {
    use domain::expiry::ExpiryError;
    use domain::link::Audience;

    use super::*;
    use crate::fixtures::{ends_in, grant, id, link};

    fn ending(hours: Option<i64>) -> Grant {
        Grant { expiry: hours.map(ends_in), ..grant() }
    }

    #[test]
    fn what_ends_at_the_same_instant_is_extended_along_if_that_is_wanted() {
        let named = ending(Some(24));
        let other = |hours| Grant { id: id(50), ..ending(hours) };
        assert!(Reach::SameEnd.holds(&named, &other(Some(24))));
        assert!(!Reach::SameEnd.holds(&named, &other(Some(25))));
        assert!(!Reach::SameEnd.holds(&named, &other(None)));
        assert!(!Reach::SameEnd.holds(&named, &named), "itself is extended anyway");
        assert!(!Reach::Alone.holds(&named, &other(Some(24))));
    }

    #[test]
    fn a_link_goes_on_with_what_it_ended_with() {
        let goes_on = |link: Link, before: Grant, after: Grant| {
            along(link, &[before], &[after]).map(|link| (link.expiry, link.version))
        };
        let link_ending = |hours: Option<i64>| Link { expiry: hours.map(ends_in), ..link() };
        let (before, after) = (ending(Some(24)), ending(Some(72)));
        let on = goes_on(link_ending(Some(24)), before.clone(), after.clone());
        assert_eq!(on, Some((Some(ends_in(72)), 2)));
        let public = Link { audience: Audience::PublicSame, ..link_ending(Some(24)) };
        let elsewhere = Link { document_id: id(40), ..link_ending(Some(24)) };
        for link in [link_ending(Some(25)), link_ending(None), public, elsewhere] {
            assert_eq!(goes_on(link, before.clone(), after.clone()), None);
        }
        let endless = goes_on(link_ending(None), ending(None), after.clone());
        assert_eq!(endless, None, "what has no end needs none");
        let other = Grant { id: id(50), ..before };
        assert_eq!(goes_on(link_ending(Some(24)), other, after), None);
    }

    #[test]
    fn a_refusal_points_at_the_end_or_says_that_it_is_too_late() {
        let over = refused(ExtensionError::Expiry(ExpiryError::Over));
        assert_eq!((over.kind, over.errors[0].pointer.as_str()), (Kind::BadInput, "/expires_at"));
        for error in [ExtensionError::Ended, ExtensionError::NoEnd, ExtensionError::TooLate] {
            let problem = refused(error);
            assert_eq!((problem.kind, problem.errors.len()), (Kind::WrongState, 0));
            assert!(problem.detail.starts_with("This access "), "{}", problem.detail);
        }
    }
}
