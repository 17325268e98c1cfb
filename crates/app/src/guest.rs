//! Guests: browsers on a guest link, without an account.
//!
//! Who comes with the link's secret, or with a code, is let in by [`opening`] and [`proving`]; who
//! was let in before is known by one cookie that serves all links. What a browser is on a link lies
//! under a hash of the cookie and the link, so that what it has on one link tells nothing of what
//! it has on another. Every request judges link, grant, contact, account and document anew.

mod agreement;
mod asking;
mod binding;
mod children;
mod notices;
mod opening;
mod proving;
mod reading;
mod rights;
mod sending;
mod signing;
mod thread;

use std::borrow::Cow;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::activity::Actor;
use domain::id::{DeviceId, Id, LinkId, TenantId};
use domain::link::guest::{Guest as Browser, Standing, Stop};
use domain::link::{Audience, Life};
use domain::member::Member;
use jiff::{SignedDuration, Timestamp};
use policy::trust::{Action, decide};
use store::links::{Along, Linked};
use store::{Store, StoreError};

pub use self::asking::Sought;
pub use self::notices::Disowned;
pub use self::opening::{Cover, Opens};
pub use self::proving::Details;
pub use self::rights::rights_of;
pub use self::sending::SENT_BYTES_MAX;
pub use self::signing::Signing;
use crate::callers::staff::{SignedIn, principal_of};
use crate::exchange::cx::{Cx, Principal, Visit};
use crate::exchange::problem::{Kind, Problem};
use crate::house::House;
use crate::house::cookie;
use crate::house::keyring::sha256_hex;
use crate::house::token::guest::Place;
use crate::linking::link_resource;

/// Somebody on the page of a guest link, to whom it opens.
#[derive(Clone, Debug)]
pub struct Guest {
    /// The link with everything that it is judged by.
    pub seen: Linked,
    /// Who comes.
    pub comer: Comer,
}

/// Who comes to a guest link.
#[derive(Clone, Debug)]
pub enum Comer {
    /// A browser that was let in.
    Browser {
        /// The browser.
        browser: Box<Browser>,
        /// What it is on the link now.
        standing: Standing,
        /// The hash under which it is known there.
        sha: String,
        /// Views that it was counted for when it was read.
        views: u64,
    },
    /// A member of the company, who looks at what guests see: they claim nothing by that.
    Member(Box<Member>),
}

impl Principal for Guest {
    const SECURITY: Option<&'static str> = Some("device");

    async fn enter(house: &Arc<House>, visit: &Visit, now: Timestamp) -> Result<Self, Problem> {
        let link = visit.link.ok_or_else(Problem::not_found)?;
        let told = told_place(house, visit, link);
        let place = match told {
            Some(place) => place,
            None => looked_up_place(house, link).await?,
        };
        let store = house.table.tenant(place.tenant);
        let Place { contact, account, child, .. } = place;
        if let Some(member) = colleague(house, visit, place.tenant, now).await? {
            let along = Along { contact, account, ..Along::default() };
            let seen = store.whole_link(place.document, link, along).await?;
            let seen = seen.ok_or_else(Problem::not_found)?;
            require_open(&seen, now)?;
            if told.is_none() {
                require_reader(&member, &seen)?;
            }
            return Ok(Self { seen, comer: Comer::Member(Box::new(member)) });
        }
        let sha = known_secret(visit).map(|secret| sha_on(link, &secret));
        let along = Along { contact, account, device: sha.as_deref(), child };
        let seen = Box::pin(store.whole_link(place.document, link, along));
        let (seen, views) = tokio::join!(seen, views_of(&store, link, sha.as_deref()));
        let seen = seen?.ok_or_else(Problem::not_found)?;
        let standing = standing(&seen, now)?;
        require_own_copy(&seen)?;
        let (browser, sha) = seen.device.clone().zip(sha).ok_or_else(code_required)?;
        let views = views?;
        let browser = Box::new(browser);
        Ok(Self { seen, comer: Comer::Browser { browser, standing, sha, views } })
    }

