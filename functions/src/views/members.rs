//! Members as their colleagues see them.

use domain::email::Email;
use domain::id::MemberId;
use domain::member::{Member, Role, SeatInvitation};
use domain::text::Title;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// A member of the company.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Member")]
pub struct MemberView {
    /// Which seat.
    pub id: MemberId,
    /// Audited changes so far; also the `ETag`.
    pub version: u64,
    /// Where their mails go.
    pub email: Email,
    /// How the person is called.
    pub name: Title,
    /// What the seat is for.
    pub role: Role,
    /// May copy any link of documents the company sent and they can reach.
    pub external_communications: bool,
    /// Sees everything inside a vault, like its owner.
    pub manager_access: bool,
    /// Whether the seat is out of use.
    pub suspended: bool,
    /// The invitation that waits; absent once it was accepted. The seat opens nothing before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invitation: Option<InvitationView>,
    /// When the seat was made.
    pub created_at: Timestamp,
}

/// An invitation that waits to be accepted.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Invitation")]
pub struct InvitationView {
    /// Who invited.
    pub invited_by: MemberId,
    /// When it was mailed.
    pub mailed_at: Timestamp,
    /// When its link stops working.
    pub expires_at: Timestamp,
}

impl From<SeatInvitation> for InvitationView {
    fn from(invitation: SeatInvitation) -> Self {
        Self {
            invited_by: invitation.by,
            mailed_at: invitation.mailed_at,
            expires_at: invitation.expires_at,
        }
    }
}

impl From<&Member> for MemberView {
    fn from(member: &Member) -> Self {
        Self {
            id: member.id,
            version: member.version,
            email: member.email.clone(),
            name: member.name.clone(),
            role: member.role,
            external_communications: member.external_communications,
            manager_access: member.manager_access,
            suspended: member.suspended,
            invitation: member.invitation.map(InvitationView::from),
            created_at: member.created_at,
        }
    }
}
