//! The outbox: mails that are owed, and how far each has come.
//!
//! ```text
//! pending ──lease──▶ leased ──sent──▶ sent
//!    ▲                 ├──throttled or in doubt──▶ retry ──due──▶ leased
//!    │                 ├──refused by the mail service──▶ dead
//!    │                 └──nothing to say any more──▶ suppressed | expired
//!
//! sent, or in doubt ──news of the mail service──▶ delivered ──▶ bounced ──▶ complained
//! ```
//!
//! A row is written in the transaction of its cause, under an id that is derived from the cause, so
//! that a cause mails once. It holds no secret and no address: the mailer derives links and codes
//! again, and reads where to send them.

pub mod link_news;
pub mod purpose;
#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ulid::Ulid;

use crate::id::{Id, MailId};
use crate::outbox::purpose::Purpose;

/// How long one worker holds a mail before another may take it. The mail service has no
/// idempotency key, so a mail in doubt waits this long for news before it is sent again.
pub const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// Tries before a mail is given up.
pub const ATTEMPTS_MAX: u8 = 8;
/// Days the row stays after the mail was settled.
pub const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// A mail that is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Which mail; derived from what it is about and from `round`.
    pub id: MailId,
    /// Times it was sent again by hand before; 0 for the first.
    #[serde(default)]
    pub round: u32,
    /// Saves so far, at least 1.
    pub version: u64,
    /// Why it is sent, and what it says.
    pub purpose: Purpose,
    /// How far it has come.
    pub state: State,
    /// Tries so far.
    pub attempts: u8,
    /// When the mailer should look at it next.
    pub due_at: Timestamp,
    /// When it is no longer worth sending.
    pub expires_at: Timestamp,
    /// What the mail service called it.
    pub message_id: Option<String>,
    /// When it was owed.
    pub created_at: Timestamp,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
    /// When the mail service last told what became of it.
    pub heard_at: Option<Timestamp>,
}

/// How far a mail has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Owed.
    Pending,
    /// A worker is sending it.
    Leased,
    /// The mail service took it.
    Sent,
    /// The reader's mail server took it.
    Delivered,
    /// The reader's mail server refused it for good.
    Bounced,
    /// The reader called it unwanted.
    Complained,
    /// To be tried again.
    Retry,
    /// Not sent, because its cause is gone: there is nothing to say any more.
    Suppressed,
    /// Not sent, because mails to this address bounced or were complained about.
    Blocked,
    /// Not sent, because it came too late to be of use.
    Expired,
    /// Given up.
    Dead,
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The mail service took it and called it this.
    Sent(String),
    /// The mail service was busy, or its answer was lost.
    Again,
    /// The mail service will never take it.
    Refused,
    /// There is nothing to say any more.
    Moot,
    /// The address is closed to us.
    Blocked,
}

/// What the mail service tells about a mail that it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// The reader's mail server took it.
    Delivered,
    /// The reader's mail server refused it for good.
    Bounced,
    /// The reader called it unwanted.
    Complained,
    /// The mail service itself will not send it.
    Rejected,
}

/// Why mail to an address stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    /// A mail bounced for good.
    Bounce,
    /// A reader called a mail unwanted.
    Complaint,
}

/// That mail to an address has stopped, and because of what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    /// Why.
    pub because: Closed,
    /// The mail that told.
    pub mail_id: MailId,
    /// When.
    pub at: Timestamp,
    /// When somebody let mail through again. It stays known, so that the same news told once more
    /// stops nothing.
    pub lifted_at: Option<Timestamp>,
}

/// Why a mail is not sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AgainError {
    /// It has not been tried to its end.
    #[error("the mail is still on its way")]
    OnItsWay,
    /// It carries what is to be asked for anew.
    #[error("a code is never sent twice; whoever needs one asks for a new one")]
    AskAnew,
}

impl Mail {
    /// A mail owed from `now` on and worth sending until `expires_at`.
    #[must_use]
    pub fn new(purpose: Purpose, now: Timestamp, expires_at: Timestamp) -> Self {
        Self {
            id: Self::id_of(&purpose, 0),
            round: 0,
            version: 1,
            purpose,
            state: State::Pending,
            attempts: 0,
            due_at: now,
            expires_at,
            message_id: None,
            created_at: now,
            settled_at: None,
            heard_at: None,
        }
    }

