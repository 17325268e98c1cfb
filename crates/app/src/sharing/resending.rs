//! Mails as a member reaches them: those on the page of a contact, a member or a request, and
//! sending one again.

use domain::access::is_shut_out;
use domain::account::Account;
use domain::activity::{Detail, Object};
use domain::contact::Contact;
use domain::email::Email;
use domain::id::{ContactId, MailId, MemberId, RequestId};
use domain::outbox::purpose::Purpose;
use domain::outbox::{AgainError, Mail};
use policy::trust::Action;
use serde_json::json;
use store::StoreError;
use store::activities::Home;
use store::change::{Change, Claim};
use store::item::Versioned;

use crate::callers::staff::Staff;
use crate::exchange::answer::Answer;
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem, sentence};
use crate::sharing::invite::{Occasion, link, require_gate};

/// Whose mails are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Whom they went to.
    pub addressee: Object,
    /// Only those that this request caused, if one is named.
    pub request: Option<RequestId>,
}

/// What is done about an address that mail has stopped to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Nothing is sent.
    Respected,
    /// Mail is let through again.
    Lifted,
}

/// Whom a mail goes to.
struct Reader {
    home: Home,
    email: Email,
    /// The contact, and whom they work for.
    contact: Option<(Contact, Option<Account>)>,
}

impl Cx<Staff> {
    /// Whose mails `object` means, for who may see them: whoever sees a contact's history, a
    /// request or a seat sees the mails about it.
    ///
    /// # Errors
    /// [`Kind::NotFound`], [`Kind::Forbidden`], [`Kind::BadInput`] for what no mail is about, or
    /// the table's.
    pub async fn mails_about(&self, object: Object) -> Result<About, Problem> {
        match object {
            Object::Contact(id) => {
                self.contact(id, Action::ContactActivity).await?;
                Ok(About { addressee: object, request: None })
            }
            Object::Member(id) => {
                self.member(id, Action::MemberRead).await?;
                Ok(About { addressee: object, request: None })
            }
            Object::Request(id) => {
                let asked = self.request(id, Action::RequestRead).await?;
                let addressee = Object::Contact(asked.contact.id);
                Ok(About { addressee, request: Some(id) })
            }
            _ => Err(Problem::bad_input("object", "expected a contact, a member or a request")),
        }
    }

    /// Sends a mail again. Two who do so at once send one.
    ///
    /// # Errors
    /// [`Kind::NotFound`] for a mail that is absent or goes to nobody the member sees,
    /// [`Kind::Forbidden`], [`Kind::WrongState`] if it cannot be sent again, was so already, or
    /// mail to the address has stopped, or the table's.
    pub async fn resend<A: Answer>(
        &self,
        id: MailId,
        closed: Closed,
        answer: impl Fn(&Mail) -> A,
    ) -> Result<A, Problem> {
        let store = self.store();
        let mail = store.mail(id).await?.ok_or_else(Problem::not_found)?;
        let reader = match mail.purpose.addressee() {
            Some(Object::Contact(id)) => self.reading_contact(id).await?,
            Some(Object::Member(id)) => self.reading_member(id).await?,
            _ => return Err(Problem::not_found()),
        };
        let mut change = self.change(&store);
        match (closed, store.suppression(&reader.email).await?) {
            (Closed::Respected, Some(_)) => {
                let detail = "Mails to this address bounced or were complained about. Correct the \
                              address, or send again with `lift_suppression`.";
                return Err(Problem::new(Kind::WrongState, detail));
            }
            (Closed::Lifted, Some(why)) => {
                change.lift_suppression(&reader.email, &why, self.now)?;
            }
            (Closed::Respected | Closed::Lifted, None) => {}
        }
        let purpose = self.fresh(&mut change, &mail, reader.contact)?;
        let again = mail.again(purpose, self.now, self.now + mail.life()).map_err(refused)?;
        change.owe(&again)?;
        let detail = json!({ "mail": mail.id, "purpose": mail.purpose.as_str() });
        let mut line = self.line(again.id, 1, Detail::Plain(detail));
        line.about = again.purpose.addressee();
        change.audit(reader.home, &line)?;
        let answer = answer(&again);
        self.try_commit(change, answer).await?.map_err(|lost| {
            if lost.contains(&Claim::Mail) {
                let detail = "This mail was sent again already. Send the newest one again instead.";
                return Problem::new(Kind::WrongState, detail);
            }
            StoreError::Lost(lost).into()
        })
    }

    async fn reading_contact(&self, id: ContactId) -> Result<Reader, Problem> {
        let contact = self.contact(id, Action::ContactInvite).await?.into_inner();
        let account = self.account_of(&contact).await?;
        if is_shut_out(&contact, account.as_ref()) {
            let detail = "The contact or its account is suspended; nothing is mailed to them.";
            return Err(Problem::new(Kind::WrongState, detail));
        }
        let email = contact.email.clone().ok_or_else(|| {
            Problem::new(Kind::WrongState, "The contact has no e-mail address. Add one first.")
        })?;
        Ok(Reader { home: Home::Contact(id), email, contact: Some((contact, account)) })
    }

    async fn reading_member(&self, id: MemberId) -> Result<Reader, Problem> {
        let member = self.member(id, Action::MemberRead).await?.into_inner();
        self.allow_here(Action::TenantEdit)?;
        Ok(Reader { home: Home::Tenant, email: member.email, contact: None })
    }

    /// The purpose of the next round: the same, with a link of its own where the mail has one, for
    /// the last one may be used or over. A link goes only to whom one would be sent anew.
    fn fresh(
        &self,
        change: &mut Change,
        mail: &Mail,
        contact: Option<(Contact, Option<Account>)>,
    ) -> Result<Purpose, Problem> {
        let occasion = match mail.purpose {
            Purpose::MagicLink { request_id: Some(request), .. } => Occasion::Approved(request),
            Purpose::MagicLink { .. } => Occasion::Sent,
            Purpose::Shared { .. } => Occasion::Shared,
            _ => return Ok(mail.purpose.clone()),
        };
        let Some((contact, account)) = contact else { return Ok(mail.purpose.clone()) };
        require_gate(&contact, account.as_ref(), self.now)?;
        let who = (contact.id, contact.epoch);
        let (link, purpose) = link(&self.house, who, occasion, self.now);
        change.save_invitation(&Versioned { version: 1, value: link })?;
        Ok(purpose)
    }
}

fn refused(error: AgainError) -> Problem {
    Problem::new(Kind::WrongState, sentence(&error.to_string()))
}
