//! Mails about guest links.

use app::linking::link_token;
use app::links::{guest, guest_confirmation};
use app::token::code_of;
use app::token::guest::LastResortToken;
use domain::challenge::State;
use domain::email::Email;
use domain::id::{ChallengeId, ContactId, DocumentId, LinkId};
use domain::link::opening::Way;
use domain::link::{Life, Link};
use domain::member::Member;
use domain::outbox::purpose::Purpose;
use mail::message::{End, Message, Opens};
use store::StoreError;
use store::challenges::{IssuedCode, OnLink};
use store::links::{Along, Linked};

use super::{Addressee, Desk, Written};

impl Desk<'_> {
    /// To the member who made a link: somebody was let in by it.
    pub(super) async fn link_opened(&self, purpose: &Purpose) -> Result<Written, StoreError> {
        let Purpose::LinkOpened { member_id, contact_id, document_id, network, at, proved, .. } =
            purpose
        else {
            return Ok(None);
        };
        let member = self.store.member(*member_id).await?.filter(Member::is_in_use);
        let contact = self.store.contact(*contact_id).await?;
        let document = self.store.document(*document_id).await?;
        let Some(((member, contact), document)) = member.zip(contact).zip(document) else {
            return Ok(None);
        };
        let message = Message::LinkOpened {
            name: contact.full_name(),
            title: document.title.to_string(),
            proved: *proved,
            network: network.clone(),
            opened_at: *at,
        };
        Ok(Some((member.email, message)))
    }

    /// A code on a guest link, for whom it would open something.
    pub(super) async fn code_on_link(
        &self,
        asked: &IssuedCode,
        on: &OnLink,
    ) -> Result<Written, StoreError> {
        let Some((to, opens)) = self.asked_on_link(asked, on).await? else { return Ok(None) };
        let code = code_of(&self.house.keys, self.tenant.id, asked.id);
        let expires_at = asked.challenge.expires_at;
        Ok(code.map(|code| (to, Message::Code { code: code.digits(), opens, expires_at })))
    }

    /// The link that proves an address on a guest link once short codes have stopped.
    pub(super) async fn last_resort(&self, id: ChallengeId) -> Result<Written, StoreError> {
        let Some(asked) = self.store.challenge(id).await? else { return Ok(None) };
        let asked = asked.value;
        let Some(on) = &asked.on_link else { return Ok(None) };
        let Some((to, opens)) = self.asked_on_link(&asked, on).await? else { return Ok(None) };
        let token = LastResortToken { tenant: self.tenant.id, challenge: id };
        let token = token.sign(&self.house.keys, on.link_id);
        let url = guest_confirmation(self.house, on.link_id, &token);
        let expires_at = asked.challenge.expires_at;
        Ok(Some((to, Message::ConfirmationLink { opens, url, expires_at })))
    }

    /// Where to, and what it opens; nobody for an address that opens nothing on the link, which
    /// whoever asked cannot tell.
    async fn asked_on_link(
        &self,
        asked: &IssuedCode,
        on: &OnLink,
    ) -> Result<Option<(Email, Opens)>, StoreError> {
        let is_open = asked.challenge.state == State::Pending && !asked.challenge.is_over(self.now);
        if !is_open || !on.is_mailed {
            return Ok(None);
        }
        if let Some(contact) = asked.contact_id {
            let to = self.addressee(contact).await?;
            let is_current = |to: &Addressee| {
                to.contact.epoch == asked.epoch && to.contact.email.as_ref() == Some(&on.email)
            };
            if !to.as_ref().is_some_and(is_current) {
                return Ok(None);
            }
        }
        let seen = self.store.whole_link(on.document_id, on.link_id, Along::default()).await?;
        let Some(seen) = seen else { return Ok(None) };
        if seen.link.life(&seen.around(), self.now) != Life::Open {
            return Ok(None);
        }
        let opens = Opens::Document { title: seen.document.title.to_string() };
        Ok(Some((on.email.clone(), opens)))
    }

    /// A link, while it opens and is still its reader's.
    pub(super) async fn guest_link(
        &self,
        contact: ContactId,
        document: DocumentId,
        id: LinkId,
    ) -> Result<Written, StoreError> {
        let Some(to) = self.addressee(contact).await? else { return Ok(None) };
        let Some(seen) = self.open_link_of(contact, document, id).await? else { return Ok(None) };
        let link = &seen.link;
        let ends = link.expiry.as_ref();
        let message = Message::GuestLink {
            first_name: to.first_name(),
            sender: link.maker_name.to_string(),
            title: seen.document.title.to_string(),
            rights: link.rights.clone(),
            url: self.mailed_url(link),
            ends: ends.map(|ends| End { at: ends.at, zone: ends.zone.rules() }),
        };
        Ok(Some((to.email, message)))
    }

    /// The link `id` if it opens and is the contact's own.
    pub(super) async fn open_link_of(
        &self,
        contact: ContactId,
        document: DocumentId,
        id: LinkId,
    ) -> Result<Option<Linked>, StoreError> {
        let along = Along { contact: Some(contact), ..Along::default() };
        let seen = self.store.whole_link(document, id, along).await?;
        Ok(seen.filter(|seen| {
            seen.link.contact_id == Some(contact)
                && seen.link.life(&seen.around(), self.now) == Life::Open
        }))
    }

    /// The address of `link` as it is mailed to whom it is for.
    pub(super) fn mailed_url(&self, link: &Link) -> String {
        let secret = link_token(self.tenant.id, link, Way::Mailed);
        let secret = secret.sign(&self.house.keys, link.root, link.id);
        guest(self.house, link.id, &secret)
    }
}
