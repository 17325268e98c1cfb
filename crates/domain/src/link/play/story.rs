//! The rules of links told as a story: a browser that loses something loses it at once.

use jiff::Timestamp;

use super::{Act, BROWSERS, END, Kind};
use crate::contact::Back;
use crate::link::guest::{Standing, Stop};
use crate::link::tests::{PEOPLE, T0};

/// What the model says that a browser is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    Nothing,
    Bearer,
    Trusted(usize),
    Verified(usize),
}

/// The same rules, told as a story.
#[expect(clippy::struct_excessive_bools, reason = "each is a turn of the story by itself")]
pub(super) struct Model {
    kind: Kind,
    is_active: bool,
    /// Whether access of whose it is was closed, for good.
    is_gone: bool,
    /// Whether its owner came back from a suspension without it.
    waits: bool,
    /// Whose link it is.
    owner: Option<usize>,
    /// Whether somebody got in with proof.
    is_taken: bool,
    /// Whether a press is believed: not once the owner was suspended.
    believes: bool,
    exists: [bool; PEOPLE],
    was_granted: [bool; PEOPLE],
    is_shut: [bool; PEOPLE],
    is_paused: [bool; PEOPLE],
    held: [Held; BROWSERS],
}

impl Model {
    pub(super) fn new(kind: Kind) -> Self {
        let is_named = matches!(kind, Kind::WithAddress | Kind::WithoutAddress);
        Self {
            kind,
            is_active: true,
            is_gone: false,
            waits: false,
            owner: is_named.then_some(0),
            is_taken: false,
            believes: true,
            exists: [is_named, true],
            was_granted: [is_named, false],
            is_shut: [false; PEOPLE],
            is_paused: [false; PEOPLE],
            held: [Held::Nothing; BROWSERS],
        }
    }

    fn is_public(&self) -> bool {
        matches!(self.kind, Kind::PublicSame | Kind::PublicChild)
    }

    fn stop(&self, now: Timestamp) -> Option<Stop> {
        let is_paused = self.owner.is_some_and(|owner| self.is_paused[owner]);
        if self.is_gone {
            Some(Stop::Gone)
        } else if is_paused || self.waits || !self.is_active || T0 + END <= now {
            Some(Stop::Inactive)
        } else {
            None
        }
    }

    pub(super) fn standing(&self, browser: usize, now: Timestamp) -> Result<Standing, Stop> {
        match (self.stop(now), self.held[browser]) {
            (Some(stop), _) => Err(stop),
            (None, Held::Nothing) => Err(Stop::CodeRequired),
            (None, Held::Bearer) => Ok(Standing::Bearer),
            (None, Held::Trusted(_)) => Ok(Standing::Trusted),
            (None, Held::Verified(_)) => Ok(Standing::Verified),
        }
    }

    fn forget(&mut self, is_meant: impl Fn(Held) -> bool) {
        for held in &mut self.held {
            if is_meant(*held) {
                *held = Held::Nothing;
            }
        }
    }

    pub(super) fn act(&mut self, act: Act, now: Timestamp) {
        let of = |person: usize| {
            move |held| held == Held::Trusted(person) || held == Held::Verified(person)
        };
        match act {
            Act::Press { browser } if self.standing(browser, now).is_err() => {
                self.press(browser, now);
            }
            Act::Prove { browser, person } => self.prove(browser, person, now),
            Act::Deactivate => self.is_active = false,
            Act::Activate => (self.is_active, self.waits) = (true, false),
            Act::Replace => self.forget(|held| held == Held::Bearer),
            Act::CloseAccess { person } => {
                if self.was_granted[person] {
                    self.is_shut[person] = true;
                    self.is_gone |= self.owner == Some(person);
                    self.forget(of(person));
                }
            }
            Act::ReopenAccess { person } => self.is_shut[person] = false,
            Act::Suspend { person } if self.exists[person] => {
                self.is_paused[person] = true;
                self.believes &= self.owner != Some(person);
                self.forget(of(person));
            }
            Act::Press { .. } | Act::Suspend { .. } | Act::Sleep { .. } => {}
            Act::Unsuspend { person, links } => {
                let is_kept_shut = self.is_paused[person] && links == Back::Dropped;
                self.waits |= self.owner == Some(person) && is_kept_shut;
                self.is_paused[person] = false;
            }
        }
    }

    fn press(&mut self, browser: usize, now: Timestamp) {
        if self.stop(now).is_some() {
            return;
        }
        if self.is_public() || (!self.is_taken && self.kind != Kind::WithAddress) {
            self.held[browser] = Held::Bearer;
        } else if let (false, true, Some(owner)) = (self.is_taken, self.believes, self.owner) {
            self.is_taken = true;
            self.held[browser] = Held::Trusted(owner);
        }
    }

    fn prove(&mut self, browser: usize, person: usize, now: Timestamp) {
        let is_refused = self.is_paused[person] || self.is_shut[person];
        let is_somebody_elses = match (self.kind, self.owner) {
            (Kind::PublicSame | Kind::PublicChild, _) | (_, None) => false,
            (Kind::WithAddress, Some(owner)) => owner != person,
            (_, Some(owner)) => self.is_taken && owner != person,
        };
        if self.stop(now).is_some() || is_refused || is_somebody_elses {
            return;
        }
        self.exists[person] = true;
        self.was_granted[person] = true;
        if !self.is_public() && !self.is_taken {
            self.is_taken = true;
            self.owner = Some(person);
            self.forget(|held| held == Held::Bearer);
        }
        self.held[browser] = Held::Verified(person);
    }
}
