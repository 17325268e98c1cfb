//! Adversary and owner play against the real rules and against a slow, obvious model of them, with
//! a hundred codes instead of a million.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;

use super::standing::{Ask, CONFIRMATION_LIFE, MISSES_MAX, Standing};
use super::{ATTEMPTS_MAX, CODE_LIFE, Challenge, State};

/// Codes in play; 25 misses among them make success likely enough to count.
const CODES_IN_PLAY: u32 = 100;
/// Browsers that ask for and guess codes of the one address; the owner's is the first.
const BROWSERS: usize = 3;
const T0: Timestamp = Timestamp::UNIX_EPOCH;

#[derive(Clone, Copy, Debug)]
enum Act {
    Ask {
        browser: usize,
    },
    Guess {
        browser: usize,
        code: u32,
    },
    /// The owner reads the mailbox and types the code of their own browser.
    TypeRight,
    /// The owner opens the confirmation link.
    Confirm,
    Sleep(SignedDuration),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Code,
    Confirmation,
    Wait,
    In,
    Denied,
    Nothing,
}

/// The table as the rules leave it.
#[derive(Default)]
struct Game {
    standing: Standing,
    /// Each browser's own challenge with its code.
    challenges: [Option<(Challenge, u32)>; BROWSERS],
    /// Every guess that reached the compare: which challenge (by number), which code.
    compared: Vec<(usize, u32)>,
    /// How many codes were mailed, and so the number of the newest challenge.
    codes_sent: usize,
    numbers: [usize; BROWSERS],
}

impl Game {
    fn act(&mut self, act: Act, secret: impl Fn(usize) -> u32, now: Timestamp) -> Seen {
        match act {
            Act::Sleep(_) => Seen::Nothing,
            Act::Ask { browser } => match self.standing.ask(now) {
                Ask::Code(standing) => {
                    self.standing = standing;
                    self.codes_sent += 1;
                    self.numbers[browser] = self.codes_sent;
                    self.challenges[browser] = Some((Challenge::new(now), secret(self.codes_sent)));
                    Seen::Code
                }
                Ask::Confirmation(standing) => {
                    self.standing = standing;
                    Seen::Confirmation
                }
                Ask::Wait { .. } => Seen::Wait,
            },
            Act::TypeRight => match &self.challenges[0] {
                Some((_, right)) => self.guess(0, *right, now),
                None => Seen::Denied,
            },
            Act::Guess { browser, code } => self.guess(browser, code, now),
            Act::Confirm => {
                let is_alive = self.standing.confirmation_until.is_some_and(|until| now < until);
                self.standing = self.standing.confirmed();
                if is_alive { Seen::In } else { Seen::Denied }
            }
        }
    }

    fn guess(&mut self, browser: usize, code: u32, now: Timestamp) -> Seen {
        let Some((challenge, right)) = self.challenges[browser].clone() else {
            return Seen::Denied;
        };
        let (Ok(counted), Ok(paid)) = (challenge.attempt(now), self.standing.reserve_miss()) else {
            return Seen::Denied;
        };
        self.standing = paid;
        self.compared.push((self.numbers[browser], code));
        let is_right = code == right;
        let after = if is_right { counted.consume().unwrap() } else { counted };
        self.challenges[browser] = Some((after, right));
        if !is_right {
            return Seen::Denied;
        }
        self.standing = self.standing.refund_miss();
        Seen::In
    }

    /// The chance that guesses like these succeed when codes are drawn from `codes`.
    fn chance(&self, codes: f64) -> f64 {
        let failing: f64 = (1..=self.codes_sent)
            .map(|number| {
                let of_it = self.compared.iter().filter(|(of, _)| *of == number);
                let distinct: BTreeSet<u32> = of_it.map(|(_, code)| *code).collect();
                1.0 - f64::from(u32::try_from(distinct.len()).unwrap()) / codes
            })
            .product();
        1.0 - failing
    }
}

/// Remembers everything, forgets nothing, and derives each answer from the whole past.
#[derive(Default)]
struct Model {
    codes: Vec<Timestamp>,
    confirmation: Option<Timestamp>,
    wrong: u32,
    /// When issued, the code, wrong guesses, whether used.
    own: [Option<(Timestamp, u32, u8, bool)>; BROWSERS],
}

impl Model {
    fn act(&mut self, act: Act, secret: impl Fn(usize) -> u32, now: Timestamp) -> Seen {
        match act {
            Act::Sleep(_) => Seen::Nothing,
            Act::Ask { browser } => self.ask(browser, secret, now),
            Act::TypeRight => {
                self.own[0].map_or(Seen::Denied, |(_, right, ..)| self.guess(0, right, now))
            }
            Act::Guess { browser, code } => self.guess(browser, code, now),
            Act::Confirm => match self.confirmation.take() {
                Some(sent) if now.duration_since(sent) < CONFIRMATION_LIFE => Seen::In,
                _ => Seen::Denied,
            },
        }
    }

