//! What unit tests of this crate begin with: a company, its people, one document, and what opens it
//! to whom. Everything is in order until a test says otherwise, and nothing calls a network.

use std::sync::Arc;

use aws_config::{BehaviorVersion, SdkConfig};
use domain::account::Account;
use domain::contact::{Contact, ReviewStatus};
use domain::document::{AccessLevel, Document, File, FileKind, FileState};
use domain::expiry::Expiry;
use domain::grant::{self, Grant};
use domain::id::Id;
use domain::link::guest::{Guest as Browser, Proof, Standing};
use domain::link::{Audience, Link, Right, State};
use domain::media::MediaType;
use domain::member::{Identity, Member, Role};
use domain::pages::Pages;
use domain::request::{Item, ItemState, Request, Status};
use domain::session::{Chosen, Session};
use domain::tenant::{NdaInForce, Tenant, Zone};
use files::{Files, PathStyle};
use jiff::{SignedDuration, Timestamp};
use store::Table;
use store::contacts::Folder;
use store::links::Linked;
use store::saved::Saved;
use ulid::Ulid;

use crate::callers::staff::Staff;
use crate::exchange::cx::{Cx, Visit};
use crate::exchange::network::Network;
use crate::exchange::problem::{Kind, Problem};
use crate::guest::{Comer, Guest};
use crate::house::House;
use crate::house::dice::Dice;
use crate::house::keyring::Keyring;

/// When it is in every test: 14 September 2026, 02:40 UTC.
pub(crate) const NOW: Timestamp = Timestamp::constant(1_789_353_600, 0);
/// A moment.
pub(crate) const NANO: SignedDuration = SignedDuration::from_nanos(1);
/// A day.
pub(crate) const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The id that carries `number`.
pub(crate) fn id<I: Id>(number: u128) -> I {
    I::from_ulid(Ulid::from_parts(1, number))
}

/// A house on a table and a bucket that nobody reaches.
pub(crate) fn house() -> House {
    let sdk = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).build();
    let table = Table::connect(&sdk, "table");
    let files = Files::connect(&sdk, "bucket", PathStyle::Path);
    let mut house = House::new(table, files, keyring(1), "https://trust.acme.example");
    house.dice = Dice::seeded(1);
    house
}

/// A keyring of one root.
pub(crate) fn keyring(root: u8) -> Keyring {
    Keyring::parse(&Keyring::generate([root; 32])).unwrap()
}

/// How a request came.
pub(crate) fn visit() -> Visit {
    Visit {
        id: "urn:ulid:1".to_owned(),
        network: Network::from("192.0.2.7".parse::<std::net::IpAddr>().unwrap()),
        network_hash: "network".to_owned(),
        agent: Some("Firefox".to_owned()),
        asked: "asked".to_owned(),
        mutates: true,
        previews: false,
        idempotency_key: None,
        cookies: Vec::new(),
        tenant: None,
        link: None,
        place: None,
    }
}

/// A visit with one cookie.
pub(crate) fn visit_with(cookie: &str, value: &str) -> Visit {
    Visit { cookies: vec![(cookie.to_owned(), value.to_owned())], ..visit() }
}

/// A request of `who`.
pub(crate) fn cx<P>(who: P) -> Cx<P> {
    let (house, visit) = (Arc::new(house()), Arc::new(visit()));
    Cx { house, now: NOW, who, visit, route: "tests.run", repeat: None }
}

/// What `adds` would save.
pub(crate) fn saved_by(adds: impl FnOnce(&mut store::change::Change)) -> Vec<Saved> {
    let mut change = house().table.tenant(tenant().id).rehearse();
    adds(&mut change);
    change.into_saved()
}

/// The kind of a refusal.
pub(crate) fn refusal<T>(done: Result<T, Problem>) -> Option<Kind> {
    done.err().map(|problem| problem.kind)
}

/// Acme, without an agreement.
pub(crate) fn tenant() -> Tenant {
    Tenant::new(id(1), "Acme".parse().unwrap(), "acme".parse().unwrap(), NOW)
}

/// Acme, with text 2 of its agreement in force.
pub(crate) fn tenant_with_nda() -> Tenant {
    Tenant { nda: Some(NdaInForce { id: id(20), version: 2 }), ..tenant() }
}

/// A person with a seat.
pub(crate) fn identity() -> Identity {
    Identity::new(id(9), "anna@acme.example".parse().unwrap(), "Anna Keller".parse().unwrap(), NOW)
}

/// The seat that is asked from; it neither owns, uploaded nor made anything.
pub(crate) fn member(role: Role) -> Member {
    Member::new(id(10), &identity(), role, NOW)
}

/// The session of a member's browser.
pub(crate) fn session() -> Session {
    Session {
        id: id(19),
        identity_id: id(9),
        seat: Some(Chosen { tenant_id: id(1), member_id: id(10) }),
        seat_epoch: 0,
        epoch: 0,
        network: "192.0.2.7".to_owned(),
        agent: None,
        proved_at: Some(NOW),
        seen_at: NOW,
        created_at: NOW,
    }
}

/// A member of `role` who is signed in.
pub(crate) fn staff(role: Role) -> Staff {
    Staff { tenant: tenant(), member: member(role), session: session() }
}

/// An approved account without an end.
pub(crate) fn account() -> Account {
    Account {
        id: id(2),
        version: 1,
        name: "Initech".parse().unwrap(),
        domains: vec!["initech.example".parse().unwrap()],
        status: ReviewStatus::Approved,
        auto_approval: false,
        access_expiry: None,
        deleted_at: None,
        created_at: NOW,
    }
}

