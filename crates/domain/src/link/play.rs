//! Guests, thieves, staff and the clock play against the real rules and against a plain model of
//! them, which forgets a browser at once where the rules compare numbers later.

mod story;

use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use ulid::Ulid;

use self::story::Model;
use super::guest::{Guest, Proof, Standing, Stop};
use super::opening::{Opening, Press, Way};
use super::tests::{PEOPLE, T0, address, contact, document, grant, link, tenant};
use super::verifying::{Binding, Holder};
use super::{Around, Audience, Life, Link};
use crate::contact::{Back, Contact, Restored, ReviewStatus};
use crate::document::Document;
use crate::email::Email;
use crate::expiry::When;
use crate::grant::{self, Grant};
use crate::id::{DeviceId, Id};
use crate::invitation::NONCE_LIFE;
use crate::tenant::Tenant;

/// Browsers that try their luck.
const BROWSERS: usize = 4;
/// When every link ends.
const END: SignedDuration = SignedDuration::from_hours(6);

#[derive(Clone, Copy, Debug)]
enum Act {
    Press { browser: usize },
    Prove { browser: usize, person: usize },
    Deactivate,
    Activate,
    Replace,
    CloseAccess { person: usize },
    ReopenAccess { person: usize },
    Suspend { person: usize },
    Unsuspend { person: usize, links: Back },
    Sleep { minutes: i64 },
}

/// What whom the link is for has at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    WithAddress,
    WithoutAddress,
    Undefined,
    PublicSame,
    PublicChild,
}

/// The table as the rules leave it.
struct Game {
    tenant: Tenant,
    document: Document,
    people: [Option<Contact>; PEOPLE],
    grants: [Option<Grant>; PEOPLE],
    link: Link,
    guests: [Option<Guest>; BROWSERS],
}

fn device(number: usize, now: Timestamp) -> DeviceId {
    let random = u128::try_from(number).unwrap();
    DeviceId::from_ulid(Ulid::from_parts(now.as_millisecond().unsigned_abs(), random))
}

