//! Mails about what is said and signed in the thread of a document.

use app::house::addresses::portal_door;
use domain::activity::Actor;
use domain::document::Document;
use domain::event::{Event, Kind};
use domain::id::{ContactId, DocumentId, EventId, LinkId, MemberId};
use domain::link::{Audience, Life};
use domain::member::Member;
use domain::outbox::purpose::Purpose;
use domain::signature::Block;
use mail::message::{CertificateReader, GuestDeed, Message, ThreadMail};
use store::StoreError;
use store::links::Along;

use super::{Desk, Written};

/// Guest links of one contact, and of one document, that are looked through for one that opens.
const LINKS_MAX: usize = 100;

impl Desk<'_> {
    /// What there is to say of a document's thread.
    pub(super) async fn of_thread(&self, purpose: &Purpose) -> Result<Written, StoreError> {
        match *purpose {
            Purpose::ThreadMessage { contact_id, document_id, link_id, event_id } => {
                self.thread_message(contact_id, document_id, link_id, event_id).await
            }
            Purpose::SignatureRequest { contact_id, document_id, link_id, event_id } => {
                self.signature_request(contact_id, document_id, link_id, event_id).await
            }
            Purpose::GuestActed { member_id, document_id, event_id, .. } => {
                self.guest_acted(member_id, document_id, event_id).await
            }
            Purpose::Certified { contact_id, document_id, .. } => {
                self.certified(contact_id, document_id).await
            }
            Purpose::CertifiedStaff { member_id, document_id, .. } => {
                self.certified_staff(member_id, document_id).await
            }
            // The others are composed in their own rooms.
            _ => Ok(None),
        }
    }

    /// To a contact: staff wrote to them.
    async fn thread_message(
        &self,
        contact: ContactId,
        document: DocumentId,
        link: Option<LinkId>,
        event: EventId,
    ) -> Result<Written, StoreError> {
        let Some(to) = self.addressee(contact).await? else { return Ok(None) };
        let Some((document, event)) = self.said(document, event).await? else { return Ok(None) };
        let Some(text) = &event.text else { return Ok(None) };
        let opened = document.child_of.map_or(document.id, |child| child.document_id);
        let grant = self.store.grant(contact, opened).await?;
        if grant.is_none_or(|grant| grant.live(&to.contact, self.now).is_none()) {
            return Ok(None);
        }
        let url = match self.way_in(contact, &document, link).await? {
            Some(url) => url,
            // They may have been given the document without a link.
            None => portal_door(self.house, &self.tenant.slug),
        };
        let mail = ThreadMail::Message {
            first_name: to.first_name(),
            sender: self.author_of(&event).await?,
            title: document.title.to_string(),
            text: text.to_string(),
            asks_for_files: event.kind == Kind::FileRequest,
            url,
        };
        Ok(Some((to.email, Message::Thread(mail))))
    }

    /// To a contact, while it is theirs to answer: their signature is asked for.
    async fn signature_request(
        &self,
        contact: ContactId,
        document: DocumentId,
        link: LinkId,
        event: EventId,
    ) -> Result<Written, StoreError> {
        let Some(to) = self.addressee(contact).await? else { return Ok(None) };
        let Some((document, event)) = self.said(document, event).await? else { return Ok(None) };
        let block = self.store.signatures(document.id).await?;
        let signer = block.as_ref().and_then(|block| block.signer(contact));
        let Some(signer) = signer.filter(|signer| signer.finished().is_none()) else {
            return Ok(None);
        };
        let Some(url) = self.way_in(contact, &document, Some(link)).await? else {
            return Ok(None);
        };
        let mail = ThreadMail::SignatureRequest {
            first_name: to.first_name(),
            sender: self.author_of(&event).await?,
            title: document.title.to_string(),
            act: signer.act,
            text: event.text.as_ref().map(ToString::to_string),
            url,
        };
        Ok(Some((to.email, Message::Thread(mail))))
    }

    /// To the member who made a link: a guest did something on it.
    async fn guest_acted(
        &self,
        member: MemberId,
        document: DocumentId,
        event: EventId,
    ) -> Result<Written, StoreError> {
        let member = self.store.member(member).await?.filter(Member::is_in_use);
        let said = self.said(document, event).await?;
        let Some((member, (document, event))) = member.zip(said) else { return Ok(None) };
        let Actor::Contact(contact) = event.author else { return Ok(None) };
        let Some(contact) = self.store.contact(contact).await? else { return Ok(None) };
        let deed = match event.kind {
            Kind::Signed => GuestDeed::Signed,
            Kind::Approved => GuestDeed::Approved,
            Kind::Declined => GuestDeed::Declined,
            Kind::Message => GuestDeed::Wrote,
            Kind::Files => GuestDeed::SentFile,
            Kind::Share | Kind::SignatureRequest | Kind::FileRequest | Kind::Certificate => {
                return Ok(None);
            }
        };
        let mail = ThreadMail::GuestActed {
            name: contact.full_name(),
            title: document.title.to_string(),
            deed,
            text: event.text.as_ref().map(ToString::to_string),
            acted_at: event.created_at,
        };
        Ok(Some((member.email, Message::Thread(mail))))
    }

    /// To one of those who signed: everybody has.
    async fn certified(
        &self,
        contact: ContactId,
        document: DocumentId,
    ) -> Result<Written, StoreError> {
        let Some(to) = self.addressee(contact).await? else { return Ok(None) };
        let Some((document, block)) = self.signed(document).await? else { return Ok(None) };
        let signature = block.signer(contact).and_then(|signer| signer.finished());
        let link = signature.and_then(|signature| signature.link_id);
        let url = self.way_in(contact, &document, link).await?;
        let reader = CertificateReader::Signer { first_name: to.first_name() };
        Ok(told(&document, &block, reader, url).map(|message| (to.email, message)))
    }

    /// To the member who asked: everybody has signed.
    async fn certified_staff(
        &self,
        member: MemberId,
        document: DocumentId,
    ) -> Result<Written, StoreError> {
        let member = self.store.member(member).await?.filter(Member::is_in_use);
        let signed = self.signed(document).await?;
        let Some((member, (document, block))) = member.zip(signed) else { return Ok(None) };
        let message = told(&document, &block, CertificateReader::Asker, None);
        Ok(message.map(|message| (member.email, message)))
    }

    /// An entry of a thread with its document, while that is there.
    async fn said(
        &self,
        document: DocumentId,
        event: EventId,
    ) -> Result<Option<(Document, Event)>, StoreError> {
        let event = self.store.event(document, event).await?;
        let document = self.store.document(document).await?;
        Ok(document.filter(|document| document.deleted_at.is_none()).zip(event))
    }

    /// A document with its signatures.
    async fn signed(&self, id: DocumentId) -> Result<Option<(Document, Block)>, StoreError> {
        let block = self.store.signatures(id).await?;
        Ok(self.store.document(id).await?.zip(block))
    }

    /// How whoever wrote an entry is called.
    async fn author_of(&self, event: &Event) -> Result<String, StoreError> {
        let Actor::Member(id) = event.author else { return Ok(String::new()) };
        let member = self.store.member(id).await?;
        Ok(member.map(|member| member.name.to_string()).unwrap_or_default())
    }

    /// Where the contact reads the document without an account: by `link` if it opens, else by the
    /// newest of their links that does, else by one that lets everybody in.
    async fn way_in(
        &self,
        contact: ContactId,
        document: &Document,
        link: Option<LinkId>,
    ) -> Result<Option<String>, StoreError> {
        if let Some(child) = document.child_of {
            let along = Along { contact: Some(contact), ..Along::default() };
            let seen = self.store.whole_link(child.document_id, child.link_id, along).await?;
            let open = seen.filter(|seen| seen.link.life(&seen.around(), self.now) == Life::Open);
            return Ok(open.map(|seen| self.mailed_url(&seen.link)));
        }
        let others = self.store.links_to(contact, LINKS_MAX).await?;
        let others = others.into_iter().filter(|other| other.document_id == document.id);
        let shared = self.store.links_of(document.id, None, LINKS_MAX).await?;
        let shared = shared.into_iter().filter(|link| link.audience == Audience::PublicSame);
        for id in link.into_iter().chain(others.chain(shared).map(|other| other.id)) {
            if let Some(seen) = self.open_link_of(contact, document.id, id).await? {
                return Ok(Some(self.mailed_url(&seen.link)));
            }
        }
        Ok(None)
    }
}

/// That everybody has signed, to `reader`.
fn told(
    document: &Document,
    block: &Block,
    reader: CertificateReader,
    url: Option<String>,
) -> Option<Message> {
    Some(Message::Thread(ThreadMail::Certified {
        reader,
        title: document.title.to_string(),
        signers: block.finished().count(),
        completed_at: block.completed_at?,
        url,
    }))
}
