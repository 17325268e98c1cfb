//! A table of one link, moved by the pure decisions alone.

use domain::challenge::{CODE_LIFE, Challenge};
use domain::contact::{Back, Contact, Restored, ReviewStatus};
use domain::document::{AccessLevel, Document};
use domain::email::Email;
use domain::expiry::When;
use domain::grant::{Grant, State as GrantState};
use domain::id::{DeviceId, Id};
use domain::link::guest::{Guest, Proof, Standing, Stop};
use domain::link::opening::{Opening, Press, Way};
use domain::link::verifying::{Binding, Holder};
use domain::link::{Around, Audience, Life, Link, Rights as LinkRights, State};
use domain::tenant::Tenant;
use jiff::{SignedDuration, Timestamp};
use ulid::Ulid;

use super::act::{Act, BROWSERS, END, Kind, Look, PEOPLE};
use super::rules::Rules;

/// A code that a browser asked for.
struct Code {
    challenge: Challenge,
    person: usize,
    is_mailed: bool,
    /// The contact's epoch when it was asked for, if there was one.
    epoch: Option<u32>,
}

/// The table as the rules leave it.
pub(crate) struct Game<'a> {
    rules: &'a dyn Rules,
    tenant: Tenant,
    document: Document,
    people: [Option<Contact>; PEOPLE],
    grants: [Option<Grant>; PEOPLE],
    link: Link,
    guests: [Option<Guest>; BROWSERS],
    codes: [Option<Code>; BROWSERS],
}

fn id<I: Id>(number: usize) -> I {
    I::from_ulid(Ulid::from_parts(1, u128::try_from(number).unwrap_or_default()))
}

fn device(browser: usize, now: Timestamp) -> DeviceId {
    let random = u128::try_from(browser).unwrap_or_default();
    DeviceId::from_ulid(Ulid::from_parts(now.as_millisecond().unsigned_abs(), random))
}

fn address(person: usize) -> Email {
    format!("person{person}@initech.example").parse().expect("an address")
}

fn contact(person: usize, email: Option<Email>) -> Contact {
    let name = ("Ada".parse().expect("a name"), "Lind".parse().expect("a name"));
    let seed = "seed".to_owned();
    Contact { email, ..Contact::new(id(person + 1), name, seed, Timestamp::UNIX_EPOCH) }
}

fn document() -> Document {
    Document {
        id: id(1),
        version: 1,
        title: "Report".parse().expect("a title"),
        category: "Reports".parse().expect("a category"),
        access_level: AccessLevel::Restricted,
        uploader_id: id(1),
        published: None,
        child_of: None,
        deleted_at: None,
        created_at: Timestamp::UNIX_EPOCH,
    }
}

fn tenant() -> Tenant {
    let (name, slug) = ("Acme".parse().expect("a name"), "acme".parse().expect("a slug"));
    let mut tenant = Tenant::new(id(1), name, slug, Timestamp::UNIX_EPOCH);
    tenant.plan.public_links = true;
    tenant
}

impl<'a> Game<'a> {
    pub(crate) fn new(rules: &'a dyn Rules, kind: Kind, start: Timestamp) -> Self {
        let (tenant, document) = (tenant(), document());
        let (audience, own) = match kind {
            Kind::WithAddress => (Audience::Contact, Some(contact(0, Some(address(0))))),
            Kind::WithoutAddress => (Audience::Contact, Some(contact(0, None))),
            Kind::Undefined => (Audience::Undefined, None),
            Kind::PublicSame => (Audience::PublicSame, None),
            Kind::PublicChild => (Audience::PublicChild, None),
        };
        let given = own.as_ref().map(|own| Grant::new(own, document.id, None, || id(1), start));
        let link = Link {
            id: id(1),
            version: 1,
            document_id: document.id,
            audience,
            made_for: own.as_ref().map(|own| own.id),
            contact_id: own.as_ref().map(|own| own.id),
            contact_epoch: 0,
            link_epoch: 0,
            closings: given.as_ref().map_or(0, |given| given.closings),
            event_id: id(1),
            rights: LinkRights::default(),
            expiry: When::Instant(start + END).ends(&tenant.zone, start).ok(),
            state: State::Active,
            root: 1,
            generation: 0,
            epoch: 0,
            first: None,
            maker_id: id(1),
            maker_name: "Nina Berg".parse().expect("a name"),
            sendings: 0,
            created_at: start,
        };
        let people = [own, Some(contact(1, Some(address(1))))];
        let (guests, codes) = (Default::default(), Default::default());
        Self { rules, tenant, document, people, grants: [given, None], link, guests, codes }
    }

