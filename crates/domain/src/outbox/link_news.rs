//! What whoever made a guest link is told of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::expiry::Milestone;
use crate::id::{ContactId, DeviceId, LinkId, MemberId};

/// What became of a guest link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkNews {
    /// Somebody was let in by it.
    Opened {
        /// By which link.
        link_id: LinkId,
        /// Who was let in.
        contact_id: ContactId,
        /// In which browser.
        device_id: DeviceId,
        /// Whether they proved their address, rather than pressed first.
        proved: bool,
        /// From where.
        network: String,
        /// When.
        at: Timestamp,
    },
    /// The owner of a mailbox took a browser off it.
    Disowned {
        /// Which link.
        link_id: LinkId,
        /// Whose mailbox.
        contact_id: ContactId,
        /// Which browser.
        device_id: DeviceId,
        /// When it had come.
        came_at: Timestamp,
    },
    /// It does not open, and somebody who has it asks for it.
    AskedAgain {
        /// Which link.
        link_id: LinkId,
        /// On which day, as `2026-11-30`; each is told once.
        day: String,
        /// When.
        at: Timestamp,
    },
    /// It ends soon, today, or has ended.
    Ending {
        /// Which link.
        link_id: LinkId,
        /// When it ends.
        ends_at: Timestamp,
        /// What of it.
        milestone: Milestone,
    },
    /// The company's plan holds no links any more that open to anybody, as this one does.
    Lapsed {
        /// The company's version since when.
        version: u64,
    },
}

impl LinkNews {
    /// The word for lists and logs.
    #[must_use]
    pub(super) fn as_str(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "link_opened",
            Self::Disowned { .. } => "disowned",
            Self::AskedAgain { .. } => "asked_again",
            Self::Ending { milestone: Milestone::Over, .. } => "link_expired",
            Self::Ending { .. } => "link_expiry_warning",
            Self::Lapsed { .. } => "links_lapsed",
        }
    }

    /// What a mail of it to `member` is about.
    #[must_use]
    pub(super) fn dedupe(&self, member: MemberId) -> String {
        match self {
            Self::Opened { link_id, device_id, .. } => format!("opened#{link_id}#{device_id}"),
            Self::Disowned { link_id, device_id, .. } => format!("disowned#{link_id}#{device_id}"),
            Self::AskedAgain { link_id, day, .. } => format!("again#{link_id}#{day}"),
            Self::Ending { link_id, ends_at, milestone } => {
                format!("end#{link_id}#{}#{milestone}", ends_at.as_millisecond())
            }
            Self::Lapsed { version } => format!("lapse#{version}#{member}"),
        }
    }
}
