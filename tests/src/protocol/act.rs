//! What happens to a link, at random.

use jiff::SignedDuration;

/// Browsers that try their luck.
pub(crate) const BROWSERS: usize = 4;
/// Those whose owners read both mailboxes; the last one is a thief's, who only guesses.
const READERS: usize = 3;
/// People with an address each.
pub(crate) const PEOPLE: usize = 2;
/// When every link ends, from when it was made.
pub(crate) const END: SignedDuration = SignedDuration::from_hours(6);

/// Whom the link is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    #[default]
    WithAddress,
    WithoutAddress,
    Undefined,
    PublicSame,
    PublicChild,
}

impl Kind {
    /// Whether anybody may read until it is deactivated.
    pub(crate) fn is_public(self) -> bool {
        matches!(self, Self::PublicSame | Self::PublicChild)
    }

    /// Whether it is for one contact, known from the beginning.
    pub(crate) fn is_named(self) -> bool {
        matches!(self, Self::WithAddress | Self::WithoutAddress)
    }
}

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

/// One act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Somebody presses *open*.
    Press {
        browser: usize,
    },
    /// A scanner fetches the page and looks at the cover.
    Scan,
    /// Somebody asks for a code to the address of a person.
    Ask {
        browser: usize,
        person: usize,
    },
    /// Somebody types the code that their browser asked for last.
    Type {
        browser: usize,
    },
    /// Somebody types others, one after the other.
    Guess {
        browser: usize,
        times: usize,
    },
    Deactivate,
    Activate,
    Replace,
    CloseAccess {
        person: usize,
    },
    ReopenAccess {
        person: usize,
    },
    Suspend {
        person: usize,
    },
    Unsuspend {
        person: usize,
        keeps_links: bool,
    },
    Sleep {
        minutes: i64,
    },
}

/// How much time an act takes. Nobody asks for a second code within a minute.
pub(crate) fn step(act: Act) -> SignedDuration {
    match act {
        Act::Sleep { minutes } => SignedDuration::from_mins(minutes),
        Act::Ask { .. } => SignedDuration::from_secs(307),
        _ => SignedDuration::from_secs(13),
    }
}

/// A small generator of numbers, `SplitMix64`: the same seed, the same story.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap_or_default()
    }
}

/// The sequence of `seed`.
pub(crate) fn acts(seed: u64, count: usize) -> (Kind, Vec<Act>) {
    let mut chance = Chance(seed);
    let kinds = [
        Kind::WithAddress,
        Kind::WithoutAddress,
        Kind::Undefined,
        Kind::PublicSame,
        Kind::PublicChild,
    ];
    let kind = kinds[chance.below(kinds.len())];
    (kind, (0..count).map(|_| act(&mut chance)).collect())
}

fn act(chance: &mut Chance) -> Act {
    let (browser, person) = (chance.below(BROWSERS), chance.below(PEOPLE));
    match chance.below(28) {
        0..=5 => Act::Press { browser },
        6 => Act::Scan,
        7..=11 => Act::Ask { browser, person },
        12..=16 if browser < READERS => Act::Type { browser },
        12..=18 => Act::Guess { browser, times: chance.below(5) + 1 },
        19 => Act::Deactivate,
        20 => Act::Activate,
        21 => Act::Replace,
        22 => Act::CloseAccess { person },
        23 => Act::ReopenAccess { person },
        24 => Act::Suspend { person },
        25 => Act::Unsuspend { person, keeps_links: chance.below(2) == 0 },
        _ => {
            let minutes = i64::try_from(chance.below(30)).unwrap_or_default() + 1;
            Act::Sleep { minutes }
        }
    }
}
