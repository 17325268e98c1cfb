//! The protocol of guest links: a reference model against the pure rules and against the service.
//!
//! People, thieves, the sender and the clock act at random on one link, of any audience. After each
//! act browsers are asked what they are, and model and subject must say the same. Each of seven
//! rules, taken away, is missed by that.

mod act;
mod game;
mod model;
mod rules;
mod service;

use std::ops::Range;

use jiff::Timestamp;

use self::act::{Act, BROWSERS, Kind, acts, step};
use self::game::Game;
use self::model::Model;
use self::rules::{AsWritten, MUTANTS, Rules};
use self::service::Service;

/// Acts of one sequence.
const ACTS: usize = 30;

/// Where model and rules part within the sequences of `seeds`, if they do.
pub fn parting_of_rules(seeds: Range<u64>) -> Option<String> {
    first_parting(&AsWritten, seeds)
}

/// The rules that nothing misses within the sequences of `seeds`, once they are taken away.
pub fn unmissed_rules(seeds: Range<u64>) -> Vec<&'static str> {
    let is_unmissed = |rules: &dyn Rules| first_parting(rules, seeds.clone()).is_none();
    MUTANTS.iter().filter(|(_, rules)| is_unmissed(*rules)).map(|(name, _)| *name).collect()
}

/// Where model and service part within the sequences of `seeds`, if they do. Each is played over
/// HTTP, on a link of its own.
pub async fn parting_of_service(seeds: Range<u64>) -> Option<String> {
    let mut service = Service::start().await;
    for seed in seeds {
        if let Some(parting) = service_parting(&mut service, seed).await {
            return Some(format!("sequence {seed}: {parting}"));
        }
    }
    None
}

fn first_parting(rules: &dyn Rules, mut seeds: Range<u64>) -> Option<String> {
    seeds.find_map(|seed| {
        let (kind, acts) = acts(seed, ACTS);
        let parting = rules_parting(rules, kind, &acts)?;
        Some(format!("sequence {seed}: {parting}"))
    })
}

fn rules_parting(rules: &dyn Rules, kind: Kind, acts: &[Act]) -> Option<String> {
    let start = Timestamp::UNIX_EPOCH;
    let (mut model, mut game) = (Model::new(kind, start), Game::new(rules, kind, start));
    let mut now = start;
    for (place, act) in acts.iter().enumerate() {
        let so_far = &acts[..=place];
        now += step(*act);
        if model.allows(*act, now) {
            let before = game.link();
            let (told, seen) = (model.act(*act, now), game.act(*act, now));
            if told != seen || !game.follows(&before) {
                return Some(format!("{kind:?}: let in: {told}, not {seen}, after {so_far:?}"));
            }
        }
        for browser in 0..BROWSERS {
            let (told, seen) = (model.look(browser, now), game.look(browser, now));
            if told != seen {
                let who = format!("{kind:?}: browser {browser}");
                return Some(format!("{who} is {told:?}, not {seen:?}, after {so_far:?}"));
            }
        }
    }
    None
}

async fn service_parting(service: &mut Service, seed: u64) -> Option<String> {
    let (kind, acts) = acts(seed, ACTS);
    let start = service.set(kind, seed).await;
    let mut model = Model::new(kind, start);
    for (place, act) in acts.iter().enumerate() {
        let so_far = &acts[..=place];
        let now = service.sleep(step(*act));
        if model.allows(*act, now) {
            let (told, seen) = (model.act(*act, now), service.act(*act).await);
            if told != seen {
                return Some(format!("{kind:?}: let in: {told}, not {seen}, after {so_far:?}"));
            }
        }
        // One browser at a time, as each look is a call; over many sequences each is asked.
        let browser = (place + usize::try_from(seed).unwrap()) % BROWSERS;
        let (told, seen) = (model.look(browser, now), service.look(browser).await);
        if told != seen {
            let who = format!("{kind:?}: browser {browser}");
            return Some(format!("{who} is {told:?}, not {seen:?}, after {so_far:?}"));
        }
    }
    None
}
