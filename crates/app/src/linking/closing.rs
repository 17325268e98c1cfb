//! Closing access of one contact to a document, or to one thing of it, and opening it again.
//!
//! Closing the document ends the guest links that were made for the contact, for good: they count
//! fewer closings than what opens the document to them. On a link that opens to anybody it ends
//! what is the contact's, and the link goes on. Nothing is walked for that, and nothing is missed.

use domain::account::Account;
use domain::activity::Object;
use domain::contact::Contact;
use domain::document::Document;
use domain::grant::{Grant, State};
use domain::link::{Audience, Life, Link};
use jiff::Timestamp;
use store::StoreError;
use store::activities::Home;
use store::change::Change;
use store::links::Linked;

use crate::callers::staff::Staff;
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem, sentence};
use crate::linking::NewLink;
use crate::sharing::is_same_end;

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
        let next = closed(grant.ok_or_else(Problem::not_found)?, extent)?;
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
            let new = another_like(closed, &before, self.now);
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
            was_closed(&seen, self.now)
        };
        Ok(links.into_iter().find(is_closed))
    }
}

/// What opens the document once `extent` is closed; nothing, if that changes nothing.
fn closed(grant: Grant, extent: Extent) -> Result<Option<Grant>, Problem> {
    match extent {
        Extent::Document if grant.state == State::Removed => Ok(None),
        Extent::Document => Ok(Some(grant.ended(State::Removed))),
        Extent::Thing(thing) => grant
            .hiding(thing)
            .map_err(|error| Problem::new(Kind::WrongState, sentence(&error.to_string()))),
    }
}

/// Whether what was `seen` is a link to the document itself that was somebody's own and was closed.
fn was_closed(seen: &Linked, now: Timestamp) -> bool {
    seen.link.document_id == seen.document.id
        && !seen.link.audience.is_public()
        && seen.link.life(&seen.around(), now) == Life::Gone
}

/// A link like the one that was `closed`: with an end, if that is still to come and is what the
/// access `before` ended with.
fn another_like(closed: Link, before: &Grant, now: Timestamp) -> NewLink {
    let ends_alike = is_same_end(before.expiry.as_ref(), closed.expiry.as_ref());
    let expiry = closed.expiry.filter(|end| ends_alike && now < end.at);
    NewLink { audience: Audience::Contact, rights: closed.rights, expiry }
}

#[cfg(test)]
mod tests {
    use domain::grant::HIDDEN_MAX;
    use domain::id::FileId;

    use super::*;
    use crate::fixtures::{NOW, ends_in, grant, id, link, linked, refusal};

    #[test]
    fn closing_a_document_ends_what_opens_it_once() {
        let ended = closed(grant(), Extent::Document).unwrap().unwrap();
        assert_eq!((ended.state, ended.closings, ended.version), (State::Removed, 1, 2));
        assert_eq!(closed(ended, Extent::Document).unwrap(), None, "it is closed already");
        let lapsed = closed(grant().ended(State::Expired), Extent::Document).unwrap().unwrap();
        assert_eq!(lapsed.state, State::Removed, "what lapsed could be extended; closed is closed");
    }

    #[test]
    fn closing_one_thing_hides_it_and_leaves_the_document_open() {
        let thing: Object = id::<FileId>(7).into();
        let hiding = closed(grant(), Extent::Thing(thing)).unwrap().unwrap();
        assert!(hiding.hides(thing) && hiding.state == State::Live && hiding.closings == 0);
        assert_eq!(closed(hiding, Extent::Thing(thing)).unwrap(), None);
        let files = (1..=HIDDEN_MAX).map(|number| id::<FileId>(number as u128 + 100).into());
        let full = Grant { hidden: files.collect(), ..grant() };
        assert_eq!(refusal(closed(full, Extent::Thing(thing))), Some(Kind::WrongState));
    }

    #[test]
    fn a_link_was_closed_with_the_access_that_it_was_made_under() {
        let under = |grant: Grant| Linked { grant: Some(grant), ..linked() };
        let taken_back = || under(grant().ended(State::Removed));
        assert!(was_closed(&taken_back(), NOW));
        assert!(!was_closed(&under(grant()), NOW));
        assert!(!was_closed(&under(grant().ended(State::Expired)), NOW), "it may be extended");
        let elsewhere = Link { document_id: id(40), ..link() };
        assert!(!was_closed(&Linked { link: elsewhere, ..taken_back() }, NOW));
        let public = Link { audience: Audience::PublicSame, ..link() };
        let mut deleted = Linked { link: public, ..taken_back() };
        deleted.document.deleted_at = Some(NOW);
        assert!(!was_closed(&deleted, NOW), "a public link was nobody's own");
    }

    #[test]
    fn another_link_ends_as_the_closed_one_did_if_that_was_the_end_of_the_access() {
        let ending = |link: Option<i64>, access: Option<i64>, now| {
            let closed = Link { expiry: link.map(ends_in), ..link_of_anybody() };
            let before = Grant { expiry: access.map(ends_in), ..grant() };
            let new = another_like(closed, &before, now);
            assert_eq!((new.audience, new.rights), (Audience::Contact, link_of_anybody().rights));
            new.expiry
        };
        assert_eq!(ending(Some(24), Some(24), NOW), Some(ends_in(24)));
        assert_eq!(ending(Some(24), Some(48), NOW), None);
        assert_eq!(ending(Some(24), None, NOW), None);
        assert_eq!(ending(None, None, NOW), None);
        assert_eq!(ending(Some(24), Some(24), ends_in(24).at), None, "that is over");
    }

    fn link_of_anybody() -> Link {
        Link { audience: Audience::Undefined, ..link() }
    }
}
