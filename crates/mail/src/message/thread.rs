//! Mails about what is said and signed in the thread of a document.

use domain::signature::Act;
use jiff::Timestamp;

/// A mail about a document's thread, as facts.
pub enum ThreadMail {
    /// To a contact: staff wrote in the thread of a document.
    Message {
        /// First name of a reader who has proved the address.
        first_name: Option<String>,
        /// Who wrote, as they call themselves.
        sender: String,
        /// The document's title.
        title: String,
        /// What they wrote, line breaks kept.
        text: String,
        /// Whether they ask for files.
        asks_for_files: bool,
        /// Where it can be answered.
        url: String,
    },
    /// To a contact: their signature is asked for.
    SignatureRequest {
        /// First name of a reader who has proved the address.
        first_name: Option<String>,
        /// Who asks, as they call themselves.
        sender: String,
        /// The document's title.
        title: String,
        /// What they are asked to do.
        act: Act,
        /// What the sender says to it, line breaks kept.
        text: Option<String>,
        /// The address of the guest page, `/g/{link}#{secret}`.
        url: String,
    },
    /// To the member who made a guest link: somebody did something on it.
    GuestActed {
        /// First and last name of whoever did it.
        name: String,
        /// The document's title.
        title: String,
        /// What they did.
        deed: GuestDeed,
        /// What they said, line breaks kept.
        text: Option<String>,
        /// When.
        acted_at: Timestamp,
    },
    /// To whoever signed, and to the member who asked: everybody has.
    Certified {
        /// Why it comes.
        reader: CertificateReader,
        /// The document's title.
        title: String,
        /// How many signed or approved.
        signers: usize,
        /// When the last one did.
        completed_at: Timestamp,
        /// Where the certificate can be read, while anything opens it.
        url: Option<String>,
    },
}

/// What a guest did on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuestDeed {
    /// Wrote a message.
    Wrote,
    /// Said that they will not sign, or do not want the document.
    Declined,
    /// Sent a file that was asked for.
    SentFile,
    /// Signed.
    Signed,
    /// Approved.
    Approved,
}

/// To whom it is told that a document is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateReader {
    /// One of those who signed.
    Signer {
        /// First name; whoever signed has proved the address.
        first_name: Option<String>,
    },
    /// The member who asked.
    Asker,
}

impl ThreadMail {
    /// The name of the template folder.
    pub(super) fn purpose(&self) -> &'static str {
        match self {
            Self::Message { .. } => "thread_message",
            Self::SignatureRequest { .. } => "signature_request",
            Self::GuestActed { .. } => "guest_acted",
            Self::Certified { .. } => "certified",
        }
    }
}
