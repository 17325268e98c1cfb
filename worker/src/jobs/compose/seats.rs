//! Mails to members: an invitation to a seat, and how they sign in.

use app::house::addresses;
use app::house::token::{ResetToken, SeatToken};
use domain::id::{IdentityId, MemberId};
use domain::member::Member;
use jiff::Timestamp;
use mail::message::Message;
use store::StoreError;

use super::{Desk, Written};

impl Desk<'_> {
    /// The invitation called `round`, while it waits.
    pub(super) async fn seat_invitation(
        &self,
        id: MemberId,
        round: u32,
    ) -> Result<Written, StoreError> {
        let member = self.store.member(id).await?;
        let member = member.filter(|member| member.awaits(round, self.now));
        let Some(member) = member else { return Ok(None) };
        let Some(invitation) = member.invitation else { return Ok(None) };
        let inviter = self.store.member(invitation.by).await?;
        let token = SeatToken { tenant: self.tenant.id, member: id, round };
        let message = Message::Invitation {
            inviter: inviter.filter(Member::is_in_use).map(|inviter| inviter.name.to_string()),
            role: member.role,
            url: addresses::seat(self.house, &token.sign(&self.house.keys)),
            expires_at: invitation.expires_at,
        };
        Ok(Some((member.email, message)))
    }

    /// A link for whoever still has the password that it is to replace, and a seat here.
    pub(super) async fn password_reset(&self, token: ResetToken) -> Result<Written, StoreError> {
        let identity = self.house.table.identity(token.identity).await?;
        let identity = identity.filter(|identity| identity.epoch == token.epoch);
        let Some(identity) = identity else { return Ok(None) };
        if !self.has_seat(identity.id).await? {
            return Ok(None);
        }
        let url = addresses::reset(self.house, &token.sign(&self.house.keys));
        let expires_at = token.expires_at;
        Ok(Some((identity.email, Message::PasswordReset { url, expires_at })))
    }

    /// That a second factor is to be turned off, while the order stands: also to whoever lost the seat
    /// meanwhile, so that no order goes untold.
    pub(super) async fn factor_reset(
        &self,
        id: MemberId,
        reset_at: Timestamp,
    ) -> Result<Written, StoreError> {
        let member = self.store.member(id).await?;
        let Some(member) = member else { return Ok(None) };
        let factor = self.house.table.second_factor(member.identity_id).await?;
        if factor.reset.is_none_or(|reset| reset.at != reset_at) {
            return Ok(None);
        }
        let identity = self.house.table.identity(member.identity_id).await?;
        Ok(identity.map(|person| (person.email, Message::SecondFactorReset { at: reset_at })))
    }

    async fn has_seat(&self, identity: IdentityId) -> Result<bool, StoreError> {
        let seats = self.house.table.seats(identity).await?;
        let behind = self.house.table.behind_seats(&seats).await?;
        let kept = |member: &Member| member.identity_id == identity && member.is_kept();
        let has = behind.iter().any(|(at, member)| at.id == self.tenant.id && kept(member));
        Ok(has)
    }
}
