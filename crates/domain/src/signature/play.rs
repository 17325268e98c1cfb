//! Signers, strangers and staff play against the real rules and against a plain model of them,
//! which keeps for each person what they have done, and to which version.

use jiff::SignedDuration;
use proptest::collection::vec;
use proptest::prelude::*;

use super::asking::AskError;
use super::signing::Sheet;
use super::tests::{T0, contact, exact, hand, id, wanted};
use super::*;
use crate::link::guest::Standing;

const PEOPLE: usize = 4;

#[derive(Clone, Debug)]
enum Step {
    /// `act` or else decline, having seen the version `behind` the newest by so many.
    Answer {
        person: usize,
        act: Option<Act>,
        standing: Standing,
        behind: u32,
    },
    Publish,
    Ask {
        whom: Whom,
        listed: Vec<(usize, Act)>,
    },
}

/// What somebody has done, and to which version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Done {
    Nothing,
    Declined(u32),
    Finished(u32),
}

/// The rules told as a story.
struct Story {
    newest: u32,
    whom: Whom,
    asked: [Option<Act>; PEOPLE],
    done: [Done; PEOPLE],
    is_complete: bool,
}

impl Story {
    fn answer(&mut self, person: usize, act: Option<Act>, standing: Standing, seen: u32) {
        let is_proof = match act {
            Some(_) => standing == Standing::Verified,
            None => standing != Standing::Bearer,
        };
        let asked = match self.whom {
            Whom::Group(_) => None,
            Whom::Named => self.asked[person],
            Whom::Open(act) => self.asked[person].or(Some(act)),
        };
        let is_open = !matches!(self.done[person], Done::Finished(_));
        let is_right = asked.is_some() && act.is_none_or(|act| asked == Some(act));
        if is_proof && is_right && is_open && seen == self.newest {
            self.asked[person] = asked;
            self.done[person] = match act {
                Some(_) => Done::Finished(seen),
                None => Done::Declined(seen),
            };
            self.settle();
        }
    }

    fn ask(&mut self, whom: Whom, listed: &[(usize, Act)]) {
        let mut asked = [None; PEOPLE];
        for (person, act) in listed {
            if asked[*person].replace(*act).is_some() {
                return;
            }
        }
        let is_group = matches!(whom, Whom::Group(_));
        let keeps = |person: usize| {
            !matches!(self.done[person], Done::Finished(_)) || asked[person] == self.asked[person]
        };
        let is_empty = listed.is_empty();
        let is_fit = if is_group { is_empty } else { !is_empty || whom != Whom::Named };
        if self.is_complete || !is_fit || !(0..PEOPLE).all(keeps) {
            return;
        }
        for (done, (was, is)) in self.done.iter_mut().zip(self.asked.iter().zip(&asked)) {
            if was != is {
                *done = Done::Nothing;
            }
        }
        (self.whom, self.asked) = (whom, asked);
        self.settle();
    }

    fn settle(&mut self) {
        let mut listed = (0..PEOPLE).filter(|person| self.asked[*person].is_some()).peekable();
        let is_named = self.whom == Whom::Named && listed.peek().is_some();
        self.is_complete =
            is_named && listed.all(|person| matches!(self.done[person], Done::Finished(_)));
    }
}

/// The same step by the rules; whether something came of it.
fn play(block: &Block, newest: u32, step: &Step, now: Timestamp) -> Option<Block> {
    let effect = match step {
        Step::Publish => return None,
        Step::Ask { whom, listed } => {
            block.clone().asked_anew(wanted(*whom, listed), id(9), now).ok()?
        }
        Step::Answer { person, act, standing, behind } => {
            let (contact, newest) = (contact(*person), exact(newest));
            let seen = exact(newest.version.saturating_sub(*behind));
            let (hand, block) = (hand(&contact, *standing), block.clone());
            let sheet = Sheet { seen: &seen.sha256, newest: Some(&newest) };
            let answered = match act {
                Some(act) => block.signed(*act, &hand, sheet, now),
                None => block.declined("No.".parse().unwrap(), &hand, sheet, now),
            };
            answered.ok()?
        }
    };
    match effect {
        Effect::Changed(block) => Some(block),
        Effect::Unchanged => None,
    }
}

