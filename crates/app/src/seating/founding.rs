//! Founding a company, or rescuing one whose last administrator is out: the operator's own act.
//!
//! Found by slug and address, made where absent, raised where too low. Repeating it changes nothing
//! more.

use domain::activity::{Activity, Actor, Detail, Object, Origin};
use domain::email::Email;
use domain::id::{IdentityId, MemberId, TenantId};
use domain::member::{Identity, Member, PasswordHash, Role};
use domain::password::{Strength, check};
use domain::tenant::{Slug, Tenant};
use domain::text::Title;
use jiff::Timestamp;
use serde_json::json;
use store::StoreError;
use store::activities::Home;
use store::change::Change;

use crate::exchange::problem::{Kind, Problem};
use crate::house::House;
use crate::seating::seat_of;

/// Looks at what is there at the most; each look after the first means that somebody else saved.
const LOOKS_MAX: u32 = 4;

/// What stands after founding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founded {
    /// The company.
    pub tenant_id: TenantId,
    /// The person.
    pub identity_id: IdentityId,
    /// Their seat, an administrator's.
    pub member_id: MemberId,
    /// What was done to get there.
    pub deeds: Deeds,
}

/// What founding had to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deeds {
    /// Whether the company was made or found.
    pub tenant: Deed,
    /// Whether the person was made, changed by a new password, or found.
    pub identity: Deed,
    /// Whether the seat was made, raised, or found.
    pub member: Deed,
}

/// How a thing came to be as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It was as it should be.
    Found,
    /// It was there and is changed.
    Changed,
    /// It was made.
    Made,
}

/// A thing, and how it came to be so.
struct Outcome<T> {
    thing: T,
    deed: Deed,
}

/// Who shall run which company.
struct Wanted<'a> {
    slug: Slug,
    tenant_name: Option<Title>,
    email: Email,
    name: Title,
    password: &'a str,
}

