//! Reviewing a request: reading it with everything that its page shows, and every step of a review
//! but the decision, which is [`crate::requests::deciding`].

pub mod answering;
pub mod deciding;
pub mod visitor;

use domain::account::Account;
use domain::activity::Detail;
use domain::document::Document;
use domain::id::{DocumentId, RequestId};
use domain::outbox::Mail;
use domain::request::Request;
use policy::trust::{Action, Resource};
use store::activities::Home;
use store::contacts::Folder;

use crate::callers::staff::Staff;
use crate::exchange::answer::Answer;
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem};

/// Looks at a request at the most; each look after the first means that somebody else saved it, or
/// the contact, or a grant.
pub const LOOKS_MAX: u32 = 16;

/// A request with everything that its page shows.
#[derive(Debug)]
pub struct Reviewed {
    /// The request.
    pub request: Request,
    /// Who asks, what is shared with them, what else they asked for.
    pub folder: Folder,
    /// Whom they work for.
    pub account: Option<Account>,
    /// The documents asked for, deleted ones included, in no order.
    pub documents: Vec<Document>,
}

/// What a step makes of a request.
#[derive(Debug)]
pub struct Step {
    /// The request after it.
    pub request: Request,
    /// What the trail says about it.
    pub detail: Detail,
    /// The mail it owes, if any.
    pub mail: Option<Mail>,
}

impl Cx<Staff> {
    /// A request with everything that its page shows, to do `action` with.
    ///
    /// # Errors
    /// [`Kind::NotFound`], [`Kind::Forbidden`], or the table's.
    pub async fn reviewed(&self, id: RequestId, action: Action) -> Result<Reviewed, Problem> {
        let resource = Resource::Request(id);
        if !self.may(Action::RequestRead, &resource) {
            return Err(Problem::not_found());
        }
        let store = self.store();
        let contact = store.contact_of_request(id).await?.ok_or_else(Problem::not_found)?;
        let folder = store.folder(contact).await?.ok_or_else(Problem::not_found)?;
        let request = folder.requests.iter().find(|request| request.id == id);
        let request = request.cloned().ok_or_else(Problem::not_found)?;
        self.allow(action, &resource)?;
        let account = self.account_of(&folder.contact).await?;
        let asked: Vec<DocumentId> = request.items.iter().map(|item| item.document_id).collect();
        let documents = store.documents_of(&asked).await?;
        Ok(Reviewed { request, folder, account, documents })
    }

    /// Takes one `step` of the review of a request and answers with what it came to. If somebody
    /// saves first, the step is taken from what they left.
    ///
    /// # Errors
    /// As [`Cx::reviewed`], whatever `step` refuses, or [`Kind::Busy`] after [`LOOKS_MAX`] looks.
    pub async fn review<A: Answer>(
        &self,
        id: RequestId,
        action: Action,
        step: impl Fn(&Reviewed) -> Result<Step, Problem>,
        answer: impl Fn(&Reviewed) -> A,
    ) -> Result<A, Problem> {
        for _ in 0..LOOKS_MAX {
            let seen = self.reviewed(id, action).await?;
            let Step { request, detail, mail } = step(&seen)?;
            let mut change = self.change(&self.store());
            change.save_request(&request)?;
            let line = self.line(request.id, request.version, detail);
            change.audit(Home::Contact(request.contact_id), &line)?;
            if let Some(mail) = &mail {
                // Whoever was suspended this instant is not mailed.
                change.check_contact(&seen.folder.contact)?;
                change.owe(mail)?;
            }
            let answer = answer(&Reviewed { request, ..seen });
            if let Ok(answer) = self.try_commit(change, answer).await? {
                return Ok(answer);
            }
        }
        Err(busy())
    }
}

pub(crate) fn busy() -> Problem {
    let detail = "Others keep changing this request or its contact. Try again.";
    Problem::new(Kind::Busy, detail).after(1)
}
