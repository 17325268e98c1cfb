//! What a change would save, kept by a change that is only rehearsed: it is built by the same code
//! and never written.

use domain::account::Account;
use domain::contact::Contact;
use domain::document::Document;
use domain::grant::Grant;
use domain::link::Link;
use domain::member::Member;
use domain::outbox::Mail;
use domain::request::Request;
use domain::tenant::Tenant;

use crate::Store;
use crate::change::Change;
use crate::keys::Keys;

/// One thing as it would be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// A contact.
    Contact(Box<Contact>),
    /// An account.
    Account(Box<Account>),
    /// A grant.
    Grant(Box<Grant>),
    /// A request.
    Request(Box<Request>),
    /// A document.
    Document(Box<Document>),
    /// A guest link.
    Link(Box<Link>),
    /// The company itself.
    Tenant(Box<Tenant>),
    /// A member's seat.
    Member(Box<Member>),
    /// A mail that would be owed.
    Mail(Box<Mail>),
}

impl Store {
    /// Begins a change that is never written.
    pub fn rehearse(&self) -> Change {
        Change {
            keys: Keys(self.tenant),
            table: self.table.clone(),
            token: String::new(),
            steps: Vec::new(),
            rehearsed: Some(Vec::new()),
        }
    }
}

impl Change {
    /// What a rehearsed change would save, in the order in which it was added; nothing for one that
    /// is to be written.
    #[must_use]
    pub fn into_saved(self) -> Vec<Saved> {
        self.rehearsed.unwrap_or_default()
    }

    /// Notes a save, if this change is only rehearsed.
    pub(crate) fn note(&mut self, saved: impl FnOnce() -> Saved) {
        if let Some(rehearsed) = &mut self.rehearsed {
            rehearsed.push(saved());
        }
    }
}