    fn ask(&mut self, browser: usize, secret: impl Fn(usize) -> u32, now: Timestamp) -> Seen {
        let in_the_last = |seconds| {
            let window = SignedDuration::from_secs(seconds);
            self.codes.iter().filter(|sent| now.duration_since(**sent) < window).count()
        };
        if 25 <= self.wrong || 6 <= in_the_last(86_400) {
            if self.confirmation.is_some_and(|sent| now.duration_since(sent) < CONFIRMATION_LIFE) {
                return Seen::Wait;
            }
            self.confirmation = Some(now);
            return Seen::Confirmation;
        }
        if 1 <= in_the_last(60) || 3 <= in_the_last(900) {
            return Seen::Wait;
        }
        self.codes.push(now);
        self.own[browser] = Some((now, secret(self.codes.len()), 0, false));
        Seen::Code
    }

    fn guess(&mut self, browser: usize, code: u32, now: Timestamp) -> Seen {
        let Some((issued, right, wrong, used)) = &mut self.own[browser] else {
            return Seen::Denied;
        };
        if *used || CODE_LIFE <= now.duration_since(*issued) || 5 <= *wrong || 25 <= self.wrong {
            return Seen::Denied;
        }
        if code == *right {
            *used = true;
            return Seen::In;
        }
        *wrong += 1;
        self.wrong += 1;
        Seen::Denied
    }
}

fn play(acts: &[Act], secret: impl Fn(usize) -> u32 + Copy) -> Game {
    let (mut game, mut now) = (Game::default(), T0);
    for act in acts {
        if let Act::Sleep(nap) = act {
            now += *nap;
        }
        game.act(*act, secret, now);
    }
    game
}

/// The strongest play: five guesses at each code, a new code as soon as one is given, and no code
/// guessed twice.
fn greedy() -> Vec<Act> {
    let guess = |code| Act::Guess { browser: 1, code };
    let round = |first: u32| {
        let asking = [Act::Sleep(SignedDuration::from_mins(15)), Act::Ask { browser: 1 }];
        asking.into_iter().chain((first..first + 5).map(guess))
    };
    (0..CODES_IN_PLAY).step_by(5).flat_map(round).collect()
}

#[test]
fn the_strongest_guesser_wins_25_games_in_100() {
    let acts = greedy();
    let wins = (0..CODES_IN_PLAY).filter(|right| {
        let game = play(&acts, |_| *right);
        game.compared.iter().any(|(_, code)| code == right)
    });
    // The worst case, all codes being the same; MISSES_MAX in CODES_IN_PLAY.
    assert_eq!(wins.count(), 25);
}

#[test]
fn guessing_succeeds_less_than_25_times_in_a_million() {
    let game = play(&greedy(), |_| CODES_IN_PLAY);
    assert_eq!(game.compared.len(), 25);
    assert_eq!(game.codes_sent, 5, "a sixth code would allow no guess, so none is mailed");
    assert!(game.chance(1e6) < 2.5e-5);
    assert!(2.4999e-5 < game.chance(1e6), "the bound is tight, so the test would see it break");
    assert!(game.chance(CODES_IN_PLAY.into()) < 0.25);
}

#[test]
fn with_a_thousand_codes_guessing_succeeds_as_the_arithmetic_says() {
    const GAMES: u32 = 20_000;
    const CODES: u64 = 1_000;
    let acts = greedy();
    // SplitMix64: each code is drawn by itself, and the same again in the next run.
    let drawn = |game: u32, number: usize| {
        let seed = u64::from(game) << 8 | u64::try_from(number).unwrap();
        let mut mixed = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ (mixed >> 31)) % CODES).unwrap()
    };
    let is_won = |game: &u32| {
        let played = play(&acts, |number| drawn(*game, number));
        played.compared.iter().any(|(number, code)| drawn(*game, *number) == *code)
    };
    let won = u32::try_from((0..GAMES).filter(is_won).count()).unwrap();
    let told = 1.0 - (1.0 - 5.0 / 1_000.0_f64).powi(5);
    let spread = (told * (1.0 - told) / f64::from(GAMES)).sqrt();
    let measured = f64::from(won) / f64::from(GAMES);
    assert!((measured - told).abs() < 3.0 * spread, "{measured} of {told} ± {spread}");
}

#[test]
fn a_thousand_guesses_at_once_compare_no_more_than_five() {
    // Each saves its attempt on condition that it read the newest; losers read again.
    let (mut challenge, mut standing) = (Challenge::new(T0), Standing::default());
    let mut compared = 0;
    for _ in 0..1000 {
        if let (Ok(counted), Ok(paid)) = (challenge.attempt(T0), standing.reserve_miss()) {
            (challenge, standing) = (counted, paid);
            compared += 1;
        }
    }
    assert_eq!((compared, standing.misses), (ATTEMPTS_MAX.into(), ATTEMPTS_MAX.into()));
}