/// An approved contact of the account, whom the member 11 looks after.
pub(crate) fn contact() -> Contact {
    let name = ("Maya".parse().unwrap(), "Lindt".parse().unwrap());
    Contact {
        email: Some("maya@initech.example".parse().unwrap()),
        account_id: Some(id(2)),
        owner_id: Some(id(11)),
        status: ReviewStatus::Approved,
        reviewed: true,
        proved_at: Some(NOW - DAY),
        ..Contact::new(id(3), name, "seed".to_owned(), NOW - DAY)
    }
}

/// A published document, which the member 12 uploaded.
pub(crate) fn document(access_level: AccessLevel) -> Document {
    Document {
        id: id(4),
        version: 1,
        title: "SOC 2".parse().unwrap(),
        category: "Audit reports".parse().unwrap(),
        access_level,
        uploader_id: id(12),
        published: Some(file().published(NOW)),
        child_of: None,
        deleted_at: None,
        created_at: NOW,
    }
}

/// The published file of the document, with three pages.
pub(crate) fn file() -> File {
    File {
        id: id(7),
        version: 1,
        document_id: id(4),
        kind: FileKind::Version,
        name: "soc2.pdf".parse().unwrap(),
        media_type: MediaType::Pdf,
        size_bytes: 100,
        sha256: [7; 32].into(),
        state: FileState::Published,
        uploader_id: id(12),
        sent: None,
        created_at: NOW,
        published_at: Some(NOW),
        pages: Pages::Ready { count: 3, total: 3 },
        stored_as: None,
        is_shared: false,
    }
}

/// What lets the contact view and download the document for good.
pub(crate) fn grant() -> Grant {
    Grant { granted_by: Some(id(10)), ..Grant::new(&contact(), id(4), None, || id(5), NOW - DAY) }
}

/// The same for viewing only.
pub(crate) fn grant_to_view() -> Grant {
    Grant { rights: vec![grant::Right::View].try_into().unwrap(), ..grant() }
}

/// An end so many hours from now.
pub(crate) fn ends_in(hours: i64) -> Expiry {
    Expiry { at: NOW + SignedDuration::from_hours(hours), zone: Zone::default(), told: NOW }
}

/// A guest link for the contact, with every right, which the member 13 made.
pub(crate) fn link() -> Link {
    Link {
        id: id(6),
        version: 1,
        document_id: id(4),
        audience: Audience::Contact,
        made_for: Some(id(3)),
        contact_id: Some(id(3)),
        contact_epoch: 0,
        link_epoch: 0,
        closings: 0,
        event_id: id(14),
        rights: vec![Right::View, Right::Download, Right::Write, Right::Sign].try_into().unwrap(),
        expiry: None,
        state: State::Active,
        root: 1,
        generation: 0,
        epoch: 0,
        first: None,
        maker_id: id(13),
        maker_name: "Bruno Meier".parse().unwrap(),
        sendings: 0,
        created_at: NOW,
    }
}

/// A guest link that opens to anybody.
pub(crate) fn public_link() -> Link {
    Link { audience: Audience::PublicSame, made_for: None, contact_id: None, ..link() }
}

/// The contact's browser on the link, proved by a code.
pub(crate) fn browser() -> Browser {
    Browser {
        id: id(8),
        link_id: id(6),
        contact_id: Some(id(3)),
        epoch: 0,
        contact_epoch: 0,
        closings: 0,
        proof: Proof::Code,
        child_id: None,
        expires_at: NOW + DAY,
        network: "192.0.2.7".to_owned(),
        agent: None,
        created_at: NOW - DAY,
    }
}

/// The link with everything that it is judged by, and no browser.
pub(crate) fn linked() -> Linked {
    Linked {
        tenant: tenant(),
        document: document(AccessLevel::Restricted),
        link: link(),
        contact: Some(contact()),
        account: Some(account()),
        grant: Some(grant()),
        device: None,
        child: None,
    }
}

/// A link that opens to anybody, and nobody yet.
pub(crate) fn linked_publicly() -> Linked {
    Linked { link: public_link(), contact: None, account: None, grant: None, ..linked() }
}

/// The contact's browser on what was `seen`.
pub(crate) fn guest(seen: Linked, standing: Standing) -> Guest {
    let (browser, sha) = (Box::new(browser()), "sha".to_owned());
    Guest { seen, comer: Comer::Browser { browser, standing, sha, views: 4 } }
}

/// A member who looks at what guests see.
pub(crate) fn looking(seen: Linked) -> Guest {
    Guest { seen, comer: Comer::Member(Box::new(member(Role::Administrator))) }
}

/// What the contact asks for: documents 4 and 40.
pub(crate) fn request() -> Request {
    let item = |number| Item { document_id: id(number), state: ItemState::Open };
    Request {
        id: id(15),
        version: 1,
        contact_id: id(3),
        items: vec![item(4), item(40)],
        status: Status::InReview,
        company: "Initech".parse().unwrap(),
        job_title: "Risk".parse().unwrap(),
        reason: "Yearly review".parse().unwrap(),
        questions: Vec::new(),
        timeline: Vec::new(),
        automatic: false,
        on_arrival: false,
        created_at: NOW,
    }
}

/// The contact, with the document shared and nothing asked for.
pub(crate) fn folder() -> Folder {
    let (grants, requests, acceptances) = (vec![grant()], Vec::new(), Vec::new());
    Folder { contact: contact(), grants, requests, acceptances }
}
