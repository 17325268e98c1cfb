//! Closing access of one contact to a document, or to one thing of it, and opening it again.
//!
//! Closing the document ends the guest links that were made for the contact, for good: they count
//! fewer closings than what opens the document to them. On a link that opens to anybody it ends what
//! is the contact's, and the link goes on. Nothing is walked for that, and nothing is missed.

use domain::account::Account;
use domain::activity::Object;
use domain::contact::Contact;
use domain::document::Document;
use domain::grant::{Grant, State};
use domain::link::{Audience, Life, Link};
use store::StoreError;
use store::activities::Home;
use store::change::Change;
use store::links::Linked;

use crate::cx::Cx;
use crate::linking::NewLink;
use crate::problem::{Kind, Problem, sentence};
use crate::sharing::is_same_end;
use crate::staff::Staff;

/// Guest links of one contact that are looked through for those to one document.
const LINKS_MAX: usize = 200;

/// What is closed to a contact, or opened again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The document.
    Document,
    /// One file or entry of the thread.
    Thing(Object),
}

impl Cx<Staff> {
    /// Adds to `change` that `extent` of `document` is closed to `contact`. What is closed already
    /// stays so.
    ///
    /// # Errors
    /// [`Kind::NotFound`] if nothing was ever opened, [`Kind::WrongState`], or the table's.
    pub async fn close(
        &self,
        change: &mut Change,
        contact: &Contact,
        document: &Document,
        extent: Extent,
    ) -> Result<(), Problem> {
        let grant = self.store().grant(contact.id, document.id).await?;
        let grant = grant.ok_or_else(Problem::not_found)?;
        let next = match extent {
            Extent::Document => {
                (grant.state != State::Removed).then(|| grant.ended(State::Removed))
            }
            Extent::Thing(thing) => grant
                .hiding(thing)
                .map_err(|error| Problem::new(Kind::WrongState, sentence(&error.to_string())))?,
        };
        next.map_or(Ok(()), |next| self.save_opening(change, next, "close")).map_err(Problem::from)
    }

    /// Adds to `change` that `extent` of `document` is opened again to `contact`, with the rights
    /// they had; and where a guest link of theirs was closed with it, another one like it, which is
    /// handed back.
    ///
    /// # Errors
    /// [`Kind::NotFound`] if nothing was ever opened, [`Kind::WrongState`] for a contact who is
    /// suspended, or the table's.
    pub async fn reopen(
        &self,
        change: &mut Change,
        (contact, account): (Contact, Option<Account>),
        document: &Document,
        extent: Extent,
    ) -> Result<Option<Linked>, Problem> {
        let before = self.store().grant(contact.id, document.id).await?;
        let before = before.ok_or_else(Problem::not_found)?;
        if let Extent::Thing(thing) = extent {
            if let Some(next) = before.showing(thing) {
                self.save_opening(change, next, "reopen")?;
            }
            return Ok(None);
        }
        if before.state != State::Removed {
            return Ok(None);
        }
        let closed = self.newest_closed(&contact, account.as_ref(), document, &before).await?;
        if let Some(closed) = closed {
            let ends_alike = is_same_end(before.expiry.as_ref(), closed.expiry.as_ref());
            let expiry = closed.expiry.filter(|end| ends_alike && self.now < end.at);
            let (audience, rights) = (Audience::Contact, closed.rights);
            let new = NewLink { audience, rights, expiry };
            // Making the link opens the document along with it.
            return self.make_link(change, document, Some((contact, account)), new).await.map(Some);
        }
        change.check_contact(&contact)?;
        let again = Grant {
            rights: before.rights.clone(),
            granted_by: Some(self.who.member.id),
            ..Grant::new(&contact, document.id, Some(&before), || before.id, self.now)
        };
        self.save_opening(change, again, "reopen")?;
        Ok(None)
    }

    fn save_opening(
        &self,
        change: &mut Change,
        grant: Grant,
        deed: &str,
    ) -> Result<(), StoreError> {
        let (grant, line) = self.with_line(grant, deed);
        change.save_grant(&grant)?;
        change.audit(Home::Contact(grant.contact_id), &line)
    }

    /// The newest link to `document` that was the contact's and was closed.
    async fn newest_closed(
        &self,
        contact: &Contact,
        account: Option<&Account>,
        document: &Document,
        grant: &Grant,
    ) -> Result<Option<Link>, Problem> {
        let links = self.store().links_to(contact.id, LINKS_MAX).await?;
        let is_closed = |link: &Link| {
            let seen = Linked {
                tenant: self.who.tenant.clone(),
                document: document.clone(),
                link: link.clone(),
                contact: Some(contact.clone()),
                account: account.cloned(),
                grant: Some(grant.clone()),
                device: None,
                child: None,
            };
            link.document_id == document.id
                && !link.audience.is_public()
                && link.life(&seen.around(), self.now) == Life::Gone
        };
        Ok(links.into_iter().find(is_closed))
    }
}
