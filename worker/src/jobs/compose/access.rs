//! Mails about the ways in: magic links, confirmations and codes.

use app::house::addresses::portal;
use app::house::token::{InvitationToken, code_of};
use app::sharing::cover::live_grants;
use domain::challenge::State as ChallengeState;
use domain::id::{ChallengeId, ContactId, InvitationId, RequestId};
use domain::invitation::Invitation;
use mail::message::{Message, Occasion, Opens};
use store::StoreError;
use store::challenges::IssuedCode;

use super::{Addressee, Desk, Written};

impl Desk<'_> {
    /// To a contact: the link into the portal, and what is open there.
    pub(super) async fn magic_link(
        &self,
        contact: ContactId,
        id: InvitationId,
        request: Option<RequestId>,
    ) -> Result<Written, StoreError> {
        let Some((to, link, url)) = self.invited(contact, id).await? else { return Ok(None) };
        let request = match request {
            Some(id) => self.store.request(contact, id).await?,
            None => None,
        };
        let occasion = match request {
            Some(request) => Occasion::Approval { requested_at: request.created_at },
            None => Occasion::Invitation,
        };
        let message = Message::MagicLink {
            occasion,
            first_name: to.first_name(),
            documents: self.open_titles(contact).await?,
            url,
            expires_at: link.expires_at,
        };
        Ok(Some((to.email, message)))
    }

    /// To a contact who cannot use codes any more: the link that confirms the address.
    pub(super) async fn confirmation(
        &self,
        contact: ContactId,
        id: InvitationId,
    ) -> Result<Written, StoreError> {
        let Some((to, link, url)) = self.invited(contact, id).await? else { return Ok(None) };
        let expires_at = link.expires_at;
        let message = Message::ConfirmationLink { opens: Opens::Portal, url, expires_at };
        Ok(Some((to.email, message)))
    }

    /// A code, while it can be entered.
    pub(super) async fn code(&self, id: ChallengeId) -> Result<Written, StoreError> {
        let Some(asked) = self.store.challenge(id).await? else { return Ok(None) };
        let asked = asked.value;
        if let Some(on) = &asked.on_link {
            return self.code_on_link(&asked, on).await;
        }
        // A stranger's challenge has nobody behind it: nothing is mailed, and nobody can tell.
        let Some(contact) = asked.contact_id else { return Ok(None) };
        let Some(to) = self.addressee(contact).await? else { return Ok(None) };
        if !self.awaits(&asked) || asked.epoch != to.contact.epoch {
            return Ok(None);
        }
        let code = code_of(&self.house.keys, self.tenant.id, id);
        let expires_at = asked.challenge.expires_at;
        Ok(code.map(|code| {
            (to.email, Message::Code { code: code.digits(), opens: Opens::Portal, expires_at })
        }))
    }

    /// Whether the code can still be entered.
    pub(super) fn awaits(&self, asked: &IssuedCode) -> bool {
        asked.challenge.state == ChallengeState::Pending && !asked.challenge.is_over(self.now)
    }

    /// The addressee of a link that would still open, with the link.
    async fn invited(
        &self,
        contact: ContactId,
        id: InvitationId,
    ) -> Result<Option<(Addressee, Invitation, String)>, StoreError> {
        let Some(to) = self.addressee(contact).await? else { return Ok(None) };
        let found = self.store.invitation(contact, id, to.contact.account_id).await?;
        let opens = |link: &Invitation| {
            link.epoch == to.contact.epoch && link.used.is_none() && self.now < link.expires_at
        };
        let link = found.map(|found| found.link.value).filter(opens);
        let Some(link) = link else { return Ok(None) };
        let token = InvitationToken {
            tenant: self.tenant.id,
            contact,
            account: to.contact.account_id,
            invitation: id,
        };
        let token = token.sign(&self.house.keys);
        let url = portal(self.house, &self.tenant.slug, &token);
        Ok(Some((to, link, url)))
    }

    /// Titles of everything that is open to the contact now.
    async fn open_titles(&self, contact: ContactId) -> Result<Vec<String>, StoreError> {
        let Some(folder) = self.store.folder(contact).await? else { return Ok(Vec::new()) };
        let ids: Vec<_> = live_grants(&folder, self.now).map(|grant| grant.document_id).collect();
        self.titles(&ids).await
    }
}
