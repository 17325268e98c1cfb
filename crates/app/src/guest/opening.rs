//! The cover of a link, and the press on *open*.
//!
//! Looking at the cover changes nothing. The press is one conditional transaction: of any number at
//! once one is first, and the same browser asking again within ten minutes gets the same device.

use domain::activity::{Detail, Object};
use domain::id::{ContactId, DeviceId, LinkId};
use domain::link::Link;
use domain::link::guest::{Guest as Browser, Proof, Standing};
use domain::link::opening::{Opening, Press};
use domain::outbox::Mail;
use domain::outbox::link_news::LinkNews;
use domain::outbox::purpose::Purpose;
use jiff::Timestamp;
use serde_json::{Value, json};
use store::activities::Home;
use store::change::Change;
use store::links::{Along, Linked};
use store::{Store, StoreError};

use super::reading::record;
use super::{
    Comer, Guest, code_required, colleague, device_life, known_secret, link_inactive, require_open,
    require_own_copy, sha_on, standing, views_of,
};
use crate::callers::bearer::Bearer;
use crate::exchange::answer::{Answer, WithCookies};
use crate::exchange::cx::Cx;
use crate::exchange::problem::Problem;
use crate::exchange::reissue::Reissue;
use crate::house::token::device_secret;
use crate::house::token::guest::LinkToken;
use crate::linking::news_of;
use crate::sharing::arrival::NOTICE_LIFE;

/// Looks at a link at the most; each look after the first means that another browser was faster,
/// or that somebody saved it.
const LOOKS_MAX: u32 = 16;

/// What the cover of a link tells.
#[derive(Clone, Debug)]
pub struct Cover {
    /// The link with everything that it is judged by.
    pub seen: Linked,
    /// What pressing *open* would come to.
    pub opens: Opens,
}

/// What pressing *open* on a cover comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opens {
    /// This browser is let in.
    Press,
    /// This browser was let in before.
    Known,
    /// A code is asked for.
    Code,
    /// The caller is a member of the company and only looks.
    Preview,
}

impl Opens {
    /// What it comes to for the browser that was read with the link, by a nonce nobody has chosen.
    fn of(seen: &Linked, token: &LinkToken, now: Timestamp) -> Self {
        if standing(seen, now).is_ok() {
            return Self::Known;
        }
        match seen.link.press(&seen.around(), Press { nonce: "", way: token.way }, now) {
            Opening::First | Opening::Bearer | Opening::Again(_) => Self::Press,
            Opening::CodeRequired | Opening::Inactive | Opening::Gone => Self::Code,
        }
    }
}

/// A browser about to be let in.
pub(super) struct Arriving {
    /// Its secret.
    pub(super) secret: [u8; 32],
    /// The hash under which it is known on the link.
    pub(super) sha: String,
    /// From what the secret is made again, if this request made it.
    pub(super) reissue: Option<Reissue>,
}

impl Cx<Bearer> {
    /// Reads a link's secret, as it stands behind the `#`. A forged or mangled one is as absent as
    /// one of another installation, and refused before anything is counted, read or written.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::NotFound`].
    pub fn link_token(&self, link: LinkId, secret: &str) -> Result<LinkToken, Problem> {
        LinkToken::verify(&self.house.keys, link, secret).ok_or_else(Problem::not_found)
    }

    /// What the cover of the link of `token` shows. Nothing changes by it.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::LinkInactive`],
    /// [`crate::exchange::problem::Kind::NotFound`], [`crate::exchange::problem::Kind::TooMany`],
    /// or the table's.
    pub async fn cover(&mut self, link: LinkId, token: &LinkToken) -> Result<Cover, Problem> {
        self.bears(token.tenant, link);
        let store = self.store_of(token.tenant);
        let sha = known_secret(&self.visit).map(|secret| sha_on(link, &secret));
        let contact = token.contact;
        let along = Along { contact, device: sha.as_deref(), ..Along::default() };
        let seen = Box::pin(store.whole_link(token.document, link, along));
        let (heard, seen) = tokio::join!(self.hear(), seen);
        heard?;
        let seen = current(seen?, token)?;
        let member = colleague(&self.house, &self.visit, token.tenant, self.now).await?;
        require_open(&seen, self.now)?;
        let opens = match member {
            Some(_) => Opens::Preview,
            None => Opens::of(&seen, token, self.now),
        };
        Ok(Cover { seen, opens })
    }

