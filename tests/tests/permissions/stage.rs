//! What a cell is about: a company with one of everything, made anew, and who asks.

use std::sync::atomic::{AtomicU32, Ordering};

use domain::account::Account;
use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, Document};
use domain::id::TenantId;
use domain::link::guest::Proof;
use domain::link::{Audience, First, Link};
use domain::member::{Member, Role};
use domain::session::Session;
use jiff::SignedDuration;
use tests::client::Client;
use tests::seed::{Company, address};
use tests::world::World;

use crate::permissions::table::Who;

/// Stands in the title or name of everything that a company would not want others to read.
pub(crate) const MARK: &str = "okapi";

/// Numbers companies.
static NEXT: AtomicU32 = AtomicU32::new(1);
/// Long enough ago for the use of a session to be noted again.
const A_WHILE: SignedDuration = SignedDuration::from_mins(6);

/// How well a company and those who ask know each other. It changes nothing of what they may do,
/// and much of what is read and written for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Contacts belong to no account and proved nothing; sessions have just begun, and calls bear no
    /// idempotency key.
    New,
    /// Contacts belong to an account and proved their addresses; sessions were used a while ago, and
    /// calls bear an idempotency key.
    Settled,
    /// Contacts belong to an account and wait for what they were given before; calls are previews.
    Foreseen,
}

/// Everything a cell needs.
pub(crate) struct Stage<'w> {
    pub(crate) world: &'w World,
    pub(crate) standing: Standing,
    /// Whose things are asked for.
    pub(crate) company: Company,
    /// Who owns what is the asker's own.
    pub(crate) owner: Member,
    /// The asker's session, if it has one.
    pub(crate) session: Option<Session>,
    /// The asker.
    pub(crate) client: Client,
    /// The company whose settings the asker may change: its own.
    pub(crate) home: TenantId,
    /// The asker, if it is a contact; else the one who is asked about.
    pub(crate) contact: Contact,
    /// The link that the asker is a guest of, and what it opens.
    pub(crate) link: Option<(Document, Link)>,
}

impl<'w> Stage<'w> {
    /// A new company, and `who` to ask about its things.
    pub(crate) async fn set(world: &'w World, who: Who, standing: Standing) -> Self {
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        let company = world.company(&format!("{MARK}-{number}")).await;
        let staff = async |role| world.seat(company.id(), role).await;
        let owner = match who {
            Who::AccountManager => staff(Role::AccountManager).await,
            Who::Representative => staff(Role::Representative).await,
            Who::Member => staff(Role::Member).await,
            _ => staff(Role::Administrator).await,
        };
        let mut stage = Self {
            contact: nobody(world, &company, &owner, ReviewStatus::Approved),
            standing,
            client: world.visitor(),
            home: company.id(),
            session: None,
            link: None,
            world,
            company,
            owner,
        };
        let status = if who == Who::Cut { ReviewStatus::Cancelled } else { ReviewStatus::Approved };
        stage.contact = stage.contact(&stage.owner, status).await;
        match who {
            Who::Administrator | Who::AccountManager | Who::Representative | Who::Member => {
                let (client, session) = world.session_of(stage.company.id(), &stage.owner).await;
                (stage.client, stage.session) = (client, Some(session));
            }
            Who::Contact | Who::Cut => {
                stage.client = world.portal_of(&stage.company, &stage.contact).await;
            }
            Who::Foreign => {
                let other = world.company(&format!("other-{number}")).await;
                let (client, session) = world.session_of(other.id(), &other.administrator).await;
                (stage.client, stage.session) = (client, Some(session));
                stage.home = other.id();
            }
            Who::Nobody => {}
            Who::Verified
            | Who::Trusted
            | Who::Bearer
            | Who::Stranger
            | Who::Elsewhere
            | Who::Closed => Box::pin(stage.invite(who)).await,
        }
        if standing == Standing::Settled {
            world.advance(A_WHILE);
        }
        stage
    }

