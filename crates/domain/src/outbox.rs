//! The outbox: mails that are owed, and how far each has come.
//!
//! ```text
//! pending ──lease──▶ leased ──sent──▶ sent
//!    ▲                 ├──throttled or in doubt──▶ retry ──due──▶ leased
//!    │                 ├──refused by the mail service──▶ dead
//!    │                 └──nothing to say any more──▶ suppressed | expired
//! ```
//!
//! A row is written in the transaction of its cause, under a key that names the cause, so that a
//! cause mails once. It holds no secret: the mailer derives links and codes again.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{ChallengeId, ContactId, DocumentId, GrantId, InvitationId, MailId, RequestId};

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
    /// Which mail.
    pub id: MailId,
    /// What it is about; one mail per tenant has it.
    pub dedupe: String,
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
}

/// Why a mail is sent, and from what it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A link that signs one browser in.
    MagicLink {
        /// To whom.
        contact_id: ContactId,
        /// Which link.
        invitation_id: InvitationId,
        /// The request it answers.
        request_id: Option<RequestId>,
    },
    /// Six digits.
    Code {
        /// Which digits, and to whom if to anybody.
        challenge_id: ChallengeId,
    },
    /// The link of last resort, when short codes have stopped.
    Confirmation {
        /// To whom.
        contact_id: ContactId,
        /// Which link.
        invitation_id: InvitationId,
    },
    /// We have your request.
    RequestReceived {
        /// To whom.
        contact_id: ContactId,
        /// Which request.
        request_id: RequestId,
    },
    /// Staff want to know something.
    Question {
        /// To whom.
        contact_id: ContactId,
        /// About which request.
        request_id: RequestId,
        /// Which question, from 0.
        round: usize,
    },
    /// The request was rejected.
    Rejected {
        /// To whom.
        contact_id: ContactId,
        /// Which request.
        request_id: RequestId,
    },
    /// Documents were shared, and staff chose to say so.
    Shared {
        /// To whom.
        contact_id: ContactId,
        /// Which link.
        invitation_id: InvitationId,
    },
    /// Access to a document ended.
    Expired {
        /// To whom.
        contact_id: ContactId,
        /// Which grant.
        grant_id: GrantId,
        /// Which document.
        document_id: DocumentId,
        /// The grant's version that ended.
        version: u64,
    },
}

impl Purpose {
    /// The word for lists and logs.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::MagicLink { .. } => "magic_link",
            Self::Code { .. } => "code",
            Self::Confirmation { .. } => "confirmation",
            Self::RequestReceived { .. } => "request_received",
            Self::Question { .. } => "question",
            Self::Rejected { .. } => "rejected",
            Self::Shared { .. } => "shared",
            Self::Expired { .. } => "expired",
        }
    }

    /// What the mail is about; one mail per tenant has it.
    #[must_use]
    pub fn dedupe(&self) -> String {
        match self {
            Self::MagicLink { request_id: Some(request_id), .. } => format!("approve#{request_id}"),
            Self::MagicLink { invitation_id, .. } => format!("invite#{invitation_id}"),
            Self::Code { challenge_id } => format!("code#{challenge_id}"),
            Self::Confirmation { invitation_id, .. } => format!("confirm#{invitation_id}"),
            Self::RequestReceived { request_id, .. } => format!("received#{request_id}"),
            Self::Question { request_id, round, .. } => format!("ask#{request_id}#{round}"),
            Self::Rejected { request_id, .. } => format!("reject#{request_id}"),
            Self::Shared { invitation_id, .. } => format!("shared#{invitation_id}"),
            Self::Expired { grant_id, version, .. } => format!("expired#{grant_id}#{version}"),
        }
    }
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
    /// To be tried again.
    Retry,
    /// Not sent, because its cause is gone or the address is closed to us.
    Suppressed,
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
}

impl Mail {
    /// A mail owed from `now` on and worth sending until `expires_at`.
    #[must_use]
    pub fn new(id: MailId, purpose: Purpose, now: Timestamp, expires_at: Timestamp) -> Self {
        Self {
            id,
            dedupe: purpose.dedupe(),
            version: 1,
            purpose,
            state: State::Pending,
            attempts: 0,
            due_at: now,
            expires_at,
            message_id: None,
            created_at: now,
            settled_at: None,
        }
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
            Outcome::Again if ATTEMPTS_MAX <= self.attempts => self.settled(State::Dead, now),
            Outcome::Again => {
                self.state = State::Retry;
                self.due_at = now + LEASE * i32::from(self.attempts);
                self
            }
        }
    }

    fn settled(mut self, state: State, now: Timestamp) -> Self {
        self.state = state;
        self.settled_at = Some(now);
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::*;
    use crate::id::Id;

    fn owed() -> Mail {
        let challenge_id = ChallengeId::from_ulid(Ulid::from_parts(1, 1));
        let end = Timestamp::from_second(600).unwrap();
        let id = MailId::from_ulid(Ulid::from_parts(1, 1));
        Mail::new(id, Purpose::Code { challenge_id }, Timestamp::UNIX_EPOCH, end)
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_lease_keeps_others_away_until_it_is_over() {
        let leased = owed().leased(at(0)).unwrap();
        assert_eq!(leased.clone().leased(at(59)), None);
        assert!(leased.leased(at(60)).is_some_and(|again| again.attempts == 2));
    }

    #[test]
    fn an_expired_code_is_never_sent() {
        let late = owed().leased(at(600)).unwrap();
        assert_eq!((late.state, late.attempts), (State::Expired, 0));
    }

    #[test]
    fn a_settled_mail_is_not_looked_at_again() {
        let sent = owed().leased(at(0)).unwrap().tried(Outcome::Sent("m".to_owned()), at(1));
        assert_eq!(sent.message_id.as_deref(), Some("m"));
        assert_eq!(sent.leased(at(500)), None);
    }

    proptest! {
        #[test]
        fn a_mail_is_tried_a_bounded_number_of_times(waits in proptest::collection::vec(0_i64..400, 1..60)) {
            let mut mail = Mail { expires_at: Timestamp::MAX, ..owed() };
            let mut now = 0;
            for wait in waits {
                now += wait;
                if let Some(leased) = mail.clone().leased(at(now)) {
                    prop_assert!(leased.version == mail.version + 1);
                    mail = leased.tried(Outcome::Again, at(now));
                }
                prop_assert!(mail.attempts <= ATTEMPTS_MAX);
            }
        }
    }
}
