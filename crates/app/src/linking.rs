//! Guest links as staff make and keep them.
//!
//! Making a link is a share: it makes the share event and, for a contact, what opens the document
//! to them. Nothing is mailed before it is sent. No link needs a review, so nobody is approved by
//! one.

pub mod closing;
pub mod signatures;
pub mod thread;

use domain::access::is_shut_out;
use domain::account::Account;
use domain::activity::{Activity, Detail};
use domain::contact::Contact;
use domain::document::Document;
use domain::event::{Event, Kind as EventKind};
use domain::expiry::Expiry;
use domain::grant::Grant;
use domain::id::LinkId;
use domain::link::{Audience, Life, Link, Pause, Rights, State};
use domain::outbox::Mail;
use domain::outbox::link_news::LinkNews;
use domain::outbox::purpose::Purpose;
use domain::signature::Whom;
use jiff::{SignedDuration, Timestamp};
use policy::trust::{Action, Resource};
use serde_json::json;
use store::StoreError;
use store::activities::Home;
use store::change::Change;
use store::links::{Along, Linked};

mod board;
mod browsers;
mod doors;

pub use self::board::OnBoard;
pub(crate) use self::browsers::forgetting;

use crate::callers::staff::Staff;
use crate::exchange::cx::{Allowed, Cx};
use crate::exchange::problem::{Kind, Problem};
use crate::sharing::arrival::NOTICE_LIFE;
use crate::sharing::is_same_end;

/// How long a mail with a link is worth sending.
pub const SENDING_LIFE: SignedDuration = SignedDuration::from_hours(24 * 7);
/// Guest links of a document that are read at once in search of some people's.
const LINKS_AT_ONCE: usize = 100;
/// Times that many are read.
const LINK_PAGES_MAX: usize = 1_000;

/// A link to make.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// For whom.
    pub audience: Audience,
    /// What it allows.
    pub rights: Rights,
    /// Until when; for good if absent.
    pub expiry: Option<Expiry>,
}

/// A link as policies see it, with its contact if it has one.
pub(crate) fn link_resource(seen: &Linked) -> Resource {
    Resource::Link(policy::trust::Link {
        id: seen.link.id,
        maker: seen.link.maker_id,
        uploader: seen.document.uploader_id,
        owner: seen.contact.as_ref().and_then(|contact| contact.owner_id),
    })
}

impl Cx<Staff> {
    /// A link with everything that it is judged by, to do `action` with.
    ///
    /// # Errors
    /// [`Kind::NotFound`], [`Kind::Forbidden`], or the table's.
    pub async fn link(&self, id: LinkId, action: Action) -> Result<Allowed<Linked>, Problem> {
        self.open(self.linked(id).await?, link_resource, Action::LinkRead, action)
    }

    /// A link of the company with everything that it is judged by, whoever may see it.
    pub(crate) async fn linked(&self, id: LinkId) -> Result<Option<Linked>, StoreError> {
        let found = self.house.table.locate_link(id).await?;
        match found.filter(|found| found.tenant_id == self.who.tenant.id) {
            Some(found) => self.store().whole_link(found.document_id, id, Along::default()).await,
            None => Ok(None),
        }
    }

    /// Adds to `change` a new link of `document`, for `contact` if it is for one; and hands it back
    /// with everything that it is judged by then.
    ///
    /// # Errors
    /// [`Kind::PlanLacks`] for one that opens to anybody without the plan for it,
    /// [`Kind::WrongState`] for a contact who is suspended, or the table's.
    pub async fn make_link(
        &self,
        change: &mut Change,
        document: &Document,
        contact: Option<(Contact, Option<Account>)>,
        new: NewLink,
    ) -> Result<Linked, Problem> {
        if new.audience.is_public() && !self.who.tenant.plan.public_links {
            let detail = "The company's plan does not hold links that open to anybody.";
            return Err(Problem::new(Kind::PlanLacks, detail));
        }
        if let Some((contact, account)) = &contact {
            require_not_suspended(contact, account.as_ref())?;
        }
        let (contact, account) = contact.unzip();
        let grant = match &contact {
            Some(contact) => Some(self.open_by_link(change, contact, document, &new).await?),
            None => None,
        };
        let link = self.new_link(document, contact.as_ref(), grant.as_ref(), new);
        change.create_link(&link)?;
        let detail = json!({
            "audience": link.audience,
            "contact_id": link.contact_id,
            "rights": link.rights,
            "expires_at": link.expiry.as_ref().map(|expiry| expiry.at),
            "event_id": link.event_id,
        });
        let home = Home::Document(document.id);
        change.audit(home, &self.line(link.id, link.version, Detail::Plain(detail)))?;
        self.share_in_thread(change, &link)?;
        Ok(Linked {
            tenant: self.who.tenant.clone(),
            document: document.clone(),
            link,
            contact,
            account: account.flatten(),
            grant,
            device: None,
            child: None,
        })
    }

