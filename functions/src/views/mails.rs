//! Mails as staff see them: why, how far, and never what they say.

use domain::activity::Object;
use domain::id::{MailId, RequestId};
use domain::outbox::{Mail, State};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// A mail.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Mail")]
pub struct MailView {
    /// Which mail.
    pub id: MailId,
    /// Why it is sent: `magic_link`, `question`, `rejected`, `expiry_warning` and so on.
    pub purpose: &'static str,
    /// The contact or member it goes to.
    pub to: Option<Object>,
    /// The request that caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// How far it has come.
    pub state: MailState,
    /// Times it was sent again by hand before; 0 for the first.
    pub round: u32,
    /// When it was owed.
    pub created_at: Timestamp,
    /// When it was sent or given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Timestamp>,
    /// When the mail service last told what became of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard_at: Option<Timestamp>,
    /// Whether it may be sent again.
    pub resendable: bool,
}

/// How far a mail has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// Owed, or being tried.
    Queued,
    /// The mail service took it.
    Sent,
    /// The reader's mail server took it.
    Delivered,
    /// The reader's mail server refused it.
    Bounced,
    /// The reader called it unwanted.
    Complained,
    /// Not sent: its cause was gone when its turn came.
    Moot,
    /// Not sent: mail to the address has stopped.
    Blocked,
    /// Not sent: it came too late to be of use.
    Expired,
    /// Given up: the mail service would not send it.
    Failed,
}

impl From<State> for MailState {
    fn from(state: State) -> Self {
        match state {
            State::Pending | State::Leased | State::Retry => Self::Queued,
            State::Sent => Self::Sent,
            State::Delivered => Self::Delivered,
            State::Bounced => Self::Bounced,
            State::Complained => Self::Complained,
            State::Suppressed => Self::Moot,
            State::Blocked => Self::Blocked,
            State::Expired => Self::Expired,
            State::Dead => Self::Failed,
        }
    }
}

impl From<&Mail> for MailView {
    fn from(mail: &Mail) -> Self {
        Self {
            id: mail.id,
            purpose: mail.purpose.as_str(),
            to: mail.purpose.addressee(),
            request_id: mail.purpose.request(),
            state: mail.state.into(),
            round: mail.round,
            created_at: mail.created_at,
            settled_at: mail.settled_at,
            heard_at: mail.heard_at,
            resendable: mail.is_resendable(),
        }
    }
}