    /// The id of the mail that `purpose` owes in a `round`: the first 128 bits of a SHA-256, so
    /// that whoever owes it a second time meets the first.
    #[must_use]
    pub fn id_of(purpose: &Purpose, round: u32) -> MailId {
        let digest = Sha256::digest(format!("{}#{round}", purpose.dedupe()));
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        MailId::from_ulid(Ulid::from_bytes(bytes))
    }

    /// The same mail once more, sent by hand because of `purpose`, which may carry a fresh link.
    /// Two who send it again at once owe one mail.
    ///
    /// # Errors
    /// [`AgainError`].
    pub fn again(
        &self,
        purpose: Purpose,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Self, AgainError> {
        if self.holds_a_code() {
            return Err(AgainError::AskAnew);
        }
        if self.is_owed() {
            return Err(AgainError::OnItsWay);
        }
        let round = self.round + 1;
        // Named after the mail it repeats, whatever link it carries.
        let id = Self::id_of(&self.purpose, round);
        Ok(Self { id, round, ..Self::new(purpose, now, expires_at) })
    }

    /// Whether it can be sent again.
    #[must_use]
    pub fn is_resendable(&self) -> bool {
        !self.holds_a_code() && !self.is_owed()
    }

    fn holds_a_code(&self) -> bool {
        matches!(
            self.purpose,
            Purpose::Code { .. }
                | Purpose::LinkConfirmation { .. }
                | Purpose::Confirmation { .. }
                | Purpose::PasswordReset { .. }
        )
    }

    /// How long it was worth sending when it was owed.
    #[must_use]
    pub fn life(&self) -> SignedDuration {
        self.expires_at.duration_since(self.created_at)
    }

    /// Whether the mail still waits for a worker, now or later.
    #[must_use]
    pub fn is_owed(&self) -> bool {
        matches!(self.state, State::Pending | State::Leased | State::Retry)
    }

    /// The mail taken by one worker; `None` if it is settled or not due. Save it under the
    /// version read, and send only if that save won.
    #[must_use]
    pub fn leased(mut self, now: Timestamp) -> Option<Self> {
        if !self.is_owed() || now < self.due_at {
            return None;
        }
        self.version += 1;
        if self.expires_at <= now {
            return Some(self.settled(State::Expired, now));
        }
        self.attempts += 1;
        self.state = State::Leased;
        self.due_at = now + LEASE;
        Some(self)
    }

    /// The leased mail after a try.
    #[must_use]
    pub fn tried(mut self, outcome: Outcome, now: Timestamp) -> Self {
        self.version += 1;
        match outcome {
            Outcome::Sent(message_id) => {
                self.message_id = Some(message_id);
                self.settled(State::Sent, now)
            }
            Outcome::Refused => self.settled(State::Dead, now),
            Outcome::Moot => self.settled(State::Suppressed, now),
            Outcome::Blocked => self.settled(State::Blocked, now),
            Outcome::Again if ATTEMPTS_MAX <= self.attempts => self.settled(State::Dead, now),
            Outcome::Again => {
                self.state = State::Retry;
                self.due_at = now + LEASE * i32::from(self.attempts);
                self
            }
        }
    }

    /// The mail after `news` of it; `None` if that is nothing new. News may come twice, in any
    /// order, and before the answer to the try that it is about: worse news stays.
    #[must_use]
    pub fn heard(mut self, news: News, now: Timestamp) -> Option<Self> {
        let state = match news {
            News::Delivered => State::Delivered,
            News::Bounced => State::Bounced,
            News::Complained => State::Complained,
            News::Rejected => State::Dead,
        };
        let rank = |state| match state {
            State::Pending | State::Leased | State::Retry | State::Sent => 0,
            State::Suppressed | State::Blocked | State::Expired => 1,
            State::Delivered => 2,
            State::Dead => 3,
            State::Bounced => 4,
            State::Complained => 5,
        };
        if rank(state) <= rank(self.state) {
            return None;
        }
        self.version += 1;
        self.heard_at = Some(now);
        let settled_at = self.settled_at.unwrap_or(now);
        Some(Self { settled_at: Some(settled_at), ..self.settled(state, now) })
    }

    fn settled(mut self, state: State, now: Timestamp) -> Self {
        self.state = state;
        self.settled_at = Some(now);
        self
    }
}
