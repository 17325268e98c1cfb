//! Sessions, and who is signed in, as clients see them.

use domain::email::Email;
use domain::id::{IdentityId, MemberId, SessionId, TenantId};
use domain::member::{Identity, Member, Role};
use domain::session::{Chosen, Session};
use domain::tenant::{Slug, Tenant};
use domain::text::Title;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// A session that was just begun.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "SignIn")]
pub struct SignInView {
    /// Which session.
    pub id: SessionId,
    /// Who signed in.
    pub identity: IdentityView,
    /// The seat that the session speaks from, if one is chosen.
    pub seat: Option<SeatView>,
    /// Every seat that may be chosen.
    pub seats: Vec<SeatView>,
    /// When it ends, used or not.
    pub expires_at: Timestamp,
    /// When they signed in.
    pub created_at: Timestamp,
}

/// Who is signed in.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Me")]
pub struct MeView {
    /// The person.
    pub identity: IdentityView,
    /// The seat that the session speaks from, if one is chosen.
    pub seat: Option<SeatView>,
    /// Every seat that may be chosen.
    pub seats: Vec<SeatView>,
    /// Recovery codes that are left; absent without a second factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_codes_left: Option<usize>,
}

/// One person, one way to sign in.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Identity")]
pub struct IdentityView {
    /// Which person.
    pub id: IdentityId,
    /// Changes so far; also the `ETag` of `/v1/me`.
    pub version: u64,
    /// The address they sign in with.
    pub email: Email,
    /// How they are called.
    pub name: Title,
    /// Whether signing in asks for a second factor.
    pub second_factor: bool,
    /// When they were made.
    pub created_at: Timestamp,
}

/// A seat in a company, with the company.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Seat")]
pub struct SeatView {
    /// In which company.
    pub tenant_id: TenantId,
    /// How the company is called.
    pub tenant_name: Title,
    /// Its place in addresses.
    pub slug: Slug,
    /// Which seat.
    pub member_id: MemberId,
    /// What the seat is for.
    pub role: Role,
}

/// A session in the list of one's own.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Session")]
pub struct SessionView {
    /// Which session.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// The company it speaks for, if one is chosen.
    pub tenant_id: Option<TenantId>,
    /// From which network address it began.
    pub network: String,
    /// What the browser calls itself.
    pub agent: Option<String>,
    /// When it was last used, to the nearest five minutes.
    pub seen_at: Timestamp,
    /// When it ends, used or not.
    pub expires_at: Timestamp,
    /// When they signed in.
    pub created_at: Timestamp,
}

impl SignInView {
    /// The session of `identity`, who may choose among `seats`.
    #[must_use]
    pub fn new(session: &Session, identity: &Identity, seats: &[(Tenant, Member)]) -> Self {
        let MeView { identity, seat, seats, .. } = MeView::new(identity, session.seat, seats);
        Self {
            id: session.id,
            identity,
            seat,
            seats,
            expires_at: session.forgotten_at(),
            created_at: session.created_at,
        }
    }
}

impl MeView {
    /// `identity`, who chose `seat` among `seats`.
    #[must_use]
    pub fn new(identity: &Identity, seat: Option<Chosen>, seats: &[(Tenant, Member)]) -> Self {
        let seats: Vec<SeatView> = seats.iter().map(SeatView::from).collect();
        let is_chosen =
            |view: &&SeatView| seat.is_some_and(|seat| seat.member_id == view.member_id);
        Self {
            identity: IdentityView::from(identity),
            seat: seats.iter().find(is_chosen).cloned(),
            seats,
            recovery_codes_left: None,
        }
    }
}

impl From<&Identity> for IdentityView {
    fn from(identity: &Identity) -> Self {
        Self {
            id: identity.id,
            version: identity.version,
            email: identity.email.clone(),
            name: identity.name.clone(),
            second_factor: identity.second_factor,
            created_at: identity.created_at,
        }
    }
}

impl From<&(Tenant, Member)> for SeatView {
    fn from((tenant, member): &(Tenant, Member)) -> Self {
        Self {
            tenant_id: tenant.id,
            tenant_name: tenant.name.clone(),
            slug: tenant.slug.clone(),
            member_id: member.id,
            role: member.role,
        }
    }
}

impl SessionView {
    /// `session` as seen from the session `current`.
    #[must_use]
    pub fn new(session: &Session, current: SessionId) -> Self {
        Self {
            id: session.id,
            current: session.id == current,
            tenant_id: session.seat.map(|seat| seat.tenant_id),
            network: session.network.clone(),
            agent: session.agent.clone(),
            seen_at: session.seen_at,
            expires_at: session.forgotten_at(),
            created_at: session.created_at,
        }
    }
}
