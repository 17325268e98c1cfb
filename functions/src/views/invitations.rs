//! An invitation as whoever holds its link sees it.

use app::exchange::repeat::AddressView;
use app::seating::accepting::Offer;
use domain::email::Email;
use domain::member::Role;
use domain::text::Title;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::views::portal::PortalTenantView;

/// What an invitation offers, before anything is accepted.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "InvitationCover")]
pub struct InvitationCoverView {
    /// The company.
    pub tenant: PortalTenantView,
    /// What the one who invites is called, while they have a seat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invited_by: Option<Title>,
    /// The address that was invited, and is signed in with.
    pub email: Email,
    /// What the seat is for.
    pub role: Role,
    /// Whether they sign in with this address already: then their password accepts, else they
    /// choose a name and a password.
    pub has_password: bool,
    /// When the link stops working.
    pub expires_at: Timestamp,
}

impl InvitationCoverView {
    /// The offer as shown, with where the company's logo is shown from.
    #[must_use]
    pub fn new(offer: &Offer, logo: Option<AddressView>) -> Self {
        Self {
            tenant: PortalTenantView::new(&offer.tenant, logo),
            invited_by: offer.inviter.clone(),
            email: offer.identity.email.clone(),
            role: offer.member.role,
            has_password: offer.identity.password.is_some(),
            expires_at: offer.invitation.expires_at,
        }
    }
}
