//! Companies, people, documents and contacts, laid straight into the table: what a test begins
//! with, not what it is about.

use std::sync::atomic::{AtomicU32, Ordering};

use app::house::House;
use domain::email::Email;
use domain::id::TenantId;
use domain::member::{Identity, Member, Role};
use domain::tenant::Tenant;
use domain::text::Title;
use sha2::{Digest, Sha256};
use store::Store;

use crate::world::World;

/// Where members of companies here have their addresses.
pub const STAFF_DOMAIN: &str = "staff.example";

mod library;
mod links;
pub mod pages;
mod people;
pub mod pictures;

/// Numbers addresses, so that no two are alike.
static NEXT: AtomicU32 = AtomicU32::new(1);

/// The smallest file that passes as a PDF; differs by its title.
#[must_use]
pub fn pdf(title: &str) -> Vec<u8> {
    format!("%PDF-1.7\n% {title}\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n").into_bytes()
}

/// SHA-256 as 64 hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// A company with its first administrator.
#[derive(Clone, Debug)]
pub struct Company {
    /// The company.
    pub tenant: Tenant,
    /// Its first administrator.
    pub administrator: Member,
}

impl Company {
    /// The company's id.
    #[must_use]
    pub fn id(&self) -> TenantId {
        self.tenant.id
    }
}

impl World {
    /// A new company, with one administrator and nothing else.
    pub async fn company(&self, slug: &str) -> Company {
        company(&self.house, slug).await
    }

    /// What belongs to `company`.
    #[must_use]
    pub fn store_of(&self, company: &Company) -> Store {
        self.house.table.tenant(company.id())
    }

    /// A new person with a seat in a company.
    pub async fn seat(&self, tenant: TenantId, role: Role) -> Member {
        seat(&self.house, tenant, role).await
    }
}

/// A new company, with one administrator and nothing else.
pub async fn company(house: &House, slug: &str) -> Company {
    let now = house.clock.now();
    let id = house.dice.id(now);
    let name = format!("{slug} AG").parse().expect("a title");
    let tenant = Tenant::new(id, name, slug.parse().expect("a slug"), now);
    let mut change = house.table.tenant(id).change(house.dice.token());
    change.save_tenant(&tenant).expect("a tenant item");
    change.take_slug(&tenant.slug).expect("a slug item");
    change.commit().await.expect("the company is made");
    let administrator = seat(house, id, Role::Administrator).await;
    Company { tenant, administrator }
}

async fn seat(house: &House, tenant: TenantId, role: Role) -> Member {
    let now = house.clock.now();
    let number = NEXT.fetch_add(1, Ordering::SeqCst);
    let email = format!("{}-{number}@{STAFF_DOMAIN}", role.as_str().replace('_', "-"));
    let email: Email = email.parse().expect("an address");
    let name: Title = format!("Staff {number}").parse().expect("a name");
    let identity = Identity::new(house.dice.id(now), email, name, now);
    let member = Member {
        external_communications: true,
        ..Member::new(house.dice.id(now), &identity, role, now)
    };
    let mut change = house.table.tenant(tenant).change(house.dice.token());
    change.create_identity(&identity).expect("an identity item");
    change.seat(identity.id, member.id).expect("a seat item");
    change.save_member(&member).expect("a member item");
    change.commit().await.expect("the seat is made");
    member
}

/// A new address, as if of somebody outside.
pub fn address() -> String {
    format!("person-{}@outside.example", NEXT.fetch_add(1, Ordering::SeqCst))
}
