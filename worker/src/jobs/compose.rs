//! Composing: from why a mail is owed to whom it goes and what it says.
//!
//! Everything is read again, since the cause may be gone: a suspended contact, a changed address,
//! a withdrawn request, a code that was used. Then there is nothing to say any more. Links and
//! codes are derived here; no row ever held them.

mod endings;
mod links;
mod seats;
mod thread;

use app::cover::live_grants;
use app::house::House;
use app::links as addresses;
use app::token::{AnswerToken, InvitationToken, ResetToken, code_of};
use domain::access::is_shut_out;
use domain::challenge::State as ChallengeState;
use domain::contact::Contact;
use domain::document::Document;
use domain::email::Email;
use domain::id::{ChallengeId, ContactId, DocumentId, InvitationId, MemberId, RequestId};
use domain::invitation::Invitation;
use domain::member::Member;
use domain::outbox::Mail;
use domain::outbox::purpose::Purpose;
use domain::request::{ANSWER_LIFE, Request, Status};
use domain::tenant::Tenant;
use jiff::Timestamp;
use mail::brand::{Accent, Brand};
use mail::message::{Asker, Message, Occasion, Opens};
use store::{Store, StoreError};

/// A mail ready to be written out and sent.
pub(crate) struct Letter {
    pub(crate) to: Email,
    pub(crate) brand: Brand,
    pub(crate) message: Message,
}

/// What composing reads from.
struct Desk<'a> {
    house: &'a House,
    store: &'a Store,
    tenant: Tenant,
    now: Timestamp,
}

/// Somebody who may be mailed, and where.
struct Addressee {
    contact: Contact,
    email: Email,
}

/// Composes `mail`; `None` if there is nothing to say any more.
pub(crate) async fn compose(
    house: &House,
    store: &Store,
    mail: &Mail,
    now: Timestamp,
) -> Result<Option<Letter>, StoreError> {
    let Some(tenant) = store.own_tenant().await? else { return Ok(None) };
    let desk = Desk { house, store, tenant, now };
    let written = match mail.purpose {
        Purpose::MagicLink { contact_id, invitation_id, request_id } => {
            desk.magic_link(contact_id, invitation_id, request_id).await?
        }
        Purpose::Shared { contact_id, invitation_id } => {
            desk.magic_link(contact_id, invitation_id, None).await?
        }
        Purpose::GuestLink { .. } | Purpose::LinkNews { .. } | Purpose::NewDevice { .. } => {
            desk.of_link(&mail.purpose).await?
        }
        Purpose::ThreadMessage { .. }
        | Purpose::SignatureRequest { .. }
        | Purpose::GuestActed { .. }
        | Purpose::Certified { .. }
        | Purpose::CertifiedStaff { .. } => desk.of_thread(&mail.purpose).await?,
        Purpose::Confirmation { contact_id, invitation_id } => {
            desk.confirmation(contact_id, invitation_id).await?
        }
        Purpose::Code { challenge_id } => desk.code(challenge_id).await?,
        Purpose::LinkConfirmation { challenge_id } => desk.last_resort(challenge_id).await?,
        Purpose::RequestReceived { contact_id, request_id } => {
            desk.received(contact_id, request_id).await?
        }
        Purpose::Question { contact_id, request_id, round } => {
            desk.question(contact_id, request_id, round).await?
        }
        Purpose::Rejected { contact_id, request_id } => {
            desk.rejected(contact_id, request_id).await?
        }
        Purpose::Ending { contact_id, ends_at, milestone } => {
            desk.ending(contact_id, (ends_at, milestone)).await?
        }
        Purpose::EndingStaff { member_id, contact_id, ends_at, milestone } => {
            desk.ending_staff(member_id, contact_id, (ends_at, milestone)).await?
        }
        Purpose::AccountEnding { member_id, account_id, ends_at, milestone } => {
            desk.account_ending(member_id, account_id, (ends_at, milestone)).await?
        }
        Purpose::RequestArrived { member_id, contact_id, request_id } => {
            desk.arrived(member_id, contact_id, request_id).await?
        }
        Purpose::SeatInvitation { member_id, round } => {
            desk.seat_invitation(member_id, round).await?
        }
        Purpose::PasswordReset { identity_id, epoch, expires_at } => {
            desk.password_reset(ResetToken { identity: identity_id, epoch, expires_at }).await?
        }
    };
    Ok(written.map(|(to, message)| Letter { to, brand: desk.brand(), message }))
}

