//! What each mail is about. Render it with [`Message::render`].

mod links;
mod thread;

use std::fmt;

use domain::member::Role;
use jiff::Timestamp;
use jiff::tz::TimeZone;

pub use crate::message::links::LinkMail;
pub use crate::message::thread::{CertificateReader, GuestDeed, ThreadMail};

/// A mail as facts. Texts may be as people typed them: rendering cleans and bounds them.
///
/// First names are `Some` only where the reader has proved the address: nobody may use this
/// service to greet a stranger by a name of their choice.
pub enum Message {
    /// A contact's way into the portal.
    MagicLink {
        /// Why it comes.
        occasion: Occasion,
        /// First name of a reader who has proved the address.
        first_name: Option<String>,
        /// Titles of everything that is open to the contact now.
        documents: Vec<String>,
        /// The portal's address, `/p/{slug}#{token}`.
        url: String,
        /// When the link stops working.
        expires_at: Timestamp,
    },
    /// About a guest link.
    Link(LinkMail),
    /// About what is said and signed in the thread of a document.
    Thread(ThreadMail),
    /// Six digits. This mail holds no link, so that nobody learns to click in code mails.
    Code {
        /// Exactly six ASCII digits.
        code: String,
        /// What the code lets its reader into.
        opens: Opens,
        /// When the code stops working, ten minutes after it was asked for.
        expires_at: Timestamp,
    },
    /// The link of last resort, mailed instead of a code once short codes have stopped.
    ConfirmationLink {
        /// What the link lets its reader into.
        opens: Opens,
        /// The address of the page that confirms.
        url: String,
        /// When the link stops working, 24 hours after it was asked for.
        expires_at: Timestamp,
    },
    /// To the requester: the request has arrived.
    RequestReceived {
        /// Who asked for what, as far as the mail may say.
        asker: Asker,
        /// When the request arrived.
        requested_at: Timestamp,
    },
    /// To staff: somebody asks for documents.
    RequestArrived {
        /// First and last name, as typed.
        name: String,
        /// Company, as typed; may be empty.
        company: String,
        /// The requester's address.
        email: String,
        /// Titles asked for.
        documents: Vec<String>,
        /// When the request arrived.
        requested_at: Timestamp,
    },
    /// To the requester: staff want to know something first.
    Question {
        /// First name of a reader who has proved the address.
        first_name: Option<String>,
        /// What staff typed, line breaks kept.
        question: String,
        /// When the request arrived.
        requested_at: Timestamp,
        /// The address of the answer page, `/t/{slug}/answer#{token}`.
        url: String,
        /// When the link stops working.
        expires_at: Timestamp,
    },
    /// To the requester: nothing was shared.
    Rejected {
        /// Who asked for what, as far as the mail may say.
        asker: Asker,
        /// When the request arrived.
        requested_at: Timestamp,
        /// When it was decided.
        decided_at: Timestamp,
    },
    /// To the contact: access to documents has ended.
    Expired {
        /// First name of a reader who has proved the address.
        first_name: Option<String>,
        /// Titles that are no longer open.
        documents: Vec<String>,
        /// When access ended.
        ended: End,
    },
    /// To the member who gave the access: it has ended.
    AccessExpiredStaff {
        /// The contact's first and last name.
        name: String,
        /// The contact's company; may be empty.
        company: String,
        /// Titles that are no longer open.
        documents: Vec<String>,
        /// When access ended.
        ended: End,
        /// The address of the page that extends it.
        url: String,
    },
    /// To the contact: access to documents ends soon.
    ExpiryWarning {
        /// First name of a reader who has proved the address.
        first_name: Option<String>,
        /// Titles that close then.
        documents: Vec<String>,
        /// When access ends.
        ends: End,
        /// How long that is from now.
        left: Left,
    },
    /// To the member who gave the access: it ends soon.
    ExpiryWarningStaff {
        /// The contact's first and last name.
        name: String,
        /// The contact's company; may be empty.
        company: String,
        /// Titles that close then.
        documents: Vec<String>,
        /// When access ends.
        ends: End,
        /// How long that is from now.
        left: Left,
        /// The address of the page that extends it.
        url: String,
    },
    /// To a member who reviews: the access of a whole account ends soon, or has ended.
    AccountEnding {
        /// The account's name.
        account: String,
        /// When access ends.
        ends: End,
        /// How long that is from now; absent once it has ended.
        left: Option<Left>,
    },
    /// To a colleague to be: a seat is offered.
    Invitation {
        /// Who invites, as they call themselves; nobody, if they are gone.
        inviter: Option<String>,
        /// What the seat is for.
        role: Role,
        /// The address of the page where it is accepted, `/invitation#{token}`.
        url: String,
        /// When the link stops working.
        expires_at: Timestamp,
    },
    /// To a member: a link to another password.
    PasswordReset {
        /// The address of the page where it is set, `/password-reset#{token}`.
        url: String,
        /// When the link stops working.
        expires_at: Timestamp,
    },
    /// To a member: an administrator ordered their second factor to be turned off.
    SecondFactorReset {
        /// When it will be.
        at: Timestamp,
    },
}

