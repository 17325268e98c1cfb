//! Why a mail is sent: from this, and what is read when it leaves, it is written.
//!
//! | in lists | templates | to | when |
//! |---|---|---|---|
//! | `magic_link`, `shared` | `magic_link` | contact | documents were opened to them, or they ask for a new link |
//! | `code` | `code` | contact | they ask for one |
//! | `confirmation` | `confirmation_link` | contact | they ask for a code, when short codes have stopped |
//! | `request_received` | `request_received` | contact | they asked for documents |
//! | `question` | `question` | contact | staff want to know something first |
//! | `rejected` | `rejected` | contact | nothing they asked for was shared |
//! | `request_arrived` | `request_arrived` | reviewers | somebody asks for documents |
//! | `expiry_warning` | `expiry_warning` | contact | access ends soon, or today |
//! | `expired` | `expired` | contact | access has ended |
//! | `expiry_warning_staff` | `expiry_warning_staff` | who gave the access | it ends soon, or today |
//! | `expired_staff` | `access_expired_staff` | who gave the access | it has ended |
//! | `account_expiry_warning`, `account_expired` | `account_ending` | reviewers | an account's access ends, or has ended |
//! | `guest_link` | `guest_link` | contact | staff send a link |
//! | `new_device` | `new_device` | contact | their link let a new browser in |
//! | `link_opened` | `link_opened` | who made the link | it let somebody in |
//! | `disowned` | `disowned` | who made the link | the mailbox's owner took a browser off it |
//! | `asked_again` | `asked_again` | who made the link | it does not open, and somebody asks for it |
//! | `link_expiry_warning`, `link_expired` | `link_ending` | who made the link | it ends soon, today, or has ended |
//! | `links_lapsed` | `links_lapsed` | who made the link | the plan holds no links any more that open to anybody |
//! | `thread_message` | `thread_message` | contact | staff wrote in a document's thread |
//! | `signature_request` | `signature_request` | contact | they are asked to sign |
//! | `guest_wrote`, `guest_sent_file`, `guest_declined`, `guest_signed`, `guest_approved` | `guest_acted` | who made the link | a guest did so |
//! | `certified`, `certified_staff` | `certified` | who signed, who asked | everybody has signed |
//! | `invitation` | `invitation` | member to be | a seat is offered |
//! | `password_reset` | `password_reset` | member | they forgot their password |
//! | `second_factor_reset` | `second_factor_reset` | member | an administrator orders their second factor turned off |

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::activity::Object;
use crate::event::Kind as EventKind;
use crate::expiry::Milestone;
use crate::id::{
    AccountId, ChallengeId, ContactId, DeviceId, DocumentId, EventId, FileId, IdentityId,
    InvitationId, LinkId, MemberId, RequestId,
};
use crate::outbox::link_news::LinkNews;

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
    /// A guest link, mailed to its contact.
    GuestLink {
        /// To whom.
        contact_id: ContactId,
        /// What it opens.
        document_id: DocumentId,
        /// Which link.
        link_id: LinkId,
        /// Which mail of it, from 1.
        sending: u32,
    },
    /// Something became of a guest link: to whoever made it.
    LinkNews {
        /// To whom.
        member_id: MemberId,
        /// What the link opens.
        document_id: DocumentId,
        /// What it is.
        news: LinkNews,
    },
    /// A new browser was let in by a guest link: to the mailbox of whoever it speaks for.
    NewDevice {
        /// To whom.
        contact_id: ContactId,
        /// Their epoch then; another address has a later one.
        epoch: u32,
        /// What the link opens.
        document_id: DocumentId,
        /// By which link.
        link_id: LinkId,
        /// Which browser.
        device_id: DeviceId,
        /// The keyed hash under which it is known on the link.
        sha: String,
        /// From where.
        network: String,
        /// What it calls itself.
        agent: Option<String>,
        /// When.
        at: Timestamp,
    },
    /// Staff wrote in the thread of a document: to a contact who takes part.
    ThreadMessage {
        /// To whom.
        contact_id: ContactId,
        /// About what.
        document_id: DocumentId,
        /// On which guest link, if on one.
        link_id: Option<LinkId>,
        /// What was written.
        event_id: EventId,
    },
    /// A signature is asked for: to whoever is to give it.
    SignatureRequest {
        /// To whom.
        contact_id: ContactId,
        /// What is to be signed.
        document_id: DocumentId,
        /// The guest link that lets them sign.
        link_id: LinkId,
        /// The request in the document's thread.
        event_id: EventId,
    },
    /// A guest wrote, declined, signed or approved: to whoever made the link.
    GuestActed {
        /// To whom.
        member_id: MemberId,
        /// What the link opens.
        document_id: DocumentId,
        /// What they did, as the document's thread tells it.
        event_id: EventId,
        /// The same in a word.
        kind: EventKind,
    },
    /// Everybody has signed: to one of them.
    Certified {
        /// To whom.
        contact_id: ContactId,
        /// What was signed.
        document_id: DocumentId,
        /// The certificate.
        file_id: FileId,
    },
    /// Everybody has signed: to the member who asked.
    CertifiedStaff {
        /// To whom.
        member_id: MemberId,
        /// What was signed.
        document_id: DocumentId,
        /// The certificate.
        file_id: FileId,
    },
    /// The link of last resort on a guest link.
    LinkConfirmation {
        /// Which challenge it answers, and to whom if to anybody.
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
    /// Access ends soon, today, or has ended: to whom it was given, one mail an instant.
    Ending {
        /// To whom.
        contact_id: ContactId,
        /// When it ends.
        ends_at: Timestamp,
        /// What of it.
        milestone: Milestone,
    },
    /// The same, to the member who gave it.
    EndingStaff {
        /// To whom.
        member_id: MemberId,
        /// Whose access.
        contact_id: ContactId,
        /// When it ends.
        ends_at: Timestamp,
        /// What of it.
        milestone: Milestone,
    },
    /// The access of a whole account ends: to a member who reviews.
    AccountEnding {
        /// To whom.
        member_id: MemberId,
        /// Whose access.
        account_id: AccountId,
        /// When it ends.
        ends_at: Timestamp,
        /// What of it.
        milestone: Milestone,
    },
    /// Somebody asks for documents: to a member who reviews.
    RequestArrived {
        /// To whom.
        member_id: MemberId,
        /// Who asks.
        contact_id: ContactId,
        /// Which request.
        request_id: RequestId,
    },
    /// A seat in the company is offered.
    SeatInvitation {
        /// Which seat.
        member_id: MemberId,
        /// Which invitation to it.
        round: u32,
    },
    /// Somebody asked for a new password.
    PasswordReset {
        /// Whose; nobody's, if a stranger's address was given.
        identity_id: IdentityId,
        /// The identity's epoch when it was asked for.
        epoch: u32,
        /// When the link stops.
        expires_at: Timestamp,
    },
    /// An administrator ordered a second factor to be turned off.
    SecondFactorReset {
        /// Whose.
        member_id: MemberId,
        /// When.
        at: Timestamp,
    },
}

