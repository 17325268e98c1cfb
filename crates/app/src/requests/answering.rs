//! Answering by mail: what the link in a mailed question lets its reader do.
//!
//! The token is checked before anything is read. It stands for the mailbox that the question went
//! to, so that using it proves the contact's address; it dies with the question, and when the
//! contact's address changes or access is suspended.

use domain::activity::{Actor, Detail};
use domain::contact::{Contact, ReviewStatus};
use domain::request::{Request, RequestError};
use domain::tenant::Slug;
use serde_json::json;
use store::StoreError;
use store::activities::Home;
use store::change::Change;

use crate::callers::anyone::Anyone;
use crate::exchange::answer::Accepted;
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem};
use crate::house::token::AnswerToken;
use crate::requests::{LOOKS_MAX, busy};

impl Cx<Anyone> {
    /// Takes the `step` that the reader of a mailed question asks for; `values` are what the trail
    /// keeps of it.
    ///
    /// # Errors
    /// [`Kind::NotFound`] for a forged token or another company's, [`Kind::LinkOver`] once the
    /// question no longer waits, [`Kind::Busy`] after [`LOOKS_MAX`] looks, or the table's.
    pub async fn answer_by_mail(
        &self,
        slug: &Slug,
        token: &str,
        step: impl Fn(Request) -> Result<Request, RequestError>,
        values: &serde_json::Value,
    ) -> Result<Accepted, Problem> {
        let token = AnswerToken::verify(&self.house.keys, token).ok_or_else(Problem::not_found)?;
        let tenant = self.trust_center(slug).await?;
        if tenant.id != token.tenant {
            return Err(Problem::not_found());
        }
        let store = self.store_of(tenant.id);
        for _ in 0..LOOKS_MAX {
            let request = store.request(token.contact, token.request).await?.ok_or_else(over)?;
            let contact = store.contact(token.contact).await?.ok_or_else(over)?;
            let is_gone = contact.deleted_at.is_some() || contact.status == ReviewStatus::Cancelled;
            if is_gone || !request.awaits(usize::from(token.round), contact.epoch, self.now) {
                return Err(over());
            }
            let next = step(request)?;
            let mut change = self.change(&store);
            change.save_request(&next)?;
            let detail = self.personal(&contact, values);
            let mut line = self.line(next.id, next.version, detail);
            line.actor = Actor::Contact(contact.id);
            change.audit(Home::Contact(contact.id), &line)?;
            self.prove(&mut change, contact)?;
            if self.try_commit(change, Accepted).await?.is_ok() {
                return Ok(Accepted);
            }
        }
        Err(busy())
    }

    /// Notes that `contact` reads mail at their address, unless that is known.
    fn prove(&self, change: &mut Change, contact: Contact) -> Result<(), StoreError> {
        if contact.proved_at.is_some() {
            return change.check_contact(&contact);
        }
        let proved = Contact { proved_at: Some(self.now), version: contact.version + 1, ..contact };
        let detail = Detail::Plain(json!({ "proved_at": [null, proved.proved_at] }));
        let mut line = self.line(proved.id, proved.version, detail);
        "contacts.proved".clone_into(&mut line.verb);
        line.actor = Actor::Contact(proved.id);
        change.save_contact(&proved)?;
        change.audit(Home::Contact(proved.id), &line)
    }
}

fn over() -> Problem {
    let detail = "The question was answered, or the request no longer waits for an answer.";
    Problem::new(Kind::LinkOver, detail)
}