/// When access ends, and by whose clock that was meant.
#[derive(Clone, Debug)]
pub struct End {
    /// The first instant at which it is over.
    pub at: Timestamp,
    /// Where its day was meant.
    pub zone: TimeZone,
}

/// How long something goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// This many days.
    Days(u8),
    /// Not beyond today.
    Today,
}

/// Why a magic link comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// A request was approved.
    Approval {
        /// When the request arrived.
        requested_at: Timestamp,
    },
    /// Staff opened documents, or sent the link, without a request.
    Invitation,
    /// The contact asked for a new link with one that is over.
    Renewal,
}

/// What a code or a confirmation link lets its reader into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opens {
    /// Everything the tenant shares with the reader.
    Portal,
    /// One document.
    Document {
        /// Its title.
        title: String,
    },
}

/// Who asked for documents, as far as a mail to them may say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    /// Nobody has proved the address, so the mail may have no say of the visitor's in it: neither
    /// name nor choice, only how many documents.
    Unproved {
        /// How many documents were asked for.
        documents: usize,
    },
    /// The reader has proved the address.
    Proved {
        /// First name.
        first_name: String,
        /// Titles asked for.
        documents: Vec<String>,
    },
}

/// A mail ready to be sent. All three parts may hold secrets, so none of them prints.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line of at most 150 characters.
    pub subject: String,
    /// The plain text version, complete in itself.
    pub text: String,
    /// The HTML version, complete in itself; it loads nothing.
    pub html: String,
}

impl Message {
    /// Names the kind of mail as its template folder does, for logs and rows.
    #[must_use]
    pub fn purpose(&self) -> &'static str {
        match self {
            Self::MagicLink { .. } => "magic_link",
            Self::Link(mail) => mail.purpose(),
            Self::Thread(mail) => mail.purpose(),
            Self::Code { .. } => "code",
            Self::ConfirmationLink { .. } => "confirmation_link",
            Self::RequestReceived { .. } => "request_received",
            Self::RequestArrived { .. } => "request_arrived",
            Self::Question { .. } => "question",
            Self::Rejected { .. } => "rejected",
            Self::Expired { .. } => "expired",
            Self::AccessExpiredStaff { .. } => "access_expired_staff",
            Self::ExpiryWarning { .. } => "expiry_warning",
            Self::ExpiryWarningStaff { .. } => "expiry_warning_staff",
            Self::AccountEnding { .. } => "account_ending",
            Self::Invitation { .. } => "invitation",
            Self::PasswordReset { .. } => "password_reset",
            Self::SecondFactorReset { .. } => "second_factor_reset",
        }
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Message").field(&self.purpose()).finish()
    }
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rendered").finish_non_exhaustive()
    }
}