fn done(block: &Block, person: usize) -> Done {
    let signature = block.signer(id(person)).and_then(|signer| signer.signature.as_ref());
    match signature {
        None => Done::Nothing,
        Some(signature) if signature.deed.is_final() => Done::Finished(signature.file.version),
        Some(signature) => Done::Declined(signature.file.version),
    }
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![4 => Just(Act::Sign), 1 => Just(Act::Approve)]
}

fn standing() -> impl Strategy<Value = Standing> {
    prop_oneof![
        1 => Just(Standing::Bearer),
        1 => Just(Standing::Trusted),
        4 => Just(Standing::Verified),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let whom = prop_oneof![5 => Just(Whom::Named), 1 => act().prop_map(Whom::Open), 1 => act().prop_map(Whom::Group)];
    let answer = prop_oneof![4 => act().prop_map(Some), 1 => Just(None)];
    prop_oneof![
        8 => (0..PEOPLE, answer, standing(), 0..2_u32).prop_map(
            |(person, act, standing, behind)| Step::Answer { person, act, standing, behind }
        ),
        1 => Just(Step::Publish),
        3 => (whom, vec((0..PEOPLE, act()), 0..PEOPLE))
            .prop_map(|(whom, listed)| Step::Ask { whom, listed }),
    ]
}

proptest! {
    #[test]
    fn the_rules_and_the_story_agree(steps in vec(step(), 1..40)) {
        let asked = [(0, Act::Sign), (1, Act::Sign)];
        let mut block = Block::new(id(1), wanted(Whom::Named, &asked), id(9), T0).unwrap();
        let mut story = Story {
            newest: 1,
            whom: Whom::Named,
            asked: [Some(Act::Sign), Some(Act::Sign), None, None],
            done: [Done::Nothing; PEOPLE],
            is_complete: false,
        };
        let mut now = T0;
        for step in steps {
            now += SignedDuration::from_secs(1);
            let before = block.clone();
            let next = play(&block, story.newest, &step, now);
            match &step {
                Step::Answer { person, act, standing, behind } => {
                    story.answer(*person, *act, *standing, story.newest.saturating_sub(*behind));
                }
                Step::Publish => story.newest += 1,
                Step::Ask { whom, listed } => story.ask(*whom, listed),
            }
            if let Some(next) = next {
                prop_assert_eq!(next.version, before.version + 1);
                prop_assert!(!before.is_complete(), "a complete block changes no more");
                // A lost reply: the same again comes to the same, and to nothing twice.
                prop_assert_eq!(play(&next, story.newest, &step, now), None);
                block = next;
            }
            for person in 0..PEOPLE {
                prop_assert_eq!(done(&block, person), story.done[person], "{:?}", step);
                if let Done::Finished(_) = done(&before, person) {
                    let (was, is) = (before.signer(id(person)), block.signer(id(person)));
                    prop_assert_eq!(was, is, "whoever finished stays as they were");
                }
            }
            prop_assert_eq!(block.is_complete(), story.is_complete, "{:?}", step);
        }
    }

    #[test]
    fn a_signature_is_always_of_what_was_newest_and_by_a_proved_address(
        steps in vec(step(), 1..40)
    ) {
        let open = wanted(Whom::Open(Act::Sign), &[]);
        let mut block = Block::new(id(1), open, id(9), T0).unwrap();
        let mut newest = 1;
        for step in steps {
            newest += u32::from(matches!(step, Step::Publish));
            let Some(next) = play(&block, newest, &step, T0) else { continue };
            if let Step::Answer { person, act: Some(_), standing, behind } = step {
                prop_assert_eq!((standing, behind.min(newest)), (Standing::Verified, 0));
                prop_assert_eq!(done(&next, person), Done::Finished(newest));
                prop_assert_eq!(next.finished().count(), block.finished().count() + 1);
            }
            block = next;
        }
    }
}

#[test]
fn a_complete_block_refuses_staff_too() {
    let asked = wanted(Whom::Named, &[(0, Act::Sign)]);
    let block = Block::new(id(1), asked, id(9), T0).unwrap();
    let verified = Standing::Verified;
    let step = Step::Answer { person: 0, act: Some(Act::Sign), standing: verified, behind: 0 };
    let complete = play(&block, 1, &step, T0).unwrap();
    let more = complete.asked_anew(wanted(Whom::Open(Act::Sign), &[(0, Act::Sign)]), id(9), T0);
    assert_eq!(more, Err(AskError::Complete));
}
