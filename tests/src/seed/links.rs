//! Guest links, and browsers on them.

use app::house::cookie;
use app::house::token::guest::LinkToken;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::activity::Actor;
use domain::contact::Contact;
use domain::document::{Document, File, FileKind, FileState, SentBy};
use domain::event::{self, Event};
use domain::grant::{self, Grant};
use domain::id::Id;
use domain::link::guest::{Guest, Proof};
use domain::link::opening::Way;
use domain::link::{Audience, Link, Right, Rights, State};
use domain::media::MediaType;
use domain::pages::Pages;
use domain::signature::asking::{Asked, Wanted};
use domain::signature::{Act, Block, Whom};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use crate::client::Client;
use crate::seed::{Company, pdf, sha256};
use crate::world::World;

impl World {
    /// A link with all rights to `document`, for `contact` if it is for one, to whom the document
    /// is opened along with it unless it is open already.
    pub async fn link(
        &self,
        company: &Company,
        document: &Document,
        audience: Audience,
        contact: Option<&Contact>,
    ) -> Link {
        let store = self.store_of(company);
        let before = match contact {
            Some(contact) => store.grant(contact.id, document.id).await.expect("the table answers"),
            None => None,
        };
        let (now, dice) = (self.now(), &self.house.dice);
        let rights = vec![Right::View, Right::Download, Right::Write, Right::Sign];
        let maker = &company.administrator;
        let link = Link {
            id: dice.id(now),
            version: 1,
            document_id: document.id,
            audience,
            made_for: contact.map(|contact| contact.id),
            contact_id: contact.map(|contact| contact.id),
            contact_epoch: contact.map_or(0, |contact| contact.epoch),
            link_epoch: contact.map_or(0, |contact| contact.link_epoch),
            closings: before.as_ref().map_or(0, |grant| grant.closings),
            event_id: dice.id(now),
            rights: Rights::try_from(rights).expect("rights that hold view"),
            expiry: None,
            state: State::Active,
            root: self.house.keys.current(),
            generation: 0,
            epoch: 0,
            first: None,
            maker_id: maker.id,
            maker_name: maker.name.clone(),
            sendings: 0,
            created_at: now,
        };
        let mut change = store.change(dice.token());
        change.create_link(&link).expect("a link item");
        let is_open = before.as_ref().is_some_and(|grant| grant.state == grant::State::Live);
        if let Some(contact) = contact.filter(|_| !is_open) {
            let grant = Grant::new(contact, document.id, before.as_ref(), || dice.id(now), now);
            change.save_grant(&grant).expect("a grant item");
        }
        change.commit().await.expect("the link is made");
        link
    }

    /// What stands behind the `#` of a link as staff copy it.
    #[must_use]
    pub fn link_secret(&self, company: &Company, link: &Link) -> String {
        let token = LinkToken::of(company.id(), link, Way::Copied);
        token.sign(&self.house.keys, link.root, link.id)
    }

    /// Asks `contact` to sign or approve `document`.
    ///
    /// # Panics
    /// If the table does not answer.
    pub async fn ask_to_sign(
        &self,
        company: &Company,
        document: &Document,
        contact: &Contact,
        act: Act,
    ) {
        let signers = vec![Asked { contact_id: contact.id, act }];
        let wanted = Wanted { whom: Whom::Named, signers, message: None };
        let by = company.administrator.id;
        let block = Block::new(document.id, wanted, by, self.now()).expect("a block");
        let mut change = self.store_of(company).change(self.house.dice.token());
        change.save_signatures(&block).expect("a block item");
        change.commit().await.expect("the block is laid");
    }

    /// Asks `contact` for files in the thread of `document`.
    ///
    /// # Panics
    /// If the table does not answer.
    pub async fn ask_for_files(
        &self,
        company: &Company,
        document: &Document,
        contact: &Contact,
    ) -> Event {
        let event = Event {
            id: self.house.dice.id(self.now()),
            version: 1,
            document_id: document.id,
            kind: event::Kind::FileRequest,
            author: Actor::Member(company.administrator.id),
            contact_ids: vec![contact.id],
            link_id: None,
            text: "Your annex, please.".parse().ok(),
            file_ids: Vec::new(),
            created_at: self.now(),
        };
        let mut change = self.store_of(company).change(self.house.dice.token());
        change.save_event(&event).expect("an event item");
        change.commit().await.expect("files are asked for");
        event
    }

    /// A file that `contact` sent on `link` because they were asked for files.
    ///
    /// # Panics
    /// If the table does not answer.
    pub async fn sent_file(&self, company: &Company, link: &Link, contact: &Contact) -> File {
        let bytes = pdf("sent");
        let sent = SentBy {
            contact_id: contact.id,
            link_id: link.id,
            event_id: self.house.dice.id(self.now()),
        };
        let file = File {
            id: self.house.dice.id(self.now()),
            version: 1,
            document_id: link.document_id,
            kind: FileKind::Sent,
            name: "annex.pdf".parse().expect("a name"),
            media_type: MediaType::Pdf,
            size_bytes: bytes.len() as u64,
            sha256: sha256(&bytes).try_into().expect("a digest"),
            state: FileState::Published,
            uploader_id: link.maker_id,
            sent: Some(sent),
            created_at: self.now(),
            published_at: Some(self.now()),
            pages: Pages::Impossible,
            stored_as: None,
            is_shared: false,
        };
        let mut change = self.store_of(company).change(self.house.dice.token());
        change.create_file(&file).expect("a file item");
        change.commit().await.expect("the file is laid");
        file
    }

    /// A browser that was let in on `link` just now, by `proof`, speaking for `contact`.
    pub async fn guest(
        &self,
        company: &Company,
        link: &Link,
        contact: Option<&Contact>,
        proof: Proof,
    ) -> Client {
        let secret = self.house.dice.secret();
        let guest = Guest {
            id: self.house.dice.id(self.now()),
            link_id: link.id,
            contact_id: contact.map(|contact| contact.id),
            epoch: link.epoch,
            contact_epoch: contact.map_or(0, |contact| contact.epoch),
            closings: link.closings,
            proof,
            child_id: None,
            expires_at: self.now() + SignedDuration::from_hours(24 * 90),
            network: "198.18.0.0".to_owned(),
            agent: None,
            created_at: self.now(),
        };
        let sha = Sha256::digest([secret.as_slice(), &link.id.ulid().to_bytes()].concat());
        let sha = sha.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        let mut change = self.store_of(company).change(self.house.dice.token());
        change.put_guest(&sha, &guest).expect("a browser item");
        change.commit().await.expect("the browser is let in");
        let client = self.visitor();
        client.keep_cookie(cookie::DEVICE, &URL_SAFE_NO_PAD.encode(secret));
        client
    }
}
