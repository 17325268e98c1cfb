//! The protocol of guest links: a reference model against the pure rules and against the service.
//!
//! People, thieves, the sender and the clock act at random on one link, of any audience. After each
//! act every browser is asked what it is, and model and subject must say the same. Each of seven
//! rules, taken away, is missed by that.

mod act;
mod game;
mod model;
mod rules;
mod service;

use jiff::Timestamp;

use self::act::{Act, BROWSERS, Kind, Look, acts, step};
use self::game::Game;
use self::model::Model;
use self::rules::{AsWritten, MUTANTS, Rules};
use self::service::Service;

/// Sequences that the rules play. The bench plays more.
const OF_RULES: u64 = 2_000;
/// Sequences that a mutant may survive.
const OF_MUTANTS: u64 = 2_000;
/// Sequences that the service plays over HTTP.
const OF_SERVICE: u64 = 40;
/// Acts of one sequence.
const ACTS: usize = 30;

/// Plays a sequence against the rules, and tells where model and rules part.
fn played(rules: &dyn Rules, kind: Kind, acts: &[Act]) -> Option<String> {
    let start = Timestamp::UNIX_EPOCH;
    let (mut model, mut game) = (Model::new(kind, start), Game::new(rules, kind, start));
    let mut now = start;
    for (place, act) in acts.iter().enumerate() {
        now += step(*act);
        if model.allows(*act, now) {
            let before = game.link();
            let (told, seen) = (model.act(*act, now), game.act(*act, now));
            if told != seen || !game.follows(&before) {
                return Some(format!(
                    "{kind:?}: let in: {told}, not {seen}, {:?}",
                    &acts[..=place]
                ));
            }
        }
        for browser in 0..BROWSERS {
            let (told, seen) = (model.look(browser, now), game.look(browser, now));
            if told != seen {
                return Some(format!(
                    "{kind:?}: browser {browser} is {told:?}, and the rules say {seen:?}, after {:?}",
                    &acts[..=place]
                ));
            }
        }
    }
    None
}

#[test]
fn the_rules_are_the_model() {
    for seed in 0..OF_RULES {
        let (kind, acts) = acts(seed, ACTS);
        let parted = played(&AsWritten, kind, &acts);
        assert_eq!(parted, None, "sequence {seed}");
    }
}

#[test]
fn each_rule_that_is_taken_away_is_missed() {
    for (name, mutant) in MUTANTS {
        let caught = (0..OF_MUTANTS).position(|seed| {
            let (kind, acts) = acts(seed, ACTS);
            played(*mutant, kind, &acts).is_some()
        });
        assert!(caught.is_some(), "{name}: nothing was missed in {OF_MUTANTS} sequences");
    }
}

#[tokio::test]
async fn the_service_is_the_model() {
    let mut service = Service::start().await;
    for seed in 0..OF_SERVICE {
        let (kind, acts) = acts(seed, ACTS);
        let start = service.set(kind, seed).await;
        let mut model = Model::new(kind, start);
        for (place, act) in acts.iter().enumerate() {
            let now = service.sleep(step(*act));
            if model.allows(*act, now) {
                let told = model.act(*act, now);
                let seen = service.act(*act).await;
                assert_eq!(seen, told, "sequence {seed}, {kind:?}, {:?}", &acts[..=place]);
            }
            // One browser at a time, as each look is a call; over many sequences each is asked.
            let browser = (place + usize::try_from(seed).unwrap()) % BROWSERS;
            let (told, seen): (Look, Look) =
                (model.look(browser, now), service.look(browser).await);
            let so_far = &acts[..=place];
            assert_eq!(seen, told, "sequence {seed}, {kind:?}, browser {browser}, {so_far:?}");
        }
    }
}
