//! The rules told as a story: a browser that loses something loses it at once.

use jiff::{SignedDuration, Timestamp};

use super::act::{Act, BROWSERS, END, Kind, Look, PEOPLE};

/// A code that a browser waits for.
#[derive(Clone, Copy)]
struct Code {
    person: usize,
    asked_at: Timestamp,
    is_mailed: bool,
    /// Whether the address was somebody's then, whose suspension ends it.
    was_known: bool,
    tries_left: u8,
}

#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a turn of the story by itself")]
struct Person {
    exists: bool,
    has_address: bool,
    was_granted: bool,
    is_shut: bool,
    is_paused: bool,
    asks: u8,
}

impl Person {
    fn is_out(self) -> bool {
        self.is_paused || self.is_shut
    }
}

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a turn of the story by itself")]
pub(crate) struct Model {
    kind: Kind,
    ends_at: Timestamp,
    is_off: bool,
    /// Whether access of whose it is was closed, for good.
    is_gone: bool,
    /// Whether its owner came back from a suspension without it.
    waits: bool,
    owner: Option<usize>,
    /// Whether somebody got in with proof.
    is_taken: bool,
    /// Whether a press is doubted: once the owner was suspended.
    doubts: bool,
    people: [Person; PEOPLE],
    held: [Option<Look>; BROWSERS],
    codes: [Option<Code>; BROWSERS],
}

impl Model {
    pub(crate) fn new(kind: Kind, start: Timestamp) -> Self {
        let (exists, was_granted) = (kind.is_named(), kind.is_named());
        let has_address = kind == Kind::WithAddress;
        let own = Person { exists, has_address, was_granted, ..Person::default() };
        let other = Person { exists: true, has_address: true, ..Person::default() };
        let (owner, people) = (kind.is_named().then_some(0), [own, other]);
        Self { kind, ends_at: start + END, owner, people, ..Self::default() }
    }

    fn stop(&self, now: Timestamp) -> Option<Look> {
        let is_paused = self.owner.is_some_and(|owner| self.people[owner].is_paused);
        let is_shut = is_paused || self.waits || self.is_off || self.ends_at <= now;
        if self.is_gone { Some(Look::Gone) } else { is_shut.then_some(Look::Inactive) }
    }

    pub(crate) fn look(&self, browser: usize, now: Timestamp) -> Look {
        self.stop(now).or(self.held[browser]).unwrap_or(Look::CodeRequired)
    }

    /// Whether its actor can do an act at all: staff are told what to do first, and short codes end
    /// after six a day.
    pub(crate) fn allows(&self, act: Act, now: Timestamp) -> bool {
        let is_shut = || self.owner.is_some_and(|owner| self.people[owner].is_out());
        match act {
            Act::Ask { person, .. } => self.people[person].asks < 6,
            Act::Activate => now < self.ends_at && !self.is_gone && !is_shut(),
            Act::Replace => !self.is_gone,
            Act::ReopenAccess { person } => !self.people[person].is_paused,
            _ => true,
        }
    }

    /// Whether an address proves nothing here.
    fn refuses(&self, person: usize) -> bool {
        let is_bound = !self.kind.is_public() && (self.is_taken || self.kind == Kind::WithAddress);
        let is_somebody_elses = is_bound && self.owner.is_some_and(|owner| owner != person);
        self.people[person].is_out() || is_somebody_elses
    }

    fn forget(&mut self, lost: &[Look]) {
        self.held.iter_mut().for_each(|held| *held = held.filter(|held| !lost.contains(held)));
    }

    /// Does `act`, and tells whether a code let somebody in by it.
    pub(crate) fn act(&mut self, act: Act, now: Timestamp) -> bool {
        let of = |person| [Look::Trusted(person), Look::Verified(person)];
        match act {
            Act::Press { browser } if self.stop(now).is_none() => self.press(browser),
            Act::Ask { browser, person } if self.stop(now).is_none() => {
                self.people[person].asks += 1;
                let was_known = self.people[person].has_address;
                let (asked_at, is_mailed, tries_left) = (now, !self.refuses(person), 5);
                let code = Code { person, asked_at, is_mailed, was_known, tries_left };
                self.codes[browser] = Some(code);
            }
            Act::Type { browser } => return self.type_code(browser, true, now),
            Act::Guess { browser, times } => {
                return (0..times).any(|_| self.type_code(browser, false, now));
            }
            Act::Deactivate => self.is_off = true,
            Act::Activate => (self.is_off, self.waits) = (false, false),
            Act::Replace => self.forget(&[Look::Bearer]),
            Act::CloseAccess { person } if self.people[person].was_granted => {
                self.people[person].is_shut = true;
                self.is_gone |= self.owner == Some(person);
                self.forget(&of(person));
            }
            Act::ReopenAccess { person } => self.people[person].is_shut = false,
            Act::Suspend { person } if self.people[person].exists => {
                self.people[person].is_paused = true;
                self.doubts |= self.owner == Some(person);
                self.forget(&of(person));
                let ends = |code: &Code| code.person == person && code.was_known;
                self.codes.iter_mut().for_each(|code| *code = code.filter(|code| !ends(code)));
            }
            Act::Unsuspend { person, keeps_links } => {
                let is_kept_shut = self.people[person].is_paused && !keeps_links;
                self.waits |= self.owner == Some(person) && is_kept_shut;
                self.people[person].is_paused = false;
            }
            _ => {}
        }
        false
    }

    fn press(&mut self, browser: usize) {
        let reads_freely = !self.is_taken && self.kind != Kind::WithAddress;
        if self.held[browser].is_some() {
            // A browser that is known is not asked to prove itself again.
        } else if self.kind.is_public() || reads_freely {
            self.held[browser] = Some(Look::Bearer);
        } else if let (false, false, Some(owner)) = (self.is_taken, self.doubts, self.owner) {
            self.is_taken = true;
            self.held[browser] = Some(Look::Trusted(owner));
        }
    }

    fn type_code(&mut self, browser: usize, is_right: bool, now: Timestamp) -> bool {
        let life = SignedDuration::from_mins(10);
        let is_open = |code: &Code| now < code.asked_at + life && 0 < code.tries_left;
        let Some(code) = self.codes[browser].filter(is_open) else { return false };
        let person = code.person;
        let is_proof = is_right && code.is_mailed && self.stop(now).is_none();
        let is_used = is_proof && !self.refuses(person);
        let tries_left = if is_used { 0 } else { code.tries_left - 1 };
        self.codes[browser] = Some(Code { tries_left, ..code });
        if is_used {
            let known = &mut self.people[person];
            (known.exists, known.has_address, known.was_granted) = (true, true, true);
            if !self.kind.is_public() && !self.is_taken {
                (self.is_taken, self.owner) = (true, Some(person));
                self.forget(&[Look::Bearer]);
            }
            self.held[browser] = Some(Look::Verified(person));
        }
        is_used
    }
}
