//! Members: the people of a company, and what their seat is for.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::email::Email;
use crate::id::{IdentityId, MemberId, TenantId};
use crate::text::Title;

/// What a seat is for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the tenant, its members and switches.
    Administrator,
    /// Reviews requests, accounts and contacts.
    AccountManager,
    /// Looks after clients; reaches its own contacts and uploads.
    Representative,
    /// Reaches its own contacts and uploads.
    Member,
}

impl Role {
    /// The word that policies and clients use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::AccountManager => "account_manager",
            Self::Representative => "representative",
            Self::Member => "member",
        }
    }
}

/// An identity's seat in a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Which seat.
    pub id: MemberId,
    /// Audited changes so far, at least 1.
    pub version: u64,
    /// Who sits on it.
    pub identity_id: IdentityId,
    /// Where its mails go.
    pub email: Email,
    /// How the person is called.
    pub name: Title,
    /// What the seat is for.
    pub role: Role,
    /// May copy any link of documents the company sent and they can reach.
    pub external_communications: bool,
    /// Sees everything inside a vault, like its owner.
    pub manager_access: bool,
    /// Whether the seat is in use.
    pub suspended: bool,
    /// When the seat was made.
    pub created_at: Timestamp,
}

/// One person, one address, one way to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Which person.
    pub id: IdentityId,
    /// Saves so far, at least 1.
    pub version: u64,
    /// The address they sign in with.
    pub email: Email,
    /// How they are called.
    pub name: Title,
    /// Argon2id in PHC form over the peppered password; absent before the first sign-in.
    pub password: Option<PasswordHash>,
    /// Rises to end every session at once.
    pub epoch: u32,
    /// When the identity was made.
    pub created_at: Timestamp,
}

/// A password's hash, and which root key peppered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordHash {
    /// PHC string.
    pub phc: String,
    /// Root key whose pepper went in.
    pub root: u8,
}

/// One seat of an identity, as the identity's own partition lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// In which company.
    pub tenant_id: TenantId,
    /// Which seat there.
    pub member_id: MemberId,
}