    /// For whom a link of `document` is that is wanted for `audience`: where it asks for a group
    /// signature, whoever verifies on a public link gets a document of their own.
    ///
    /// # Errors
    /// The table's.
    pub async fn audience_for(
        &self,
        document: &Document,
        audience: Audience,
    ) -> Result<Audience, StoreError> {
        if audience != Audience::PublicSame {
            return Ok(audience);
        }
        let block = self.store().signatures(document.id).await?;
        let is_group = block.is_some_and(|block| matches!(block.whom, Whom::Group(_)));
        Ok(if is_group { Audience::PublicChild } else { audience })
    }

    fn new_link(
        &self,
        document: &Document,
        contact: Option<&Contact>,
        grant: Option<&Grant>,
        new: NewLink,
    ) -> Link {
        Link {
            id: self.new_id(),
            version: 1,
            document_id: document.id,
            audience: new.audience,
            made_for: contact.map(|contact| contact.id),
            contact_id: contact.map(|contact| contact.id),
            contact_epoch: contact.map_or(0, |contact| contact.epoch),
            link_epoch: contact.map_or(0, |contact| contact.link_epoch),
            closings: grant.map_or(0, |grant| grant.closings),
            event_id: self.new_id(),
            rights: new.rights,
            expiry: new.expiry,
            state: State::Active,
            root: self.house.keys.current(),
            generation: 0,
            epoch: 0,
            first: None,
            maker_id: self.who.member.id,
            maker_name: self.who.member.name.clone(),
            sendings: 0,
            created_at: self.now,
        }
    }

    /// Adds the share that `link` stands for to the document's thread.
    fn share_in_thread(&self, change: &mut Change, link: &Link) -> Result<(), StoreError> {
        let event = Event {
            id: link.event_id,
            contact_ids: link.contact_id.into_iter().collect(),
            link_id: Some(link.id),
            ..self.new_event(link.document_id, EventKind::Share)
        };
        self.add_event(change, &event)
    }

    /// Adds what opens the document to the link's contact. What does so already stays, and comes to
    /// allow what the link does.
    async fn open_by_link(
        &self,
        change: &mut Change,
        contact: &Contact,
        document: &Document,
        new: &NewLink,
    ) -> Result<Grant, Problem> {
        let before = self.store().grant(contact.id, document.id).await?;
        let open = before.as_ref().filter(|grant| grant.live(contact, self.now).is_some());
        let grant = match open {
            Some(open) => {
                let rights = open.rights.with(&new.rights.of_grant());
                if rights == open.rights {
                    change.check_grant(open)?;
                    return Ok(open.clone());
                }
                Grant { rights, version: open.version + 1, ..open.clone() }
            }
            None => Grant {
                rights: new.rights.of_grant(),
                expiry: new.expiry.clone(),
                granted_by: Some(self.who.member.id),
                ..Grant::new(contact, document.id, before.as_ref(), || self.new_id(), self.now)
            },
        };
        let (grant, line) = self.with_line(grant, "share");
        change.check_contact(contact)?;
        write_grant(change, &grant, &line)?;
        Ok(grant)
    }