    /// Whether the link moved on from `before` as links do: numbers only rise, and whoever was first
    /// stays so.
    pub(crate) fn follows(&self, before: &Link) -> bool {
        let is_risen = before.epoch <= self.link.epoch && before.version <= self.link.version;
        is_risen && (before.first.is_none() || before.first == self.link.first)
    }

    /// The link as it is now.
    pub(crate) fn link(&self) -> Link {
        self.link.clone()
    }

    fn place(&self, guest: Option<&Guest>) -> Option<usize> {
        let id = self.link.contact_id.or(guest.and_then(|guest| guest.contact_id))?;
        self.people.iter().position(|person| person.as_ref().is_some_and(|who| who.id == id))
    }

    fn around(&self, place: Option<usize>) -> Around<'_> {
        Around {
            tenant: &self.tenant,
            document: &self.document,
            contact: place.and_then(|place| self.people[place].as_ref()),
            account: None,
            grant: place.and_then(|place| self.grants[place].as_ref()),
        }
    }

    pub(crate) fn look(&self, browser: usize, now: Timestamp) -> Look {
        let guest = self.guests[browser].as_ref();
        let around = self.around(self.place(guest));
        let standing = match guest {
            Some(guest) => self.rules.standing(guest, &self.link, &around, now),
            None => match self.link.life(&around, now) {
                Life::Open => Err(Stop::CodeRequired),
                Life::Inactive(_) => Err(Stop::Inactive),
                Life::Gone => Err(Stop::Gone),
            },
        };
        let speaks_for = guest.and_then(|guest| guest.contact_id);
        let is_them = |who: &Option<Contact>| who.as_ref().map(|who| who.id) == speaks_for;
        let person = self.people.iter().position(is_them).unwrap_or(PEOPLE);
        match standing {
            Ok(Standing::Bearer) => Look::Bearer,
            Ok(Standing::Trusted) => Look::Trusted(person),
            Ok(Standing::Verified) => Look::Verified(person),
            Err(Stop::CodeRequired) => Look::CodeRequired,
            Err(Stop::Inactive) => Look::Inactive,
            Err(Stop::Gone) => Look::Gone,
        }
    }

    fn is_in(&self, browser: usize, now: Timestamp) -> bool {
        !matches!(self.look(browser, now), Look::CodeRequired | Look::Inactive | Look::Gone)
    }

    /// Does `act`, and tells whether a code let somebody in by it.
    pub(crate) fn act(&mut self, act: Act, now: Timestamp) -> bool {
        match act {
            Act::Press { browser } => self.press(browser, now),
            Act::Scan | Act::Sleep { .. } => {}
            Act::Ask { browser, person } => self.ask(browser, person, now),
            Act::Type { browser } => return self.type_code(browser, true, now),
            Act::Guess { browser, times } => {
                return (0..times).any(|_| self.type_code(browser, false, now));
            }
            Act::Deactivate => self.link = self.link.clone().deactivated(),
            Act::Activate => {
                let own = self.place(None).and_then(|place| self.people[place].as_ref());
                self.link = self.link.clone().activated(own);
            }
            Act::Replace => self.link = self.link.clone().replaced(),
            Act::CloseAccess { person } => {
                if let Some(grant) = self.grants[person].take() {
                    let is_live = grant.state == GrantState::Live;
                    let closed = if is_live { grant.ended(GrantState::Removed) } else { grant };
                    self.grants[person] = Some(closed);
                }
            }
            Act::ReopenAccess { person } => {
                let (grant, who) = (&self.grants[person], &self.people[person]);
                if let (Some(grant), Some(who)) = (grant, who)
                    && grant.state == GrantState::Removed
                {
                    let again = Grant::new(who, self.document.id, Some(grant), || grant.id, now);
                    self.grants[person] = Some(again);
                }
            }
            Act::Suspend { person } => {
                self.people[person] = self.people[person].take().map(Contact::suspended);
            }
            Act::Unsuspend { person, keeps_links } => {
                let links = if keeps_links { Back::Kept } else { Back::Dropped };
                let restored = Restored { grants: Back::Kept, links };
                let back = |who: Contact| {
                    who.clone().unsuspended(ReviewStatus::ToReview, restored).unwrap_or(who)
                };
                self.people[person] = self.people[person].take().map(back);
            }
        }
        false
    }

    fn press(&mut self, browser: usize, now: Timestamp) {
        // A browser that is known is not asked to prove itself again.
        if self.is_in(browser, now) {
            return;
        }
        let nonce = format!("nonce {browser}");
        let press = Press { nonce: &nonce, way: Way::Copied };
        let around = self.around(self.place(None));
        match self.rules.press(&self.link, &around, press, now) {
            Opening::First => {
                let id = device(browser, now);
                self.link = self.link.clone().pressed(id, press, now);
                self.admit(browser, Proof::FirstPress, self.place(None), now);
            }
            Opening::Bearer => self.admit(browser, Proof::Bearer, None, now),
            Opening::Again(_) | Opening::CodeRequired | Opening::Inactive | Opening::Gone => {}
        }
    }

    fn holder(&self, person: usize) -> Option<Holder<'_>> {
        let has_it = |who: &Contact| who.email == Some(address(person));
        let place = self.people.iter().position(|who| who.as_ref().is_some_and(has_it))?;
        let contact = self.people[place].as_ref()?;
        Some(Holder { contact, account: None, grant: self.grants[place].as_ref() })
    }

    fn bound(&self, person: usize, now: Timestamp) -> Option<Binding> {
        let around = self.around(self.place(None));
        let holder = self.holder(person);
        self.rules.bind(&self.link, &around, &address(person), holder, now).ok()
    }

    fn ask(&mut self, browser: usize, person: usize, now: Timestamp) {
        if self.link.life(&self.around(self.place(None)), now) != Life::Open {
            return;
        }
        let is_mailed = self.bound(person, now).is_some();
        let epoch = self.holder(person).map(|holder| holder.contact.epoch);
        let challenge = Challenge::new(now);
        debug_assert_eq!(challenge.expires_at, now + CODE_LIFE);
        self.codes[browser] = Some(Code { challenge, person, is_mailed, epoch });
    }

    fn type_code(&mut self, browser: usize, is_right: bool, now: Timestamp) -> bool {
        let Some(code) = self.codes[browser].take() else { return false };
        let (challenge, let_in) = match self.rules.attempt(&code.challenge, now) {
            Err(_) => (code.challenge.clone(), None),
            Ok(counted) if !is_right => (self.rules.missed(counted, now), None),
            Ok(counted) => {
                let current = self.holder(code.person).map(|holder| holder.contact.epoch);
                let is_current = code.epoch.is_none() || code.epoch == current;
                let is_proof = code.is_mailed && is_current;
                let binding = if is_proof { self.bound(code.person, now) } else { None };
                match binding {
                    None => (counted, None),
                    Some(binding) => match self.rules.consume(&counted) {
                        Ok(used) => (used, Some(binding)),
                        Err(_) => (counted, None),
                    },
                }
            }
        };
        let person = code.person;
        self.codes[browser] = Some(Code { challenge, ..code });
        let is_let_in = let_in.is_some();
        if let Some(binding) = let_in {
            self.prove(browser, person, binding, now);
        }
        is_let_in
    }

    fn prove(&mut self, browser: usize, person: usize, binding: Binding, now: Timestamp) {
        let place = match binding {
            Binding::Own => self.place(None),
            Binding::Address => {
                let own = self.place(None);
                if let Some(own) = own {
                    let who = self.people[own].take();
                    self.people[own] = who.map(|who| who.with_email(Some(address(person))));
                }
                own
            }
            Binding::Known(id) => {
                let is_them = |who: &Option<Contact>| who.as_ref().is_some_and(|who| who.id == id);
                self.people.iter().position(is_them)
            }
            Binding::New => {
                self.people[person] = Some(contact(person, Some(address(person))));
                Some(person)
            }
        };
        let Some(place) = place else { return };
        let Some(who) = self.people[place].clone() else { return };
        let document = self.document.id;
        let given = self.grants[place]
            .get_or_insert_with(|| Grant::new(&who, document, None, || id(place + 1), now));
        self.link = self.rules.verified(self.link.clone(), &who, given, device(browser, now), now);
        self.admit(browser, Proof::Code, Some(place), now);
    }

    fn admit(&mut self, browser: usize, proof: Proof, place: Option<usize>, now: Timestamp) {
        let who = place.and_then(|place| self.people[place].as_ref());
        let given = place.and_then(|place| self.grants[place].as_ref());
        self.guests[browser] = Some(Guest {
            id: device(browser, now),
            link_id: self.link.id,
            contact_id: who.map(|who| who.id),
            epoch: self.link.epoch,
            contact_epoch: who.map_or(0, |who| who.epoch),
            closings: given.map_or(0, |given| given.closings),
            proof,
            child_id: None,
            expires_at: now + SignedDuration::from_hours(24 * 90),
            network: String::new(),
            agent: None,
            created_at: now,
        });
    }
}