    fn actor(&self) -> Actor {
        match &self.comer {
            Comer::Browser { browser, .. } => {
                browser.contact_id.map_or(Actor::Anyone, Actor::Contact)
            }
            Comer::Member(member) => Actor::Member(member.id),
        }
    }

    fn tenant(&self) -> Option<TenantId> {
        Some(self.seen.tenant.id)
    }

    fn device(&self) -> Option<DeviceId> {
        match &self.comer {
            Comer::Browser { browser, .. } => Some(browser.id),
            Comer::Member(_) => None,
        }
    }

    fn repeats_as(&self, _: &Visit) -> String {
        match &self.comer {
            Comer::Browser { browser, .. } => browser.id.to_string(),
            Comer::Member(member) => member.id.to_string(),
        }
    }
}

/// Views that the browser known under `sha` was counted for.
async fn views_of(store: &Store, link: LinkId, sha: Option<&str>) -> Result<u64, StoreError> {
    let Some(sha) = sha else { return Ok(0) };
    let views = store.guest_views(link, sha).await?;
    Ok(views.map_or(0, |views| views.version))
}

/// Where `link` lies, as the caller was told when they came with its secret.
fn told_place(house: &House, visit: &Visit, link: LinkId) -> Option<Place> {
    Place::verify(&house.keys, link, visit.place.as_ref()?)
}

async fn looked_up_place(house: &House, link: LinkId) -> Result<Place, Problem> {
    let found = house.table.locate_link(link).await?.ok_or_else(Problem::not_found)?;
    let (tenant, document) = (found.tenant_id, found.document_id);
    Ok(Place { tenant, document, contact: None, account: None, child: None })
}

