//! The one place where chance enters.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::id::Id;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use ulid::Ulid;

/// Rolls ids, secrets and tokens: from the operating system, or from a seed in tests.
#[derive(Clone, Debug, Default)]
pub struct Dice {
    seed: Option<Arc<Seed>>,
}

#[derive(Debug)]
struct Seed {
    seed: u64,
    rolls: AtomicU64,
}

impl Dice {
    /// Dice that roll the same sequence for the same `seed`. For tests only.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self { seed: Some(Arc::new(Seed { seed, rolls: AtomicU64::new(0) })) }
    }

    /// 256 random bits.
    #[must_use]
    pub fn secret(&self) -> [u8; 32] {
        if let Some(seed) = &self.seed {
            return seed.roll();
        }
        let mut bytes = [0; 32];
        // Without randomness nothing here is safe to do; the process must not go on.
        if getrandom::fill(&mut bytes).is_err() {
            std::process::abort();
        }
        bytes
    }

    /// 128 random bits.
    #[must_use]
    pub fn salt(&self) -> [u8; 16] {
        let mut salt = [0; 16];
        salt.iter_mut().zip(self.secret()).for_each(|(to, from)| *to = from);
        salt
    }

    /// A new id that sorts by `now`.
    #[must_use]
    pub fn id<I: Id>(&self, now: Timestamp) -> I {
        // A ULID holds 80 bits of chance.
        let random = u128::from_be_bytes(self.salt()) >> 48;
        let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
        I::from_ulid(Ulid::from_parts(millis, random))
    }

    /// A token for one transaction: 32 hexadecimal digits.
    #[must_use]
    pub fn token(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.salt())
    }
}

impl Seed {
    fn roll(&self) -> [u8; 32] {
        let roll = self.rolls.fetch_add(1, Ordering::SeqCst);
        let mut hash = Sha256::new();
        hash.update(self.seed.to_be_bytes());
        hash.update(roll.to_be_bytes());
        hash.finalize().into()
    }
}