    /// Makes a link of which `who` is a guest, or would be.
    async fn invite(&mut self, who: Who) {
        let (world, company, contact) = (self.world, &self.company, &self.contact);
        let document = self.document(&company.administrator).await;
        if who == Who::Bearer {
            let link = world.link(company, &document, Audience::PublicSame, None).await;
            self.client = world.guest(company, &link, None, Proof::Bearer).await;
            self.link = Some((document, link));
            return;
        }
        let link = world.link(company, &document, Audience::Contact, Some(contact)).await;
        let other = world.link(company, &document, Audience::Contact, Some(contact)).await;
        let first = First {
            device_id: self.world.house.dice.id(world.now()),
            nonce: None,
            at: world.now(),
        };
        let link = Link { version: 2, first: Some(first), ..link };
        let store = world.store_of(company);
        let mut change = store.change(world.house.dice.token());
        change.save_link(&link).expect("a link item");
        if who == Who::Closed {
            let grant = store.grant(contact.id, document.id).await.expect("the table answers");
            let closed = grant.expect("a grant").ended(domain::grant::State::Removed);
            change.save_grant(&closed).expect("a grant item");
        }
        change.commit().await.expect("somebody was first");
        let (on, proof) = match who {
            Who::Trusted => (&link, Proof::FirstPress),
            Who::Elsewhere => (&other, Proof::Code),
            _ => (&link, Proof::Code),
        };
        if who != Who::Stranger {
            self.client = world.guest(company, on, Some(contact), proof).await;
        }
        self.link = Some((document, link));
    }

    /// Whose a thing is: the asker's own, or somebody else's.
    pub(crate) fn whose(&self, variant: &str) -> &Member {
        if variant == "other" { &self.company.administrator } else { &self.owner }
    }

    /// A contact that `owner` looks after.
    pub(crate) async fn contact(&self, owner: &Member, status: ReviewStatus) -> Contact {
        let (world, company) = (self.world, &self.company);
        let mut contact = nobody(world, company, owner, status);
        if self.standing != Standing::New {
            contact.account_id = Some(self.account_that_is(ReviewStatus::Approved).await.id);
        }
        if self.standing == Standing::Settled {
            contact.proved_at = Some(world.now());
        }
        world.lay_contact(company, &contact).await;
        if self.standing == Standing::Foreseen {
            Box::pin(self.give_and_ask(&contact)).await;
        }
        contact
    }

    /// A document that `contact` was given, and asks for again.
    async fn give_and_ask(&self, contact: &Contact) {
        let document = self.document(&self.company.administrator).await.id;
        self.world.grant(&self.company, contact.id, document).await;
        self.world.request(&self.company, contact, &[document]).await;
    }

    /// A restricted document that `uploader` put there.
    pub(crate) async fn document(&self, uploader: &Member) -> Document {
        let title = format!("{MARK} report");
        let level = AccessLevel::Restricted;
        self.world.document_by(&self.company, uploader, &title, level).await
    }

    /// An account.
    pub(crate) async fn account(&self) -> Account {
        self.account_that_is(ReviewStatus::ToReview).await
    }

    async fn account_that_is(&self, status: ReviewStatus) -> Account {
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        let domain = format!("{MARK}-{number}.example");
        self.world.account(&self.company, &domain, status).await
    }
}

/// A contact as it is before it lies anywhere.
fn nobody(world: &World, company: &Company, owner: &Member, status: ReviewStatus) -> Contact {
    let name = (MARK.parse().expect("a name"), MARK.parse().expect("a name"));
    let (id, seed) = (world.house.dice.id(world.now()), world.house.dice.token());
    Contact {
        email: Some(format!("{MARK}-{}", address()).parse().expect("an address")),
        owner_id: Some(owner.id),
        status,
        reviewed: true,
        ..Contact::new(id, name, seed, company.tenant.created_at)
    }
}