/// The member of `tenant` who is signed in in this browser, if one is.
async fn colleague(
    house: &Arc<House>,
    visit: &Visit,
    tenant: TenantId,
    now: Timestamp,
) -> Result<Option<Member>, Problem> {
    if visit.cookie(cookie::SESSION).is_none() {
        return Ok(None);
    }
    match SignedIn::enter(house, visit, now).await {
        Ok(signed_in) => {
            let seat = signed_in.seat.filter(|(company, _)| company.id == tenant);
            Ok(seat.map(|(_, member)| member))
        }
        Err(problem) if problem.kind == Kind::SignIn => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// Refuses a member who came without the link's secret, unless they may read the link.
fn require_reader(member: &Member, seen: &Linked) -> Result<(), Problem> {
    let may_read = decide(&principal_of(member), Action::LinkRead, &link_resource(seen)).allowed;
    // What they may not read they are not told of.
    if may_read { Ok(()) } else { Err(Problem::not_found()) }
}

/// Refuses everybody while the link does not open.
fn require_open(seen: &Linked, now: Timestamp) -> Result<(), Problem> {
    match seen.link.life(&seen.around(), now) {
        Life::Open => Ok(()),
        Life::Inactive(_) => Err(link_inactive()),
        Life::Gone => Err(Problem::not_found()),
    }
}

/// Refuses a guest whose own copy of the document was deleted; and one who has none, though there
/// is something to copy by now: proving the address again makes it.
fn require_own_copy(seen: &Linked) -> Result<(), Problem> {
    let is_deleted = seen.child.as_ref().is_some_and(|child| child.deleted_at.is_some());
    let is_proved = seen.device.as_ref().is_some_and(|device| device.contact_id.is_some());
    let lacks_one = seen.link.audience == Audience::PublicChild
        && is_proved
        && seen.child.is_none()
        && seen.document.published.is_some();
    if is_deleted {
        Err(Problem::not_found())
    } else if lacks_one {
        Err(code_required())
    } else {
        Ok(())
    }
}

/// The secret of a browser that was let in somewhere.
fn known_secret(visit: &Visit) -> Option<[u8; 32]> {
    let bytes = URL_SAFE_NO_PAD.decode(visit.cookie(cookie::DEVICE)?).ok()?;
    bytes.try_into().ok()
}

/// Under which hash a browser is known on a link.
fn sha_on(link: LinkId, secret: &[u8; 32]) -> String {
    sha256_hex(&[secret.as_slice(), &link.ulid().to_bytes()].concat())
}

/// How long a browser stays trusted on a link of the company.
fn device_life(seen: &Linked) -> SignedDuration {
    SignedDuration::from_hours(24) * i32::from(seen.tenant.device_days)
}

/// What the browser that was read is on its link.
///
/// # Errors
/// [`Kind::CodeRequired`], [`Kind::LinkInactive`], [`Kind::NotFound`].
fn standing(seen: &Linked, now: Timestamp) -> Result<Standing, Problem> {
    match &seen.device {
        Some(browser) => browser.standing(&seen.link, &seen.around(), now).map_err(stopped),
        None => Err(require_open(seen, now).err().unwrap_or_else(code_required)),
    }
}

fn stopped(stop: Stop) -> Problem {
    match stop {
        Stop::CodeRequired => code_required(),
        Stop::Inactive => link_inactive(),
        Stop::Gone => Problem::not_found(),
    }
}

fn code_required() -> Problem {
    let detail = "This browser is not known on the link. Ask for a code, and type it here.";
    Problem::new(Kind::CodeRequired, detail)
}

/// One answer to everybody, whatever stops the link.
fn link_inactive() -> Problem {
    Problem::new(Kind::LinkInactive, "The link does not open now. Ask whoever sent it.")
}

impl Cx<Guest> {
    /// The store of the link's company.
    #[must_use]
    pub fn store(&self) -> Store {
        self.store_of(self.who.seen.tenant.id)
    }

    /// Refuses unless the guest may do `action` to the link's document.
    ///
    /// # Errors
    /// [`Kind::NdaRequired`] until the agreement is accepted, [`Kind::CodeRequired`] where a proved
    /// address would do it, [`Kind::Forbidden`].
    pub fn allow(&self, action: Action) -> Result<(), Problem> {
        self.who.require(action)
    }

    /// The guest as whoever looks for the `look`th time, from 0, must see them: as they came, then
    /// as they are now.
    ///
    /// # Errors
    /// As [`Cx::looked_again`].
    async fn guest_at(&self, look: u32) -> Result<Cow<'_, Guest>, Problem> {
        match look {
            0 => Ok(Cow::Borrowed(&self.who)),
            _ => self.looked_again().await.map(Cow::Owned),
        }
    }

    /// The guest as they are now, while the link still opens to them.
    ///
    /// # Errors
    /// As when they came.
    async fn looked_again(&self) -> Result<Guest, Problem> {
        let Guest { seen, comer } = &self.who;
        let (contact, sha) = match comer {
            Comer::Browser { browser, sha, .. } => (browser.contact_id, Some(sha.as_str())),
            Comer::Member(_) => (seen.link.contact_id, None),
        };
        let account = seen.account.as_ref().map(|account| account.id);
        let child = seen.child.as_ref().map(|child| child.id);
        let along = Along { contact, account, device: sha, child };
        let seen = self.store().whole_link(seen.document.id, seen.link.id, along).await?;
        let seen = seen.ok_or_else(Problem::not_found)?;
        let comer = match comer {
            Comer::Member(member) => {
                require_open(&seen, self.now)?;
                Comer::Member(member.clone())
            }
            Comer::Browser { sha, views, .. } => {
                let standing = standing(&seen, self.now)?;
                require_own_copy(&seen)?;
                let browser = Box::new(seen.device.clone().ok_or_else(code_required)?);
                Comer::Browser { browser, standing, sha: sha.clone(), views: *views }
            }
        };
        Ok(Guest { seen, comer })
    }
}

#[cfg(test)]
mod tests;