    /// Opens the link of `token` in the browser that chose the nonce `nonce_sha` hashes. `answer`
    /// tells what the browser then is.
    ///
    /// # Errors
    /// [`crate::exchange::problem::Kind::CodeRequired`],
    /// [`crate::exchange::problem::Kind::LinkInactive`],
    /// [`crate::exchange::problem::Kind::NotFound`], [`crate::exchange::problem::Kind::TooMany`],
    /// or the table's.
    pub async fn open_by_press<A: Answer>(
        &mut self,
        link: LinkId,
        token: &LinkToken,
        nonce_sha: &str,
        answer: impl Fn(&Guest) -> A,
    ) -> Result<WithCookies<A>, Problem> {
        self.bears(token.tenant, format!("{link}#{nonce_sha}"));
        let store = self.store_of(token.tenant);
        let arriving = self.arriving(link, nonce_sha);
        let device = Some(arriving.sha.as_str());
        let along = Along { contact: token.contact, device, ..Along::default() };
        let first = Box::pin(store.whole_link(token.document, link, along));
        let (heard, first) = tokio::join!(self.hear(), first);
        heard?;
        let mut seen = current(first?, token)?;
        if let Some(member) = colleague(&self.house, &self.visit, token.tenant, self.now).await? {
            require_open(&seen, self.now)?;
            let guest = Guest { seen, comer: Comer::Member(Box::new(member)) };
            return Ok(WithCookies { answer: answer(&guest), cookies: Vec::new(), reissue: None });
        }
        let press = Press { nonce: nonce_sha, way: token.way };
        for _ in 0..LOOKS_MAX {
            let mut change = self.change(&store);
            let pressed = self.pressed(&store, &mut change, &seen, press, &arriving);
            let (guest, admission) = pressed.await?;
            let values = json!({ "by": "press", "way": token.way, "agent": self.visit.agent });
            self.admit_guest(&mut change, &guest, admission, &values)?;
            let answer = self.with_device(&guest, &arriving, answer(&guest));
            if let Ok(answer) = self.try_commit(change, answer).await? {
                return Ok(answer);
            }
            let again = store.whole_link(token.document, link, along).await?;
            seen = current(again, token)?;
        }
        Err(StoreError::Busy { attempts: LOOKS_MAX }.into())
    }

    /// What a press comes to. It adds to `change` what becomes of the link.
    async fn pressed(
        &self,
        store: &Store,
        change: &mut Change,
        seen: &Linked,
        press: Press<'_>,
        arriving: &Arriving,
    ) -> Result<(Guest, Admission), Problem> {
        let is_known = standing(seen, self.now).is_ok();
        // A nonce makes a secret and is none: it is believed for ten minutes, as the first's.
        if is_known && arriving.reissue.is_none() {
            let known = self.known_guest(store, seen, &arriving.sha).await?;
            return Ok((known, Admission::Known));
        }
        // What the browser had before it was forgotten is not its any more.
        let mut seen = Linked { child: None, ..seen.clone() };
        let id = self.new_id();
        let (proof, standing) = match seen.link.press(&seen.around(), press, self.now) {
            Opening::Gone => return Err(Problem::not_found()),
            Opening::Inactive => return Err(link_inactive()),
            Opening::CodeRequired => return Err(code_required()),
            Opening::Bearer => {
                change.check_link(&seen.link)?;
                (Proof::Bearer, Standing::Bearer)
            }
            Opening::Again(_) if is_known => {
                // It only lost its cookie, which its nonce makes again.
                let known = self.known_guest(store, &seen, &arriving.sha).await?;
                return Ok((known, Admission::Known));
            }
            Opening::Again(_) => {
                // The same number under another cookie: a browser of its own, and told as one.
                change.check_link(&seen.link)?;
                (Proof::FirstPress, Standing::Trusted)
            }
            Opening::First => {
                seen.link = seen.link.clone().pressed(id, press, self.now);
                let detail = Detail::Plain(json!({ "first": id, "way": press.way }));
                self.save_claimed(change, &seen.link, detail)?;
                (Proof::FirstPress, Standing::Trusted)
            }
        };
        let contact = seen.link.contact_id.filter(|_| proof == Proof::FirstPress);
        let browser = Box::new(self.browser(&seen, id, contact, proof));
        let sha = arriving.sha.clone();
        let comer = Comer::Browser { browser, standing, sha, views: 0 };
        Ok((Guest { seen, comer }, Admission::New))
    }

    /// The browser that was read with a link and is known on it.
    async fn known_guest(&self, store: &Store, seen: &Linked, sha: &str) -> Result<Guest, Problem> {
        let standing = standing(seen, self.now)?;
        let browser = Box::new(seen.device.clone().ok_or_else(code_required)?);
        let views = views_of(store, seen.link.id, Some(sha)).await?;
        require_own_copy(seen)?;
        let comer = Comer::Browser { browser, standing, sha: sha.to_owned(), views };
        Ok(Guest { seen: seen.clone(), comer })
    }

    /// A browser on a link as it is let in now, speaking for `contact`.
    pub(super) fn browser(
        &self,
        seen: &Linked,
        id: DeviceId,
        contact: Option<ContactId>,
        proof: Proof,
    ) -> Browser {
        let speaks = seen.contact.as_ref().filter(|of| Some(of.id) == contact);
        Browser {
            id,
            link_id: seen.link.id,
            contact_id: contact,
            epoch: seen.link.epoch,
            contact_epoch: speaks.map_or(0, |contact| contact.epoch),
            closings: seen.grant.as_ref().map_or(0, |grant| grant.closings),
            proof,
            child_id: seen.child.as_ref().map(|child| child.id),
            expires_at: self.now + device_life(seen),
            network: self.visit.network.as_str().to_owned(),
            agent: self.visit.agent.clone(),
            created_at: self.now,
        }
    }

