//! What a cell is about: a company with one of everything, made anew, and who asks.

use std::sync::atomic::{AtomicU32, Ordering};

use domain::account::Account;
use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, Document};
use domain::id::TenantId;
use domain::member::{Member, Role};
use domain::session::Session;
use tests::client::Client;
use tests::seed::{Company, address};
use tests::world::World;

use crate::table::Who;

/// Stands in the title or name of everything that a company would not want others to read.
pub(crate) const MARK: &str = "okapi";

/// Numbers companies.
static NEXT: AtomicU32 = AtomicU32::new(1);

/// Everything a cell needs.
pub(crate) struct Stage<'w> {
    pub(crate) world: &'w World,
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
}

impl<'w> Stage<'w> {
    /// A new company, and `who` to ask about its things.
    pub(crate) async fn set(world: &'w World, who: Who) -> Self {
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
            client: world.visitor(),
            home: company.id(),
            session: None,
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
        }
        stage
    }

    /// Whose a thing is: the asker's own, or somebody else's.
    pub(crate) fn whose(&self, variant: &str) -> &Member {
        if variant == "other" { &self.company.administrator } else { &self.owner }
    }

    /// A contact that `owner` looks after.
    pub(crate) async fn contact(&self, owner: &Member, status: ReviewStatus) -> Contact {
        let contact = nobody(self.world, &self.company, owner, status);
        self.world.lay_contact(&self.company, &contact).await;
        contact
    }

    /// A restricted document that `uploader` put there.
    pub(crate) async fn document(&self, uploader: &Member) -> Document {
        let title = format!("{MARK} report");
        let level = AccessLevel::Restricted;
        self.world.document_by(&self.company, uploader, &title, level).await
    }

    /// An account.
    pub(crate) async fn account(&self) -> Account {
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        let domain = format!("{MARK}-{number}.example");
        self.world.account(&self.company, &domain, ReviewStatus::ToReview).await
    }
}

/// A contact as it is before it lies anywhere.
fn nobody(world: &World, company: &Company, owner: &Member, status: ReviewStatus) -> Contact {
    Contact {
        id: world.house.dice.id(world.now()),
        version: 1,
        email: Some(format!("{MARK}-{}", address()).parse().expect("an address")),
        first_name: MARK.parse().expect("a name"),
        last_name: MARK.parse().expect("a name"),
        job_title: None,
        account_id: None,
        contact_type: None,
        owner_id: Some(owner.id),
        status,
        reviewed: true,
        proved_at: None,
        accepted_nda: None,
        epoch: 0,
        grant_epoch: 0,
        subject_seed: world.house.dice.token(),
        picture: None,
        archived_at: None,
        deleted_at: None,
        created_at: company.tenant.created_at,
    }
}