    /// Adds to `change` that what opens the document to the contact of `after` follows a change of
    /// the link from `before`: it allows what the link does, and ends with the link if it did so
    /// before.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`store::change::Claim::Grant`].
    pub fn grant_follows(
        &self,
        change: &mut Change,
        seen: &Linked,
        after: &Link,
    ) -> Result<(), StoreError> {
        let Some((grant, contact)) = seen.grant.as_ref().zip(seen.contact.as_ref()) else {
            return Ok(());
        };
        if grant.live(contact, self.now).is_none() {
            return Ok(());
        }
        let rights = grant.rights.with(&after.rights.of_grant());
        let ends_with_link = is_same_end(grant.expiry.as_ref(), seen.link.expiry.as_ref());
        let expiry = if ends_with_link { after.expiry.clone() } else { grant.expiry.clone() };
        if rights == grant.rights && is_same_end(expiry.as_ref(), grant.expiry.as_ref()) {
            return Ok(());
        }
        let next = Grant { rights, expiry, version: grant.version + 1, ..grant.clone() };
        let (next, line) = self.with_line(next, "share");
        write_grant(change, &next, &line)
    }

    /// Adds to `change` a link as it is `after`, and the line that says so.
    ///
    /// # Errors
    /// [`StoreError::Build`]. Claims [`store::change::Claim::Version`].
    pub fn save_link(
        &self,
        change: &mut Change,
        after: &Link,
        detail: Detail,
    ) -> Result<(), StoreError> {
        change.save_link(after)?;
        change.audit(Home::Document(after.document_id), &self.line(after.id, after.version, detail))
    }
}

fn write_grant(change: &mut Change, grant: &Grant, line: &Activity) -> Result<(), StoreError> {
    change.save_grant(grant)?;
    change.audit(Home::Contact(grant.contact_id), line)
}

/// Refuses to open anything to whoever is suspended: nothing but unsuspending revives them.
fn require_not_suspended(contact: &Contact, account: Option<&Account>) -> Result<(), Problem> {
    if !is_shut_out(contact, account) {
        return Ok(());
    }
    let detail = "The contact or their account is suspended. Unsuspend them first.";
    Err(Problem::new(Kind::WrongState, detail))
}

/// A mail to whoever made `link`, which tells what became of it.
#[must_use]
pub fn news_of(link: &Link, news: LinkNews, now: Timestamp) -> Mail {
    let purpose =
        Purpose::LinkNews { member_id: link.maker_id, document_id: link.document_id, news };
    Mail::new(purpose, now, now + NOTICE_LIFE)
}

/// Refuses what is done to a link that opens never again.
///
/// # Errors
/// [`Kind::WrongState`].
pub fn require_not_gone(seen: &Linked, now: Timestamp) -> Result<(), Problem> {
    match seen.link.life(&seen.around(), now) {
        Life::Gone => {
            let detail = "Access by this link was closed for good. Make a new link.";
            Err(Problem::new(Kind::WrongState, detail))
        }
        Life::Open | Life::Inactive(_) => Ok(()),
    }
}

/// Refuses a link to hand out that would open nothing, even activated, and says what to do first.
///
/// # Errors
/// [`Kind::WrongState`], or [`Kind::PlanLacks`].
pub fn require_to_open(seen: &Linked, now: Timestamp) -> Result<(), Problem> {
    let wrong = |detail: &str| Err(Problem::new(Kind::WrongState, detail));
    // As it would be once it is activated.
    let active = seen.link.clone().activated(seen.contact.as_ref());
    match active.life(&seen.around(), now) {
        Life::Open => Ok(()),
        Life::Gone => wrong("Access by this link was closed for good. Make a new link."),
        Life::Inactive(Pause::Plan) => {
            let detail = "The company's plan does not hold links that open to anybody.";
            Err(Problem::new(Kind::PlanLacks, detail))
        }
        Life::Inactive(Pause::Over) => wrong("The link has run out. Give it a later end first."),
        Life::Inactive(Pause::Suspended) => {
            wrong("The contact or their account is suspended. Unsuspend them first.")
        }
        Life::Inactive(Pause::GrantOver) => {
            wrong("The contact's access to the document has ended. Share it again first.")
        }
        // Not after it was activated.
        Life::Inactive(Pause::Deactivated | Pause::NotRestored) => wrong("The link is inactive."),
    }
}

#[cfg(test)]
mod tests;