    /// Adds to `change` a link that a guest moved, and the line that says so.
    pub(super) fn save_claimed(
        &self,
        change: &mut Change,
        link: &Link,
        detail: Detail,
    ) -> Result<(), StoreError> {
        change.save_link(link)?;
        let home = Home::Document(link.document_id);
        change.audit(home, &self.line(link.id, link.version, detail))
    }

    /// Adds to `change` the browser of `guest` under its hash, if it is new, and the line that it
    /// came.
    pub(super) fn admit_guest(
        &self,
        change: &mut Change,
        guest: &Guest,
        admission: Admission,
        values: &Value,
    ) -> Result<(), StoreError> {
        let Comer::Browser { browser, sha, views, .. } = &guest.comer else { return Ok(()) };
        if admission != Admission::Known {
            change.put_guest(sha, browser)?;
        }
        if admission == Admission::New {
            self.tell_maker(change, guest, browser)?;
            self.tell_mailbox(change, guest, (browser, sha))?;
        }
        let seq = views + 1;
        let detail = self.personal_of(guest, values);
        record(change, guest, seq, self.line(Object::Device(browser.id), seq, detail))
    }

    /// Owes whoever made the link a mail that somebody was let in. Who only holds it is nobody yet.
    fn tell_maker(
        &self,
        change: &mut Change,
        guest: &Guest,
        browser: &Browser,
    ) -> Result<(), StoreError> {
        let Some(contact_id) = browser.contact_id else { return Ok(()) };
        let link = &guest.seen.link;
        let news = LinkNews::Opened {
            link_id: link.id,
            contact_id,
            device_id: browser.id,
            proved: browser.proof != Proof::FirstPress,
            network: browser.network.clone(),
            at: self.now,
        };
        change.owe(&news_of(link, news, self.now))
    }

    /// Owes the mailbox of whoever the browser speaks for a mail that it was let in, unless they
    /// proved for the first time just now that they read it.
    fn tell_mailbox(
        &self,
        change: &mut Change,
        guest: &Guest,
        (browser, sha): (&Browser, &str),
    ) -> Result<(), StoreError> {
        let Some(contact) = guest.speaks_for() else { return Ok(()) };
        if contact.email.is_none() || contact.proved_at == Some(self.now) {
            return Ok(());
        }
        let purpose = Purpose::NewDevice {
            contact_id: contact.id,
            epoch: contact.epoch,
            document_id: guest.seen.link.document_id,
            link_id: browser.link_id,
            device_id: browser.id,
            sha: sha.to_owned(),
            network: browser.network.clone(),
            agent: browser.agent.clone(),
            at: self.now,
        };
        change.owe(&Mail::new(purpose, self.now, self.now + NOTICE_LIFE))
    }

    /// Values about whoever a guest is, sealed if that is somebody.
    fn personal_of(&self, guest: &Guest, values: &Value) -> Detail {
        let named = guest.seen.contact.as_ref().filter(|contact| match &guest.comer {
            Comer::Browser { browser, .. } => browser.contact_id == Some(contact.id),
            Comer::Member(_) => false,
        });
        match named {
            Some(contact) => self.personal(contact, values),
            None => Detail::Plain(values.clone()),
        }
    }

    /// The secret that this browser has, or gets.
    pub(super) fn arriving(&self, link: LinkId, nonce_sha: &str) -> Arriving {
        if let Some(secret) = known_secret(&self.visit) {
            return Arriving { sha: sha_on(link, &secret), secret, reissue: None };
        }
        let secret = device_secret(&self.house.keys, link, nonce_sha.as_bytes());
        let reissue = Reissue::Guest { link, nonce_sha: nonce_sha.to_owned(), life: 0 };
        Arriving { sha: sha_on(link, &secret), secret, reissue: Some(reissue) }
    }

    /// `answer` with the cookie of the browser it goes to.
    pub(super) fn with_device<A>(
        &self,
        guest: &Guest,
        arriving: &Arriving,
        answer: A,
    ) -> WithCookies<A> {
        let life = device_life(&guest.seen);
        let cookie = self.house.device_cookie(&arriving.secret, life);
        let reissue = arriving.reissue.clone().map(|note| match note {
            Reissue::Guest { link, nonce_sha, .. } => {
                Reissue::Guest { link, nonce_sha, life: life.as_secs() }
            }
            other => other,
        });
        WithCookies { answer, cookies: vec![cookie], reissue }
    }
}

/// How a browser is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// It becomes known under its hash.
    New,
    /// It was known as its contact's, and proves more now: that is no news to anybody.
    Raised,
    /// It is known.
    Known,
}

/// The link if the secret is of its present generation: one that was replaced opens nothing, and is
/// as inactive as any other.
fn current(seen: Option<Linked>, token: &LinkToken) -> Result<Linked, Problem> {
    let seen = seen.ok_or_else(Problem::not_found)?;
    if seen.link.generation == token.generation { Ok(seen) } else { Err(link_inactive()) }
}

#[cfg(test)]
mod tests;
