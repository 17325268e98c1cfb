//! What is kept of an answer in place of its secrets.

use domain::document::File;
use domain::email::Email;
use domain::id::{AccountId, ChallengeId, ContactId, IdentityId, LinkId, SessionId, TenantId};
use domain::link::Link;
use domain::second_factor::{Recovery, SealedSeed};
use domain::session::Chosen;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// From what the secrets of a kept answer are made again. It is kept with the answer and holds
/// what names a secret, never one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reissue {
    /// The cookie that signs a browser in to a portal.
    Portal {
        /// Whose portal.
        tenant: TenantId,
        /// Whose browser.
        contact: ContactId,
        /// The contact's account when it was signed in.
        account: Option<AccountId>,
        /// The invitation or challenge that signed it in.
        cause: String,
        /// SHA-256 of the nonce that the browser chose.
        nonce_sha: String,
    },
    /// The cookie that a browser has for all guest links.
    Guest {
        /// The link that let it in.
        link: LinkId,
        /// SHA-256 of the nonce that the browser chose; the challenge's id for a code.
        nonce_sha: String,
        /// Seconds that the cookie lives.
        life: i64,
    },
    /// The cookie that binds a code to the browser that asked for it.
    Challenge {
        /// Whose portal.
        tenant: TenantId,
        /// Which code.
        challenge: ChallengeId,
        /// Keyed hash under which its misses count.
        standing: String,
        /// On which guest link, if on one.
        link: Option<LinkId>,
    },
    /// The cookie of the session that an accepted invitation began.
    Session {
        /// Who accepted.
        identity: IdentityId,
        /// The seat they took.
        seat: Chosen,
        /// Which session.
        session: SessionId,
    },
    /// The body's `secret`, `uri` and `qr`, by which an authenticator app is enrolled.
    Seed {
        /// Who enrols.
        identity: IdentityId,
        /// Their address then.
        email: Email,
        /// The seed as it lies in the table.
        seed: SealedSeed,
    },
    /// The body's `recovery_codes`, all that were given at once.
    RecoveryCodes {
        /// Whose.
        identity: IdentityId,
        /// Which set.
        recovery: Recovery,
    },
    /// The body's `upload`, signed anew: uploading takes its time, and a repeat may come late.
    Upload {
        /// Whose file.
        tenant: TenantId,
        /// The file as it was announced.
        file: Box<File>,
    },
    /// The body's `url`, the address of a guest link.
    Link {
        /// Whose link.
        tenant: TenantId,
        /// The link as it was when its address was given.
        link: Box<Link>,
    },
    /// The body's `url` and `expires_at`, signed for the same minute: a repeat gets no more than
    /// what was recorded, decided and given.
    Download {
        /// Whose file.
        tenant: TenantId,
        /// The file as it was when the view was recorded.
        file: Box<File>,
        /// When the address was signed, by the wall clock.
        signed_at: Timestamp,
    },
}
