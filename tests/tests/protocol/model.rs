//! The rules told as a story: a browser that loses something loses it at once.

use jiff::{SignedDuration, Timestamp};

use crate::act::{Act, BROWSERS, END, Kind, PEOPLE};

/// What a browser is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Bearer,
    Trusted(usize),
    Verified(usize),
    CodeRequired,
    Inactive,
    Gone,
}

/// A code that a browser waits for.
#[derive(Clone, Copy, Debug)]
struct Code {
    person: usize,
    asked_at: Timestamp,
    is_mailed: bool,
    /// Whether the address was somebody's then, whose suspension ends it.
    was_known: bool,
    tries: u8,
    is_used: bool,
}

/// The same rules, told as a story.
#[expect(clippy::struct_excessive_bools, reason = "each is a turn of the story by itself")]
pub(crate) struct Model {
    kind: Kind,
    ends_at: Timestamp,
    is_active: bool,
    /// Whether access of whose it is was closed, for good.
    is_gone: bool,
    /// Whether its owner came back from a suspension without it.
    waits: bool,
    owner: Option<usize>,
    /// Whether somebody got in with proof.
    is_taken: bool,
    /// Whether a press is believed: not once the owner was suspended.
    believes: bool,
    exists: [bool; PEOPLE],
    has_address: [bool; PEOPLE],
    was_granted: [bool; PEOPLE],
    is_shut: [bool; PEOPLE],
    is_paused: [bool; PEOPLE],
    asks: [u8; PEOPLE],
    held: [Option<Look>; BROWSERS],
    codes: [Option<Code>; BROWSERS],
}

impl Model {
    pub(crate) fn new(kind: Kind, start: Timestamp) -> Self {
        let is_named = matches!(kind, Kind::WithAddress | Kind::WithoutAddress);
        Self {
            kind,
            ends_at: start + END,
            is_active: true,
            is_gone: false,
            waits: false,
            owner: is_named.then_some(0),
            is_taken: false,
            believes: true,
            exists: [is_named, true],
            has_address: [kind == Kind::WithAddress, true],
            was_granted: [is_named, false],
            is_shut: [false; PEOPLE],
            is_paused: [false; PEOPLE],
            asks: [0; PEOPLE],
            held: [None; BROWSERS],
            codes: [None; BROWSERS],
        }
    }

    fn is_public(&self) -> bool {
        matches!(self.kind, Kind::PublicSame | Kind::PublicChild)
    }

    fn stop(&self, now: Timestamp) -> Option<Look> {
        let is_paused = self.owner.is_some_and(|owner| self.is_paused[owner]);
        match () {
            () if self.is_gone => Some(Look::Gone),
            () if is_paused || self.waits || !self.is_active || self.ends_at <= now => {
                Some(Look::Inactive)
            }
            () => None,
        }
    }

    pub(crate) fn look(&self, browser: usize, now: Timestamp) -> Look {
        self.stop(now).or(self.held[browser]).unwrap_or(Look::CodeRequired)
    }

    /// Whether an act is one that its actor can do at all: staff are told what to do first, and
    /// short codes end after six a day.
    pub(crate) fn allows(&self, act: Act, now: Timestamp) -> bool {
        let is_open_otherwise = self.ends_at > now
            && !self.is_gone
            && self.owner.is_none_or(|owner| !self.is_paused[owner] && !self.is_shut[owner]);
        match act {
            Act::Ask { person, .. } => self.asks[person] < 6,
            Act::Activate => is_open_otherwise,
            Act::Replace => !self.is_gone,
            Act::ReopenAccess { person } => !self.is_paused[person],
            _ => true,
        }
    }

    /// Whether an address proves nothing here.
    fn refuses(&self, person: usize) -> bool {
        let is_somebody_elses = match (self.kind, self.owner) {
            (Kind::PublicSame | Kind::PublicChild, _) | (_, None) => false,
            (Kind::WithAddress, Some(owner)) => owner != person,
            (_, Some(owner)) => self.is_taken && owner != person,
        };
        self.is_paused[person] || self.is_shut[person] || is_somebody_elses
    }

    fn forget(&mut self, lost: &[Look]) {
        let is_lost = |held: &Look| lost.contains(held);
        self.held.iter_mut().for_each(|held| *held = held.filter(|held| !is_lost(held)));
    }

    /// Does `act`, and tells whether a code let somebody in by it.
    pub(crate) fn act(&mut self, act: Act, now: Timestamp) -> bool {
        let of = |person| [Look::Trusted(person), Look::Verified(person)];
        match act {
            Act::Press { browser } if self.stop(now).is_none() => self.press(browser),
            Act::Ask { browser, person } if self.stop(now).is_none() => {
                self.asks[person] += 1;
                let (is_mailed, was_known) = (!self.refuses(person), self.has_address[person]);
                let code =
                    Code { person, asked_at: now, is_mailed, was_known, tries: 0, is_used: false };
                self.codes[browser] = Some(code);
            }
            Act::Type { browser } => return self.type_code(browser, true, now),
            Act::Guess { browser, times } => {
                return (0..times).any(|_| self.type_code(browser, false, now));
            }
            Act::Deactivate => self.is_active = false,
            Act::Activate => (self.is_active, self.waits) = (true, false),
            Act::Replace => self.forget(&[Look::Bearer]),
            Act::CloseAccess { person } if self.was_granted[person] => {
                self.is_shut[person] = true;
                self.is_gone |= self.owner == Some(person);
                self.forget(&of(person));
            }
            Act::ReopenAccess { person } => self.is_shut[person] = false,
            Act::Suspend { person } if self.exists[person] => {
                self.is_paused[person] = true;
                self.believes &= self.owner != Some(person);
                self.forget(&of(person));
                let ends = |code: &Code| code.person == person && code.was_known;
                self.codes.iter_mut().for_each(|code| *code = code.filter(|code| !ends(code)));
            }
            Act::Unsuspend { person, keeps_links } => {
                let is_kept_shut = self.is_paused[person] && !keeps_links;
                self.waits |= self.owner == Some(person) && is_kept_shut;
                self.is_paused[person] = false;
            }
            _ => {}
        }
        false
    }

    fn press(&mut self, browser: usize) {
        if self.held[browser].is_some() {
            return;
        }
        if self.is_public() || (!self.is_taken && self.kind != Kind::WithAddress) {
            self.held[browser] = Some(Look::Bearer);
        } else if let (false, true, Some(owner)) = (self.is_taken, self.believes, self.owner) {
            self.is_taken = true;
            self.held[browser] = Some(Look::Trusted(owner));
        }
    }

    fn type_code(&mut self, browser: usize, is_right: bool, now: Timestamp) -> bool {
        let Some(code) = self.codes[browser] else { return false };
        let is_over = code.asked_at + SignedDuration::from_mins(10) <= now;
        if is_over || code.is_used || 5 <= code.tries {
            return false;
        }
        let (person, tries) = (code.person, code.tries + 1);
        let is_proof = is_right && code.is_mailed;
        let is_used = is_proof && self.stop(now).is_none() && !self.refuses(person);
        self.codes[browser] = Some(Code { tries, is_used, ..code });
        if !is_used {
            return false;
        }
        (self.exists[person], self.has_address[person]) = (true, true);
        self.was_granted[person] = true;
        if !self.is_public() && !self.is_taken {
            (self.is_taken, self.owner) = (true, Some(person));
            self.forget(&[Look::Bearer]);
        }
        self.held[browser] = Some(Look::Verified(person));
        true
    }
}
