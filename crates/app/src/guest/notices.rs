//! What somebody tells about a link without being let in: that a browser on it is not theirs, and
//! that they would like it to open again.

use domain::activity::{Activity, Actor, Detail, Object};
use domain::challenge::code::Code;
use domain::email::Email;
use domain::id::{ActivityId, LinkId};
use domain::link::{Life, Link};
use domain::outbox::link_news::LinkNews;
use domain::text::Title;
use jiff::Timestamp;
use serde_json::json;
use store::StoreError;
use store::activities::Home;
use store::change::Change;
use store::links::Along;

use super::proving::use_up;
use crate::callers::bearer::Bearer;
use crate::exchange::answer::{Accepted, Answer};
use crate::exchange::cx::Cx;
use crate::exchange::problem::{Kind, Problem};
use crate::house::token::guest::{LinkToken, NotMeToken};
use crate::house::token::is_code_of;
use crate::linking::{forgetting, news_of};
use crate::portal::codes::{LOOKS_MAX, code_wrong};

/// A browser that was taken off a link by the owner of the mailbox it spoke for.
#[derive(Clone, Debug)]
pub struct Disowned {
    /// What the document is called.
    pub title: Title,
    /// When the browser had come.
    pub came_at: Timestamp,
    /// From where, if it was still on the link.
    pub network: Option<String>,
}

impl Cx<Bearer> {
    /// Reads the secret of a notice, as it stands behind the `#`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] for one that is not ours, [`Kind::LinkOver`] after a week.
    pub fn notice(&self, link: LinkId, secret: &str) -> Result<NotMeToken, Problem> {
        let token = NotMeToken::verify(&self.house.keys, link, secret);
        let token = token.ok_or_else(Problem::not_found)?;
        if token.is_over(self.now) { Err(notice_over()) } else { Ok(token) }
    }

    /// The mailbox that a notice went to.
    ///
    /// # Errors
    /// [`Kind::LinkOver`] if its owner has another address since, or is gone; or the table's.
    pub async fn mailbox_of(&self, token: &NotMeToken) -> Result<Email, Problem> {
        let contact = self.store_of(token.tenant).contact(token.contact).await?;
        let contact = contact.filter(|contact| contact.epoch == token.epoch);
        contact.and_then(|contact| contact.email).ok_or_else(notice_over)
    }

    /// Takes the browser that `token` names off `link`, on the word of whoever typed the code that
    /// was mailed to the mailbox it spoke for; and tells whoever made the link.
    ///
    /// # Errors
    /// [`Kind::CodeWrong`] whatever was wrong, [`Kind::TooMany`], or the table's.
    pub async fn disown<A: Answer>(
        &mut self,
        link: LinkId,
        token: &NotMeToken,
        code: Code,
        answer: impl Fn(&Disowned) -> A,
    ) -> Result<A, Problem> {
        let cookie = self.challenge_cookie(Some(link)).ok_or_else(code_wrong)?;
        self.bears(cookie.tenant, cookie.challenge);
        let store = self.store_of(cookie.tenant);
        let paid = self.pay(&store, &cookie, Some(link)).await?;
        let is_right = is_code_of(&self.house.keys, cookie.tenant, cookie.challenge, code);
        let is_theirs = cookie.tenant == token.tenant
            && paid.contact_id == Some(token.contact)
            && paid.epoch == token.epoch
            && paid.on_link.as_ref().is_some_and(|on| on.is_to_disown);
        if !is_right || !is_theirs {
            return Err(code_wrong());
        }
        for _ in 0..LOOKS_MAX {
            let found = store.guessing(paid.id, &paid.standing).await?;
            let (code, standing) = found.ok_or_else(code_wrong)?;
            let seen = store.linked(token.document, link, Along::default()).await?;
            let seen = seen.ok_or_else(Problem::not_found)?;
            let sha = data_encoding::HEXLOWER.encode(&token.sha);
            let browser = store.guest(link, &sha).await?;
            let browser = browser.filter(|guest| guest.id == token.device);
            let disowned = Disowned {
                title: seen.document.title.clone(),
                came_at: token.at,
                network: browser.as_ref().map(|guest| guest.network.clone()),
            };
            let mut change = self.change(&store);
            use_up(&mut change, &code)?;
            let settled = standing.value.refund_miss();
            change.save_standing(&paid.standing, &standing.next(settled), self.now)?;
            if browser.is_some() {
                change.drop_guest(link, &sha)?;
                self.tell_of_disowned(&mut change, seen.link, token)?;
            }
            let answer = answer(&disowned);
            if let Ok(answer) = self.try_commit(change, answer).await? {
                return Ok(answer);
            }
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }

    /// Adds to `change` that a browser was taken off, for the trail and whoever made the link; its
    /// press is not believed again either.
    fn tell_of_disowned(
        &self,
        change: &mut Change,
        link: Link,
        token: &NotMeToken,
    ) -> Result<(), StoreError> {
        let after = forgetting(link, token.device);
        change.save_link(&after)?;
        let detail = Detail::Plain(json!({ "device_id": token.device }));
        let actor = Actor::Contact(token.contact);
        let told = Activity { actor, ..self.line(after.id, after.version, detail) };
        change.audit(Home::Document(after.document_id), &told)?;
        let news = LinkNews::Disowned {
            link_id: after.id,
            contact_id: token.contact,
            device_id: token.device,
            came_at: token.at,
        };
        change.owe(&news_of(&after, news, self.now))
    }

    /// Tells whoever made the link of `token` that somebody would like it to open again; once a
    /// day, and only while it does not open. The answer is alike in any case.
    ///
    /// # Errors
    /// [`Kind::NotFound`], [`Kind::TooMany`], or the table's.
    pub async fn ask_again(
        &mut self,
        link: LinkId,
        token: &LinkToken,
    ) -> Result<Accepted, Problem> {
        self.bears(token.tenant, link);
        let store = self.store_of(token.tenant);
        let along = Along { contact: token.contact, ..Along::default() };
        let seen = Box::pin(store.whole_link(token.document, link, along));
        let (heard, seen) = tokio::join!(self.hear(), seen);
        heard?;
        let seen = seen?.ok_or_else(Problem::not_found)?;
        let is_inactive = matches!(seen.link.life(&seen.around(), self.now), Life::Inactive(_));
        if !is_inactive || seen.link.generation != token.generation {
            return Ok(Accepted);
        }
        let mut change = self.change(&store);
        let day = self.now.strftime("%Y-%m-%d").to_string();
        let news = LinkNews::AskedAgain { link_id: link, day, at: self.now };
        change.owe(&news_of(&seen.link, news, self.now))?;
        let id: ActivityId = self.new_id();
        let told = self.line(Object::Activity(id), 1, Detail::Plain(json!({ "link_id": link })));
        let about = Some(Object::Document(seen.document.id));
        change.audit(Home::Document(seen.document.id), &Activity { about, ..told })?;
        // Whoever lost the claim was told today already.
        let _ = self.try_commit(change, Accepted).await?;
        Ok(Accepted)
    }
}

fn notice_over() -> Problem {
    let detail = "The notice is too old, or went to another address than yours is now. Ask whoever \
                  sent the document to take the browser off.";
    Problem::new(Kind::LinkOver, detail)
}
