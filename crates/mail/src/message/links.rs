//! Mails about guest links.

use domain::link::Rights;
use jiff::Timestamp;

use crate::message::{End, Left};

/// A mail about a guest link, as facts.
pub enum LinkMail {
    /// A guest link to one document.
    Share {
        /// First name of a reader who has proved the address.
        first_name: Option<String>,
        /// Who sends it, as they call themselves.
        sender: String,
        /// The document's title.
        title: String,
        /// What the link allows.
        rights: Rights,
        /// The address of the guest page, `/g/{link}#{secret}`.
        url: String,
        /// When it stops opening, if it does.
        ends: Option<End>,
    },
    /// To the member who made a guest link: somebody was let in by it.
    Opened {
        /// First and last name of whoever was let in.
        name: String,
        /// The document's title.
        title: String,
        /// Whether they proved their address, rather than opened the link first.
        proved: bool,
        /// From where, as a network address.
        network: String,
        /// When.
        opened_at: Timestamp,
    },
    /// To the owner of a mailbox: a new browser was let in by their link.
    NewDevice {
        /// First name of a reader who has proved the address.
        first_name: Option<String>,
        /// The document's title.
        title: String,
        /// From where, as a network address.
        network: String,
        /// What the browser calls itself, its whole `User-Agent`.
        agent: Option<String>,
        /// When.
        opened_at: Timestamp,
        /// The address of the page that takes the browser off the link.
        url: String,
    },
    /// To the member who made a guest link: the owner of the mailbox took a browser off it.
    Disowned {
        /// First and last name of the mailbox's owner.
        name: String,
        /// The document's title.
        title: String,
        /// When the browser had come.
        opened_at: Timestamp,
    },
    /// To the member who made a guest link that does not open: somebody asks for it.
    AskedAgain {
        /// First and last name of whoever the link is for, if it is for anybody.
        name: Option<String>,
        /// The document's title.
        title: String,
        /// When.
        asked_at: Timestamp,
    },
    /// To the member who made a guest link: it ends soon, today, or has ended.
    Ending {
        /// The document's title.
        title: String,
        /// When.
        ends: End,
        /// How long there is until then; absent once it has come.
        left: Option<Left>,
    },
    /// To a member who made guest links that open to anybody: the plan holds none any more.
    Lapsed {
        /// The title of a document that one of them opens.
        title: String,
    },
}

impl LinkMail {
    /// The name of the template folder.
    pub(super) fn purpose(&self) -> &'static str {
        match self {
            Self::Share { .. } => "guest_link",
            Self::Opened { .. } => "link_opened",
            Self::NewDevice { .. } => "new_device",
            Self::Disowned { .. } => "disowned",
            Self::AskedAgain { .. } => "asked_again",
            Self::Ending { .. } => "link_ending",
            Self::Lapsed { .. } => "links_lapsed",
        }
    }
}
