//! The people of the made-up company: one of every role, all with the same password.

use app::house::House;
use app::house::made_password;
use app::seating::founding::found;
use domain::activity::{Actor, Detail};
use domain::email::Email;
use domain::id::{MemberId, TenantId};
use domain::member::{Identity, Member, PasswordHash, Role};
use jiff::Timestamp;
use serde_json::json;
use store::activities::Home;
use store::{Store, StoreError};

use crate::demo::words::{line, word};
use crate::demo::{ADMINISTRATOR, DemoError, SLUG};

/// What the company is called.
const COMPANY: &str = "Acme";
/// Where its visitors ask.
const CONTACT_EMAIL: &str = "security@acme.example";
/// Where its days end.
const ZONE: &str = "Europe/Zurich";

/// Everybody but the administrator.
const OTHERS: [(&str, &str, Role); 3] = [
    ("manager@acme.example", "Nora Keller", Role::AccountManager),
    ("representative@acme.example", "Luis Ortega", Role::Representative),
    ("member@acme.example", "Ida Brandt", Role::Member),
];

/// The company and who does what in the demo.
#[derive(Clone, Copy, Debug)]
pub(super) struct Staff {
    pub(super) tenant_id: TenantId,
    pub(super) administrator: MemberId,
    pub(super) manager: MemberId,
    pub(super) representative: MemberId,
}

/// Makes the company and its people where absent, and gives all of them `password`. It may be
/// weaker than the product allows elsewhere: it opens nothing but a demo.
pub(super) async fn all(house: &House, password: &str) -> Result<Staff, DemoError> {
    let (tenant_id, administrator) = found_company(house).await?;
    let store = house.table.tenant(tenant_id);
    furnish(house, &store, administrator).await?;
    let mut others = [administrator; OTHERS.len()];
    for (place, (email, name, role)) in others.iter_mut().zip(OTHERS) {
        *place = seat(house, &store, (word(email)?, word(name)?, role)).await?;
    }
    let mut hash = None;
    for email in [ADMINISTRATOR].into_iter().chain(OTHERS.map(|(email, ..)| email)) {
        set_password(house, &word(email)?, password, &mut hash).await?;
    }
    let [manager, representative, _] = others;
    Ok(Staff { tenant_id, administrator, manager, representative })
}

/// The company and its administrator's seat.
async fn found_company(house: &House) -> Result<(TenantId, MemberId), DemoError> {
    let email: Email = word(ADMINISTRATOR)?;
    if let Some(identity) = house.table.identity_at(&email).await?
        && let Some(seat) = seat_in(house, &identity).await?
    {
        return Ok(seat);
    }
    // A company is founded with a strong password; the wanted one follows.
    let strong = made_password::make(&house.dice);
    let (company, name) = (Some(word(COMPANY)?), word("Alex Meyer")?);
    let founded = found(house, word(SLUG)?, company, email, name, &strong).await?;
    Ok((founded.tenant_id, founded.member_id))
}

/// The seat of `identity` in the demo's company.
async fn seat_in(
    house: &House,
    identity: &Identity,
) -> Result<Option<(TenantId, MemberId)>, DemoError> {
    let tenant = house.table.tenant_at(&word(SLUG)?).await?;
    let seats = house.table.seats(identity.id).await?;
    let seat = seats.iter().find(|seat| Some(seat.tenant_id) == tenant);
    Ok(seat.map(|seat| (seat.tenant_id, seat.member_id)))
}

/// Gives the person at `email` the password, if they have another one. Hashing takes long, so all
/// of them share the one `hash`.
async fn set_password(
    house: &House,
    email: &Email,
    password: &str,
    hash: &mut Option<PasswordHash>,
) -> Result<(), DemoError> {
    let Some(identity) = house.table.identity_at(email).await? else { return Ok(()) };
    if identity.password == *hash && hash.is_some() {
        return Ok(());
    }
    if let Some(theirs) = &identity.password
        && house.is_password(Some(theirs), password).await?
    {
        *hash = Some(theirs.clone());
        return Ok(());
    }
    if hash.is_none() {
        *hash = Some(house.hash_password(password).await?);
    }
    let (version, epoch) = (identity.version + 1, identity.epoch + 1);
    let identity = Identity { version, epoch, password: hash.clone(), ..identity };
    let mut change = house.table.change(house.dice.token());
    change.save_identity(&identity)?;
    Ok(change.commit().await?)
}

/// Gives the company its zone and its address for questions.
async fn furnish(house: &House, store: &Store, by: MemberId) -> Result<(), DemoError> {
    let Some(mut tenant) = store.own_tenant().await? else { return Ok(()) };
    if tenant.contact_email.is_some() {
        return Ok(());
    }
    tenant.version += 1;
    tenant.contact_email = Some(word(CONTACT_EMAIL)?);
    tenant.zone = word(ZONE)?;
    let mut change = store.change(house.dice.token());
    change.save_tenant(&tenant)?;
    let detail = json!({ "contact_email": [null, CONTACT_EMAIL], "zone": ["UTC", ZONE] });
    let now = house.clock.now();
    let what = (tenant.id, tenant.version);
    let detail = Detail::Plain(detail);
    let line = line(house, Actor::Member(by), "tenant.update", what, detail, now);
    change.audit(Home::Tenant, &line)?;
    match change.commit().await {
        Ok(()) | Err(StoreError::Lost(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The seat of the person at an address, made if absent.
async fn seat(
    house: &House,
    store: &Store,
    (email, name, role): (Email, domain::text::Title, Role),
) -> Result<MemberId, DemoError> {
    let now: Timestamp = house.clock.now();
    if let Some(identity) = house.table.identity_at(&email).await?
        && let Some((_, member)) = seat_in(house, &identity).await?
    {
        return Ok(member);
    }
    let identity = Identity::new(house.dice.id(now), email, name, now);
    let member = Member {
        external_communications: role == Role::Representative,
        ..Member::new(house.dice.id(now), &identity, role, now)
    };
    let mut change = store.change(house.dice.token());
    change.create_identity(&identity)?;
    change.save_member(&member)?;
    change.seat(identity.id, member.id)?;
    let detail = Detail::Plain(json!({ "email": member.email, "role": [null, role] }));
    let line = line(house, Actor::Operator, "operator.found", (member.id, 1), detail, now);
    change.audit(Home::Tenant, &line)?;
    change.commit().await?;
    Ok(member.id)
}
