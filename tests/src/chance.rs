//! Chance that falls the same way for the same seed, so that what failed fails again.

use app::house::dice::Dice;

/// Dice with a seed.
#[derive(Clone, Debug)]
pub struct Chance(Dice);

impl Chance {
    /// Chance that begins with `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Dice::seeded(seed))
    }

    /// A number below `end`, which is at least 1.
    pub fn below(&self, end: usize) -> usize {
        let bytes = self.0.secret();
        let number = u64::from_be_bytes(bytes[..8].try_into().expect("eight of 32 bytes"));
        usize::try_from(number % end as u64).expect("a number below `end`")
    }

    /// True once in `times`.
    pub fn once_in(&self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of `all`.
    pub fn one<T: Clone>(&self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}
