//! Guest links under many more acts, presses and guesses than the tests have time for.

use std::time::Instant;

use app::house::token::{ChallengeCookie, code_of};
use domain::challenge::ATTEMPTS_MAX;
use domain::challenge::standing::MISSES_MAX;
use domain::contact::ReviewStatus;
use domain::document::AccessLevel;
use domain::id::Id;
use domain::link::Audience;
use jiff::SignedDuration;
use serde_json::json;
use tests::chance::Chance;
use tests::protocol::{parting_of_rules, parting_of_service};
use tests::rush::{Outcome, rush};
use tests::world::World;

use crate::Sides;
use tests::figures::grouped;

/// Sequences of acts that the rules play beside the model, and the service over HTTP.
const OF_RULES: u64 = 100_000;
const OF_SERVICE: u64 = 1_000;
/// Links that are rushed at, and the browsers that do.
const RUSHES: usize = 20;
const PRESSES: usize = 1_000;
/// Links whose code a thief guesses.
const GUESSED: usize = 400;
/// Codes that remain where a thief knows the first three digits.
const CODES_LEFT: u32 = 1_000;
/// Pause between two codes, which are three in 15 minutes at most.
const PAUSE: SignedDuration = SignedDuration::from_mins(6);

pub(crate) fn measure(sides: &Sides) {
    println!("### Guest links\n");
    play(sides);
    crowd(sides);
    guess(sides);
}

/// Plays the protocol at random.
fn play(sides: &Sides) {
    let start = Instant::now();
    assert_eq!(parting_of_rules(0..OF_RULES), None, "the rules part from the model");
    let rules = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let parting = sides.cloud.block_on(parting_of_service(0..OF_SERVICE));
    assert_eq!(parting, None, "the service parts from the model");
    println!(
        "Random sequences of 30 acts: the rules agree with the reference model over {OF_RULES} ({rules:.1} s), the service over HTTP over {OF_SERVICE} ({:.0} s).\n",
        start.elapsed().as_secs_f64(),
    );
}

/// Lets very many browsers open one link at once.
fn crowd(sides: &Sides) {
    let start = Instant::now();
    for _ in 0..RUSHES {
        let outcome = sides.cloud.block_on(async { rush(&World::start().await, PRESSES).await });
        assert_eq!(outcome, Outcome::of_one_winner(PRESSES));
    }
    println!(
        "{RUSHES} links, each pressed by {} browsers at once while replies of AWS are lost: one winner each ({:.0} s).\n",
        grouped(PRESSES),
        start.elapsed().as_secs_f64(),
    );
}

/// Lets a thief who knows half of each code guess the rest, as often as the budgets allow.
fn guess(sides: &Sides) {
    let (mut heard, mut let_in) = (0, 0);
    sides.cloud.block_on(async {
        let (world, chance) = (World::start().await, Chance::new(1));
        for _ in 0..GUESSED {
            let (guesses, is_in) = steal(&world, &chance).await;
            assert!(guesses <= MISSES_MAX, "{guesses} guesses were heard");
            heard += guesses;
            let_in += u32::from(is_in);
        }
    });
    let links = f64::from(u32::try_from(GUESSED).unwrap_or(u32::MAX));
    let rounds = i32::try_from(MISSES_MAX / u32::from(ATTEMPTS_MAX)).unwrap_or(i32::MAX);
    let chance_of = |codes: f64| 1.0 - (1.0 - f64::from(ATTEMPTS_MAX) / codes).powi(rounds);
    let told = chance_of(f64::from(CODES_LEFT));
    let spread = (told * (1.0 - told) / links).sqrt();
    let measured = f64::from(let_in) / links;
    println!(
        "A thief who knows all of each code but {} possibilities gets into {:.2} % of {GUESSED} links with {heard} guesses; by arithmetic {:.2} ± {:.2} %. With all {} codes the same arithmetic gives {:.5} in 100,000.\n",
        grouped(CODES_LEFT as usize),
        100.0 * measured,
        100.0 * told,
        100.0 * spread,
        grouped(1_000_000),
        1e5 * chance_of(1e6),
    );
    assert!((measured - told).abs() < 4.0 * spread, "guessing succeeds otherwise than told");
}

/// Guesses at one link's codes until in or heard no more; tells how many guesses were heard, and
/// whether one was right.
async fn steal(world: &World, chance: &Chance) -> (u32, bool) {
    let (acme, email) = (&world.acme, tests::seed::address());
    let document = world.document(acme, "Report", AccessLevel::Restricted).await;
    let contact = world.contact(acme, &email, ReviewStatus::ToReview).await;
    let link = world.link(acme, &document, Audience::Contact, Some(&contact)).await;
    let path = |verb: &str| format!("/v1/guest/{}/{verb}", link.id);
    let secret = world.link_secret(acme, &link);
    let mut heard = 0;
    while heard < MISSES_MAX {
        let thief = world.visitor();
        let ask = json!({ "secret": secret, "email": email });
        thief.post(path("code"), ask).await.expect(202);
        let keys = &world.house.keys;
        let cookie = thief.cookie(&format!("challenge_{}", link.id.ulid()));
        let cookie = cookie.and_then(|cookie| ChallengeCookie::verify(keys, &cookie));
        let code = cookie.and_then(|cookie| code_of(keys, cookie.tenant, cookie.challenge));
        let known = code.expect("a code").value() / CODES_LEFT * CODES_LEFT;
        let from = chance.below(CODES_LEFT as usize);
        for next in 0..u32::from(ATTEMPTS_MAX) {
            let rest = (u32::try_from(from).unwrap_or_default() + next) % CODES_LEFT;
            let guess = json!({ "code": format!("{:06}", known + rest) });
            let reply = thief.post(path("verify"), guess).await;
            heard += 1;
            match reply.status {
                200 => return (heard, true),
                403 => assert_eq!(reply.problem(403), "code-wrong"),
                other => panic!("{other}: {}", reply.text),
            }
        }
        world.advance(PAUSE);
    }
    (heard, false)
}