impl Purpose {
    /// The word for lists and logs.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::MagicLink { .. } => "magic_link",
            Self::GuestLink { .. } => "guest_link",
            Self::LinkNews { news, .. } => news.as_str(),
            Self::NewDevice { .. } => "new_device",
            Self::ThreadMessage { .. } => "thread_message",
            Self::SignatureRequest { .. } => "signature_request",
            Self::GuestActed { kind, .. } => match kind {
                EventKind::Signed => "guest_signed",
                EventKind::Approved => "guest_approved",
                EventKind::Declined => "guest_declined",
                EventKind::Files => "guest_sent_file",
                _ => "guest_wrote",
            },
            Self::Certified { .. } => "certified",
            Self::CertifiedStaff { .. } => "certified_staff",
            Self::Code { .. } => "code",
            Self::Confirmation { .. } | Self::LinkConfirmation { .. } => "confirmation",
            Self::RequestReceived { .. } => "request_received",
            Self::Question { .. } => "question",
            Self::Rejected { .. } => "rejected",
            Self::Shared { .. } => "shared",
            Self::Ending { milestone: Milestone::Over, .. } => "expired",
            Self::Ending { .. } => "expiry_warning",
            Self::EndingStaff { milestone: Milestone::Over, .. } => "expired_staff",
            Self::EndingStaff { .. } => "expiry_warning_staff",
            Self::AccountEnding { milestone: Milestone::Over, .. } => "account_expired",
            Self::AccountEnding { .. } => "account_expiry_warning",
            Self::RequestArrived { .. } => "request_arrived",
            Self::SeatInvitation { .. } => "invitation",
            Self::PasswordReset { .. } => "password_reset",
            Self::SecondFactorReset { .. } => "second_factor_reset",
        }
    }

    /// What the mail is about; one mail per tenant has it.
    #[must_use]
    pub fn dedupe(&self) -> String {
        match self {
            Self::MagicLink { request_id: Some(request_id), .. } => format!("approve#{request_id}"),
            Self::MagicLink { invitation_id, .. } => format!("invite#{invitation_id}"),
            Self::LinkNews { member_id, news, .. } => news.dedupe(*member_id),
            Self::NewDevice { link_id, device_id, .. } => format!("device#{link_id}#{device_id}"),
            Self::GuestLink { link_id, sending, .. } => format!("link#{link_id}#{sending}"),
            Self::ThreadMessage { contact_id, event_id, .. }
            | Self::SignatureRequest { contact_id, event_id, .. } => {
                format!("event#{event_id}#{contact_id}")
            }
            Self::GuestActed { member_id, event_id, .. } => {
                format!("event#{event_id}#{member_id}")
            }
            Self::Certified { contact_id, file_id, .. } => {
                format!("cert#{file_id}#{contact_id}")
            }
            Self::CertifiedStaff { member_id, file_id, .. } => {
                format!("cert#{file_id}#{member_id}")
            }
            Self::Code { challenge_id } => format!("code#{challenge_id}"),
            Self::LinkConfirmation { challenge_id } => format!("confirm#{challenge_id}"),
            Self::Confirmation { invitation_id, .. } => format!("confirm#{invitation_id}"),
            Self::RequestReceived { request_id, .. } => format!("received#{request_id}"),
            Self::Question { request_id, round, .. } => format!("ask#{request_id}#{round}"),
            Self::Rejected { request_id, .. } => format!("reject#{request_id}"),
            Self::Shared { invitation_id, .. } => format!("shared#{invitation_id}"),
            Self::Ending { contact_id, ends_at, milestone } => {
                format!("end#{contact_id}#{}#{milestone}", ends_at.as_millisecond())
            }
            Self::EndingStaff { member_id, contact_id, ends_at, milestone } => {
                format!("end#{member_id}#{contact_id}#{}#{milestone}", ends_at.as_millisecond())
            }
            Self::AccountEnding { member_id, account_id, ends_at, milestone } => {
                format!("end#{member_id}#{account_id}#{}#{milestone}", ends_at.as_millisecond())
            }
            Self::RequestArrived { member_id, request_id, .. } => {
                format!("arrived#{request_id}#{member_id}")
            }
            Self::SeatInvitation { member_id, round } => format!("seat#{member_id}#{round}"),
            Self::PasswordReset { identity_id, expires_at, .. } => {
                format!("reset#{identity_id}#{}", expires_at.as_millisecond())
            }
            Self::SecondFactorReset { member_id, at } => {
                format!("factor#{member_id}#{}", at.as_millisecond())
            }
        }
    }

    /// Whose page lists the mail: the contact or member it goes to. A code's challenge alone knows
    /// whether there is anybody behind it, so that asking costs the same for strangers; nor is who
    /// forgot a password any company's to see.
    #[must_use]
    pub fn addressee(&self) -> Option<Object> {
        match self {
            Self::MagicLink { contact_id, .. }
            | Self::GuestLink { contact_id, .. }
            | Self::NewDevice { contact_id, .. }
            | Self::ThreadMessage { contact_id, .. }
            | Self::SignatureRequest { contact_id, .. }
            | Self::Certified { contact_id, .. }
            | Self::Confirmation { contact_id, .. }
            | Self::RequestReceived { contact_id, .. }
            | Self::Question { contact_id, .. }
            | Self::Rejected { contact_id, .. }
            | Self::Shared { contact_id, .. }
            | Self::Ending { contact_id, .. } => Some(Object::Contact(*contact_id)),
            Self::EndingStaff { member_id, .. }
            | Self::AccountEnding { member_id, .. }
            | Self::RequestArrived { member_id, .. }
            | Self::LinkNews { member_id, .. }
            | Self::GuestActed { member_id, .. }
            | Self::CertifiedStaff { member_id, .. }
            | Self::SeatInvitation { member_id, .. }
            | Self::SecondFactorReset { member_id, .. } => Some(Object::Member(*member_id)),
            Self::Code { .. } | Self::LinkConfirmation { .. } | Self::PasswordReset { .. } => None,
        }
    }

    /// The request that caused it, if one did.
    #[must_use]
    pub fn request(&self) -> Option<RequestId> {
        match self {
            Self::MagicLink { request_id, .. } => *request_id,
            Self::RequestReceived { request_id, .. }
            | Self::Question { request_id, .. }
            | Self::Rejected { request_id, .. }
            | Self::RequestArrived { request_id, .. } => Some(*request_id),
            _ => None,
        }
    }
}
