//! Mails about guest links.

use app::house::addresses::{guest, guest_confirmation, guest_not_me};
use app::house::token::code_of;
use app::house::token::guest::LinkToken;
use app::house::token::guest::{LastResortToken, NotMeToken};
use domain::document::Document;
use domain::email::Email;
use domain::expiry::Milestone;
use domain::id::{ChallengeId, ContactId, DocumentId, LinkId};
use domain::link::opening::Way;
use domain::link::{Audience, Life, Link, State};
use domain::member::Member;
use domain::outbox::link_news::LinkNews;
use domain::outbox::purpose::Purpose;
use mail::message::{LinkMail, Message, Opens};
use store::StoreError;
use store::challenges::{IssuedCode, OnLink};
use store::links::{Along, Linked};

use super::endings::{end, left};
use super::{Addressee, Desk, Written};
use crate::jobs::handing_over::heir_of;

impl Desk<'_> {
    /// What there is to say of a guest link.
    pub(super) async fn of_link(&self, purpose: &Purpose) -> Result<Written, StoreError> {
        match purpose {
            Purpose::GuestLink { contact_id, document_id, link_id, .. } => {
                self.guest_link(*contact_id, *document_id, *link_id).await
            }
            Purpose::NewDevice { .. } => self.new_device(purpose).await,
            Purpose::LinkNews { member_id, document_id, news } => {
                // Links stay when whoever made them leaves.
                let member = heir_of(self.store, *member_id).await?.filter(Member::is_in_use);
                let document = self.store.document(*document_id).await?;
                let Some((member, document)) = member.zip(document) else { return Ok(None) };
                let mail = self.link_news(news, document).await?;
                Ok(mail.map(|mail| (member.email, Message::Link(mail))))
            }
            // The others are composed in their own rooms.
            _ => Ok(None),
        }
    }

    /// To the member who made a link to `document`: what became of it.
    async fn link_news(
        &self,
        news: &LinkNews,
        document: Document,
    ) -> Result<Option<LinkMail>, StoreError> {
        let title = document.title.to_string();
        Ok(match news {
            LinkNews::Opened { contact_id, network, at, proved, .. } => {
                let contact = self.store.contact(*contact_id).await?;
                contact.map(|contact| LinkMail::Opened {
                    name: contact.full_name(),
                    title,
                    proved: *proved,
                    network: network.clone(),
                    opened_at: *at,
                })
            }
            LinkNews::Disowned { contact_id, came_at, .. } => {
                let contact = self.store.contact(*contact_id).await?;
                let opened_at = *came_at;
                contact.map(|contact| LinkMail::Disowned {
                    name: contact.full_name(),
                    title,
                    opened_at,
                })
            }
            LinkNews::AskedAgain { link_id, at, .. } => {
                let link = self.store.link(document.id, *link_id).await?;
                let contact = match link.and_then(|link| link.contact_id) {
                    Some(id) => self.store.contact(id).await?,
                    None => None,
                };
                let name = contact.map(|contact| contact.full_name());
                Some(LinkMail::AskedAgain { name, title, asked_at: *at })
            }
            LinkNews::Ending { link_id, ends_at, milestone } => {
                let link = self.store.link(document.id, *link_id).await?;
                let expiry = link.filter(|link| link.state == State::Active);
                let expiry = expiry.and_then(|link| link.expiry);
                let is_told = *milestone == Milestone::Over || self.now < *ends_at;
                // Given another end since, which will be told when its time comes.
                let expiry = expiry.filter(|expiry| expiry.at == *ends_at && is_told);
                expiry.map(|expiry| {
                    let ends = end(&expiry);
                    LinkMail::Ending { title, left: left(*milestone, &ends, self.now), ends }
                })
            }
            LinkNews::Lapsed { .. } => {
                Some(LinkMail::Lapsed { title }).filter(|_| !self.tenant.plan.public_links)
            }
        })
    }

    /// To the owner of a mailbox: a new browser speaks for them on a link.
    async fn new_device(&self, purpose: &Purpose) -> Result<Written, StoreError> {
        let Purpose::NewDevice {
            contact_id,
            epoch,
            document_id,
            link_id,
            device_id,
            sha,
            network,
            agent,
            at,
        } = purpose
        else {
            return Ok(None);
        };
        let to = self.addressee(*contact_id).await?;
        let document = self.store.document(*document_id).await?;
        let to = to.filter(|to| to.contact.epoch == *epoch);
        let Some((to, document)) = to.zip(document) else { return Ok(None) };
        let bytes = data_encoding::HEXLOWER.decode(sha.as_bytes()).unwrap_or_default();
        let token = NotMeToken {
            tenant: self.tenant.id,
            document: *document_id,
            contact: *contact_id,
            epoch: *epoch,
            device: *device_id,
            sha: bytes.try_into().unwrap_or_default(),
            at: *at,
        };
        let token = token.sign(&self.house.keys, *link_id);
        let mail = LinkMail::NewDevice {
            first_name: to.first_name(),
            title: document.title.to_string(),
            network: network.clone(),
            agent: agent.clone(),
            opened_at: *at,
            url: guest_not_me(self.house, *link_id, &token),
        };
        Ok(Some((to.email, Message::Link(mail))))
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
        if !self.awaits(asked) || !on.is_mailed {
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
        if !on.is_to_disown && seen.link.life(&seen.around(), self.now) != Life::Open {
            return Ok(None);
        }
        let opens = Opens::Document { title: seen.document.title.to_string() };
        Ok(Some((on.email.clone(), opens)))
    }

    /// A link, while it opens and is still its reader's.
    async fn guest_link(
        &self,
        contact: ContactId,
        document: DocumentId,
        id: LinkId,
    ) -> Result<Written, StoreError> {
        let Some(to) = self.addressee(contact).await? else { return Ok(None) };
        let Some(seen) = self.open_link_of(contact, document, id).await? else { return Ok(None) };
        let link = &seen.link;
        let mail = LinkMail::Share {
            first_name: to.first_name(),
            sender: link.maker_name.to_string(),
            title: seen.document.title.to_string(),
            rights: link.rights.clone(),
            url: self.mailed_url(link),
            ends: link.expiry.as_ref().map(end),
        };
        Ok(Some((to.email, Message::Link(mail))))
    }

    /// The link `id` if it opens and is the contact's own, or lets everybody into the document.
    pub(super) async fn open_link_of(
        &self,
        contact: ContactId,
        document: DocumentId,
        id: LinkId,
    ) -> Result<Option<Linked>, StoreError> {
        let along = Along { contact: Some(contact), ..Along::default() };
        let seen = self.store.whole_link(document, id, along).await?;
        Ok(seen.filter(|seen| {
            let is_theirs = seen.link.contact_id == Some(contact);
            (is_theirs || seen.link.audience == Audience::PublicSame)
                && seen.link.life(&seen.around(), self.now) == Life::Open
        }))
    }

    /// The address of `link` as it is mailed to whom it is for.
    pub(super) fn mailed_url(&self, link: &Link) -> String {
        let secret = LinkToken::of(self.tenant.id, link, Way::Mailed);
        let secret = secret.sign(&self.house.keys, link.root, link.id);
        guest(self.house, link.id, &secret)
    }
}
