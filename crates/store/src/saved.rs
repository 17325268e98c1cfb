//! What a change would save, as one that is only rehearsed tells it.

use domain::account::Account;
use domain::contact::Contact;
use domain::document::Document;
use domain::grant::Grant;
use domain::link::Link;
use domain::member::Member;
use domain::outbox::Mail;
use domain::request::Request;
use domain::tenant::Tenant;

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