/// Makes sure that there is a company at `slug` and that the person at `email` administers it and
/// signs in with `password`. A company, a person and a name that are there already are kept; a
/// seat is raised and put back in use; a password that is another one is replaced, which ends all
/// of the person's sessions. A new company is called `tenant_name`, else like its slug.
///
/// # Errors
/// [`Kind::BadInput`] at `/password` if the password is too weak, [`Kind::Busy`] if others keep
/// changing the same things, or the table's.
pub async fn found(
    house: &House,
    slug: Slug,
    tenant_name: Option<Title>,
    email: Email,
    name: Title,
    password: &str,
) -> Result<Founded, Problem> {
    let wanted = Wanted { slug, tenant_name, email, name, password };
    for _ in 0..LOOKS_MAX {
        match wanted.attempt(house).await? {
            Ok(founded) => return Ok(founded),
            Err(StoreError::Lost(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::new(Kind::Busy, "Others are changing the same company or person. Try again."))
}

impl Wanted<'_> {
    async fn attempt(&self, house: &House) -> Result<Result<Founded, StoreError>, Problem> {
        let now = house.clock.now();
        let tenant = self.tenant(house, now).await?;
        let store = house.table.tenant(tenant.thing.id);
        let identity = self.identity(house, &tenant.thing, now).await?;
        let seat = seat_of(&store, &identity.thing).await?;
        let member = administrator(house, seat.clone(), &identity, now);

        let mut change = store.change(house.dice.token());
        if tenant.deed == Deed::Made {
            change.take_slug(&tenant.thing.slug)?;
            change.save_tenant(&tenant.thing)?;
            let detail = json!({ "name": tenant.thing.name, "slug": tenant.thing.slug });
            audit(house, &mut change, Object::Tenant(tenant.thing.id), 1, detail, now)?;
        }
        match identity.deed {
            Deed::Found => {}
            Deed::Changed => {
                change.save_identity(&identity.thing)?;
                // Whoever needs this way in has lost the other one.
                let factor = house.table.second_factor(identity.thing.id).await?;
                if factor.is_on() {
                    change.save_second_factor(identity.thing.id, &factor.off())?;
                }
            }
            Deed::Made => change.create_identity(&identity.thing)?,
        }
        if member.deed != Deed::Found {
            change.save_member(&member.thing)?;
            let detail = changes(seat.as_ref(), &member.thing, identity.deed);
            let (object, seq) = (Object::Member(member.thing.id), member.thing.version);
            audit(house, &mut change, object, seq, detail, now)?;
        }
        if member.deed == Deed::Made {
            change.seat(identity.thing.id, member.thing.id)?;
        }
        let founded = Founded {
            tenant_id: tenant.thing.id,
            identity_id: identity.thing.id,
            member_id: member.thing.id,
            deeds: Deeds { tenant: tenant.deed, identity: identity.deed, member: member.deed },
        };
        Ok(change.commit().await.map(|()| founded))
    }

    async fn tenant(&self, house: &House, now: Timestamp) -> Result<Outcome<Tenant>, Problem> {
        if let Some(id) = house.table.tenant_at(&self.slug).await? {
            let tenant = house.table.tenant(id).own_tenant().await?;
            // Slug and company are written together; one without the other is a broken table.
            let thing = tenant.ok_or_else(|| {
                Problem::new(Kind::Internal, "The slug is taken by a company that is not there.")
            })?;
            return Ok(Outcome { thing, deed: Deed::Found });
        }
        let name = match &self.tenant_name {
            Some(name) => name.clone(),
            None => self.slug.as_str().parse().map_err(|error: domain::text::TextError| {
                Problem::bad_input("/tenant_name", error.to_string())
            })?,
        };
        let thing = Tenant::new(house.dice.id(now), name, self.slug.clone(), now);
        Ok(Outcome { thing, deed: Deed::Made })
    }

    async fn identity(
        &self,
        house: &House,
        tenant: &Tenant,
        now: Timestamp,
    ) -> Result<Outcome<Identity>, Problem> {
        let known = [self.email.as_str(), self.name.as_str(), tenant.name.as_str()];
        check(self.password, Strength::Alone, &known)
            .map_err(|error| Problem::bad_input("/password", error.to_string()))?;
        let Some(identity) = house.table.identity_at(&self.email).await? else {
            let password = Some(house.hash_password(self.password).await?);
            let thing = Identity {
                password,
                ..Identity::new(house.dice.id(now), self.email.clone(), self.name.clone(), now)
            };
            return Ok(Outcome { thing, deed: Deed::Made });
        };
        if house.is_password(identity.password.as_ref(), self.password).await? {
            return Ok(Outcome { thing: identity, deed: Deed::Found });
        }
        let password: PasswordHash = house.hash_password(self.password).await?;
        let thing = Identity { second_factor: false, ..identity.with_password(password) };
        Ok(Outcome { thing, deed: Deed::Changed })
    }
}

/// The seat as an administrator's, in use. A new password is recorded with it too: the trail of
/// the company knows seats, not identities.
fn administrator(
    house: &House,
    seat: Option<Member>,
    identity: &Outcome<Identity>,
    now: Timestamp,
) -> Outcome<Member> {
    let Some(seat) = seat else {
        let thing = Member::new(house.dice.id(now), &identity.thing, Role::Administrator, now);
        return Outcome { thing, deed: Deed::Made };
    };
    if seat.administers() && identity.deed == Deed::Found {
        return Outcome { thing: seat, deed: Deed::Found };
    }
    // An invitation that waits is answered by this.
    let seat = Member { version: seat.version + 1, invitation: None, ..seat };
    Outcome { thing: seat.with_access(Role::Administrator, false), deed: Deed::Changed }
}

/// What changed about a seat, for the trail.
fn changes(before: Option<&Member>, after: &Member, identity: Deed) -> serde_json::Value {
    let role = before.map(|before| before.role);
    let suspended = before.map(|before| before.suspended);
    let password = match identity {
        Deed::Found => "kept",
        Deed::Changed => "replaced",
        Deed::Made => "set",
    };
    json!({
        "email": after.email,
        "role": [role, after.role],
        "suspended": [suspended, after.suspended],
        "password": password,
    })
}

fn audit(
    house: &House,
    change: &mut Change,
    object: Object,
    seq: u64,
    detail: serde_json::Value,
    now: Timestamp,
) -> Result<(), StoreError> {
    let line = Activity {
        id: house.dice.id(now),
        actor: Actor::Operator,
        verb: "operator.found".to_owned(),
        object,
        seq,
        about: None,
        detail: Detail::Plain(detail),
        at: now,
        origin: Origin::default(),
    };
    change.audit(Home::Tenant, &line)
}