impl Game {
    fn new(kind: Kind) -> Self {
        let audience = match kind {
            Kind::WithAddress | Kind::WithoutAddress => Audience::Contact,
            Kind::Undefined => Audience::Undefined,
            Kind::PublicSame => Audience::PublicSame,
            Kind::PublicChild => Audience::PublicChild,
        };
        let own = match kind {
            Kind::WithAddress => Some(contact(0)),
            Kind::WithoutAddress => Some(Contact { email: None, ..contact(0) }),
            Kind::Undefined | Kind::PublicSame | Kind::PublicChild => None,
        };
        let mut link = link(audience);
        link.contact_id = own.as_ref().map(|own| own.id);
        link.expiry = When::Instant(T0 + END).ends(&tenant().zone, T0).ok();
        let given = own.as_ref().map(|own| grant(own, T0));
        Self {
            tenant: tenant(),
            document: document(),
            people: [own, Some(contact(1))],
            grants: [given, None],
            link,
            guests: Default::default(),
        }
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

    fn standing(&self, browser: usize, now: Timestamp) -> Result<Standing, Stop> {
        let guest = self.guests[browser].as_ref();
        let around = self.around(self.place(guest));
        match guest {
            Some(guest) => guest.standing(&self.link, &around, now),
            None => match self.link.life(&around, now) {
                Life::Open => Err(Stop::CodeRequired),
                Life::Inactive(_) => Err(Stop::Inactive),
                Life::Gone => Err(Stop::Gone),
            },
        }
    }

    fn act(&mut self, act: Act, now: Timestamp) {
        match act {
            Act::Press { browser } => self.press(browser, now),
            Act::Prove { browser, person } => self.prove(browser, &address(person), now),
            Act::Deactivate => self.link = self.link.clone().deactivated(),
            Act::Activate => {
                let own = self.place(None).and_then(|place| self.people[place].as_ref());
                self.link = self.link.clone().activated(own);
            }
            Act::Replace => self.link = self.link.clone().replaced(),
            Act::CloseAccess { person } => {
                let Some(grant) = self.grants[person].take() else { return };
                self.grants[person] = Some(match grant.state {
                    grant::State::Live => grant.ended(grant::State::Removed),
                    _ => grant,
                });
            }
            Act::ReopenAccess { person } => {
                let (Some(grant), Some(who)) = (&self.grants[person], &self.people[person]) else {
                    return;
                };
                if grant.state == grant::State::Removed {
                    let again = Grant::new(who, self.document.id, Some(grant), || grant.id, now);
                    self.grants[person] = Some(again);
                }
            }
            Act::Suspend { person } => {
                if let Some(who) = self.people[person].take() {
                    self.people[person] = Some(who.suspended());
                }
            }
            Act::Unsuspend { person, links } => {
                if let Some(who) = &self.people[person] {
                    let restored = Restored { grants: Back::Kept, links };
                    let back = who.clone().unsuspended(ReviewStatus::ToReview, restored);
                    self.people[person] = Some(back.unwrap_or_else(|_| who.clone()));
                }
            }
            Act::Sleep { .. } => {}
        }
    }

    fn press(&mut self, browser: usize, now: Timestamp) {
        // A browser that is known is not asked to prove itself again.
        if self.standing(browser, now).is_ok() {
            return;
        }
        let nonce = format!("nonce {browser}");
        let press = Press { nonce: &nonce, way: Way::Copied };
        let around = self.around(self.place(None));
        match self.link.press(&around, press, now) {
            Opening::First => {
                let id = device(browser, now);
                self.link = self.link.clone().pressed(id, press, now);
                self.admit(browser, Proof::FirstPress, self.place(None), now);
            }
            Opening::Again(id) => {
                assert_eq!(self.guests[browser].as_ref().map(|guest| guest.id), Some(id));
            }
            Opening::Bearer => self.admit(browser, Proof::Bearer, None, now),
            Opening::CodeRequired | Opening::Inactive | Opening::Gone => {}
        }
    }

    fn prove(&mut self, browser: usize, address: &Email, now: Timestamp) {
        let has_it = |who: &Contact| who.email.as_ref() == Some(address);
        let place = self.people.iter().position(|who| who.as_ref().is_some_and(has_it));
        let holder = place.and_then(|place| {
            let contact = self.people[place].as_ref()?;
            Some(Holder { contact, account: None, grant: self.grants[place].as_ref() })
        });
        let around = self.around(self.place(None));
        let Ok(binding) = self.link.bind(&around, address, holder, now) else { return };
        let place = match binding {
            Binding::Own => self.place(None).unwrap(),
            Binding::Address => {
                let own = self.place(None).unwrap();
                let who = self.people[own].take().unwrap();
                self.people[own] = Some(who.with_email(Some(address.clone())));
                own
            }
            Binding::Known(_) => place.unwrap(),
            Binding::New => {
                self.people[0] = Some(contact(0));
                0
            }
        };
        let who = self.people[place].clone().unwrap();
        if self.grants[place].is_none() {
            self.grants[place] = Some(grant(&who, now));
        }
        let given = self.grants[place].as_ref().unwrap();
        self.link = self.link.clone().verified(&who, given, device(browser, now), now);
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

fn act() -> impl Strategy<Value = Act> {
    let (browser, person) = (0..BROWSERS, 0..PEOPLE);
    prop_oneof![
        6 => browser.clone().prop_map(|browser| Act::Press { browser }),
        6 => (browser, person.clone())
            .prop_map(|(browser, person)| Act::Prove { browser, person }),
        1 => Just(Act::Deactivate),
        2 => Just(Act::Activate),
        1 => Just(Act::Replace),
        1 => person.clone().prop_map(|person| Act::CloseAccess { person }),
        1 => person.clone().prop_map(|person| Act::ReopenAccess { person }),
        1 => person.clone().prop_map(|person| Act::Suspend { person }),
        2 => (person, prop_oneof![Just(Back::Kept), Just(Back::Dropped)])
            .prop_map(|(person, links)| Act::Unsuspend { person, links }),
        2 => (1_i64..40).prop_map(|minutes| Act::Sleep { minutes }),
    ]
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::WithAddress),
        Just(Kind::WithoutAddress),
        Just(Kind::Undefined),
        Just(Kind::PublicSame),
        Just(Kind::PublicChild),
    ]
}

proptest! {
    #[test]
    fn the_rules_and_the_story_agree(kind in kind(), acts in vec(act(), 1..30)) {
        let (mut game, mut model) = (Game::new(kind), Model::new(kind));
        let mut now = T0;
        for (step, act) in acts.into_iter().enumerate() {
            now += match act {
                Act::Sleep { minutes } => SignedDuration::from_mins(minutes),
                _ => SignedDuration::from_secs(1),
            };
            let before = game.link.clone();
            game.act(act, now);
            model.act(act, now);
            for browser in 0..BROWSERS {
                let (rules, story) = (game.standing(browser, now), model.standing(browser, now));
                prop_assert_eq!(rules, story, "browser {} after step {}, {:?}", browser, step, act);
            }
            prop_assert!(before.epoch <= game.link.epoch && before.version <= game.link.version);
            let is_taken = before.first.is_some();
            prop_assert!(!is_taken || game.link.first == before.first, "one browser is first");
        }
    }
}

#[test]
fn the_first_browser_gets_its_own_device_again_and_for_ten_minutes_only() {
    let mut game = Game::new(Kind::WithAddress);
    game.press(0, T0);
    let around = game.around(Some(0));
    let again = |nonce: &str, after| {
        let press = Press { nonce, way: Way::Copied };
        game.link.press(&around, press, T0 + after)
    };
    let milli = SignedDuration::from_millis(1);
    assert_eq!(again("nonce 0", NONCE_LIFE - milli), Opening::Again(device(0, T0)));
    assert_eq!(again("nonce 0", NONCE_LIFE), Opening::CodeRequired);
    assert_eq!(again("nonce 1", milli), Opening::CodeRequired);
}
