//! Mails about access requests: to those who ask, and to those who decide.

use app::house::addresses::answer;
use app::house::token::AnswerToken;
use domain::id::{ContactId, DocumentId, MemberId, RequestId};
use domain::member::Member;
use domain::request::{ANSWER_LIFE, Request, Status};
use mail::message::{Asker, Message};
use store::StoreError;

use super::{Addressee, Desk, Written};

impl Desk<'_> {
    /// To whoever asks: the request has arrived.
    pub(super) async fn received(
        &self,
        contact: ContactId,
        id: RequestId,
    ) -> Result<Written, StoreError> {
        let found = self.asked(contact, id).await?;
        // One that was decided meanwhile is told so by another mail.
        let Some((to, request)) = found.filter(|(_, request)| request.status.is_pending()) else {
            return Ok(None);
        };
        let asker = self.asker(&to, &request).await?;
        let message = Message::RequestReceived { asker, requested_at: request.created_at };
        Ok(Some((to.email, message)))
    }

    /// To whoever asked: nothing was shared.
    pub(super) async fn rejected(
        &self,
        contact: ContactId,
        id: RequestId,
    ) -> Result<Written, StoreError> {
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

    /// To whoever asks: staff want to know something first.
    pub(super) async fn question(
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
            url: answer(self.house, &self.tenant.slug, &token),
            expires_at: question.asked_at + ANSWER_LIFE,
        };
        Ok(Some((to.email, message)))
    }

    /// To a member who reviews: somebody asks for documents.
    pub(super) async fn arrived(
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
}