#[test]
fn a_code_already_mailed_dies_with_the_last_miss() {
    let mut game = play(&[Act::Ask { browser: 0 }], |_| 7);
    game.standing.misses = MISSES_MAX;
    let now = T0 + SignedDuration::from_secs(1);
    assert_eq!(game.challenges[0].as_ref().map(|(own, _)| own.state), Some(State::Pending));
    assert_eq!(game.act(Act::TypeRight, |_| 7, now), Seen::Denied);
    let answer = game.act(Act::Ask { browser: 0 }, |_| 7, now);
    assert_eq!(answer, Seen::Confirmation, "and the owner still gets in");
}

fn act() -> impl Strategy<Value = Act> {
    let seconds = prop::sample::select(vec![1, 59, 60, 300, 599, 600, 840, 900, 3_600, 86_400]);
    prop_oneof![
        4 => (0..BROWSERS).prop_map(|browser| Act::Ask { browser }),
        8 => (0..BROWSERS, 0..CODES_IN_PLAY).prop_map(|(browser, code)| Act::Guess { browser, code }),
        1 => Just(Act::TypeRight),
        1 => Just(Act::Confirm),
        3 => (seconds, -1_i64..=1).prop_map(|(seconds, nanos)| {
            Act::Sleep(SignedDuration::from_secs(seconds) + SignedDuration::from_nanos(nanos))
        }),
    ]
}

proptest! {
    #[test]
    fn the_rules_answer_as_the_model_does(
        acts in vec(act(), 0..200), codes in vec(0..CODES_IN_PLAY, 1..50),
    ) {
        let secret = |number: usize| codes[number % codes.len()];
        let (mut game, mut model, mut now) = (Game::default(), Model::default(), T0);
        for act in acts {
            if let Act::Sleep(nap) = act {
                now += nap;
            }
            let seen = game.act(act, secret, now);
            prop_assert_eq!(seen, model.act(act, secret, now), "{:?} at {}", act, now);
            prop_assert_eq!(game.standing.misses, model.wrong, "only wrong guesses cost");
        }
    }

    #[test]
    fn no_play_of_an_adversary_beats_the_bound(acts in vec(act(), 0..400)) {
        let adversarial = acts.into_iter().filter(|act| !matches!(act, Act::TypeRight));
        // No code in play is right, so every guess is made that ever could be.
        let game = play(&adversarial.collect::<Vec<_>>(), |_| CODES_IN_PLAY);
        prop_assert!(game.compared.len() <= 25);
        prop_assert!(game.chance(CODES_IN_PLAY.into()) < 0.25);
        prop_assert!(game.chance(1e6) < 2.5e-5);
    }

    #[test]
    fn asking_and_waiting_never_give_misses_back(
        misses in 0..=MISSES_MAX, naps in vec(0_i64..200_000, 0..30),
    ) {
        let (mut standing, mut now) = (Standing { misses, ..Standing::default() }, T0);
        for nap in naps {
            now += SignedDuration::from_secs(nap);
            if let Ask::Code(next) | Ask::Confirmation(next) = standing.ask(now) {
                standing = next;
            }
            standing = standing.confirmed();
            prop_assert_eq!(standing.misses, misses);
        }
    }

    #[test]
    fn the_owner_is_never_locked_out(acts in vec(act(), 0..300)) {
        // Whatever others did, the owner asks as often as told to: within 24 hours a code works or
        // a confirmation link is theirs. One already in the mailbox serves at once.
        let others = acts.iter().filter(|act| !matches!(act, Act::TypeRight | Act::Confirm));
        let naps = acts.iter().filter_map(|act| match act {
            Act::Sleep(nap) => Some(*nap),
            _ => None,
        });
        let start = naps.fold(T0, |now, nap| now + nap);
        let mut game = play(&others.copied().collect::<Vec<_>>(), |_| 7);
        let mut now = start;
        let mut way_in = Seen::Wait;
        // The instant that the first answer names must do: no third question is needed.
        for _ in 0..2 {
            let is_in_mailbox = game.standing.confirmation_until.is_some_and(|over| now < over);
            match game.act(Act::Ask { browser: 0 }, |_| 7, now) {
                Seen::Code => way_in = game.act(Act::TypeRight, |_| 7, now),
                Seen::Wait if !is_in_mailbox => {
                    if let Ask::Wait { until } = game.standing.ask(now) {
                        now = until;
                    }
                    continue;
                }
                _ => way_in = game.act(Act::Confirm, |_| 7, now),
            }
            break;
        }
        // With the link in the mailbox the wait is never the day, only the pace of resends.
        prop_assert!(now.duration_since(start) <= SignedDuration::from_mins(15));
        prop_assert_eq!(way_in, Seen::In);
    }
}