type Written = Option<(Email, Message)>;

impl Desk<'_> {
    fn brand(&self) -> Brand {
        let tenant = &self.tenant;
        Brand {
            name: tenant.name.to_string(),
            accent: Accent::from_hex(tenant.accent.as_str()),
            contact_email: tenant.contact_email.as_ref().map(ToString::to_string),
            zone: tenant.zone.rules(),
        }
    }

    /// The contact, unless mail to it must stop or it has no address.
    async fn addressee(&self, id: ContactId) -> Result<Option<Addressee>, StoreError> {
        let Some(contact) = self.store.contact(id).await? else { return Ok(None) };
        let account = match contact.account_id {
            Some(id) => self.store.account(id).await?,
            None => None,
        };
        if is_shut_out(&contact, account.as_ref()) {
            return Ok(None);
        }
        let email = contact.email.clone();
        Ok(email.map(|email| Addressee { contact, email }))
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
        let url = addresses::portal(self.house, &self.tenant.slug, &token);
        Ok(Some((to, link, url)))
    }

    async fn magic_link(
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

    async fn confirmation(
        &self,
        contact: ContactId,
        id: InvitationId,
    ) -> Result<Written, StoreError> {
        let Some((to, link, url)) = self.invited(contact, id).await? else { return Ok(None) };
        let expires_at = link.expires_at;
        let message = Message::ConfirmationLink { opens: Opens::Portal, url, expires_at };
        Ok(Some((to.email, message)))
    }

    async fn code(&self, id: ChallengeId) -> Result<Written, StoreError> {
        let Some(asked) = self.store.challenge(id).await? else { return Ok(None) };
        let asked = asked.value;
        if let Some(on) = &asked.on_link {
            return self.code_on_link(&asked, on).await;
        }
        // A stranger's challenge has nobody behind it: nothing is mailed, and nobody can tell.
        let Some(contact) = asked.contact_id else { return Ok(None) };
        let Some(to) = self.addressee(contact).await? else { return Ok(None) };
        let is_open =
            asked.challenge.state == ChallengeState::Pending && !asked.challenge.is_over(self.now);
        if !is_open || asked.epoch != to.contact.epoch {
            return Ok(None);
        }
        let code = code_of(&self.house.keys, self.tenant.id, id);
        let expires_at = asked.challenge.expires_at;
        Ok(code.map(|code| {
            (to.email, Message::Code { code: code.digits(), opens: Opens::Portal, expires_at })
        }))
    }

    /// A request and its maker, if that one may be mailed.
    async fn asked(
        &self,
        contact: ContactId,
        id: RequestId,
    ) -> Result<Option<(Addressee, Request)>, StoreError> {
        let Some(to) = self.addressee(contact).await? else { return Ok(None) };
        let request = self.store.request(contact, id).await?;
        Ok(request.map(|request| (to, request)))
    }

    async fn received(&self, contact: ContactId, id: RequestId) -> Result<Written, StoreError> {
        let found = self.asked(contact, id).await?;
        // One that was decided meanwhile is told so by another mail.
        let Some((to, request)) = found.filter(|(_, request)| request.status.is_pending()) else {
            return Ok(None);
        };
        let asker = self.asker(&to, &request).await?;
        let message = Message::RequestReceived { asker, requested_at: request.created_at };
        Ok(Some((to.email, message)))
    }

    async fn rejected(&self, contact: ContactId, id: RequestId) -> Result<Written, StoreError> {
        let found = self.asked(contact, id).await?;
        let Some((to, request)) = found.filter(|(_, request)| request.status == Status::Rejected)
        else {
            return Ok(None);
        };
        let decided_at = request.timeline.last().map_or(self.now, |entry| entry.at);
        let asker = self.asker(&to, &request).await?;
        let requested_at = request.created_at;
        Ok(Some((to.email, Message::Rejected { asker, requested_at, decided_at })))
    }

    async fn question(
        &self,
        contact: ContactId,
        id: RequestId,
        round: usize,
    ) -> Result<Written, StoreError> {
        let Some((to, request)) = self.asked(contact, id).await? else { return Ok(None) };
        if !request.awaits(round, to.contact.epoch, self.now) {
            return Ok(None);
        }
        let question = request.questions.get(round);
        let Some((question, round)) = question.zip(u8::try_from(round).ok()) else {
            return Ok(None);
        };
        let token = AnswerToken { tenant: self.tenant.id, contact, request: id, round };
        let token = token.sign(&self.house.keys);
        let message = Message::Question {
            first_name: to.first_name(),
            question: question.text.to_string(),
            requested_at: request.created_at,
            url: addresses::answer(self.house, &self.tenant.slug, &token),
            expires_at: question.asked_at + ANSWER_LIFE,
        };
        Ok(Some((to.email, message)))
    }

    /// To a member who reviews: somebody asks for documents.
    async fn arrived(
        &self,
        member: MemberId,
        contact: ContactId,
        id: RequestId,
    ) -> Result<Written, StoreError> {
        let member = self.store.member(member).await?.filter(Member::is_in_use);
        let asker = self.store.contact(contact).await?;
        let request = self.store.request(contact, id).await?;
        let request = request.filter(|request| request.status.is_pending());
        let Some(((member, asker), request)) = member.zip(asker).zip(request) else {
            return Ok(None);
        };
        let ids: Vec<DocumentId> = request.items.iter().map(|item| item.document_id).collect();
        let found = self.store.documents_of(&ids).await?;
        let message = Message::RequestArrived {
            name: asker.full_name(),
            company: request.company.to_string(),
            email: asker.email.map(|email| email.to_string()).unwrap_or_default(),
            documents: found.into_iter().map(|document| document.title.to_string()).collect(),
            requested_at: request.created_at,
        };
        Ok(Some((member.email, message)))
    }

    /// Who asks for what, as far as the mail may say.
    async fn asker(&self, to: &Addressee, request: &Request) -> Result<Asker, StoreError> {
        let ids: Vec<DocumentId> = request.items.iter().map(|item| item.document_id).collect();
        Ok(match to.first_name() {
            None => Asker::Unproved { documents: ids.len() },
            Some(first_name) => {
                let found = self.store.documents_of(&ids).await?;
                let titles = ids.iter().filter_map(|id| found.iter().find(|it| it.id == *id));
                let documents = titles.map(|document| document.title.to_string()).collect();
                Asker::Proved { first_name, documents }
            }
        })
    }

    /// Titles of everything that is open to the contact now.
    async fn open_titles(&self, contact: ContactId) -> Result<Vec<String>, StoreError> {
        let Some(folder) = self.store.folder(contact).await? else { return Ok(Vec::new()) };
        let ids: Vec<_> = live_grants(&folder, self.now).map(|grant| grant.document_id).collect();
        let is_open =
            |document: &Document| document.deleted_at.is_none() && document.published.is_some();
        let found = self.store.documents_of(&ids).await?;
        let mut titles: Vec<String> =
            found.into_iter().filter(is_open).map(|document| document.title.to_string()).collect();
        titles.sort_unstable();
        Ok(titles)
    }
}

impl Addressee {
    /// The name to greet by, once the address is proved.
    fn first_name(&self) -> Option<String> {
        self.contact.proved_at.map(|_| self.contact.first_name.to_string())
    }
}
